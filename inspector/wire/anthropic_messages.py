"""Anthropic Messages, of Anthropic itself and of the servers that speak it.

https://docs.anthropic.com/en/api/messages and https://docs.anthropic.com/en/docs/build-with-claude/streaming
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from inspector.model import (
    AboutDelta,
    Delta,
    EndDelta,
    ErrorDelta,
    Event,
    FileRef,
    FinishDelta,
    Json,
    Message,
    Part,
    PartDelta,
    Prompt,
    Reasoning,
    ReasoningDelta,
    RoleDelta,
    Text,
    TextDelta,
    ToolCall,
    ToolCallDelta,
    ToolDefinition,
    ToolResult,
    Unknown,
    Usage,
    UsageDelta,
)
from inspector.wire import reading as read
from inspector.wire.clue import Clue

NAME = "anthropic.messages"
OPERATION = "chat"

_CALLS = ("tool_use", "server_tool_use", "mcp_tool_use")


def recognise(clue: Clue) -> bool:
    kind = read.string(clue.first.get("type"))
    if kind.startswith(("message_start", "content_block_")):
        return True
    if kind == "message" and isinstance(clue.first.get("content"), list):
        return True
    return clue.path.endswith("/v1/messages") or "anthropic_version" in clue.body


# ---------------------------------------------------------------- the request


def prompt(body: Mapping[str, Any]) -> Prompt:
    return Prompt(
        model=read.maybe(body.get("model")),
        stream=read.flag(body.get("stream")),
        system=_parts(body.get("system")),
        messages=tuple(_message(item) for item in read.seq(body.get("messages"))),
        tools=tuple(_tool(item) for item in read.seq(body.get("tools"))),
        settings=read.settings(dict(body), "model", "stream", "system", "messages", "tools"),
    )


def _message(raw: Json) -> Message:
    if not isinstance(raw, dict):
        return Message("user", (Unknown(raw),))
    return read.message(raw.get("role"), _parts(raw.get("content")))


def _tool(raw: Json) -> ToolDefinition:
    """A function of the client's, which needs no type, or one of Anthropic's own tools."""
    tool = read.obj(raw)
    return ToolDefinition(
        read.maybe(tool.get("type")) or "function",
        read.maybe(tool.get("name")),
        read.maybe(tool.get("description")),
        tool.get("input_schema"),
    )


def _parts(content: Json) -> tuple[Part, ...]:
    """Content as text, or as a list of typed blocks."""
    if not isinstance(content, list):
        return read.text_parts(content)
    return tuple(part for item in content for part in _block(item))


def _block(raw: Json) -> tuple[Part, ...]:
    block = read.obj(raw)
    kind = read.string(block.get("type"))
    if kind == "text" and isinstance(block.get("text"), str):
        return read.text_parts(block["text"])
    if kind == "thinking" and isinstance(block.get("thinking"), str):
        return read.reasoning_parts(block["thinking"])
    if kind in _CALLS:
        return (read.call(block.get("id"), block.get("name"), block.get("input")),)
    if kind.endswith("tool_result"):
        return (_result(block),)
    if kind in ("image", "document"):
        return _source(read.obj(block.get("source")), kind) or (Unknown(raw),)
    if kind == "container_upload" and read.maybe(block.get("file_id")):
        return (FileRef(block["file_id"]),)
    return (Unknown(raw),)


def _result(block: dict[str, Any]) -> ToolResult:
    """What a tool answered. A server tool's failure is told by the type of its content."""
    content = block.get("content")
    is_error = read.flag(block.get("is_error"))
    if read.string(read.obj(content).get("type")).endswith("_tool_result_error"):
        is_error = True
    return ToolResult(read.maybe(block.get("tool_use_id")), None, read.result(content), is_error)


def _source(source: dict[str, Any], kind: str) -> tuple[Part, ...]:
    """Where an image or a document is. Empty where nothing is known of it."""
    media = read.maybe(source.get("media_type"))
    data = source.get("data")
    if source.get("type") == "text":
        return read.text_parts(data)
    if source.get("type") == "content":
        return _parts(source.get("content"))
    modality = "image" if kind == "image" else None
    if isinstance(data, str):
        return (read.blob(data, media, modality),)
    if read.maybe(source.get("url")):
        return (read.uri(source["url"], media, modality),)
    return (FileRef(source["file_id"], media, modality or "file"),) if read.maybe(source.get("file_id")) else ()


# ---------------------------------------------------------------- the response


def deltas(event: Event) -> Iterator[Delta]:
    """What one event adds, or a whole message."""
    body = event.data
    if not isinstance(body, dict):
        return
    kind = body.get("type")
    if kind == "content_block_delta":
        yield from _grown(read.obj(body.get("delta")), read.count(body.get("index")))
    elif kind == "content_block_start":
        yield from _begun(body.get("content_block"), read.count(body.get("index")))
    elif kind == "message_start":
        yield from _whole(read.obj(body.get("message")))
    elif kind == "message_delta":
        yield from _ending(read.obj(body.get("delta")), body.get("usage"))
    elif kind == "message_stop":
        yield EndDelta()
    elif kind != "ping" and body.get("error"):
        if error := read.error_of(body):
            yield ErrorDelta(error)
    elif kind == "message":
        yield from _whole(body)
        yield EndDelta()


def _grown(raw: dict[str, Any], slot: int | None) -> Iterator[Delta]:
    kind = raw.get("type")
    if kind == "text_delta":
        yield TextDelta(read.string(raw.get("text")))
    elif kind == "thinking_delta":
        yield ReasoningDelta(read.string(raw.get("thinking")))
    elif kind == "input_json_delta":
        yield ToolCallDelta(read.string(raw.get("partial_json")), slot=slot)
    elif kind not in ("signature_delta", "citations_delta"):
        yield PartDelta(Unknown(raw))


def _begun(raw: Json, slot: int | None) -> Iterator[Delta]:
    """The start of a block. A call's input holds where no pieces of it follow."""
    for part in _block(raw):
        if isinstance(part, Text):
            yield TextDelta(part.content)
        elif isinstance(part, Reasoning):
            yield ReasoningDelta(part.content)
        elif isinstance(part, ToolCall):
            yield ToolCallDelta(slot=slot, id=part.id, name=part.name, whole=part.arguments_text)
        else:
            yield PartDelta(part)


def _whole(body: dict[str, Any]) -> Iterator[Delta]:
    """A message: the whole answer, or what a stream starts with."""
    yield AboutDelta(read.maybe(body.get("id")), read.maybe(body.get("model")))
    if role := read.maybe(body.get("role")):
        yield RoleDelta(role)
    for slot, block in enumerate(read.seq(body.get("content"))):
        yield from _begun(block, slot)
    yield from _ending(body, body.get("usage"))


def _ending(raw: dict[str, Any], counts: Json) -> Iterator[Delta]:
    if reason := read.maybe(raw.get("stop_reason")):
        yield FinishDelta(reason)
    if isinstance(counts, dict):
        yield UsageDelta(counts)


def usage(counts: Mapping[str, Any]) -> Usage:
    """Cached input is counted apart from the rest and belongs to it."""
    fresh = read.count(counts.get("input_tokens"))
    cached = read.count(counts.get("cache_read_input_tokens"))
    created = read.count(counts.get("cache_creation_input_tokens"))
    return Usage(
        input_tokens=None if fresh is None else fresh + (cached or 0) + (created or 0),
        output_tokens=read.count(counts.get("output_tokens")),
        cache_read_input_tokens=cached,
        cache_creation_input_tokens=created,
        reasoning_tokens=read.count(read.obj(counts.get("output_tokens_details")).get("thinking_tokens")),
    )
