"""The lines of a session as objects, with what is none, and whether the last one is only half written."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from inspector.formats.reading.entries import stopped
from inspector.formats.reading.lines import Line
from inspector.formats.reading.source import CutShort, Source
from inspector.model import Json
from inspector.model.jsonio import NotJson, loads


def line_objects(source: Source, cuts: list[CutShort]) -> Iterator[tuple[Line, dict[str, Any]]]:
    """The lines of a file, from where reading begins. `cuts` tells why the last one is left out, where it stops in the
    middle: whoever reads them raises that in the end."""
    for line in source.lines.further():
        value: Json = None
        try:
            value = loads(line.data)
        except NotJson as error:
            if cut := stopped(line, error):
                cuts.append(cut)
                return
        yield line, as_object(value, line.number)


def as_object(value: Json, number: int) -> dict[str, Any]:
    """What is no object becomes one of a type that says so, and is counted like others that nobody knows."""
    return value if isinstance(value, dict) else {"type": "no JSON object", "line": number + 1}
