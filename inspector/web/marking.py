"""Marks in a page what a query looked for: in finished HTML, in the texts between its tags."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape

from markupsafe import Markup, escape

from inspector.model import Message, ModelCall, Part
from inspector.pieces import PLACES, pieces, thoughts
from inspector.search.words import Marker

_TAG = re.compile(r"<[^<>]*>")
_INLINE = re.compile(r"</?(?:a|abbr|b|code|del|em|i|mark|s|small|span|strong|sub|sup|wbr)\b")

MOST_MARKS = 500
"""Marks in one text."""


def marked(html: Markup, marker: Marker, place: str, first: bool = False) -> Markup:
    """HTML with what was looked for in `<mark>` elements. A word that formatting divides gets several.

    With `first` the first one carries the id ``hit``, where links from a list lead.
    """
    texts = [(tag, text) for tag, text in _cut(str(html))]
    plain = "".join(("" if _INLINE.match(tag) else "\n" if tag else "") + text for tag, text in texts)
    spans = iter(marker.spans(plain, place, MOST_MARKS))
    begin, end = next(spans, (len(plain), len(plain)))
    at, pieces, is_first = 0, [], first
    for tag, text in texts:
        pieces.append(Markup(tag))  # noqa: S704  # it was in the HTML
        at += 0 if not tag or _INLINE.match(tag) else 1
        done = 0
        while begin < at + len(text):
            start, stop = max(begin - at, 0), min(end - at, len(text))
            if stop > start:
                opening = Markup("<mark class='hit' id='hit'>") if is_first else Markup("<mark class='hit'>")
                pieces += [escape(text[done:start]), opening, escape(text[start:stop]), Markup("</mark>")]
                is_first, done = False, stop
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


def first_hit(call: ModelCall, marker: Marker) -> str | None:
    """The anchor of the part of an exchange that first holds what was looked for."""
    messages = [(f"m{number}", message) for number, message in enumerate(call.prompt.messages)]
    if call.prompt.system:
        messages.insert(0, ("system", Message("system", call.prompt.system)))
    messages += [(f"reply-{number}" if number else "reply", reply) for number, reply in enumerate(call.replies)]
    for holder, message in messages:
        for index, part in enumerate(message.parts):
            if _holds(message, part, marker):
                return f"{holder}-p{index}"
    return None


def _holds(message: Message, part: Part, marker: Marker) -> bool:
    alone = Message(message.role, (part,))
    texts = [*pieces(alone), ("reasoning", thoughts(alone))]
    return any(marker.spans(text, place, most=1) for place, text in texts if text)


_OF_KIND = {"call": "call", "result": "result", "reasoning": "reasoning"}
_OF_ROLE = {"system": "system", "user": "user", "assistant": "reply", "tool": "result"}


def place_of(role: str, kind: str) -> str:
    """Where a part stands, as ``in:`` names it."""
    place = _OF_KIND.get(kind) or _OF_ROLE.get(role, "user")
    assert place in PLACES
    return place
