"""Entry by entry: what is wrong with one costs the others nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Any

from inspector.formats.bodies import plain
from inspector.formats.source import Line, Source, Unread
from inspector.jsonio import NotJson, loads
from inspector.model import Exchange, Json, Problem, Request

Make = Callable[[int, Any], Exchange | None]


def each(entries: Iterable[Json], make: Make) -> Iterator[Exchange]:
    """What `make` makes of every entry and its number; None passes over what is no exchange."""
    for number, entry in enumerate(entries):
        try:
            made = make(number, entry) if not isinstance(entry, Unread) else _unread(number, entry)
        except Exception as error:
            made = unreadable(number, error, entry)
        if made is not None:
            yield made


def each_of(source: Source, entries: list[Json], make: Make) -> Iterator[Exchange]:
    """The same for the entries of a JSON file. What had to be done to read it is said beside the last one where the
    file is cut, else beside the first."""
    noted = len(entries) - 1 if source.cut else 0
    for made in each(entries, make):
        problems = source.problems if made.entry == noted else ()
        yield replace(made, problems=(*problems, *made.problems)) if problems else made


def each_line(source: Source, make: Callable[[Line, Any], Exchange | None]) -> Iterator[Exchange]:
    """The same for a file of one JSON value a line. A last line that stops in the middle is the file's end."""
    for line in source.lines():
        try:
            made = make(line, loads(line.data))
        except NotJson as error:
            if not line.ended and error.truncated:
                source.cut = f"line {line.number + 1} stops in the middle"
                return
            made = unreadable(line.number, error, line.data.decode("utf-8", "replace"), line)
        except Exception as error:
            made = unreadable(line.number, error, line.data.decode("utf-8", "replace"), line)
        if made is not None:
            yield made


def _unread(number: int, entry: Unread) -> Exchange:
    return unreadable(number, ValueError(entry.why), entry.text)


def unreadable(number: int, error: Exception, entry: Json, line: Line | None = None) -> Exchange:
    """An entry that nothing could be made of: it is listed, with the reason."""
    known = isinstance(error, NotJson) or type(error) is ValueError
    why = str(error) if known else f"{type(error).__name__}: {error}"
    if isinstance(error, AttributeError) and not isinstance(entry, dict):
        why = "an object is expected"
    where = f"line {line.number + 1}" if line else f"entry {number + 1}"
    return Exchange(
        entry=number,
        request=Request("", ""),
        response=None,
        position=line.position if line else None,
        problems=(Problem(where, f"not understood: {why}"[:300]),),
        raw=plain(entry),
    )
