"""The lines of a session as objects, with what is none, and whether the last one is only half written; or all of a
session in one JSON value."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from typing import Any

from inspector.formats.reading.entries import stopped
from inspector.formats.reading.lines import Line
from inspector.formats.reading.source import CutShort, Source
from inspector.formats.reading.unread import unread
from inspector.model import Exchange, Json
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


def of_value(
    source: Source, whole: dict[str, Any], known: Collection[str], exchanges: Sequence[Exchange]
) -> Iterator[Exchange]:
    """The exchanges of a session in one JSON value, where nothing lies in lines. What had to be done to read it, and
    keys of it that are not `known`, are said beside the last."""
    made = [replace(one, position=None) for one in exchanges]
    said = (*source.json.problems, *unread(whole, known, "session", is_answered=bool(made)))
    yield from made[:-1]
    yield from (replace(one, problems=(*said, *one.problems)) for one in made[-1:])
