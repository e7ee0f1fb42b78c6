"""What an exchange may be compared with: its repeats, other answers to its prompt, its neighbours in the story, and
whatever a query finds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from inspector import search
from inspector.index import Row
from inspector.web.exchange import related
from inspector.web.exchange.load import row_of
from inspector.web.rendering import context
from inspector.web.uploads import pastes

_MOST = 40
"""Exchanges of one kind that are offered."""

_LOOKED_AT = 300


class Candidates(NamedTuple):
    """Exchanges of one kind; with `is_more` there are others."""

    title: str
    rows: tuple[Row, ...]
    is_more: bool = False


def candidates(row: Row, query: str, picked: Sequence[str] = ()) -> tuple[list[Candidates], str]:
    """What is offered beside a row, what was picked first and then the nearest, and why a query is none."""
    ticked = _first("Ticked in the list", filter(None, map(row_of, picked[:_MOST])))
    found = [one for one in (ticked, *_near(row)) if one.rows]
    if not query:
        return found, ""
    try:
        index = context.library().index
        rows = index.sorted_rows(search.read(query).where)
    except search.QueryError as error:
        return found, str(error)
    others = [one for one in rows if one.uid != row.uid]
    return [Candidates(f"Found for {query}", tuple(others[:_MOST]), len(others) > _MOST), *found], ""


def _near(row: Row) -> Iterator[Candidates]:
    place = related.place(row)
    if not pastes.is_pasted(row.uid):
        index = context.library().index
        twins = index.beside(row, _LOOKED_AT)
        rows = index.rows_of([twin.id for twin in twins])
        again = [rows[twin.id] for twin in twins if twin.is_same_request and twin.id in rows]
        others = [rows[twin.id] for twin in twins if not twin.is_same_request and twin.id in rows]
        yield _first("The same request, recorded again", again)
        yield _first("The same prompt, asked otherwise", others)
    yield _first("Before and after it in its story", filter(None, (place.before, place.after)))


def _first(title: str, rows: Iterable[Row]) -> Candidates:
    found = tuple(rows)
    return Candidates(title, found[:_MOST], len(found) > _MOST)
