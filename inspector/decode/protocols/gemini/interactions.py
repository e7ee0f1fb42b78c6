"""Gemini's Interactions: an answer is a list of outputs, or, since spring 2026, of steps.

https://ai.google.dev/api/interactions-api
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import groupby
from typing import Any

from inspector.decode import lenient
from inspector.decode.evidence import Evidence
from inspector.decode.protocols.gemini import parts as gemini_parts
from inspector.decode.protocols.openai import chat as openai_chat
from inspector.model import (
    CallKind,
    Citation,
    Event,
    Json,
    Message,
    Part,
    Prompt,
    Reasoning,
    Text,
    ToolCall,
    ToolDefinition,
    ToolResult,
    Unknown,
    Usage,
)
from inspector.model.delta import (
    AboutDelta,
    CitationDelta,
    Delta,
    EndDelta,
    FinishDelta,
    PartDelta,
    ReasoningDelta,
    RoleDelta,
    SummaryDelta,
    TextDelta,
    ToolCallDelta,
    UsageDelta,
)

NAME = "gemini.interactions"
OPERATION = "chat"

NEUTRAL = frozenset(
    {
        "event_type", "interaction.created", "interaction.updated", "modality", "resolution", "sdk_http_response",
        "search_type", "updated"
    }
)  # fmt: skip
NEUTRAL_EVENTS = frozenset(
    {
        "content.delta", "content.start", "content.stop", "interaction.complete", "interaction.completed",
        "interaction.created", "interaction.start", "interaction.status_update", "interaction.updated",
        "step.delta", "step.start", "step.stop"
    }
)  # fmt: skip
NEUTRAL_COUNTS = frozenset(
    {
        "raw_prompt_token", "tokens", "total_tool_use_tokens"
    }
)  # fmt: skip

_KNOWN = ("model", "stream", "input", "system_instruction", "tools")
_UNFINISHED = ("in_progress", "queued")
_STEPS = {
    "user_input": Message("user", (), "user_input"),
    "model_output": Message("assistant", (), "model_output"),
    "function_call": Message("assistant", ()),
    "function_result": Message("tool", ()),
    "thought": Message("assistant", ()),
}
"""The messages that steps are, apart from what they say."""


def recognise(evidence: Evidence) -> bool:
    kind = lenient.string(evidence.first.get("event_type"))
    if evidence.first.get("object") == "interaction" or kind.startswith(("interaction.", "step.")):
        return True
    return evidence.path.endswith("/interactions") or "/interactions/" in evidence.path


# ---------------------------------------------------------------- the request


def prompt(body: Mapping[str, Any]) -> Prompt:
    return Prompt(
        model=lenient.maybe(body.get("model")) or lenient.maybe(body.get("agent")),
        stream=lenient.flag(body.get("stream")),
        system=gemini_parts.parts(body.get("system_instruction")),
        messages=tuple(_messages(body.get("input"))),
        tools=tuple(tool for raw in lenient.seq(body.get("tools")) for tool in _tools(raw)),
        settings=lenient.settings(dict(body), *_KNOWN),
    )


def _messages(value: Json) -> Iterator[Message]:
    """Turns with a role, steps with a type, or the bare parts of what the user says."""
    items = value if isinstance(value, list) else () if value is None else (value,)
    for is_part, group in groupby(items, lambda item: _speaker(item) is None):
        for content in (list(group),) if is_part else group:
            if parts := tuple(_content(content)):
                yield replace(_speaker(content) or Message("user", ()), parts=parts)


def _speaker(item: Json) -> Message | None:
    """An empty message of whoever says an item of the input; None where it is but a part of a message."""
    raw = lenient.obj(item)
    return (
        lenient.message(raw["role"], ())
        if lenient.maybe(raw.get("role"))
        else _STEPS.get(lenient.string(raw.get("type")))
    )


_DECLARED = ("function_declarations", "functionDeclarations")


def _tools(raw: Json) -> Iterator[ToolDefinition]:
    if isinstance(raw, dict) and "type" in raw and raw.keys().isdisjoint(_DECLARED):
        yield openai_chat.tool_definition(raw)
    else:
        yield from gemini_parts.tools(raw)


def _content(raw: Json) -> Iterator[Part]:
    """The parts of a text, of a list, of a turn or step that holds content, or of one typed part."""
    if isinstance(raw, list):
        for item in raw:
            yield from _content(item)
    elif isinstance(raw, dict) and ("type" not in raw or raw["type"] in ("user_input", "model_output")):
        yield from _content(raw["content"]) if "content" in raw else (Unknown(raw),)
    elif isinstance(raw, dict):
        yield from _typed(raw, lenient.string(raw["type"]))
    else:
        yield from lenient.text_parts(raw)


def _typed(raw: dict[str, Any], kind: str) -> Iterator[Part]:
    if kind == "text" and isinstance(raw.get("text"), str):
        yield from lenient.text_parts(raw["text"])
    elif kind == "thought":
        yield from lenient.reasoning_parts(_thought(raw.get("summary")))
    elif kind.endswith("_call"):
        yield _call(raw, kind)
    elif kind.endswith(("_result", "_response")):
        yield _result(raw)
    elif isinstance(raw.get("data"), str):
        yield lenient.blob(raw["data"], lenient.maybe(raw.get("mime_type")), kind if kind != "document" else None)
    elif lenient.maybe(raw.get("uri")):
        yield lenient.uri(raw["uri"], lenient.maybe(raw.get("mime_type")), kind if kind != "document" else None)
    else:
        yield Unknown(raw)


def _thought(summary: Json) -> str:
    """The readable part of a thought; its signature only proves where it comes from."""
    pieces = summary if isinstance(summary, list) else [summary]
    return "".join(lenient.string(item) or lenient.string(lenient.obj(item).get("text")) for item in pieces)


def _call(raw: dict[str, Any], kind: str) -> ToolCall:
    """A call of a function, or of a tool of Google's own, whose name is in its type: ``google_search_call``."""
    name = lenient.maybe(raw.get("name")) or (kind.removesuffix("_call") if kind != "function_call" else None)
    run_by: CallKind = "function" if kind == "function_call" else "server"
    return lenient.call(raw.get("id"), name, lenient.either(raw, "arguments", "args"), run_by)


def _result(raw: dict[str, Any]) -> ToolResult:
    id = lenient.maybe(raw.get("call_id")) or lenient.maybe(raw.get("id"))
    response = lenient.result(lenient.either(raw, "result", "response"))
    return ToolResult(id, lenient.maybe(raw.get("name")), response, lenient.flag(raw.get("is_error")))


# ---------------------------------------------------------------- the response


def deltas(event: Event) -> Iterator[Delta]:
    """What one event adds, or a whole interaction. Of both eras: ``content.delta`` and ``step.delta``."""
    body = event.data
    if not isinstance(body, dict):
        yield from lenient.done(event)
        return
    kind = lenient.string(body.get("event_type"))
    if kind in ("content.delta", "step.delta"):
        yield from _grown(lenient.obj(body.get("delta")), lenient.count(body.get("index")))
    elif kind in ("content.start", "step.start"):
        begun = body.get("content") if kind == "content.start" else body.get("step")
        yield from _begun(lenient.obj(begun), lenient.count(body.get("index")))
    elif kind.startswith("interaction."):
        # Outputs and steps of the last event are those that were streamed before it.
        yield from _about(lenient.obj(body.get("interaction")) or {"status": body.get("status")})
    elif not kind:
        yield from _stored(body)
    yield from lenient.errors(body)


def _stored(body: dict[str, Any]) -> Iterator[Delta]:
    """A whole interaction. One that is fetched later begins with what the user said, a message of its own."""
    steps = lenient.seq(body.get("steps"))
    asked = [step for step in map(lenient.obj, steps) if step.get("type") == "user_input"]
    if asked:
        yield RoleDelta("user_input")
        yield from map(PartDelta, _content(asked))
    answered = {**body, "steps": [step for step in steps if step not in asked]}
    of_answer = (*_about(body), *_whole(answered))
    yield from map(_second, of_answer) if asked else of_answer
    if body.get("status") in _UNFINISHED:
        yield SummaryDelta({"status": body["status"]})


def _second(delta: Any) -> Delta:
    """A delta of the message after the first; some are of no message."""
    moved: Delta = delta._replace(choice=1) if "choice" in delta._fields else delta
    return moved


def _about(body: dict[str, Any]) -> Iterator[Delta]:
    id, model = lenient.maybe(body.get("id")), lenient.maybe(body.get("model"))
    if id or model:
        yield AboutDelta(id, model, lenient.moment(body.get("created")))
    if role := lenient.maybe(body.get("role")):
        yield RoleDelta(role)
    if isinstance(body.get("usage"), dict):
        yield UsageDelta(body["usage"])
    status = lenient.maybe(body.get("status"))
    if status and status not in _UNFINISHED:
        yield FinishDelta(status)
        yield EndDelta()


def _whole(body: dict[str, Any]) -> Iterator[Delta]:
    for key in ("outputs", "steps"):
        for part in _content(lenient.seq(body.get(key))):
            yield from _delta(part)
        for item in map(lenient.obj, lenient.seq(body.get(key))):
            for content in map(lenient.obj, (item, *lenient.seq(item.get("content")))):
                yield from _citations(content.get("annotations"), lenient.string(content.get("text")))


def _citations(annotations: Json, text: str) -> Iterator[Delta]:
    """What stretches of a text rest on, which are counted in bytes. In a stream the text is not at hand."""
    for item in map(lenient.obj, lenient.seq(annotations)):
        address = next(filter(None, (lenient.maybe(item.get(key)) for key in ("url", "document_uri", "uri"))), None)
        title = next(filter(None, (lenient.maybe(item.get(key)) for key in ("title", "file_name", "name"))), None)
        if not (address or title):
            continue
        end = lenient.count(item.get("end_index"))
        start = lenient.count(item.get("start_index")) or (0 if end is not None else None)
        words = text.encode("utf-8", "replace")[start:end].decode("utf-8", "ignore") if end is not None else ""
        yield CitationDelta(Citation(start, end, address, title), words=words)


def _delta(part: Part) -> Iterator[Delta]:
    if isinstance(part, Text):
        yield TextDelta(part.content)
    elif isinstance(part, Reasoning):
        yield ReasoningDelta(part.content)
    else:
        yield PartDelta(part)


def _begun(raw: dict[str, Any], slot: int | None) -> Iterator[Delta]:
    """The start of a part. That of a result is empty: its content follows in one delta."""
    kind = lenient.string(raw.get("type"))
    if kind.endswith("_call"):
        yield _call_delta(_call(raw, kind), slot)
    elif raw.keys() - {"type", "call_id", "id", "name", "signature"}:
        for part in _content(raw):
            yield from _delta(part)


def _grown(raw: dict[str, Any], slot: int | None) -> Iterator[Delta]:
    kind = lenient.string(raw.get("type"))
    if kind == "text":
        yield TextDelta(lenient.string(raw.get("text")))
    elif kind == "thought_summary":
        yield ReasoningDelta(_thought(raw.get("content")))
    elif kind == "arguments_delta":
        yield ToolCallDelta(lenient.string(raw.get("arguments")), slot=slot)
    elif kind.endswith("_call"):
        yield _call_delta(_call(raw, kind), slot)
    elif kind in ("text_annotation", "text_annotation_delta"):
        yield from _citations(raw.get("annotations"), "")
    elif kind != "thought_signature":
        for part in _content(raw):
            yield from _delta(part)


def _call_delta(call: ToolCall, slot: int | None) -> ToolCallDelta:
    return ToolCallDelta(slot=slot, id=call.id, name=call.name, whole=call.arguments_text, kind=call.kind)


def usage(counts: Mapping[str, Any]) -> Usage:
    """Thoughts are counted beside the answer, and what Google's tools read beside the input."""

    def total(*names: str) -> int | None:
        known = [number for number in (lenient.count(counts.get(name)) for name in names) if number is not None]
        return sum(known) if known else None

    thoughts = "total_thought_tokens" if "total_thought_tokens" in counts else "total_reasoning_tokens"
    return Usage(
        input_tokens=total("total_input_tokens", "total_tool_use_tokens"),
        output_tokens=total("total_output_tokens", thoughts),
        total_tokens=lenient.count(counts.get("total_tokens")),
        cache_read_input_tokens=lenient.count(counts.get("total_cached_tokens")),
        reasoning_tokens=lenient.count(counts.get(thoughts)),
    )
