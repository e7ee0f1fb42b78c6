"""Amazon Bedrock's Converse and ConverseStream, one shape for all its models.

https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html and …_ConverseStream.html. The events
of a stream are objects of one key, which is the name of the AWS frame that they came in.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from inspector.deltas import (
    CitationDelta,
    Delta,
    EndDelta,
    ErrorDelta,
    FinishDelta,
    PartDelta,
    ReasoningDelta,
    RoleDelta,
    TextDelta,
    ToolCallDelta,
    UsageDelta,
)
from inspector.model import (
    Event,
    Json,
    Message,
    Prompt,
    ProviderError,
    Reasoning,
    Text,
    ToolCall,
    ToolDefinition,
    Unknown,
    Usage,
)
from inspector.wire import bedrock_blocks as blocks
from inspector.wire import bedrock_path
from inspector.wire import reading as read
from inspector.wire.clue import Clue

NAME = "bedrock.converse"
OPERATION = "chat"

_EVENTS = ("messageStart", "contentBlockStart", "contentBlockDelta", "contentBlockStop", "messageStop")


def recognise(clue: Clue) -> bool:
    return bedrock_path.asked(clue.path)[1] == "converse" or speaks(clue.first)


def speaks(body: Mapping[str, Any]) -> bool:
    """Whether this is an answer or an event of Converse."""
    if any(isinstance(body.get(name), dict) for name in _EVENTS):
        return True
    return "stopReason" in body and isinstance(read.obj(body.get("output")).get("message"), dict)


# ---------------------------------------------------------------- the request


def prompt(body: Mapping[str, Any]) -> Prompt:
    config = read.obj(body.get("toolConfig"))
    settings = read.settings(dict(body), "modelId", "messages", "system", "toolConfig")
    choice = read.settings(config, "tools")
    return Prompt(
        model=read.maybe(body.get("modelId")),
        system=blocks.parts(body.get("system")),
        messages=tuple(_message(item) for item in read.seq(body.get("messages"))),
        tools=tuple(_tool(item) for item in read.seq(config.get("tools"))),
        settings={**settings, "toolConfig": choice} if choice else settings,
    )


def _message(raw: Json) -> Message:
    if not isinstance(raw, dict):
        return Message("user", (Unknown(raw),))
    return read.message(raw.get("role"), blocks.parts(raw.get("content")))


def _tool(raw: Json) -> ToolDefinition:
    """``{toolSpec: {…}}``, or one of the model's own tools, or a mark for the cache."""
    tool = read.obj(raw)
    kind = next(iter(tool), "toolSpec")
    about = read.obj(tool.get(kind))
    schema = read.obj(about.get("inputSchema"))
    return ToolDefinition(
        "function" if kind == "toolSpec" else kind,
        read.maybe(about.get("name")),
        read.maybe(about.get("description")),
        schema.get("json", about.get("inputSchema")),
    )


# ---------------------------------------------------------------- the response


def deltas(event: Event) -> Iterator[Delta]:
    """What one event adds, or a whole answer. Keys that an event has beside its own (padding, traces) add nothing."""
    body = read.obj(event.data)
    for name, value in body.items():
        about = read.obj(value)
        if name == "contentBlockDelta":
            yield from _grown(read.obj(about.get("delta")), read.count(about.get("contentBlockIndex")))
        elif name == "contentBlockStart":
            yield from _begun(read.obj(about.get("start")), read.count(about.get("contentBlockIndex")))
        elif name == "messageStart":
            yield from _role(about)
        elif name == "messageStop":
            yield from _finish(about)
        elif name == "metadata":
            yield from _counts(about)
        elif name.endswith("Exception"):
            yield ErrorDelta(error(name, value))
    if speaks(body) and "output" in body:
        yield from _whole(body)
    yield from read.errors(body)


def error(name: str, value: Json) -> ProviderError:
    """An exception that a stream ends with, such as ``throttlingException``."""
    about = read.obj(value)
    message = read.maybe(about.get("message")) or read.maybe(about.get("originalMessage")) or read.maybe(value)
    return ProviderError(name, message, read.count(about.get("originalStatusCode")), {name: value})


def _whole(body: dict[str, Any]) -> Iterator[Delta]:
    message = read.obj(read.obj(body.get("output")).get("message"))
    yield from _role(message)
    for slot, block in enumerate(read.seq(message.get("content"))):
        yield from _block(block, slot)
    yield from _finish(body)
    yield from _counts(body)


def _role(raw: dict[str, Any]) -> Iterator[Delta]:
    if role := read.maybe(raw.get("role")):
        yield RoleDelta(role)


def _finish(raw: dict[str, Any]) -> Iterator[Delta]:
    if reason := read.maybe(raw.get("stopReason")):
        yield FinishDelta(reason)
    yield EndDelta()


def _counts(raw: dict[str, Any]) -> Iterator[Delta]:
    if isinstance(raw.get("usage"), dict):
        yield UsageDelta(raw["usage"])


def _block(raw: Json, slot: int) -> Iterator[Delta]:
    """A block of a whole answer."""
    cited = read.obj(raw).get("citationsContent")
    if isinstance(cited, dict):
        yield TextDelta(blocks.cited_text(cited), slot=slot)
        yield from (CitationDelta(citation, slot=slot) for citation in blocks.citations(cited))
        return
    for part in blocks.block_parts(raw):
        match part:
            case Text(content):
                yield TextDelta(content, slot=slot)
            case Reasoning(content):
                yield ReasoningDelta(content)
            case ToolCall(id, name, arguments):
                yield ToolCallDelta(slot=slot, id=id, name=name, whole=arguments)
            case _:
                yield PartDelta(part)


def _begun(raw: dict[str, Any], slot: int | None) -> Iterator[Delta]:
    """The start of a block, which only calls and results have, and images."""
    for name, value in raw.items():
        about = read.obj(value)
        if name == "toolUse":
            yield ToolCallDelta(slot=slot, id=read.maybe(about.get("toolUseId")), name=read.maybe(about.get("name")))
        elif name == "toolResult":
            yield PartDelta(blocks.result(about, None), slot=slot)
        else:
            yield PartDelta(Unknown({name: value}))


def _grown(raw: dict[str, Any], slot: int | None) -> Iterator[Delta]:
    for name, value in raw.items():
        about = read.obj(value)
        if name == "text":
            yield TextDelta(read.string(value), slot=slot)
        elif name == "toolUse":
            yield ToolCallDelta(read.arguments_text(about.get("input")), slot=slot)
        elif name == "toolResult":
            yield PartDelta(blocks.result({}, value), slot=slot)
        elif name == "citation":
            yield CitationDelta(blocks.citation(about), slot=slot)
        elif name == "reasoningContent" and not isinstance(about.get("redactedContent"), str):
            yield ReasoningDelta(read.string(about.get("text")))
        else:
            yield PartDelta(Unknown({name: value}))


def usage(counts: Mapping[str, Any]) -> Usage:
    """Cached input is counted apart from the rest and belongs to it; its counts have two spellings."""
    fresh = read.count(counts.get("inputTokens"))
    cached = read.count(read.either(counts, "cacheReadInputTokens", "cacheReadInputTokenCount"))
    created = read.count(read.either(counts, "cacheWriteInputTokens", "cacheWriteInputTokenCount"))
    return Usage(
        input_tokens=None if fresh is None else fresh + (cached or 0) + (created or 0),
        output_tokens=read.count(counts.get("outputTokens")),
        total_tokens=read.count(counts.get("totalTokens")),
        cache_read_input_tokens=cached,
        cache_creation_input_tokens=created,
    )
