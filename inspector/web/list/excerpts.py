"""Where a query's words were found in the exchanges of a list: what no earlier one of the group says."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from inspector.index.store import Index, Row
from inspector.search.full_text import Marker

BEFORE = 60
"""Characters of an excerpt that stand before its first mark."""

EXCERPT = 220
SHOWN = 2
"""Excerpts of one exchange."""


class Stretch(NamedTuple):
    """Some text of an excerpt, marked or not."""

    text: str
    marked: bool


@dataclass(frozen=True, slots=True)
class Excerpt:
    """Words of a query where they stand in what one exchange says."""

    place: str
    text: tuple[Stretch, ...]
    later: int
    """Exchanges after it in its group that carry the same message."""


class Hit(NamedTuple):
    """A text in which a word of a query was found."""

    message: int
    place: str
    text: str


def hits(index: Index, marker: Marker | None, rows: Sequence[Row]) -> dict[int, list[Hit]]:
    """The texts in which the words of a query were found, by exchange, in the order in which they were said. Names
    stand above them."""
    found: dict[int, list[Hit]] = {row.id: [] for row in rows}
    if marker is None:
        return found
    said = index.said(rows)
    texts: dict[int, list[Hit]] = {}
    for message, place, text in index.texts(one.message for one in said):
        if place != "name" and marker.spans(text, place, most=1):
            texts.setdefault(message, []).append(Hit(message, place, text))
    for one in said:
        found[one.exchange] += texts.get(one.message, ())
    return found


def told(
    rows: Iterable[Row], found: Mapping[int, list[Hit]], marker: Marker, keep: str = ""
) -> tuple[list[Row], dict[str, list[Excerpt]]]:
    """Of a group's rows, in their order, those that first say something that was looked for, and what that is; and the
    exchange `keep`. What is said again, as a tool that fails twice does, is something new."""
    rows = list(rows)
    times = {row.id: Counter(found[row.id]) for row in rows}
    carried = Counter((hit, time) for row in rows for hit, most in times[row.id].items() for time in range(1, most + 1))
    known: Counter[Hit] = Counter()
    first: list[Row] = []
    excerpts: dict[str, list[Excerpt]] = {}
    for row in rows:
        new = {hit.text: hit for hit, time in times[row.id].items() if time > known[hit]}
        if found[row.id] and not new and row.uid != keep:
            continue
        known |= times[row.id]
        first.append(row)
        views = (_found(hit, marker, carried[hit, times[row.id][hit]] - 1) for hit in new.values())
        excerpts[row.uid] = [view for view, _ in zip(views, range(SHOWN), strict=False)]
    return first, excerpts


def _found(hit: Hit, marker: Marker, later: int) -> Excerpt:
    return Excerpt(hit.place, excerpt(hit.text, marker, hit.place), later)


def excerpt(text: str, marker: Marker, place: str | None = None) -> tuple[Stretch, ...]:
    """A stretch of a text around its first mark, on one line."""
    spans = marker.spans(text, place, most=20)
    start = max(spans[0][0] - BEFORE, 0) if spans else 0
    end = min(start + EXCERPT, len(text))
    stretches = [Stretch("…", False)] if start else []
    at = start
    for begin, stop in spans:
        if begin >= end:
            break
        stretches += [Stretch(_line(text[at:begin]), False), Stretch(_line(text[begin : min(stop, end)]), True)]
        at = min(stop, end)
    stretches += [Stretch(_line(text[at:end]), False), Stretch("…" if end < len(text) else "", False)]
    return tuple(stretch for stretch in stretches if stretch.text)


def _line(text: str) -> str:
    return " ".join(text.split()).join((" " if text[:1].isspace() else "", " " if text[-1:].isspace() else ""))
