"""Queries with a clause put in, exchanged or taken off: what the links beside a list do."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Sequence

from inspector.analysis.search_text import OF_ROLE, TEXT_PLACES
from inspector.search import BY_NAME, Query, QueryError, read
from inspector.search.fields import checked
from inspector.search.grammar import LONGEST, NOTHING, All, Any, Clause, Node, Not, changed, parse, write

_SEVERAL = ("is", "has")
"""Fields of which an exchange can have several values: another one narrows a list further."""


def whole(name: str) -> str:
    """A name as the value of a clause that finds it alone."""
    return f"={name}" if len(name) < LONGEST else name[: LONGEST - 1] + "*"


def exact(name: str, among: Iterable[str]) -> str:
    """A name as the value of a clause, as `whole` only where it would find others, too."""
    lower = name.lower()
    is_plain = "*" not in name and not name.startswith("=") and len(name) <= LONGEST
    return name if is_plain and not any(lower in one.lower() and one != name for one in among) else whole(name)


def only(query: str, field: str, value: str) -> str:
    """The query with this as the field's one value, or without it where it is that already."""
    known, new = _read(query), Clause(field, value)
    if field in _SEVERAL:
        return _toggled(known, new, Not(new))
    if _values(known, field) == [value]:
        return _written(known, _with_values(known, field, []))
    return _written(known, _with_values(known, field, [value]))


def either(query: str, field: str, value: str) -> str:
    """The query with this as one more value that the field may have, or with one less."""
    known = _read(query)
    values = _values(known, field)
    return _written(known, _with_values(known, field, _flipped(values, value)))


def without(query: str, field: str, value: str) -> str:
    """The query for what does not have this value, or as it is without that."""
    known = _read(query)
    clause = Clause(field, value)
    if field not in _SEVERAL and value in (values := _values(known, field)):
        known = known._replace(tree=All(tuple(_with_values(known, field, _flipped(values, value)))))
    return _toggled(known, Not(clause), clause)


def in_order(query: str, sort: str) -> str:
    """The query with its list in an order, or by groups where `sort` is empty."""
    return _read(query)._replace(sort=sort).text


def chosen(query: Query | None, field: str) -> tuple[list[str], list[str]]:
    """The values that a query asks for in a field, and those that it excludes."""
    if query is None:
        return [], []
    excluded = [part.inner.value for part in query.tree.of if _is_not(part, field)]  # type: ignore[union-attr]
    return _values(query, field), excluded


def elsewhere(query: Query | None, field: str) -> Query:
    """A query without what it says of a field of which an exchange has one value."""
    query = query or Query(NOTHING, None)
    if field in _SEVERAL:
        return query
    return query._replace(tree=All(tuple(part for part in _with_values(query, field, []) if not _is_not(part, field))))


def _read(query: str) -> Query:
    try:
        return read(query)
    except QueryError:
        return Query(NOTHING, None)


def _written(query: Query, parts: Sequence[Node]) -> str:
    return query._replace(tree=All(tuple(parts))).text


def _toggled(query: Query, part: Node, opposite: Node) -> str:
    """The query with a part, or without it; what says the opposite goes, and the part takes its place."""
    parts = list(query.tree.of)
    if part in parts:
        return _written(query, [one for one in parts if one != part])
    if opposite in parts:
        return _written(query, [part if one == opposite else one for one in parts])
    return _written(query, [*parts, part])


def _values(query: Query, field: str) -> list[str]:
    return [value for part in query.tree.of for value in _values_of(part, field)]


def _values_of(part: Node, field: str) -> list[str]:
    """The values of a part that asks for nothing but this field."""
    if isinstance(part, Clause) and part.field == field:
        return [part.value]
    if isinstance(part, All) and len(part.of) == 1:
        return _values_of(part.of[0], field)
    if isinstance(part, Any):
        inner = [_values_of(one, field) for one in part.of]
        return [value for values in inner for value in values] if all(len(values) == 1 for values in inner) else []
    return []


def _with_values(query: Query, field: str, values: Sequence[str]) -> list[Node]:
    """The parts of a query with other values of a field, where the first of them stood."""
    clauses = tuple(Clause(field, value) for value in values)
    new: list[Node] = [clauses[0] if len(clauses) == 1 else Any(clauses)] if clauses else []
    parts: list[Node] = []
    for part in query.tree.of:
        if _values_of(part, field):
            parts += new
            new = []
        elif not (_is_not(part, field) and part.inner.value in values):  # type: ignore[union-attr]
            parts.append(part)
    return parts + new


def _is_not(part: Node, field: str) -> bool:
    return isinstance(part, Not) and isinstance(part.inner, Clause) and part.inner.field == field


def _flipped(values: list[str], value: str) -> list[str]:
    return [one for one in values if one != value] if value in values else [*values, value]


# ---------------------------------------------------------------- what was meant


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known name that a word is likely to stand for."""
    lower = {name.lower(): name for name in reversed(list(known))}
    near = difflib.get_close_matches(word.lower(), list(lower), n=1)
    return lower[near[0]] if near else None


def mended(query: str) -> str | None:
    """What a query that means nothing may have been meant to be; None where nobody can tell."""
    query = _role_as_place(query)
    for attempt in (query, query + ")" * (query.count("(") - query.count(")"))):
        try:
            tree, orders = parse(attempt)
            tree = All(tuple(changed(part, _mended) for part in tree.of))
            text = " ".join((write(tree), *(f"sort:{_value('sort', order)}" for order in orders[:1]))).strip()
            read(text)
        except QueryError:
            continue
        return text or None
    return None


_COMPARED = re.compile(r"([a-z]+)(>=|<=|>|<|=)(.+)", re.IGNORECASE | re.DOTALL)


def as_fields(query: Query) -> tuple[str, str] | None:
    """The words of a query that look like a field with a comparison, such as ``tokens>1000``, and the query that was
    meant; None where there are none."""
    found = [word for word in query.wanted if _compared(word.text)]
    if not found:
        return None
    parts = tuple(changed(part, lambda clause: _compared(clause.value, clause) or clause) for part in query.tree.of)
    return found[0].text, query._replace(tree=All(parts)).text


def _compared(word: str, clause: Clause | None = None) -> Clause | None:
    if clause is not None and clause.field is not None:
        return None
    found = _COMPARED.fullmatch(word)
    if found is None or found[1].lower() not in BY_NAME:
        return None
    field, value = found[1].lower(), found[3] if found[2] == "=" else found[2] + found[3]
    try:
        BY_NAME[field].where(checked(field, value))
    except (QueryError, KeyError):
        return None
    return Clause(field, checked(field, value))


def _role_as_place(query: str) -> str:
    return re.sub(r"(?<!\S)role:(\w+)", lambda found: f"in:{OF_ROLE.get(found[1].lower(), found[1])}", query)


def _mended(clause: Clause) -> Node:
    field, value, place = clause
    if field is None:
        return clause._replace(place=_value("in", place)) if place else clause
    if field in TEXT_PLACES:
        return Clause(None, value, field)
    if field == "error":
        status = re.fullmatch(r"(?:[<>]=?|=)?[1-5](?:\d\d|xx)", value.lower())
        return Clause("status", value) if status else All((Clause("is", "error"), Clause(None, value)))
    name = field if field in BY_NAME else nearest(field, BY_NAME)
    if name is None:
        raise QueryError(f"there is no field {field}:")
    return Clause(name, _value(name, value))


def _value(field: str, value: str) -> str:
    try:
        return checked(field, value)
    except QueryError:
        return nearest(value, BY_NAME[field].values) or value


def replaced(query: Query, old: Clause, new: Clause) -> str:
    """The query with one clause in the place of another."""

    parts = (changed(part, lambda clause: new if clause == old else clause) for part in query.tree.of)
    return query._replace(tree=All(tuple(parts))).text
