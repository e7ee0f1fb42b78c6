"""Server-sent events, after https://html.spec.whatwg.org/multipage/server-sent-events.html section 9.2.6.

Two liberties that recordings need: a last event without its blank line counts, and data that is not JSON is kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from inspector.model import Event
from inspector.model.jsonio import NotJson, loads

_FIELD = re.compile(r"\s*(?:data|event|id|retry)?:")
_LINE_END = re.compile(r"\r\n|\r|\n")


def looks_like(text: str) -> bool:
    """Whether a text begins as an event stream does: with one of the four fields or a comment."""
    return _FIELD.match(text.removeprefix("\ufeff"), 0, 64) is not None


def events(text: str) -> Iterator[Event]:
    """The events that carry data; `[DONE]` and other words that are not JSON come as raw text."""
    for index, (name, data) in enumerate(_messages(text)):
        try:
            yield Event(index, loads(data), name)
        except NotJson:
            yield Event(index, None, name, data)


def _messages(text: str) -> Iterator[tuple[str | None, str]]:
    name: str | None = None
    data: list[str] = []
    for line in [*_LINE_END.split(text.removeprefix("\ufeff")), ""]:
        if line:
            field, _, value = line.partition(":")
            value = value.removeprefix(" ")
            if field == "event":
                name = value or None
            elif field == "data":
                data.append(value)
            continue
        if data:
            yield name, "\n".join(data)
        name, data = None, []
