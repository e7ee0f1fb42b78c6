"""The names that pages have as files of an export: a server leads on from them to its own pages, so that a link to one
works wherever the same recordings are served."""

from __future__ import annotations

import re

from flask import Flask, request
from werkzeug.wrappers import Response

from inspector.files.urls import address_of, slug
from inspector.web.rendering import context

_KINDS = {"t": "test", "s": "session", "p": "file"}
_GROUP = re.compile(r"([tsp])/([a-z0-9-]+)(?:,[^/]*)?\.html")
_LIST = re.compile(r"index(?:,[^/]*)?\.html")
_ALONE = re.compile(r"(help(?:/[a-z0-9-]+)?|log|find|tests|matrix|checks)\.html")


def init(app: Flask) -> None:
    app.before_request(_lead_on)


def _lead_on() -> Response | None:
    """Lead from the name of a file to its page. What has such a name itself answers as ever."""
    file = request.path.lstrip("/")
    address = _address(file) if file.endswith(".html") and request.method in ("GET", "HEAD") else None
    if address is None:
        return None
    query = request.query_string.decode("ascii", "replace")
    if query:
        address += ("&" if "?" in address else "?") + query
    return context.led_to(address)


def _address(file: str) -> str | None:
    if _LIST.fullmatch(file):
        return ""
    if alone := _ALONE.fullmatch(file):
        return alone[1]
    if group := _GROUP.fullmatch(file):
        return _of_group(_KINDS[group[1]], group[2])
    return address_of(file)


def _of_group(kind: str, slugged: str) -> str | None:
    """The address of a test, a session or a file; the name of its page says enough to know it again."""
    names = context.library().index.group_names(kind)
    found = next((name for name in names if slug(name) == slugged), None)
    return context.group_url(kind, found) if found is not None else None
