"""The fields of the query language, in one table: a row gives the parser, the condition on the index, what a browser
does in its place in an export, the suggestions and the help."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from inspector.analysis.features import BITS, HOLDS
from inspector.analysis.issues import AROUND, KINDS, NAMES, name_of
from inspector.analysis.search_text import TEXT_PLACES
from inspector.index import conditions
from inspector.index.conditions import Where
from inspector.index.rows import Order
from inspector.search.comparisons import (
    Comparison,
    age,
    group,
    marks,
    models,
    names,
    number,
    path,
    place,
    session,
    status,
    tools,
)
from inspector.search.comparisons import order as in_order
from inspector.search.grammar import QueryError
from inspector.search.numbers import COUNTS, SIZES, TIMES


class Field(NamedTuple):
    """A field of the language."""

    name: str
    help: str
    example: str
    compared: Comparison
    values: Mapping[str, str] = {}
    """All values that it takes, with what they mean, where the language says which."""
    column: str | None = None
    """The column of `exchange` whose names are its values, where the recordings say which."""
    synonyms: Mapping[str, str] = {}
    """Other words for values: those of earlier versions."""

    def where(self, value: str) -> Where:
        """The condition on exchanges for a value. Raises `QueryError`."""
        return self.compared.where(value)


_STATES: Mapping[str, Where] = {
    "issue": conditions.ODD,
    "streamed": conditions.STREAMED,
    "unsent": conditions.UNSENT,
    "repeated": conditions.REPEATED,
    "infrastructure": conditions.INFRASTRUCTURE,
} | {name_of(kind): conditions.marked(kind) for kind in KINDS}

_IS = (
    {
        "issue": "marked with any of the issues below",
        "streamed": "the response came in chunks",
        "unsent": "the file holds only the request",
        "repeated": "the same request was recorded more than once",
        "infrastructure": "no talk with a model: sign-in, telemetry, vector stores, model lists",
        "changed": "other than in the earlier state that it is compared with",
    }
    | {name_of(kind): what for kind, what in KINDS.items()}
    | AROUND
)

_VERDICTS = {
    "answer": "other words, other calls or arguments, another finish, an error",
    "request": "something else was asked, with the same answer",
    "new": "it was not there before",
    "moved": "recorded again under another name",
    "noise": "only ids, times, scores, token counts or chunking differ",
    "same": "nothing differs",
}


def _state(value: str) -> Where:
    if value in AROUND:
        return conditions.marked_around(value)
    return conditions.compared(value) if value == "changed" else _STATES[value]


ORDERS = {
    "changed": ("mtime", "File changed"),
    "tokens": ("total_tokens", "Total tokens"),
    "input": ("input_tokens", "Input tokens"),
    "output": ("output_tokens", "Output tokens"),
    "events": ("events", "Chunks"),
    "size": ("size", "Size"),
    "duration": ("duration", "Duration"),
    "started": ("started", "Time recorded"),
    "place": ("entry", "File order"),
}

_SORTS = {
    name + ending: f"{what} {arrow}"
    for ending, arrow in (("", "↓"), ("-asc", "↑"))
    for name, (_, what) in ORDERS.items()
}


def order(value: str) -> Order:
    """The order that ``sort:`` names."""
    name, _, ending = value.partition("-")
    return Order(ORDERS[name][0], descending=not ending)


FIELDS: tuple[Field, ...] = (
    Field("in", "narrows the words after it to a place", "in:result admin", place(), TEXT_PLACES),
    Field("model", "the model that was asked for or that answered", "model:gpt-4o*", models("model", "response_model"),
          column="model"),
    Field("provider", "who answered", "provider:openai", names("provider"), column="provider"),
    Field("protocol", "the wire protocol", "protocol:openai.responses", names("protocol"), column="protocol"),
    Field("operation", "what the request is for", "operation:embeddings", names("operation"), column="operation"),
    Field("format", "how the recording is kept", "format:har", names("format"), column="format"),
    Field("test", "the test's id", "test:*::test_lamp*", group("test"), column="test_id"),
    Field("session", "the session's id", "session:night", session(), column="session"),
    Field("file", "the recording's path", "file:*.jsonl", path()),
    Field("group", "what lists show it under: its test, session or file, or a folder", "group:lamp", group()),
    Field("tool", "a tool that was called, in the prompt or the reply", "tool:get_weather", tools(), column="tool"),
    Field("finish", "why the reply ended", "finish:length", names("finish"), column="finish"),
    Field("status", "the HTTP status", "status:4xx", status("status")),
    Field("host", "where the request was sent to", "host:localhost*", names("host"), column="host"),
    Field("has", "what the exchange holds", "has:tool_call", marks(lambda value: conditions.holds(BITS[value])), HOLDS),
    Field("is", "what the exchange is, or how it is marked", "is:issue", marks(_state), _IS,
          synonyms={"odd": "issue", **NAMES}),
    Field("verdict", "how it differs from the earlier state that it is compared with", "verdict:answer",
          marks(conditions.compared), _VERDICTS),
    Field("tokens", "tokens in all: the provider's total, else input and output", "tokens:>10k",
          number("total_tokens", COUNTS)),
    Field("input", "tokens of the prompt", "input:1k..5k", number("input_tokens", COUNTS)),
    Field("output", "tokens of the reply", "output:<100", number("output_tokens", COUNTS)),
    Field("events", "chunks of the stream", "events:>=500", number("events", COUNTS)),
    Field("size", "bytes of the recording", "size:>1MB", number("size", SIZES)),
    Field("duration", "the time that it took, where the recording says so", "duration:>10s",
          number("duration", TIMES)),
    Field("changed", "when the file changed: an age or a date", "changed:2d", age("mtime")),
    Field("sort", "lists the exchanges in this order, without groups", "sort:tokens", in_order(), _SORTS,
          synonyms={"time": "duration", "time-asc": "duration-asc"}),
)  # fmt: skip
"""Every field, as the help page lists them."""

BY_NAME = {field.name: field for field in FIELDS}


def checked(name: str, value: str) -> str:
    """A value as the table has it. Raises `QueryError` where a field has values of its own and this is none."""
    field = BY_NAME[name]
    if not field.values:
        return value
    for way in (value.lower(), value.lower().replace("-", " ").replace("_", " "), value.lower().replace("-", "_")):
        if (known := field.synonyms.get(way, way)) in field.values:
            return known
    raise QueryError(f"{name}:{value} is not known")
