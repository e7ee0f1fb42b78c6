"""The first records of a file of JSON objects, for telling what it is: one object, a list of them, or one a line."""

from __future__ import annotations

from typing import Any

from inspector.formats.reading.source import Source
from inspector.model import Json
from inspector.model.jsonio import NotJson, loads, salvage

_FEW = 5


def first_records(source: Source) -> list[dict[str, Any]]:
    """The first objects of a file as far as its head shows them. Nothing else of it is read."""
    start = source.start_of_text
    if start[:1] not in (b"{", b"["):
        return []
    lines = [_seen(line) for line in start.split(b"\n", _FEW)[:_FEW]]
    records = [line for line in lines if isinstance(line, dict)]
    if not records or lines[0] is None:
        whole = salvage(start)
        records = whole[:_FEW] if isinstance(whole, list) else [whole]
    return [record for record in records if isinstance(record, dict)]


def _seen(line: bytes) -> Json:
    try:
        return loads(line) if line[:1] == b"{" else None
    except NotJson:
        return None
