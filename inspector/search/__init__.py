"""The query language: ``word "a phrase" in:result admin model:gpt-4o -is:issue (tokens:>1k OR has:image) sort:tokens``.

One table of fields (`fields.FIELDS`) gives the parser, the SQL, the suggestions, the help page and the manual.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from inspector.analysis.search_text import TEXT_PLACES
from inspector.index.conditions import Where, both, either, negated
from inspector.index.rows import Order
from inspector.search.fields import BY_NAME, FIELDS, Field, checked, order
from inspector.search.full_text import Marker, Wanted, marker, said, wanted
from inspector.search.grammar import All, Any, Clause, Node, Not, QueryError, all_of, changed, parse, write

__all__ = [
    "BY_NAME", "FIELDS", "Chip", "Clause", "Field", "Marker", "Query", "QueryError", "read", "where", "write",
]  # fmt: skip


ELSEWHERE = {*TEXT_PLACES, "error", "role"}
"""Words that are no fields, and that are meant otherwise than as a misspelt one: see `inspector.search.edits`."""


class Query(NamedTuple):
    """A query, understood."""

    tree: All
    """What exchanges have to meet; without ``sort:``."""
    order: Order | None
    sort: str = ""
    """The order's name."""

    @property
    def where(self) -> Where:
        """The SQL condition on `exchange`."""
        return _condition(self.tree)

    @property
    def is_of_verdicts(self) -> bool:
        """Whether it asks for something that only an earlier state to compare with tells."""
        known = _clauses(self.tree)
        return any(field == "verdict" or (field, value) == ("is", "changed") for field, value, _ in known)

    @property
    def marker(self) -> Marker | None:
        """What finds the words of the query in a text."""
        return marker(list(wanted(self.tree)))

    @property
    def wanted(self) -> list[Wanted]:
        """The words that it looks for."""
        return list(wanted(self.tree))

    @property
    def chips(self) -> list[Chip]:
        """Each part as it is written, and the query without it."""
        parts = self.tree.of
        chips = [Chip(_alone(part), _write(parts[:at] + parts[at + 1 :], self.sort)) for at, part in enumerate(parts)]
        return [*chips, Chip(f"sort:{self.sort}", _write(parts, ""))] if self.sort else chips

    @property
    def text(self) -> str:
        """The query as it is best written."""
        return _write(self.tree.of, self.sort)


class Chip(NamedTuple):
    """A part of a query, and the query without it."""

    text: str
    without: str


def read(query: str) -> Query:
    """A query, understood. Raises `QueryError` in words for the search field, with what may have been meant."""
    tree, orders = parse(query)
    kept = All(tuple(changed(part, _checked) for part in tree.of))
    if len(orders) > 1:
        raise QueryError("one order is enough: sort: stands twice")
    if not orders:
        return Query(kept, None)
    name = _value("sort", orders[0])
    return Query(kept, order(name), name)


def where(query: str) -> Where:
    """The SQL condition on `exchange` for a query; raises `QueryError`."""
    return read(query).where


def _write(parts: Iterable[Node], sort: str) -> str:
    return " ".join(filter(None, (write(all_of(parts)), f"sort:{sort}" if sort else "")))


def _alone(part: Node) -> str:
    return f"({write(part)})" if isinstance(part, Any) else write(part)


# ---------------------------------------------------------------- checking


def _checked(clause: Clause) -> Clause:
    """A clause with its field and value as the table has them."""
    field, value, place = clause
    if field is None:
        return clause if place is None else clause._replace(place=_value("in", place))
    if field not in BY_NAME:
        if field == "role":
            raise QueryError("there is no field role:; in:user narrows the words after it to what a user said")
        known = () if field in ELSEWHERE else BY_NAME
        raise QueryError(f"there is no field {field}:{_meant(field, known, ':')}")
    clause = clause._replace(value=_value(field, value))
    try:
        BY_NAME[field].where(clause.value)  # a number that is none is said before anything is asked
    except QueryError as error:
        raise QueryError(f"{field}: {error}; write {BY_NAME[field].example}") from None
    return clause


def _value(field: str, value: str) -> str:
    try:
        return checked(field, value)
    except QueryError as error:
        raise QueryError(f"{error}{_meant(value, BY_NAME[field].values)}") from None


def _meant(word: str, known: Iterable[str], colon: str = "") -> str:
    near = difflib.get_close_matches(word.lower(), list(known), n=1)
    return f"; did you mean {near[0]}{colon}?" if near else ""


def _clauses(node: Node) -> Iterator[Clause]:
    match node:
        case Clause():
            yield node
        case Not(inner):
            yield from _clauses(inner)
        case All(of) | Any(of):
            for part in of:
                yield from _clauses(part)


# ---------------------------------------------------------------- conditions


def _condition(node: Node) -> Where:
    match node:
        case Clause(None, value, place):
            return said(value, place)
        case Clause(field, value):
            return BY_NAME[field or ""].where(value)
        case Not(inner):
            return negated(_condition(inner))
        case All(of):
            return both(*map(_condition, of))
        case Any(of):
            return either(*map(_condition, of))
