"""The fields of the query language, in one table: a row gives the parser, the SQL, the suggestions and the help."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import NamedTuple

from inspector.analysis.exchange_summary import model_name
from inspector.analysis.features import BITS, HOLDS
from inspector.analysis.issues import KINDS
from inspector.analysis.search_text import PLACES
from inspector.index.rows import carriers
from inspector.index.store import Order, Where
from inspector.search import numbers
from inspector.search.grammar import QueryError


class Field(NamedTuple):
    """A field of the language."""

    name: str
    help: str
    example: str
    where: Callable[[str], Where]
    values: Mapping[str, str] = {}
    """All values that it takes, with what they mean, where the language says which."""
    column: str | None = None
    """The column of `exchange` whose names are its values, where the recordings say which."""


def _alike(column: str, value: str) -> Where:
    """That a name is what a value says: it is part of it, all of it after ``=``, or a pattern with ``*``."""
    if value.startswith("=") and len(value) > 1:
        return f"{column} = ?", [value[1:]]
    return f"{column} LIKE ? ESCAPE '\\'", [_pattern(value)]


def _names(value: str) -> Where:
    condition, parameters = _alike("text", value)
    return f"SELECT id FROM name WHERE is_group = 0 AND text <> '' AND {condition}", parameters


def _pattern(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    if "*" not in value:
        return f"%{escaped}%"
    return re.sub(r"\*+", "%", escaped)  # a run of them costs SQLite time without end


def _named(*columns: str) -> Callable[[str], Where]:
    def where(value: str) -> Where:
        names, parameters = _names(value)
        ways = " OR ".join(f"ifnull(exchange.{column} IN ({names}), 0)" for column in columns)
        return f"(EXISTS ({names}) AND ({ways}))", parameters * (len(columns) + 1)

    return where


def _model(value: str) -> Where:
    exact, name = ("=", value[1:]) if value.startswith("=") else ("", value)
    return _named("model", "response_model")(exact + (model_name(name) or name))


def _file(value: str) -> Where:
    condition, parameters = _alike("path", value)
    if value.startswith("="):
        return f"exchange.file IN (SELECT id FROM file WHERE {condition})", parameters
    is_there = f"EXISTS (SELECT 1 FROM file WHERE {condition})"  # else every exchange is asked in vain
    own, its = _alike("(SELECT path FROM file WHERE file.id = exchange.file)", value)
    return f"({is_there} AND {own})", [*parameters, *its]


def _group(value: str) -> Where:
    condition, parameters = _alike("name", value)
    return f"exchange.shelf IN (SELECT id FROM shelf WHERE {condition})", parameters


def _of_kind(kind: str) -> Callable[[str], Where]:
    """Tests and sessions are what lists gather exchanges under."""

    def where(value: str) -> Where:
        condition, parameters = _alike("name", value)
        return f"exchange.shelf IN (SELECT id FROM shelf WHERE kind = ? AND {condition})", [kind, *parameters]

    return where


def _tool(value: str) -> Where:
    names, parameters = _names(value)
    calls = f"SELECT message FROM called WHERE tool IN ({names})"
    return carriers(calls, parameters)


def _status(value: str) -> Where:
    if family := re.fullmatch(r"([1-5])xx", value.lower()):
        return numbers.compared("exchange.status", f"{family[1]}00..{family[1]}99", numbers.COUNTS)
    return numbers.compared("exchange.status", value, numbers.COUNTS)


def _number(column: str, units: Mapping[str, int]) -> Callable[[str], Where]:
    return lambda value: numbers.compared(f"exchange.{column}", value, units)


def _has(value: str) -> Where:
    return "(exchange.has & ?) <> 0", [BITS[value]]


_STATES: dict[str, Where] = {
    "odd": ("exchange.odd <> ''", []),
    "streamed": ("exchange.streamed", []),
    "unsent": ("NOT exchange.sent", []),
    "repeated": (
        "EXISTS (SELECT 1 FROM exchange AS other WHERE other.chain = exchange.chain AND exchange.chain <> 0 "
        "AND other.request = exchange.request AND other.id <> exchange.id)",
        [],
    ),
    "infrastructure": ("(exchange.fold IS NOT NULL AND exchange.fold IS NOT exchange.model)", []),
} | {kind: ("(',' || exchange.odd || ',' LIKE ?)", [f"%,{kind},%"]) for kind in KINDS}

_IS = {
    "odd": "marked with anything below",
    "streamed": "the response came in chunks",
    "unsent": "the file holds only the request",
    "repeated": "the same request was recorded more than once",
    "infrastructure": "no talk with a model: sign-in, telemetry, vector stores, model lists",
} | KINDS

ORDERS = {
    "changed": ("mtime", "when the file changed"),
    "tokens": ("total_tokens", "all tokens"),
    "input": ("input_tokens", "tokens of the prompt"),
    "output": ("output_tokens", "tokens of the reply"),
    "events": ("events", "chunks of the stream"),
    "size": ("size", "bytes of the recording"),
    "duration": ("duration", "time that it took"),
    "place": ("entry", "place in the file"),
}

_ENDS = {"changed": ("newest first", "oldest first"), "place": ("from its end", "from its beginning")}
"""How an order goes, and the other way round, where it is not from the largest to the smallest."""

_SORTS = {
    name + ending: f"{what}, {_ENDS.get(name, ('largest first', 'smallest first'))[number]}"
    for number, ending in enumerate(("", "-asc"))
    for name, (_, what) in ORDERS.items()
}


def order(value: str) -> Order:
    """The order that ``sort:`` names."""
    name, _, ending = value.partition("-")
    return Order(ORDERS[name][0], descending=not ending)


def _anything(_: str) -> Where:
    return "1", []


FIELDS: tuple[Field, ...] = (
    Field("in", "narrows the words after it to a place", "in:result admin", _anything, PLACES),
    Field("model", "the model that was asked for or that answered", "model:gpt-4o*", _model, column="model"),
    Field("provider", "who answered", "provider:openai", _named("provider"), column="provider"),
    Field("protocol", "the wire protocol", "protocol:openai.responses", _named("protocol"), column="protocol"),
    Field("operation", "what the request is for", "operation:embeddings", _named("operation"), column="operation"),
    Field("format", "how the recording is kept", "format:har", _named("format"), column="format"),
    Field("test", "the test's id", "test:*::test_lamp*", _of_kind("test"), column="test"),
    Field("session", "the session's id", "session:night", _of_kind("session"), column="session"),
    Field("file", "the recording's path", "file:*.jsonl", _file),
    Field("group", "what lists show it under: its test, session or file, or a folder", "group:lamp", _group),
    Field("tool", "a tool that was called, in the prompt or the reply", "tool:get_weather", _tool, column="tool"),
    Field("finish", "why the reply ended", "finish:length", _named("finish"), column="finish"),
    Field("status", "the HTTP status", "status:4xx", _status),
    Field("host", "where the request was sent to", "host:localhost*", _named("host"), column="host"),
    Field("has", "what the exchange holds", "has:tool_call", _has, HOLDS),
    Field("is", "what the exchange is, or how it is marked", "is:odd", lambda value: _STATES[value], _IS),
    Field("tokens", "tokens in all", "tokens:>10k", _number("total_tokens", numbers.COUNTS)),
    Field("input", "tokens of the prompt", "input:1k..5k", _number("input_tokens", numbers.COUNTS)),
    Field("output", "tokens of the reply", "output:<100", _number("output_tokens", numbers.COUNTS)),
    Field("events", "chunks of the stream", "events:>=500", _number("events", numbers.COUNTS)),
    Field("size", "bytes of the recording", "size:>1MB", _number("size", numbers.SIZES)),
    Field("duration", "the time that it took, where the recording says so", "duration:>10s",
          _number("duration", numbers.TIMES)),
    Field("changed", "when the file changed: an age or a date", "changed:2d",
          lambda value: numbers.changed("exchange.mtime", value)),
    Field("sort", "lists the exchanges in this order, without groups", "sort:tokens", _anything, _SORTS),
)  # fmt: skip
"""Every field, as the help page lists them."""

BY_NAME = {field.name: field for field in FIELDS}


def checked(name: str, value: str) -> str:
    """A value as the table has it. Raises `QueryError` where a field has values of its own and this is none."""
    field = BY_NAME[name]
    if not field.values:
        return value
    for way in (value.lower(), value.lower().replace("-", " ").replace("_", " "), value.lower().replace("-", "_")):
        if way in field.values:
            return way
    raise QueryError(f"{name}:{value} is not known")
