"""When the exchanges of a story happened: bars on a common axis, on which long waits are cut short; or, where no times
were recorded, only their order."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from inspector.index import Row

AXIS = 1000
"""The length of the axis that bars lie on."""

WHOLE = 60
"""Exchanges of a story that is in one picture; of a longer one a picture has those of the page."""

_WAIT = 4
"""The part of the time spent in the model that a wait takes at most on the axis, as a divisor."""


class Placed(NamedTuple):
    """An exchange in a picture. `begin` and `width` lie on the axis; both are 0 where it has no time."""

    number: int
    row: Row
    begin: float = 0
    width: float = 0
    wait: float = 0
    """How far before it the one before it ended, on the axis."""
    is_cut: bool = False
    """Whether that wait was longer than it is shown."""


@dataclass(frozen=True, slots=True)
class Waterfall:
    """`busy` and `total` are milliseconds: of answers, and from the begin of the first to the end of the last. Without
    times there are only places."""

    places: tuple[Placed, ...]
    total: int = 0
    busy: int = 0
    is_timed: bool = False


class _Stretch(NamedTuple):
    """A time in which somebody answered, in milliseconds since 1970, and where it begins on the axis."""

    begin: int
    end: int
    at: float


def waterfall(numbered: Sequence[tuple[int, Row]]) -> Waterfall:
    timed = [row for _, row in numbered if row.started is not None]
    if not timed:
        return Waterfall(tuple(Placed(number, row) for number, row in numbered))
    spans = sorted((row.started or 0, (row.started or 0) + (row.duration or 0)) for row in timed)
    stretches = _stretches(spans)
    length = max(stretches[-1].at + stretches[-1].end - stretches[-1].begin, 1)
    places = _places(numbered, stretches, AXIS / length)
    busy = sum(one.end - one.begin for one in stretches)
    return Waterfall(tuple(places), max(end for _, end in spans) - spans[0][0], busy, True)


def _stretches(spans: Iterable[tuple[int, int]]) -> list[_Stretch]:
    """When somebody answered, one after the other, with the waits between no longer than they may be."""
    merged: list[list[int]] = []
    for begin, end in spans:
        if merged and begin <= merged[-1][1]:
            merged[-1][1] = max(merged[-1][1], end)
        else:
            merged.append([begin, end])
    longest = max(sum(end - begin for begin, end in merged) / _WAIT, 1000.0)
    found: list[_Stretch] = []
    for begin, end in merged:
        before = found[-1] if found else None
        wait = min(begin - before.end, longest) if before else 0.0
        found.append(_Stretch(begin, end, before.at + before.end - before.begin + wait if before else 0.0))
    return found


def _places(numbered: Iterable[tuple[int, Row]], stretches: Sequence[_Stretch], scale: float) -> Iterable[Placed]:
    first = {one.begin: number for number, one in enumerate(stretches)}
    for number, row in numbered:
        if row.started is None:
            yield Placed(number, row)
            continue
        own = max((one for one in stretches if one.begin <= row.started), key=lambda one: one.begin)
        begin = (own.at + row.started - own.begin) * scale
        at = first.get(row.started, 0)
        before = stretches[at - 1] if at else None
        shown = own.at - before.at - (before.end - before.begin) if before else 0.0
        is_cut = before is not None and own.begin - before.end > shown + 1
        yield Placed(number, row, begin, max((row.duration or 0) * scale, 3.0), shown * scale, is_cut)
