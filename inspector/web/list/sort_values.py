"""What a list is sorted by, as its rows say it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from inspector.index import Row
from inspector.output.plural import count, duration, size
from inspector.search.fields import ORDERS
from inspector.web.rendering.clock_times import clock
from inspector.web.rendering.context import ago

_TOKENS = "{:,} tokens".format

_WORDS: Mapping[str, Callable[[int], str]] = {
    "changed": ago,
    "tokens": _TOKENS,
    "input": _TOKENS,
    "output": _TOKENS,
    "events": lambda number: count(number, "chunk"),
    "size": size,
    "duration": duration,
    "started": clock,
    "place": "#{}".format,
}


def sort_value(row: Row, sort: str) -> str:
    """The number that puts a row where it stands, with its unit; empty where it has none, or there is no such order."""
    name = sort.removesuffix("-asc")
    value = getattr(row, ORDERS[name][0]) if name in ORDERS else None
    return "" if value is None else _WORDS[name](value)
