"""One place for whatever somebody has in hand: an exchange's id, a test's, a path, or a recorder's hash."""

from __future__ import annotations

import re
from urllib.parse import quote

from flask import Blueprint, render_template, request
from werkzeug.wrappers import Response

from inspector.web.rendering import context

blueprint = Blueprint("handles", __name__)

_ID = re.compile(r"[0-9a-f]{16}")
_ADDRESS = re.compile(r"[ehpst]/[^/].*", re.DOTALL)
_HASH = re.compile(r"[0-9a-z-]{4,}", re.IGNORECASE)


@blueprint.get("/find")
def find() -> Response | str:
    """A box for it, and where it leads."""
    what = request.args.get("what", "").strip()
    if not what:
        return render_template("lookup/find.html")
    return context.led_to(_address(what))


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
