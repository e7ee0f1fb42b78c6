"""Marks in a page what a query looked for: in finished HTML, in the texts between its tags."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from typing import Protocol

from flask import Flask, Response, g, request
from markupsafe import Markup, escape

from inspector.analysis.anchors import anchored
from inspector.analysis.search_text import OF_ROLE
from inspector.model import ModelCall, Part, Reasoning, ToolCall, ToolResult
from inspector.output.escape import visible
from inspector.search import Marker, QueryError, read
from inspector.web.exchange.part_content import part_text

_TAG = re.compile(r"<[^<>]*>")
_INLINE = re.compile(r"</?(?:a|abbr|b|code|del|em|i|mark|s|small|span|strong|sub|sup|wbr)\b")

_MARK = "<mark class='hit'>"
_FIRST_MARK = "<mark class='hit' id='hit'>"

MOST_MARKS = 500
"""Marks in one text."""


class Finds(Protocol):
    """What finds places in a text, as a query's `Marker` does."""

    def spans(self, text: str, place: str | None = None, most: int = ...) -> list[tuple[int, int]]: ...


def marked(html: Markup, marker: Finds, place: str, mark: str = _MARK) -> Markup:
    """HTML with what was looked for in `<mark>` elements. A word that formatting divides gets several."""
    texts = [(tag, text) for tag, text in _cut(str(html))]
    plain = "".join(("" if _INLINE.match(tag) else "\n" if tag else "") + text for tag, text in texts)
    spans = iter(marker.spans(plain, place, MOST_MARKS))
    begin, end = next(spans, (len(plain), len(plain)))
    at, pieces = 0, []
    for tag, text in texts:
        pieces.append(Markup(tag))  # noqa: S704  # it was in the HTML
        at += 0 if not tag or _INLINE.match(tag) else 1
        done = 0
        while begin < at + len(text):
            start, stop = max(begin - at, 0), min(end - at, len(text))
            if stop > start:
                pieces += [escape(text[done:start]), Markup(mark), escape(text[start:stop]), Markup("</mark>")]  # noqa: S704
                done = stop
            if end > at + len(text):
                break
            begin, end = next(spans, (len(plain), len(plain)))
        pieces.append(escape(text[done:]))
        at += len(text)
    return Markup("").join(pieces)


def _cut(html: str) -> Iterator[tuple[str, str]]:
    """Each tag with the text after it."""
    tag, at = "", 0
    for found in _TAG.finditer(html):
        yield tag, unescape(html[at : found.start()])
        tag, at = found.group(), found.end()
    yield tag, unescape(html[at:])


def first_hit(call: ModelCall, marker: Marker) -> tuple[str, int] | None:
    """The part of an exchange that first holds what was looked for, by its anchor, and where in its text."""
    for holder, message in anchored(call):
        for index, part in enumerate(message.parts):
            spans = marker.spans(part_text(part), place_of(message.role, part), 1)
            if spans:
                return f"{holder}-p{index}", spans[0][0]
    return None


def place_of(role: str, part: Part) -> str:
    """Where a part stands, as ``in:`` names it."""
    match part:
        case ToolCall():
            return "call"
        case ToolResult():
            return "result"
        case Reasoning():
            return "reasoning"
    return OF_ROLE[role]


# ---------------------------------------------------------------- for templates


def init(app: Flask) -> None:
    app.jinja_env.globals |= {"hits": hits, "holds": holds, "place_of_role": OF_ROLE}
    app.after_request(_name_the_first)


def _name_the_first(response: Response) -> Response:
    """The first mark of a page carries the id ``hit``, where links from a list lead. Recorded text has no tags."""
    if response.mimetype == "text/html" and g.get("marker") is not None:
        response.set_data(response.get_data(as_text=True).replace(_MARK, _FIRST_MARK, 1))
    return response


def asked_for() -> Marker | None:
    """What finds the words of the query that this page's address carries."""
    if "marker" not in g:
        try:
            g.marker = read(request.args.get("q", "")).marker
        except QueryError:
            g.marker = None
    return g.marker  # type: ignore[no-any-return]


def hits(text: str, place: str) -> Markup:
    """A text, or the HTML that it became, with what was looked for marked."""
    html = text if isinstance(text, Markup) else escape(visible(text))
    marker = asked_for()
    return html if marker is None else marked(html, marker, place)


def holds(text: str, place: str) -> bool:
    """Whether a text holds what was looked for: what is folded is opened then."""
    marker = asked_for()
    return marker is not None and bool(marker.spans(text, place, 1))
