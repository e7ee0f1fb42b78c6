"""What the search field offers while somebody types: fields, then their values with counts."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from typing import NamedTuple

from inspector.index.store import ALL, Index, Where
from inspector.search import BY_NAME, FIELDS, Query, QueryError, read
from inspector.search.fields import Field
from inspector.search.grammar import All, Any, Clause, Node, quoted

_MOST = 12
_SEEN_BY_NAME = ("model", "provider", "tool", "test")
"""Fields whose values are offered for a word that names no field."""

_TYPED = re.compile(r'(?P<minus>-?)(?:(?P<field>[A-Za-z_]+):)?(?P<quote>"?)(?P<value>[^\s"()]*|(?<=")[^"]*)$')


class Suggestion(NamedTuple):
    """`text` stands in the place of what is being typed, `query` is the whole query then."""

    text: str
    what: str
    number: int | None
    """Exchanges that have it."""
    query: str


def suggestions(index: Index, query: str) -> list[Suggestion]:
    """What may be meant by the last word of a query that is still being typed."""
    typed = _TYPED.search(query)
    if typed is None:
        return []
    before, name, value = query[: typed.start()], (typed["field"] or "").lower(), typed["value"]
    field = BY_NAME.get(name)
    if name and field is None:
        return []
    found = _of_field(index, field, value, _where(before)) if field else _of_word(index, value, _where(before))
    return [
        Suggestion(typed["minus"] + text, what, count, _whole(before, typed["minus"] + text))
        for text, what, count in list(found)[:_MOST]
    ]


def _whole(before: str, text: str) -> str:
    return before + text + ("" if text.endswith(":") else " ")


def _where(before: str) -> Where:
    """What the rest of the query finds; everything where it is not whole yet."""
    try:
        return read(before).where
    except QueryError:
        return ALL


def _of_word(index: Index, word: str, where: Where) -> Iterator[tuple[str, str, int | None]]:
    for field in FIELDS:
        if field.name.startswith(word.lower()):
            yield f"{field.name}:", field.help, None
    if len(word) < 2:
        return
    for name in _SEEN_BY_NAME:
        yield from list(_of_field(index, BY_NAME[name], word, where))[:3]


def _of_field(index: Index, field: Field, value: str, where: Where) -> Iterator[tuple[str, str, int | None]]:
    wanted = value.lower()
    for known, what in field.values.items():
        if wanted in known:
            yield f"{field.name}:{quoted(known)}", what, None
    if field.column is not None:
        for known, count in index.counts(field.column, where, _MOST, like=value.removeprefix("=")):
            yield f"{field.name}:{quoted(known)}", "", count


# ---------------------------------------------------------------- facets


class Facet(NamedTuple):
    """A field with the values that the exchanges found have, and how many have them."""

    field: Field
    values: list[tuple[str, int]]


_FACETS = ("model", "provider", "operation", "finish", "tool", "protocol", "format")


def facets(index: Index, where: Where, most: int = 30) -> list[Facet]:
    """What would narrow a list, with counts: fields with more than one value."""
    found = [Facet(BY_NAME["is"], index.odd_counts(where))]
    found += [Facet(BY_NAME[name], index.counts(BY_NAME[name].column or "", where, most)) for name in _FACETS]
    return [facet for facet in found if len(facet.values) > 1 or (facet.values and facet.field.name == "is")]


# ---------------------------------------------------------------- values that no recording has


def unknown(index: Index, query: Query) -> str | None:
    """Which value of a query no recording has, and what may have been meant."""
    for clause in _named(query.tree):
        column = BY_NAME[clause.field or ""].column or ""
        condition = BY_NAME[clause.field or ""].where(clause.value)
        if index.is_any(condition):
            continue
        names = [name for name, _ in index.counts(column)]
        near = _nearest(clause.value.strip("=*"), names)
        return f"no {clause.field} here is {clause.value}" + (f"; did you mean {near}?" if near else "")
    return None


def _nearest(value: str, names: list[str]) -> str | None:
    lower = {name.lower(): name for name in reversed(names)}
    near = difflib.get_close_matches(value.lower(), list(lower), n=1)
    return lower[near[0]] if near else None


def _named(node: Node) -> Iterator[Clause]:
    match node:
        case Clause(field=str(field)) if BY_NAME[field].column is not None:
            yield node
        case All(of) | Any(of):
            for part in of:
                yield from _named(part)
