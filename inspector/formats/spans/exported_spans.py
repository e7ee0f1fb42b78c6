"""Spans as SDKs and backends export them, an object each: those of OpenTelemetry's SDKs for Python and JavaScript, and
of Phoenix (https://arize.com/docs/phoenix/tracing/how-to-tracing/importing-and-exporting-traces)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from inspector.formats.reading import bodies, times
from inspector.formats.reading.records import first_records
from inspector.formats.reading.source import Source
from inspector.formats.spans.span import FAILED, Span, SpanEvent
from inspector.formats.spans.span_files import OF_MODELS, exchanges
from inspector.model import Exchange, Json
from inspector.model.expressions import expression

NAME = "spans"
FILES = "spans as objects of JSON, exported by OpenTelemetry's SDKs or by Phoenix: `*.json`, `*.jsonl`"

_IDS = (b'"span_id"', b'"spanId"')
_NESTED = expression(rb'"(?:llm|gen_ai|openinference)"\s*:\s*\{|"span_kind"\s*:\s*"(?:LLM|TOOL|EMBEDDING|CHAIN|AGENT)"')
_DEEPEST = 20


def sniff(source: Source) -> bool:
    head = source.head
    if not any(id in head for id in _IDS) or (OF_MODELS.search(head) is None and _NESTED.search(head) is None):
        return False
    records = first_records(source)
    return any(_is_span(one) for record in records for one in _spans(record))


def read(source: Source) -> Iterator[Exchange]:
    return exchanges(source, of_records)


def of_records(value: Json) -> Iterator[Span]:
    """The spans of a list, of a page of one, or the one that a line is. What is no span is passed over where it stands
    among such."""
    return (_span(record) for record in _spans(value) if _is_span(record))


def _spans(value: Json) -> list[Any]:
    held = value.get("data", value.get("spans")) if isinstance(value, dict) and not _is_span(value) else None
    return value if isinstance(value, list) else held if isinstance(held, list) else [value]


def _is_span(record: Json) -> bool:
    raw = bodies.obj(record)
    context = bodies.obj(raw.get("context") or raw.get("spanContext"))
    return isinstance(raw.get("attributes"), dict) and "name" in raw and bool({"span_id", "spanId"} & context.keys())


def _span(raw: dict[str, Any]) -> Span:
    context = bodies.obj(raw.get("context") or raw.get("spanContext"))
    status = raw.get("status")
    told = bodies.obj(status)
    code = told.get(
        "code", told.get("status_code", raw.get("status_code", status if isinstance(status, str) else None))
    )
    happened = raw.get("events")
    return Span(
        trace=_id(context.get("trace_id", context.get("traceId"))),
        id=_id(context.get("span_id", context.get("spanId"))),
        parent=_parent(raw),
        name=bodies.text(raw.get("name")),
        attributes=_attributes(raw),
        events=tuple(
            SpanEvent(bodies.text(one.get("name")), _flat(bodies.obj(one.get("attributes"))))
            for one in map(bodies.obj, happened if isinstance(happened, list) else ())
        ),
        began=_nanoseconds(raw.get("start_time", raw.get("startTime"))),
        ended=_nanoseconds(raw.get("end_time", raw.get("endTime"))),
        failed=code in FAILED if isinstance(code, (int, str)) else False,
        status=bodies.text(told.get("message") or told.get("description") or raw.get("status_message")),
        scope=_scope(raw),
        raw=raw,
    )


def _id(value: Json) -> str:
    """An id, which Python's SDK writes as a hexadecimal number."""
    return value.removeprefix("0x") if isinstance(value, str) else "" if value is None else str(value)[:40]


def _parent(raw: dict[str, Any]) -> str:
    above = bodies.obj(raw.get("parent") or raw.get("parentSpanContext"))
    known = (raw.get("parent_id"), raw.get("parentSpanId"), above.get("span_id"), above.get("spanId"))
    return next(filter(None, map(_id, known)), "")


def _scope(raw: dict[str, Any]) -> str:
    made_by = bodies.obj(raw.get("instrumentationScope") or raw.get("instrumentationLibrary") or raw.get("scope"))
    return " ".join(filter(None, (bodies.text(made_by.get("name")), bodies.text(made_by.get("version")))))


def _attributes(raw: dict[str, Any]) -> dict[str, Json]:
    kind = bodies.text(raw.get("span_kind"))
    return {**({"openinference.span.kind": kind} if kind else {}), **_flat(raw["attributes"])}


def _flat(nested: dict[str, Any], prefix: str = "", depth: int = 0) -> dict[str, Json]:
    """Attributes under dotted names, where they were nested. An object keeps its own name, too."""
    found: dict[str, Json] = {}
    for key, value in nested.items():
        found[f"{prefix}{key}"] = value
        if isinstance(value, dict) and depth < _DEEPEST:
            found |= _flat(value, f"{prefix}{key}.", depth + 1)
    return found


def _nanoseconds(value: Json) -> int | None:
    """A time in nanoseconds since 1970: as such, as seconds and nanoseconds, or in ISO 8601."""
    if isinstance(value, list) and [type(one) for one in value] == [int, int]:
        return int(value[0]) * 10**9 + int(value[1])
    if isinstance(value, int):
        return int(value)
    known = times.seconds(value)
    return None if known is None else round(known * 10**6) * 1000
