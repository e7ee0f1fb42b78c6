"""What every template can use: addresses, filters, and recorded text that cannot dress the page."""

from __future__ import annotations

import re
import time
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote, urlencode

from flask import Flask, current_app, g, redirect, request
from flask_htmx import HTMX  # type: ignore[import-untyped]
from markupsafe import Markup, escape
from werkzeug.wrappers import Response

from inspector.analysis import measures
from inspector.analysis.issues import AROUND, KINDS, name_of
from inspector.index import Row
from inspector.library.keeper import Keeper
from inspector.library.library import Library
from inspector.model import jsonio
from inspector.output.escape import visible
from inspector.output.plural import count, duration, size
from inspector.redaction import mask
from inspector.search import edits
from inspector.testruns.node_id import parse
from inspector.web.rendering import charts, highlighting
from inspector.web.rendering.citations import is_web, plain_html, rendered
from inspector.web.rendering.clock_times import clock, since
from inspector.web.rendering.token_views import legend, tokens_view

_END = 15
"""Characters at the end of a name that tell it from others like it."""

_SAFE_ROOT = re.compile(r"/(?:[A-Za-z0-9._~%+-]+/)*")
_SEAM = re.compile(r"(?<=/)(?!/)|(?<=[^\W_]_)(?=[^\W_])|(?<=::)|(?<=[a-z0-9])(?=\.[A-Za-z])")


POLICY = (
    "default-src 'none'; script-src 'self' file:; style-src 'self' file:; img-src 'self' file: data:; "
    "media-src 'self' file: data:; frame-src 'self' file:; base-uri 'none'; form-action 'self' file:"
)
"""What a page in a file may do. One that was opened from a folder has no origin: its own files are named by scheme."""


def init(app: Flask) -> None:
    env = app.jinja_env
    env.finalize = _finalize
    for filter in (breakable, coded, count, size, ago, moment, ends, json_html, secrets, slim, clock, since, duration):
        env.filters[filter.__name__] = filter
    env.filters["issue"] = name_of
    env.globals |= {
        "cited_markdown": rendered,
        "cited_plain": plain_html,
        "changes_query": changes_query,
        "compare_url": compare_url,
        "dumps": _dumps,
        "kinds": {name_of(kind): what for kind, what in KINDS.items()} | AROUND,
        "exchange_url": exchange_url,
        "group_url": group_url,
        "growth": charts.growth,
        "is_web": is_web,
        "list_url": list_url,
        "moment_of": measures.moment,
        "most_tokens": charts.most_tokens,
        "token_bar": charts.token_bar,
        "named": named,
        "path_url": path_url,
        "test_name": parse,
        "toggled": edits.only,
        "token_steps": legend,
        "tokens_view": tokens_view,
    }
    app.before_request(_note_the_moment)
    app.context_processor(_about_request)


def _note_the_moment() -> None:
    """Before a page reads anything: what changes while it is made has to reach it afterwards."""
    if request.blueprint not in ("assets", "events"):
        g.live_id = keeper().live_id()


def _about_request() -> dict[str, Any]:
    """What every template knows of the request and the library that it is about."""
    served = library().roots
    return {
        "root": Markup(root()),  # noqa: S704  # no other letters than those of `_SAFE_ROOT`
        "exported": is_exported(),
        "policy": POLICY,
        "partial": is_partial(),
        "self_url": self_url(),
        "library_name": served.name,
        "library_path": served.served,
        "live_id": g.get("live_id", ""),
    }


def is_exported() -> bool:
    """Whether the pages become files."""
    return current_app.config["SETTINGS"].exported  # type: ignore[no-any-return]


def keeper() -> Keeper:
    """The keeper of the application that answers."""
    return current_app.extensions["keeper"]()  # type: ignore[no-any-return]


def library() -> Library:
    return keeper().library


def is_partial() -> bool:
    """Whether htmx asks for a part of the page. A history restore wants the whole."""
    return (
        bool(HTMX())
        and not request.headers.get("HX-History-Restore-Request")
        and (request.headers.get("HX-Request-Type") == "partial")
    )


def root() -> str:
    """The way from this address to the application's root, so that it works below any prefix.

    A page that htmx changes keeps its first address' depth in its links, so its script names the root outright.
    """
    named = request.headers.get("X-Root", "")
    if _SAFE_ROOT.fullmatch(named):
        return named
    return "../" * (request.path.count("/") - 1) or "./"


def led_to(address: str, status: int = 302) -> Response:
    """An answer that leads to another address, relative to the root: below whatever prefix the browser sees it."""
    response = redirect(root() + address, status)
    response.autocorrect_location_header = False
    return response


def self_url() -> str:
    """This request's own address, relative to the root."""
    query = request.query_string.decode("ascii", "replace")
    return quote(request.path.lstrip("/")) + (f"?{query}" if query else "")


def exchange_url(uid: str, tab: str = "", query: str = "", **more: object) -> str:
    """The address of an exchange or one of its tabs, relative to the root; `more` are further parameters."""
    address = f"e/{uid}/{tab}" if tab else f"e/{uid}"
    values = {key: value for key, value in (("q", query), *more.items()) if value not in ("", None)}
    return address + (f"?{urlencode(values)}" if values else "")


def compare_url(before: str, after: str, **more: object) -> str:
    """The address of the page that compares two exchanges, relative to the root."""
    values = {key: value for key, value in more.items() if value not in ("", None)}
    return f"compare/{before}/{after}" + (f"?{urlencode(values)}" if values else "")


def changes_query(query: str = "", kind: str = "", begin: int | None = None) -> str:
    """The parameters of the page of changes: what narrows it, the one kind that it shows, and its first member."""
    values = {"q": query, "kind": kind, "from": begin or ""}
    told = {key: value for key, value in values.items() if value}
    return f"?{urlencode(told)}" if told else ""


def group_url(kind: str, group: str, query: str = "") -> str:
    """The address of a test or session, relative to the root; a file's is that of its path."""
    letter = {"test": "t", "session": "s", "paste": "paste"}.get(kind, "p")
    after = f"?{urlencode({'q': query})}" if query else ""
    group = group.rstrip("/") if kind == "folder" else group
    walked = any(part in ("", ".", "..") for part in group.split("/"))  # by a browser
    if walked or not group.isprintable():  # a route's path holds no newline
        return f"{letter}/?{urlencode({'id': group})}" + after.replace("?", "&")
    return f"{letter}/{quote(group)}{after}"


def path_url(path: str) -> str:
    return group_url("file", path)


def list_url(query: str = "", **place: str) -> str:
    """The address of the list, relative to the root. `place` says which window of it, as `listing.list_view` has it."""
    values = {key: value for key, value in (("q", query), *place.items()) if value}
    return f"?{urlencode(values)}" if values else ""


def named(row: Row) -> str:
    """What an exchange goes by: its model, what it does, or where it was sent to."""
    if row.model:
        return row.model
    if row.protocol == "mcp.json_rpc":
        return "MCP"
    if row.operation != "other":
        return row.operation.replace("_", " ")
    if row.protocol:
        return row.protocol.rpartition(".")[2].replace("_", " ")
    return row.host or row.path.rpartition("/")[2]


def breakable(name: str) -> Markup:
    """A long name that may be broken between its words, not within them: after ``_``, ``/``, ``::`` and the like."""
    return Markup("<wbr>").join(_SEAM.split(visible(name)))


def coded(text: str) -> Markup:
    """A text of ours with ``code`` between backticks."""
    code = Markup("<code>{}</code>")
    return Markup("").join(code.format(piece) if at % 2 else piece for at, piece in enumerate(text.split("`")))


def secrets(text: str, uid: str) -> Markup:
    """A text whose numbered masks can each be opened, on this machine's own page."""
    pieces = mask.NUMBERED.split(visible(text))
    button = Markup(
        "<button type='button' class='secret' hx-post='{}' hx-swap='outerHTML' title='Show this secret'>masked</button>"
    )
    return Markup("").join(
        button.format(f"{root()}e/{uid}/secret/{piece}") if index % 2 else escape(piece)
        for index, piece in enumerate(pieces)
    )


def json_html(text: str) -> Markup:
    """JSON text, coloured; in a file scripts give it its colours, which are most of the bytes of such a page."""
    return slim(escape(visible(text))) if is_exported() else highlighting.json_html(text)


def slim(html: Markup) -> Markup:
    """HTML of code, which has no attribute that was recorded; in a file with fewer bytes."""
    return highlighting.slim(html) if is_exported() else html


def _dumps(value: Any, indent: bool = True) -> str:
    return jsonio.dumps(value, indent=indent)


def _finalize(value: Any) -> Any:
    """Everything that a template prints: control and bidirectional characters are written out."""
    if type(value) is str:  # no Markup; a page prints thousands
        return value if value.isascii() and value.isprintable() else visible(value)
    return "" if value is None else value


def ago(nanoseconds: int) -> str:
    """How long ago a file changed, in the largest unit that fits."""
    seconds = max(time.time() - nanoseconds / 1e9, 0)
    for unit, length in (("d", 86400), ("h", 3600), ("min", 60)):
        if seconds >= length:
            return f"{seconds / length:.0f} {unit} ago"
    return "just now" if seconds < 10 else f"{seconds:.0f} s ago"


def ends(name: str) -> Markup:
    """A name of which the end stays visible where there is no room for all of it."""
    if len(name) <= _END + 6:
        return Markup("<span class='begin'>{}</span>").format(visible(name))
    return Markup("<span class='begin'>{}</span><span class='end'>{}</span>").format(
        visible(name[:-_END]), visible(name[-_END:])
    )


def moment(nanoseconds: int) -> str:
    """A file's time for a tooltip, in UTC."""
    return datetime.fromtimestamp(nanoseconds / 1e9, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
