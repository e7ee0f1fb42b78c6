"""The query language: ``word "a phrase" model:gpt-4o provider:openai test:responses is:odd -word``.

One table of fields gives the SQL, the help page and the README.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from inspector.index.store import Where
from inspector.oddities import KINDS
from inspector.summary import model_name

_TOKEN = re.compile(r'(?P<minus>-)?(?:(?P<field>[A-Za-z_]+):)?(?:"(?P<phrase>[^"]*)"?|(?P<word>[^\s"]+))')
_WORDS = re.compile(r"\w+", re.UNICODE)

_MOST_CLAUSES = 40
_LONGEST = 500
"""Characters of one clause. SQLite has limits too, and would fail at them."""


class QueryError(ValueError):
    """A query that means nothing, in words for the search field."""


class Field(NamedTuple):
    """A field of the language: one row gives everything that is known about it."""

    name: str
    help: str
    example: str
    where: Callable[[str], Where]
    values: Sequence[str] = ()
    """All values that it takes, where they are few."""


class Clause(NamedTuple):
    """One word of a query. `field` is None for a bare word or phrase."""

    field: str | None
    value: str
    negated: bool = False


def _contains(column: str) -> Callable[[str], Where]:
    def where(value: str) -> Where:
        return f"coalesce({column}, '') LIKE ? ESCAPE '\\'", [f"%{_escaped(value).replace('*', '%')}%"]

    return where


def _model(value: str) -> Where:
    pattern = f"%{_escaped(model_name(value) or '').replace('*', '%')}%"
    return (
        "(coalesce(exchange.model, '') LIKE ? ESCAPE '\\' OR coalesce(exchange.response_model, '') LIKE ? ESCAPE '\\')",
        [pattern, pattern],
    )


_STATES: dict[str, Where] = {
    "odd": ("exchange.odd <> ''", []),
    "streamed": ("exchange.streamed", []),
    "unsent": ("NOT exchange.sent", []),
    "infrastructure": ("exchange.fold IS NOT NULL AND exchange.fold IS NOT exchange.model", []),
} | {kind: ("',' || exchange.odd || ',' LIKE ?", [f"%,{kind},%"]) for kind in KINDS}


def _is(value: str) -> Where:
    try:
        return _STATES[value.lower()]
    except KeyError:
        raise QueryError(f"is:{value} is not known{_meant(value, _STATES)}") from None


FIELDS: tuple[Field, ...] = (
    Field("model", "part of the name of the model that was asked for or that answered", "model:gpt-4o", _model),
    Field("provider", "part of the provider's name", "provider:openai", _contains("exchange.provider")),
    Field("test", "part of the test's id", "test:responses", _contains("exchange.test_id")),
    Field(
        "is",
        'odd, or a mark such as error or "cut off"; streamed, unsent (the file holds only the request), infrastructure',
        "is:odd",
        _is,
        tuple(_STATES),
    ),
)

_BY_NAME = {field.name: field for field in FIELDS}


def parse(query: str) -> tuple[Clause, ...]:
    """Take a query apart; raises `QueryError` with the nearest field's name for an unknown one."""
    clauses: list[Clause] = []
    for token in _TOKEN.finditer(query.encode("utf-8", "replace").decode()):
        field, phrase, word = token["field"], token["phrase"], token["word"]
        value = phrase if phrase is not None else word
        if field is not None and field.lower() not in _BY_NAME:
            if value.startswith("/"):  # an address, not a field: http://…
                field, value = None, f"{field}:{value}"
            else:
                raise QueryError(f"there is no field {field}:{_meant(field, _BY_NAME)}")
        if len(value) > _LONGEST:
            raise QueryError(f"a word of over {_LONGEST} characters finds nothing")
        if len(clauses) == _MOST_CLAUSES:
            raise QueryError(f"a query has at most {_MOST_CLAUSES} words")
        if value:
            clauses.append(Clause(field.lower() if field else None, value, token["minus"] is not None))
    return tuple(clauses)


def where(query: str) -> Where:
    """The SQL condition on `exchange` for a query; raises `QueryError`."""
    conditions, parameters = [], []
    for clause in parse(query):
        condition, values = _BY_NAME[clause.field].where(clause.value) if clause.field else _said(clause.value)
        conditions.append(f"NOT ({condition})" if clause.negated else f"({condition})")
        parameters += values
    return " AND ".join(conditions) or "1", parameters


def with_clause(query: str, field: str, value: str) -> str:
    """The query with one field's clause replaced by another value, or taken off where it already has it."""
    kept = [clause for clause in parse(query) if clause.field != field or field == "is"]
    new = Clause(field, value)
    if new in parse(query):
        kept = [clause for clause in kept if clause != new]
    else:
        kept.append(new)
    return write(kept)


def write(clauses: Sequence[Clause]) -> str:
    """The query that these clauses are."""
    return " ".join(_written(clause) for clause in clauses)


def _written(clause: Clause) -> str:
    value = f'"{clause.value}"' if re.search(r"\s", clause.value) or ":" in clause.value else clause.value
    return ("-" if clause.negated else "") + (f"{clause.field}:" if clause.field else "") + value


def _said(text: str) -> Where:
    """Exchanges in which a word or phrase was said. The last word may go on."""
    words = _WORDS.findall(text.replace("_", " "))
    if not words:
        return "0", []
    phrase = '"' + " ".join(words) + '" *'
    return (
        "exchange.id IN (SELECT exchange FROM said WHERE message IN (SELECT rowid FROM message WHERE message MATCH ?))",
        [phrase],
    )


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _meant(word: str, known: Any) -> str:
    near = difflib.get_close_matches(word.lower(), list(known), n=1)
    return f"; did you mean {near[0]}:?" if near and known is _BY_NAME else f"; did you mean {near[0]}?" if near else ""
