"""The names that pages have as files of an export: a server leads on from them to its own pages, so that a link to one
works wherever the same recordings are served."""

from __future__ import annotations

from flask import Blueprint, abort, redirect, request
from werkzeug.wrappers import Response

from inspector.addresses import address_of, slug
from inspector.web import rendering

blueprint = Blueprint("files", __name__)

_KINDS = {"t": "test", "s": "session", "p": "file"}


@blueprint.get("/<path:name>.html")
def page(name: str) -> Response:
    """Lead from the file of a page to the page."""
    address = _address(f"{name}.html")
    query = request.query_string.decode("ascii", "replace")
    if query:
        address += ("&" if "?" in address else "?") + query
    response = redirect(rendering.root() + address)
    response.autocorrect_location_header = False
    return response


def _address(file: str) -> str:
    if file.partition(",")[0].removesuffix(".html") == "index":
        return ""
    address = address_of(file)
    if address is not None:
        return address
    name = file.removesuffix(".html").partition(",")[0]
    letter, _, rest = name.partition("/")
    if rest and letter in _KINDS:
        return _of_group(_KINDS[letter], rest)
    return name if "/" not in name else abort(404)


def _of_group(kind: str, slugged: str) -> str:
    """The address of a test, a session or a file; the name of its page says enough to know it again."""
    names = rendering.library().index.group_names(kind)
    found = next((name for name in names if slug(name) == slugged), None)
    return rendering.group_url(kind, found) if found is not None else abort(404, "No recording here has such a page.")
