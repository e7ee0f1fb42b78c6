"""One JSON value a line."""

from __future__ import annotations

from collections.abc import Iterator

from inspector.jsonio import NotJson, loads
from inspector.model import Event


def looks_like(text: str) -> bool:
    """Whether the first line that is not empty is a whole JSON object or array."""
    first = next((line for line in text.lstrip().split("\n", 1)[:1]), "").strip()
    if first[:1] not in ("{", "["):
        return False
    try:
        loads(first)
    except NotJson:
        return False
    return True


def events(text: str) -> Iterator[Event]:
    """One event a line; a line that is not JSON is kept raw."""
    lines = [line for line in text.split("\n") if line.strip()]
    for index, line in enumerate(lines):
        try:
            yield Event(index, loads(line))
        except NotJson:
            yield Event(index, None, raw=line)
