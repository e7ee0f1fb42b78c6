"""Messages as OpenTelemetry's conventions for generative AI have them in spans, whoever was asked.

https://opentelemetry.io/docs/specs/semconv/gen-ai/gen-ai-spans/
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from inspector.decode import documents, lenient
from inspector.decode.evidence import Evidence
from inspector.decode.protocols.anthropic import blocks as anthropic_blocks
from inspector.decode.protocols.openai import chat as openai_chat
from inspector.decode.protocols.openai import parts as openai_parts
from inspector.decode.protocols.openai import usage as openai_usage
from inspector.model import (
    Citation,
    Event,
    FileRef,
    Json,
    Message,
    Part,
    Prompt,
    Refusal,
    Text,
    ToolCall,
    ToolResult,
    Unknown,
    Usage,
)
from inspector.model.delta import (
    AboutDelta,
    Delta,
    EndDelta,
    FinishDelta,
    PartDelta,
    RoleDelta,
    SummaryDelta,
    UsageDelta,
)

NAME = "otel.gen_ai"
OPERATION = "chat"

NEUTRAL = frozenset({"modality", "finish_reason"})

_INPUT, _OUTPUT, _REASONS = "gen_ai.input.messages", "gen_ai.output.messages", "gen_ai.response.finish_reasons"
_SYSTEM, _TOOLS = "gen_ai.system_instructions", "gen_ai.tool.definitions"
_THOUGHTS = ("reasoning", "thinking")
_CALLS = {"tool_call": "arguments", "server_tool_call": "server_tool_call"}
_RESULTS = {"tool_call_response": ("response", "result"), "server_tool_call_response": ("server_tool_call_response",)}
_OF_ANTHROPIC = ("tool_use", "tool_result", "server_tool_use", "redacted_thinking")


def recognise(evidence: Evidence) -> bool:
    return _INPUT in evidence.body or _OUTPUT in evidence.first


def prompt(body: Mapping[str, Any]) -> Prompt:
    return Prompt(
        model=lenient.maybe(body.get("model")),
        stream=lenient.flag(body.get("stream")),
        system=tuple(part for raw in lenient.listed(body.get(_SYSTEM)) for part in parts(raw)),
        messages=tuple(map(message, lenient.listed(body.get(_INPUT)))),
        tools=tuple(map(openai_chat.tool_definition, lenient.listed(body.get(_TOOLS)))),
        settings=lenient.settings(dict(body), "model", "stream", _SYSTEM, _INPUT, _TOOLS),
    )


def message(raw: Json) -> Message:
    """A message of parts; one of a content, as older conventions have them, is one of Chat Completions."""
    if isinstance(raw, str):
        return Message("user", lenient.text_parts(raw))
    held = lenient.obj(raw)
    if isinstance(held.get("parts"), list):
        said = tuple(part for item in held["parts"] for part in parts(item))
        return lenient.message(held.get("role"), said, held.get("name"))
    if isinstance(held.get("content"), list) and any(_is_of_anthropic(item) for item in held["content"]):
        return lenient.message(held.get("role"), tuple(anthropic_blocks.parts(held["content"])), held.get("name"))
    return openai_chat.message(raw)


def _is_of_anthropic(raw: Json) -> bool:
    return lenient.obj(raw).get("type") in _OF_ANTHROPIC


def parts(raw: Json) -> tuple[Part, ...]:
    """What one part of a message comes to."""
    if isinstance(raw, str):
        return lenient.text_parts(raw)
    part = lenient.obj(raw)
    kind = lenient.string(part.get("type"))
    if isinstance(part.get("content"), str) and kind in ("text", "refusal", *_THOUGHTS):
        return _spoken(kind, part["content"], part)
    if kind in _CALLS and isinstance(part.get("name"), str):
        return (_call(part, kind),)
    if kind in _RESULTS:
        return (_result(part, _RESULTS[kind]),)
    if kind == "unknown" and "raw" in part:
        return (Unknown(part["raw"]),)
    return documents.titled(_held(part, raw), part.get("title"))


def _spoken(kind: str, content: str, part: dict[str, Any]) -> tuple[Part, ...]:
    """Words; with what a text rests on and what it is called, as `inspector.output.otlp` writes both."""
    if kind == "refusal":
        return (Refusal(content),) if content else ()
    if kind in _THOUGHTS:
        return lenient.reasoning_parts(content)
    cited = tuple(map(_citation, map(lenient.obj, lenient.seq(part.get("citations")))))
    return (Text(content, citations=cited, title=lenient.maybe(part.get("title"))),) if content else ()


def _citation(told: dict[str, Any]) -> Citation:
    start, end = lenient.count(told.get("start")), lenient.count(told.get("end"))
    return Citation(start, end, *(lenient.maybe(told.get(name)) for name in ("uri", "title", "quote")))


def _call(part: dict[str, Any], kind: str) -> ToolCall:
    """A call of a tool; one that the server runs has its arguments in an object that says its type."""
    given = part.get(_CALLS[kind], part.get("arguments"))
    if isinstance(given, dict) and kind != "tool_call" and given.keys() == {"type", "arguments"}:
        given = given["arguments"]
    return lenient.call(part.get("id"), part["name"], given, "function" if kind == "tool_call" else "server")


def _result(part: dict[str, Any], names: tuple[str, ...]) -> ToolResult:
    answered = next((part[name] for name in names if name in part), None)
    id, name = lenient.maybe(part.get("id")), lenient.maybe(part.get("name"))
    return ToolResult(id, name, lenient.result(answered), lenient.flag(part.get("is_error")))


def _held(part: dict[str, Any], raw: Json) -> tuple[Part, ...]:
    """Bytes, an address, or a file; else a part of those whom the conventions took theirs from."""
    kind, told = part.get("type"), lenient.maybe(part.get("mime_type") or part.get("media_type"))
    modality = lenient.maybe(part.get("modality"))
    data = part.get("content", part.get("data"))
    if kind in ("blob", "binary") and isinstance(data, str):
        return (lenient.blob(data, told, modality),)
    if kind == "uri" and lenient.maybe(part.get("uri")):
        return (lenient.uri(part["uri"], told, modality),)
    if kind == "file" and lenient.maybe(part.get("file_id")):
        return (FileRef(part["file_id"], told, modality or lenient.modality(told)),)
    if isinstance(kind, str) and kind.endswith("-url") and lenient.maybe(part.get("url")):  # Pydantic AI
        return (lenient.uri(part["url"], told, kind.removesuffix("-url")),)
    return openai_parts.content_parts([raw]) if part else (Unknown(raw),)


def deltas(event: Event) -> Iterator[Delta]:
    """The messages of an answer. A span that was not told to keep them says so in a summary, with the reasons why the
    answer ended."""
    body = lenient.obj(event.data)
    yield AboutDelta(lenient.maybe(body.get("id")), lenient.maybe(body.get("model")))
    if body.get(_OUTPUT) is None and body:
        reasons = {"finish_reasons": body[_REASONS]} if body.get(_REASONS) else {}
        yield SummaryDelta({"messages": "not recorded", **reasons})
    for choice, raw in enumerate(lenient.listed(body.get(_OUTPUT))):
        said = message(raw)
        yield RoleDelta(lenient.maybe(lenient.obj(raw).get("role")) or "assistant", choice)
        yield from (PartDelta(part, choice) for part in said.parts)
        if reason := lenient.maybe(lenient.obj(raw).get("finish_reason")):
            yield FinishDelta(reason, choice)
    if isinstance(body.get("usage"), dict):
        yield UsageDelta(body["usage"])
    yield EndDelta(of_all=True)


def usage(counts: Mapping[str, Any]) -> Usage:
    return openai_usage.of_chat(counts)
