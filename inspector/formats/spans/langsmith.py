"""What LangSmith exports (https://docs.smith.langchain.com/observability/how_to_guides/export_traces): runs, in a list,
one a line, or within each other."""

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

NAME = "langsmith"
FILES = "exports of LangSmith: runs, `*.json`, `*.jsonl`"

_OPERATIONS = {"llm": "chat", "embedding": "embeddings", "tool": "execute_tool"}
_KNOWN = frozenset({"inputs", "outputs", "extra", "events", "serialized", "child_runs", "feedback_stats", "error"})
_NO_SETTINGS = frozenset({"model", "model_name", "tools", "_type", "functions", "messages", "n"})
_SESSIONS = ("thread_id", "session_id", "conversation_id")


def sniff(source: Source) -> bool:
    head = source.head
    if b'"run_type"' not in head or (b'"trace_id"' not in head and b'"dotted_order"' not in head):
        return False
    return any(_is_run(one) for record in first_records(source) for one in _runs(record))


def read(source: Source) -> Iterator[Exchange]:
    return exchanges(source, of_records)


def _is_run(value: Json) -> bool:
    raw = bodies.obj(value)
    is_dated = not raw.keys().isdisjoint(("trace_id", "dotted_order"))
    return isinstance(raw.get("run_type"), str) and is_dated and ("inputs" in raw or "outputs" in raw)


def _runs(value: Json) -> list[Any]:
    held = value.get("runs", value.get("data")) if isinstance(value, dict) and not _is_run(value) else None
    return value if isinstance(value, list) else held if isinstance(held, list) else [value]


def of_records(value: Json) -> Iterator[Span]:
    """The runs of a document, and those within them. What is none is passed over where it stands among such."""
    for raw in _runs(value):
        if _is_run(raw):
            yield from _nested(raw)


def _nested(raw: dict[str, Any]) -> Iterator[Span]:
    waiting = [raw]
    while waiting:
        run = waiting.pop()
        yield _span(run)
        inner = run.get("child_runs")
        waiting += [child for child in reversed(inner) if _is_run(child)] if isinstance(inner, list) else []


def _span(raw: dict[str, Any]) -> Span:
    own = bodies.text(raw.get("id") or raw.get("run_id"))
    failed = bodies.text(raw.get("error"))
    return Span(
        trace=bodies.text(raw.get("trace_id")) or own,
        id=own,
        parent=bodies.text(raw.get("parent_run_id")),
        name=bodies.text(raw.get("name")),
        attributes={key: one for key, one in _attributes(raw).items() if one is not None},
        events=(),
        began=times.nanoseconds(raw.get("start_time")),
        ended=times.nanoseconds(raw.get("end_time")),
        failed=bool(failed) or raw.get("status") == "error",
        status=failed,
        scope="",
        raw={key: one for key, one in raw.items() if key != "child_runs"},
        known=_KNOWN,
    )


def _attributes(raw: dict[str, Any]) -> dict[str, Json]:
    extra = bodies.obj(parsed(raw.get("extra")))
    about = bodies.obj(extra.get("metadata"))
    told: dict[str, Json] = {"session.id": next((about[name] for name in _SESSIONS if about.get(name)), None)}
    kind = raw["run_type"]
    if kind not in _OPERATIONS:
        return {**told, "openinference.span.kind": kind.lower()}
    told["gen_ai.operation.name"] = _OPERATIONS[kind]
    if kind == "tool":
        return {**told, "gen_ai.tool.name": raw.get("name"), "gen_ai.tool.call.arguments": _lone(raw.get("inputs")),
                "gen_ai.tool.call.result": _content(_lone(raw.get("outputs")))}  # fmt: skip
    given = bodies.obj(extra.get("invocation_params"))
    messages, beside = logged_messages.asked(raw.get("inputs"))
    outputs = {key: one for key, one in bodies.obj(parsed(raw.get("outputs"))).items() if one is not None}
    model = beside.pop("model", None) or given.get("model") or given.get("model_name") or about.get("ls_model_name")
    tools = beside.pop("tools", None) or given.get("tools")
    if kind == "embedding":
        return {**told, "gen_ai.request.model": model, "input.value": raw.get("inputs"), **_counts(raw, outputs)}
    settings = {key: one for key, one in {**given, **beside}.items() if key not in _NO_SETTINGS}
    return {
        **told,
        **{f"gen_ai.request.{key}": one for key, one in settings.items()},
        "gen_ai.provider.name": about.get("ls_provider"),
        "gen_ai.request.model": model,
        "gen_ai.response.model": outputs.get("model") or bodies.obj(outputs.get("llm_output")).get("model_name"),
        "gen_ai.response.id": outputs.get("id"),
        "gen_ai.input.messages": messages,
        "gen_ai.output.messages": logged_messages.answered(outputs) if outputs else None,
        "gen_ai.tool.definitions": tools if isinstance(tools, list) and tools else None,
        **_counts(raw, outputs),
    }


def _lone(value: Json) -> Json:
    """What a tool was given or gave back, without the one word that LangChain puts before it."""
    held = bodies.obj(value)
    return parsed(held[next(iter(held))]) if len(held) == 1 and {"input", "output"} & held.keys() else value


def _content(value: Json) -> Json:
    """What a tool said that answers with a message of LangChain's."""
    held = bodies.obj(value)
    return held["content"] if held.get("type") == "tool" and "content" in held else value


def _counts(raw: dict[str, Any], outputs: dict[str, Any]) -> dict[str, Json]:
    """Tokens of the run, or of the message that it answered with."""
    used = bodies.obj(outputs.get("usage_metadata") or outputs.get("usage") or _of_message(outputs))
    details = bodies.obj(raw.get("prompt_token_details") or used.get("input_token_details"))
    thought = bodies.obj(raw.get("completion_token_details") or used.get("output_token_details"))
    found = {
        "input_tokens": raw.get("prompt_tokens") or used.get("input_tokens") or used.get("prompt_tokens"),
        "output_tokens": raw.get("completion_tokens") or used.get("output_tokens") or used.get("completion_tokens"),
        "total_tokens": raw.get("total_tokens") or used.get("total_tokens"),
        "cache_read.input_tokens": details.get("cache_read"),
        "cache_creation.input_tokens": details.get("cache_creation"),
        "reasoning_tokens": thought.get("reasoning"),
    }
    return {f"gen_ai.usage.{name}": count for name, count in found.items() if isinstance(count, int)}


def _of_message(outputs: dict[str, Any]) -> Json:
    held = outputs.get("generations")
    while isinstance(held, list) and held:
        held = held[0]
    message = bodies.obj(bodies.obj(held).get("message"))
    return bodies.obj(message.get("kwargs") or message).get("usage_metadata")
