"""What the search field offers while somebody types, what would narrow a list, and what may have been meant."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from inspector.analysis.issues import AROUND, name_of
from inspector.index.conditions import both, marked_around
from inspector.index.store import ALL, Index, Where
from inspector.search import BY_NAME, FIELDS, Query, QueryError, edits, read
from inspector.search.examples import EXAMPLES, OFFERED
from inspector.search.fields import Field
from inspector.search.grammar import All, Any, Clause, Node, quoted, write

_MOST = 12
"""Suggestions at once."""

_EACH = 3
"""Values of one field that are offered for a word that names no field."""

SEEN_BY_NAME = ("model", "provider", "finish", "operation", "tool")
"""Fields whose values are offered for a word that names no field."""

_LONG = 4
"""Letters from which on a word may be meant as a part of a test's id: fewer stand in far too many."""

_LEAD = r"(?P<minus>-?)(?:(?P<field>[A-Za-z_]{1,40}+):)?"
_WORD = re.compile(rf'(?<![^\s"()]){_LEAD}(?P<value>[^\s"()]*+)$')
_FIELDED = re.compile(r"[-(\"]|[A-Za-z_]+:(?!:)")
"""What begins a part of a query that is no bare word."""

_TESTS = 5
"""Tests that are offered."""

_PHRASE = re.compile(rf'{_LEAD}"(?P<value>[^"]*+)$')
"""What is being typed: a word, or a phrase whose quote is still open."""


class Suggestion(NamedTuple):
    """`text` stands in the place of what is being typed, `query` is the whole query then."""

    text: str
    what: str
    number: int | None
    """Exchanges that have it."""
    query: str


def suggestions(index: Index, query: str) -> list[Suggestion]:
    """What may be meant by the last word of a query that is still being typed."""
    typed = (_PHRASE if query.count('"') % 2 else _WORD).search(query)
    if typed is None:
        return []
    before, name, value = query[: typed.start()], (typed["field"] or "").lower(), typed["value"]
    field = BY_NAME.get(name)
    if name and field is None:
        return []
    found = _of_field(index, field, value, _where(before)) if field else _of_word(index, value, _where(before))
    if not query:
        examples = [Suggestion(text, question, None, text) for question, text in EXAMPLES[:OFFERED]]
        return [Suggestion(text, what, count, text) for text, what, count in list(found)[: _MOST - OFFERED]] + examples
    offered = [
        Suggestion(typed["minus"] + text, what, count, _whole(before, typed["minus"] + text))
        for text, what, count in list(found)[:_MOST]
    ]
    return [one for one in offered if one.text != typed.group()]


def _whole(before: str, text: str) -> str:
    return before + text + ("" if text.endswith(":") else " ")


def _where(before: str) -> Where:
    """What the rest of the query finds; everything where it is not whole yet."""
    try:
        return read(before).where
    except QueryError:
        return ALL


_Offer = tuple[str, str, int | None]


def tests_named(index: Index, query: str) -> list[tuple[str, str, int]]:
    """The tests and sessions that a query of bare words may name: kind, id, exchanges."""
    words = query.split()
    if not words or len(query.strip()) < _LONG or any(_FIELDED.match(word) for word in words):
        return []
    return index.groups_named(words, _TESTS)


def _of_word(index: Index, word: str, where: Where) -> Iterator[_Offer]:
    lower = word.lower()
    for field in FIELDS:
        if field.name.startswith(lower):
            yield f"{field.name}:", field.help, None
    if len(word) < 2:
        return
    for name in ("is", "has"):
        yield from _known(BY_NAME[name], lower)
    for name in SEEN_BY_NAME if len(word) < _LONG else (*SEEN_BY_NAME, "test"):
        yield from _named(index, BY_NAME[name], word, where, _EACH)


def _of_field(index: Index, field: Field, value: str, where: Where) -> Iterator[_Offer]:
    yield from _known(field, value.lower())
    if field.column is not None:
        yield from _named(index, field, value.removeprefix("="), where, _MOST)
    elif not field.values and not value:
        yield field.example, "for example", None


def _known(field: Field, part: str) -> Iterator[_Offer]:
    """The values that the language gives a field, of which a word begins like this."""
    older = {now: word for word, now in field.synonyms.items()}
    for known, what in field.values.items():
        words = f" {known} {older.get(known, '')}"
        if f" {part}".replace("_", " ") in words.replace("_", " "):
            yield f"{field.name}:{quoted(known)}", what, None


def _named(index: Index, field: Field, part: str, where: Where, most: int) -> Iterator[_Offer]:
    """The values that the recordings give a field."""
    found = index.counts(field.column or "", where, like=part)
    names = [name for name, _ in found]
    for name, count in found[:most]:
        yield f"{field.name}:{quoted(edits.exact(name, names))}", "", count


# ---------------------------------------------------------------- facets


class Value(NamedTuple):
    """A value of a field in a list, and the queries that its links lead to."""

    name: str
    number: int
    """Exchanges that have it, among those that the rest of the query finds."""
    is_on: bool
    is_off: bool
    only: str
    either: str | None
    without: str


class Facet(NamedTuple):
    """A field with the values that the exchanges found have."""

    field: Field
    values: list[Value]


FACETS = ("provider", "model", "operation", "finish", "tool", "protocol", "format")


def facets(index: Index, query: str) -> Iterator[Facet]:
    """What would narrow a list, with counts: fields with more than one value, and those that are narrowed already."""
    try:
        known: Query | None = read(query)
    except QueryError:
        known = None
    for name in ("is", *FACETS):
        field = BY_NAME[name]
        where = edits.elsewhere(known, name).where
        counted = index.counts(field.column, where) if field.column else _issue_counts(index, where)
        names = [one for one, _ in counted] if field.column else []
        values = [_value(query, known, field, one, number, names) for one, number in counted]
        if len(values) > 1 or (values and name == "is") or any(one.is_on or one.is_off for one in values):
            yield Facet(field, values)


def _issue_counts(index: Index, where: Where) -> list[tuple[str, int]]:
    of_its_own = [(name_of(kind), number) for kind, number in index.odd_counts(where)]
    around = ((kind, len(index.ids(both(where, marked_around(kind))))) for kind in AROUND)
    return [*of_its_own, *((kind, number) for kind, number in around if number)]


def _value(query: str, known: Query | None, field: Field, name: str, number: int, names: list[str]) -> Value:
    value = edits.exact(name, names)
    on, off = edits.chosen(known, field.name)
    ways = {value, name, f"={name}"}
    written = next((one for one in (*on, *off) if one in ways), value)
    return Value(
        name,
        number,
        is_on=written in on,
        is_off=written in off,
        only=edits.only(query, field.name, written),
        either=edits.either(query, field.name, written) if on and field.column else None,
        without=edits.without(query, field.name, written),
    )


# ---------------------------------------------------------------- values that no recording has


class Unknown(NamedTuple):
    """A value of a query that no recording has; `query` has the one that may have been meant."""

    text: str
    meant: str | None
    query: str | None


def unknown(index: Index, query: Query) -> Unknown | None:
    """Which value of a query no recording has, and what may have been meant."""
    for clause in _clauses(query.tree):
        field = BY_NAME[clause.field or ""]
        if index.is_any(field.where(clause.value)):
            continue
        names = [name for name, _ in index.counts(field.column or "")]
        near = edits.nearest(clause.value.strip("=*"), names)
        fixed = edits.replaced(query, clause, Clause(clause.field, edits.exact(near, names))) if near else None
        return Unknown(f"no {clause.field} here is {clause.value}", near, fixed)
    return None


NAMES = ("test", "file", "tool", "model", "session", "host")
"""Where a word that nobody said may stand."""


def in_names(index: Index, query: Query) -> list[tuple[str, str]]:
    """For a query that finds nothing: clauses for the names that hold its words, and the query with each."""
    found = []
    for part in query.tree.of:
        if not (isinstance(part, Clause) and part.field is None):
            continue
        for named in (Clause(name, part.value) for name in NAMES):
            other = edits.replaced(query, part, named)
            if index.is_any(read(other).where):
                found.append((write(named), other))
    return found


def _clauses(node: Node) -> Iterator[Clause]:
    match node:
        case Clause(field=str(field)) if BY_NAME[field].column is not None:
            yield node
        case All(of) | Any(of):
            for part in of:
                yield from _clauses(part)
