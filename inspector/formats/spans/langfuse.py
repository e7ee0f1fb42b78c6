"""What Langfuse exports (https://langfuse.com/docs/api-and-data-platform/overview): observations, alone or within their
traces, from its pages, its API, or its exports to files and object stores."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from inspector.formats.reading import bodies, times
from inspector.formats.reading.halves import parsed
from inspector.formats.reading.records import first_records
from inspector.formats.reading.source import Source
from inspector.formats.spans import logged_messages
from inspector.formats.spans.span import Span
from inspector.formats.spans.span_files import exchanges
from inspector.model import Exchange, Json
from inspector.model.expressions import expression

NAME = "langfuse"
FILES = "exports of Langfuse: observations and traces, `*.json`, `*.jsonl`"

_HEAD = expression(rb'"(?:traceId|trace_id)"\s*:')
_TYPES = frozenset({
    "GENERATION", "EMBEDDING", "TOOL", "SPAN", "EVENT", "AGENT", "CHAIN", "RETRIEVER", "EVALUATOR", "GUARDRAIL",
})  # fmt: skip
_OPERATIONS = {"GENERATION": "chat", "EMBEDDING": "embeddings", "TOOL": "execute_tool"}
_KNOWN = frozenset({
    "input", "output", "metadata", "usage", "usageDetails", "usage_details", "modelParameters", "model_parameters",
    "tool_calls", "toolCalls", "scores", "tool_definitions", "toolDefinitions", "observations",
})  # fmt: skip
_CAPITAL = expression(r"(?<=[a-z])([A-Z])")
_COUNTS = {
    "input_tokens": ("input", "promptTokens", "inputTokens", "input_tokens", "prompt_tokens"),
    "output_tokens": ("output", "completionTokens", "outputTokens", "output_tokens", "completion_tokens"),
    "total_tokens": ("total", "totalTokens", "total_tokens"),
    "cache_read.input_tokens": ("cache_read_input_tokens", "input_cached_tokens", "input_cache_read"),
    "cache_creation.input_tokens": ("cache_creation_input_tokens", "input_cache_creation"),
    "reasoning_tokens": ("output_reasoning_tokens", "output_reasoning", "reasoning_tokens"),
}


def sniff(source: Source) -> bool:
    head = source.head
    if _HEAD.search(head) is None or not any(b'"%s"' % kind.encode() in head for kind in _TYPES):
        return False
    return any(_is_one(one) for record in first_records(source) for one in _held(record))


def read(source: Source) -> Iterator[Exchange]:
    return exchanges(source, of_records)


def _is_one(value: Json) -> bool:
    raw = bodies.obj(value)
    return (
        bodies.text(raw.get("type")) in _TYPES
        and bool(_of(raw, "traceId"))
        and "id" in raw
        and _of(raw, "startTime") is not None
    )


def _held(value: Json) -> list[Any]:
    """The observations of a list of them or of traces, of a page, of a trace, or the one that a line is."""
    raw = bodies.obj(value)
    if _is_one(raw):
        return [raw]
    inner = raw.get("observations", raw.get("data")) if raw else value
    if isinstance(inner, dict):
        return _held(inner)
    items = inner if isinstance(inner, list) else []
    return [one for item in items for one in ([item] if _is_one(item) else _within(item))]


def _within(value: Json) -> list[Any]:
    held = bodies.obj(value).get("observations")
    return [one for one in held if _is_one(one)] if isinstance(held, list) else []


def of_records(value: Json) -> Iterator[Span]:
    """The observations of a document, each trace of which the name is known before those within it."""
    for trace in _traces(value):
        yield _trace(trace)
    named = {bodies.text(trace.get("id")) for trace in _traces(value)}
    sessions = {bodies.text(trace.get("id")): _of(trace, "sessionId") for trace in _traces(value)}
    for raw in _held(value):
        yield _observation(raw, named, sessions)


def _traces(value: Json) -> list[dict[str, Any]]:
    raw = bodies.obj(value)
    inner = raw.get("data")
    items = value if isinstance(value, list) else inner if isinstance(inner, list) else [inner, raw.get("trace"), raw]
    return [one for one in map(bodies.obj, items) if one.get("id") and not _of(one, "traceId") and "name" in one]


def _trace(raw: dict[str, Any]) -> Span:
    own = bodies.text(raw.get("id"))
    told: dict[str, Json] = {"openinference.span.kind": "trace"}
    return Span(own, own, "", bodies.text(raw.get("name")), told, (), None, None, False, "", "", raw, _KNOWN)


def _observation(raw: dict[str, Any], named: set[str], sessions: dict[str, Json]) -> Span:
    trace = bodies.text(_of(raw, "traceId"))
    above = bodies.text(_of(raw, "parentObservationId"))
    session = _of(raw, "sessionId") or sessions.get(trace)
    return Span(
        trace=trace,
        id=bodies.text(raw.get("id")),
        parent=above or (trace if trace in named else ""),
        name=bodies.text(raw.get("name")),
        attributes={key: one for key, one in _attributes(raw, session).items() if one is not None},
        events=(),
        began=times.nanoseconds(_of(raw, "startTime")),
        ended=times.nanoseconds(_of(raw, "endTime")),
        failed=raw.get("level") == "ERROR",
        status=bodies.text(_of(raw, "statusMessage")),
        scope="",
        raw=raw,
        known=_KNOWN,
    )


def _attributes(raw: dict[str, Any], session: Json) -> dict[str, Json]:
    kind = raw["type"]
    told: dict[str, Json] = {"session.id": session}
    if kind not in _OPERATIONS:
        return {**told, "openinference.span.kind": kind.lower()}
    told["gen_ai.operation.name"] = _OPERATIONS[kind]
    if kind == "TOOL":
        given, result = parsed(raw.get("input")), raw.get("output")
        return {**told, "gen_ai.tool.name": raw.get("name"), "gen_ai.tool.call.arguments": given,
                "gen_ai.tool.call.result": result}  # fmt: skip
    model = raw.get("model") or _of(raw, "providedModelName")
    told |= {"gen_ai.request.model": model, "gen_ai.response.model": model, **_counts(raw)}
    given = bodies.obj(parsed(_of(raw, "modelParameters")))
    told |= {f"gen_ai.request.{key}": one for key, one in given.items()}
    if kind == "EMBEDDING":
        return {**told, "input.value": raw.get("input")}
    messages, beside = logged_messages.asked(raw.get("input"))
    tools = beside.pop("tools", None) or _of(raw, "toolDefinitions")
    told |= {f"gen_ai.request.{key}": one for key, one in beside.items() if key != "model"}
    return {
        **told,
        "gen_ai.input.messages": messages,
        "gen_ai.output.messages": _answer(raw),
        "gen_ai.tool.definitions": [*map(parsed, tools)] if isinstance(tools, list) and tools else None,
    }


def _answer(raw: dict[str, Any]) -> Json:
    """The answer; newer exports keep the calls beside it, each as JSON text."""
    said = logged_messages.answered(raw.get("output"))
    calls = _of(raw, "toolCalls")
    if not isinstance(calls, list) or not calls or any("tool_calls" in bodies.obj(one) for one in said or ()):
        return said
    return [*(said or [])[:-1], {**(said or [{"role": "assistant"}])[-1], "tool_calls": [*map(parsed, calls)]}]


def _counts(raw: dict[str, Any]) -> dict[str, Json]:
    counted = {**raw, **bodies.obj(parsed(raw.get("usage"))), **bodies.obj(parsed(_of(raw, "usageDetails")))}
    found = {
        name: next((counted[key] for key in keys if isinstance(counted.get(key), (int, float))), None)
        for name, keys in _COUNTS.items()
    }
    return {f"gen_ai.usage.{name}": count for name, count in found.items() if count is not None}


def _of(raw: dict[str, Any], name: str) -> Json:
    """The value under a name as the API writes it, or as object stores have it: ``traceId``, ``trace_id``."""
    value = raw.get(name)
    return raw.get(_CAPITAL.sub(r"_\1", name).lower()) if value is None else value
