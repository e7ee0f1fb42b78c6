"""Where whatever somebody has in hand leads: an exchange's id, a test's, a path, a recorder's hash, a link. The search
field takes all of them; what is just one of them leads straight there."""

from __future__ import annotations

import re
from urllib.parse import quote

from flask import Blueprint, render_template, request
from werkzeug.wrappers import Response

from inspector.web.rendering import context

blueprint = Blueprint("handles", __name__)

_ID = re.compile(r"[0-9a-f]{16}")
_ADDRESS = re.compile(r"[ehpst]/[^/].*", re.DOTALL)
_LINK = re.compile(r"https?://[^\s/]+/(?:\S*/)?(?P<letter>[ehpst])/(?P<rest>\S+)")
_WHOLE_HASH = re.compile(r"(?=.*\d)[0-9a-f]{8,64}")
_PATH = re.compile(r"\S*[/.]\S*")
_HASH = re.compile(r"[0-9a-z-]{4,}", re.IGNORECASE)


@blueprint.get("/find")
def find() -> Response | str:
    """Where it leads, of what is left of a link; the list is the place to look for the rest."""
    if context.is_exported():
        return render_template("lookup/find.html")
    what = request.args.get("what", "").strip()
    return context.led_to(_address(what) if what else "")


@blueprint.before_app_request
def lead_on() -> Response | None:
    """From a search for just one thing to its page."""
    query = request.args.get("q", "").strip()
    is_search = request.path == "/" and query and set(request.args) == {"q"} and request.method == "GET"
    if not is_search or context.is_partial() or context.is_exported():
        return None
    address = exact(query)
    return context.led_to(address) if address else None


def exact(what: str) -> str:
    """The address, relative to the root, of the one thing that a text names outright; empty where it may be words."""
    index = context.library().index
    link = _LINK.fullmatch(what)
    if link and (link["letter"] != "e" or index.row(link["rest"][:16])):
        return f"{link['letter']}/{link['rest']}"
    if _ID.fullmatch(what) and index.row(what):
        return context.exchange_url(what)
    for kind in ("test", "session"):
        is_whole = index.group(kind, what) is not None
        if is_whole or ("::" in what and len(index.groups_like(kind, what)) == 1):
            return context.group_url(kind, what)
    if _WHOLE_HASH.fullmatch(what) and index.with_stem(what):
        return f"h/{what}"
    return context.path_url(what) if _PATH.fullmatch(what) and index.with_path(what) else ""


def _address(what: str) -> str:
    """The address that answers for a text, relative to the root."""
    index = context.library().index
    if _ID.fullmatch(what) and index.row(what):
        return context.exchange_url(what)
    for kind in ("test", "session"):
        if index.groups_like(kind, what):
            return context.group_url(kind, what)
    if not index.with_path(what) and _HASH.fullmatch(what) and index.with_stem(what):
        return f"h/{what}"
    address = _ADDRESS.fullmatch(what)
    return quote(what) if address else context.path_url(what)
