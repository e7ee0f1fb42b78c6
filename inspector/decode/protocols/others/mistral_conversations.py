"""Mistral's Conversations: entries in, entries out, with the tools that its agents run themselves.

https://docs.mistral.ai/api/#tag/beta.conversations
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from inspector.decode import lenient
from inspector.decode.evidence import Evidence
from inspector.decode.protocols.openai import chat as openai_chat
from inspector.decode.protocols.openai import parts as openai_parts
from inspector.model import (
    Citation,
    Event,
    FileRef,
    Json,
    Message,
    Part,
    Prompt,
    ProviderError,
    Reasoning,
    Text,
    ToolCall,
    ToolResult,
    Unknown,
)
from inspector.model.delta import (
    AboutDelta,
    AwaitsDelta,
    CitationDelta,
    Delta,
    EndDelta,
    ErrorDelta,
    PartDelta,
    ReasoningDelta,
    RoleDelta,
    SummaryDelta,
    TextDelta,
    ToolCallDelta,
    UsageDelta,
)

NAME = "mistral.conversations"
OPERATION = "chat"

_OBJECTS = ("conversation.response", "conversation.history", "conversation.messages")
_EVENTS = ("conversation.response.", "message.output.", "function.call.", "tool.execution.", "agent.handoff.")
_PROMPT_KEYS = ("model", "stream", "instructions", "inputs", "tools")


def recognise(evidence: Evidence) -> bool:
    first = evidence.first
    if first.get("object") in _OBJECTS or lenient.string(first.get("type")).startswith(_EVENTS):
        return True
    return "inputs" in evidence.body and (
        "/conversations/" in evidence.path or evidence.path.endswith("/conversations")
    )


# ---------------------------------------------------------------- the request


def prompt(body: Mapping[str, Any]) -> Prompt:
    inputs = body.get("inputs")
    return Prompt(
        model=lenient.maybe(body.get("model")),
        stream=lenient.flag(body.get("stream")),
        system=lenient.text_parts(body.get("instructions")),
        messages=tuple(_message(raw) for raw in lenient.listed(inputs)),
        tools=tuple(map(openai_chat.tool_definition, lenient.seq(body.get("tools")))),
        settings=lenient.settings(dict(body), *_PROMPT_KEYS),
    )


def _message(raw: Json) -> Message:
    entry = lenient.obj(raw)
    kind = lenient.string(entry.get("type"))
    parts = _parts(entry) if entry else lenient.text_parts(raw)
    if lenient.maybe(entry.get("role")):
        return lenient.message(entry["role"], parts)
    return Message(
        "tool" if kind == "function.result" else "user" if kind in ("", "message.input") else "assistant", parts
    )


def _parts(entry: dict[str, Any]) -> tuple[Part, ...]:
    """What one entry says or does."""
    kind = lenient.string(entry.get("type"))
    if kind == "function.call":
        return (lenient.call(entry.get("tool_call_id") or entry.get("id"), entry.get("name"), entry.get("arguments")),)
    if kind == "function.result":
        return (ToolResult(lenient.maybe(entry.get("tool_call_id")), None, lenient.result(entry.get("result"))),)
    if kind == "tool.execution":
        return tuple(_executed(entry))
    if kind.startswith("message.") or (not kind and "content" in entry):
        return tuple(part for chunk in _chunks(entry.get("content")) for part in _chunk(chunk))
    return (Unknown(entry),)


def _executed(entry: dict[str, Any]) -> Iterator[Part]:
    """A tool that Mistral ran: its call, and what is told of what it found."""
    id, name = lenient.maybe(entry.get("id")), lenient.maybe(entry.get("name"))
    yield lenient.call(id, name, entry.get("arguments"), "server")
    if entry.get("info"):
        yield ToolResult(id, name, entry["info"])


def _chunks(content: Json) -> list[Json]:
    return lenient.listed(content)


def _chunk(raw: Json) -> tuple[Part, ...]:
    """A chunk of content. A file that a tool made is known by its id."""
    chunk = lenient.obj(raw)
    if chunk.get("type") == "tool_file" and lenient.maybe(chunk.get("file_id")):
        return (FileRef(chunk["file_id"]),)
    return openai_parts.content_parts([raw])


# ---------------------------------------------------------------- the response


def deltas(event: Event) -> Iterator[Delta]:
    """What one event adds, or a whole answer."""
    body = event.data
    if not isinstance(body, dict):
        yield from lenient.done(event)
        return
    kind = lenient.string(body.get("type"))
    if kind == "message.output.delta":
        yield AboutDelta(None, lenient.maybe(body.get("model")))
        yield from _said(body, f"{lenient.count(body.get('output_index')) or 0}")
    elif kind == "function.call.delta":
        id = lenient.maybe(body.get("tool_call_id")) or lenient.maybe(body.get("id"))
        arguments = lenient.arguments_text(body.get("arguments"))
        yield ToolCallDelta(arguments, 0, _slot(body), id, lenient.maybe(body.get("name")))
        yield AwaitsDelta()
    elif kind.startswith("tool.execution."):
        yield from _execution(body, kind)
    elif kind.startswith("agent.handoff."):
        yield PartDelta(Unknown(body), 0, f"{kind} {lenient.maybe(body.get('id'))}")
    elif kind == "conversation.response.error":
        yield ErrorDelta(
            ProviderError(str(body.get("code") or "") or None, lenient.maybe(body.get("message")), None, body)
        )
    elif kind == "conversation.response.started" or kind == "conversation.response.done":
        yield from _about(body)
        yield from (EndDelta(),) if kind.endswith("done") else ()
    else:
        yield from _whole(body)
        yield from lenient.errors(body)


def _slot(body: dict[str, Any]) -> int | None:
    return lenient.count(body.get("output_index"))


def _about(body: dict[str, Any]) -> Iterator[Delta]:
    yield AboutDelta(lenient.maybe(body.get("conversation_id")), lenient.maybe(body.get("model")))
    if isinstance(body.get("usage"), dict):
        yield UsageDelta(body["usage"])


def _whole(body: dict[str, Any]) -> Iterator[Delta]:
    """A whole answer; of what a conversation has so far, how much that is."""
    yield from _about(body)
    for key in ("entries", "messages"):
        if isinstance(body.get(key), list):
            yield SummaryDelta({"object": body.get("object"), key: len(body[key])})
            for choice, message in enumerate(map(_message, body[key])):
                yield RoleDelta(message.role_raw or message.role, choice)
                yield from (PartDelta(part, choice) for part in message.parts)
    for place, entry in enumerate(map(lenient.obj, lenient.seq(body.get("outputs")))):
        yield AboutDelta(None, lenient.maybe(entry.get("model")))
        if lenient.string(entry.get("type")).startswith("message."):
            yield from _said(entry, str(place))
            continue
        for part in _parts(entry):
            if isinstance(part, ToolCall):
                yield ToolCallDelta("", 0, place, part.id, part.name, part.arguments_text, part.kind)
            else:
                yield PartDelta(part)
        if entry.get("type") == "function.call":
            yield AwaitsDelta()
    if "outputs" in body:
        yield EndDelta()


def _said(entry: dict[str, Any], place: str) -> Iterator[Delta]:
    """Content of a message: text, and what the text before it rests on."""
    if role := lenient.maybe(entry.get("role")):
        yield RoleDelta(role)
    for raw in _chunks(entry.get("content")):
        chunk = lenient.obj(raw)
        if chunk.get("type") == "tool_reference":
            uri, title = lenient.maybe(chunk.get("url")), lenient.maybe(chunk.get("title"))
            quote = lenient.maybe(chunk.get("description"))
            yield CitationDelta(Citation(None, None, uri, title, quote), 0, f"{place} text")
            continue
        for part in _chunk(raw):
            match part:
                case Text(text):
                    yield TextDelta(text, 0, f"{place} text")
                case Reasoning(text):
                    yield ReasoningDelta(text, 0, f"{place} thought")
                case _:
                    yield PartDelta(part)


def _execution(body: dict[str, Any], kind: str) -> Iterator[Delta]:
    id, name = lenient.maybe(body.get("id")), lenient.maybe(body.get("name"))
    arguments = lenient.arguments_text(body.get("arguments"))
    yield ToolCallDelta(arguments if kind.endswith("delta") else "", 0, _slot(body), id, name, arguments, "server")
    if kind.endswith("done") and body.get("info"):
        yield PartDelta(ToolResult(id, name, body["info"]))


usage = openai_chat.usage
