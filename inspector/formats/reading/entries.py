"""Entry by entry: what is wrong with one costs the others nothing."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import replace
from typing import Any

from inspector.formats.reading.bodies import plain
from inspector.formats.reading.halves import NEUTRAL
from inspector.formats.reading.lines import Line
from inspector.formats.reading.source import CutShort, Source
from inspector.formats.reading.unread import holds_an_answer, left_over, unread
from inspector.formats.reading.yaml_file import Unread
from inspector.model import Exchange, Json, Problem, Request
from inspector.model.jsonio import NotJson, loads

_NOTHING = Request("", "")

Make = Callable[[int, Any], Exchange | None]


Known = Collection[str] | Callable[[dict[str, Any]], Collection[str]]
"""Keys of an entry that a format reads, of all entries or of each."""

HALVES = frozenset({"request", "response"})
"""Keys of an entry that most formats read."""

_ANSWERS = frozenset(
    {"response", "then", "res", "resp", "output", "result", "error", "frames", "events", "response_body"}
)
"""Keys of an answer, which may be none."""


def each(source: Source, entries: Iterable[Json], make: Make, known: Known = HALVES) -> Iterator[Exchange]:
    """What `make` makes of every entry and its number; None passes over what is no exchange.

    `known` are the keys of an entry that the format reads: an answer under any other is said. What had to be done to
    read the file as JSON is said beside the last entry where the file is cut, else beside the first.
    """
    last = len(entries) - 1 if isinstance(entries, list) else 0
    noted = last if source.cut else 0
    for number, entry in enumerate(entries):
        made = _made(number, entry, make)
        if made is not None and number < last:  # the last one may only be cut
            made = _marked(made, f"entry {number + 1}")
        if made is not None:
            problems = source.json.problems if number == noted else ()
            yield _added(made, (*problems, *_unread(entry, made, known)))


def _added(made: Exchange, problems: Collection[Problem]) -> Exchange:
    new = [problem for problem in problems if problem not in made.problems]
    return replace(made, problems=(*new, *made.problems)) if new else made


def _unread(entry: Json, made: Exchange, known: Known) -> Collection[Problem]:
    """Where an entry has no answer at all, anything of some length may be one."""
    if callable(known):
        known = known(entry) if isinstance(entry, dict) else ()
    if not isinstance(entry, dict) or all(key in known or key in NEUTRAL for key in entry):
        return ()
    is_answered = made.response is not None or not _ANSWERS.isdisjoint(entry)
    return unread(entry, {*known, *NEUTRAL}, "entry", is_answered=is_answered)


def _made(number: int, entry: Json, make: Make) -> Exchange | None:
    try:
        if isinstance(entry, Unread):
            return unreadable(number, ValueError(entry.why), entry.text)
        return make(number, entry)
    except Exception as error:
        return unreadable(number, error, entry)


def each_line(
    source: Source, make: Callable[[Line, Any], Exchange | None], known: Known = HALVES
) -> Iterator[Exchange]:
    """The same for a file of one JSON value a line. Raises `CutShort` where the last one stops in the middle.

    Lines that hold an answer and belong to no exchange are counted beside the last one.
    """
    held: Exchange | None = None
    others = 0
    cut = None
    for line in source.lines:
        made, value = None, None
        try:
            value = loads(line.data)
            made = make(line, value)
            made = made and _marked(made, f"line {line.number + 1}")
            made = made and _added(made, _unread(value, made, known))
        except NotJson as error:
            if cut := stopped(line, error):
                break
            made = unreadable(line.number, error, line.data.decode("utf-8", "replace"), line)
        except Exception as error:
            made = unreadable(line.number, error, line.data.decode("utf-8", "replace"), line)
        if made is None:
            others += holds_an_answer(value)
            continue
        if held is not None:
            yield held
        held = made
    if held is not None:
        yield _added(held, left_over(others, "line", "file"))
    if cut is not None:
        raise cut


def stopped(line: Line, error: NotJson) -> CutShort | None:
    """What is to be raised where a line that is no JSON only stops too early, as while it is written."""
    if line.ended or not error.truncated:
        return None
    return CutShort(f"line {line.number + 1} stops in the middle")


def each_record(
    source: Source, make: Callable[[int, Any, int | None], Exchange | None], known: Collection[str] = HALVES
) -> Iterator[Exchange]:
    """The same for a file of one JSON object, of a list of them, or of one a line: `make` is given the number, the
    object, and where its line begins. Nothing of a document that is broken."""
    value = source.json.value
    if value is None:
        if source.json.broken:
            return
        yield from each_line(source, lambda line, entry: make(line.number, entry, line.position), known)
        return
    entries = value if isinstance(value, list) else [value]
    yield from each(source, entries, lambda number, entry: make(number, entry, None), known)


def _marked(made: Exchange, where: str) -> Exchange:
    """An exchange that holds nothing is an entry that is none, even where nothing about it was of a wrong type."""
    if made.response or made.problems or made.request != _NOTHING:
        return made
    return replace(made, problems=(Problem(where, "not understood: it holds no request and no response"),))


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
