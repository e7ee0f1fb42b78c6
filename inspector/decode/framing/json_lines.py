"""One JSON value a line."""

from __future__ import annotations

from collections.abc import Iterator

from inspector.model import Event
from inspector.model.expressions import expression
from inspector.model.jsonio import NotJson, loads

# Not str.splitlines: U+2028 and its like may stand inside of a JSON text.
_LINE_END = expression(r"\r\n|\r|\n")


def looks_like(text: str) -> bool:
    """Whether the first line that is not empty is a whole JSON object or array."""
    first = _LINE_END.split(text.removeprefix("\ufeff").lstrip(), maxsplit=1)[0].strip()
    if first[:1] not in ("{", "["):
        return False
    try:
        loads(first)
    except NotJson:
        return False
    return True


def is_several(text: str) -> bool:
    """Whether more than one line has something in it, the first of them a whole value."""
    return _LINE_END.search(text.strip()) is not None and looks_like(text)


def events(text: str) -> Iterator[Event]:
    """One event a line; a line that is not JSON is kept raw."""
    lines = [line for line in _LINE_END.split(text.removeprefix("\ufeff")) if line.strip()]
    for index, line in enumerate(lines):
        try:
            yield Event(index, loads(line))
        except NotJson:
            yield Event(index, None, raw=line)
