"""Amazon Bedrock's Converse and ConverseStream, one shape for all its models.

https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html and …_ConverseStream.html. The events
of a stream are objects of one key, which is the name of the AWS frame that they came in.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from inspector.decode import lenient
from inspector.decode.evidence import Evidence
from inspector.decode.protocols.bedrock import address as bedrock_path
from inspector.decode.protocols.bedrock import blocks
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
from inspector.model.delta import (
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

NAME = "bedrock.converse"
OPERATION = "chat"

NEUTRAL = frozenset(
    {
        "format", "latency", "performanceConfig", "qualifiers", "serviceTier"
    }
)  # fmt: skip
NEUTRAL_COUNTS = frozenset(
    {
        "cacheReadInputTokenCount", "cacheWriteInputTokenCount", "latencyMs"
    }
)  # fmt: skip

_EVENTS = ("messageStart", "contentBlockStart", "contentBlockDelta", "contentBlockStop", "messageStop")


def recognise(evidence: Evidence) -> bool:
    return bedrock_path.asked(evidence.path)[1] == "converse" or speaks(evidence.first)


def speaks(body: Mapping[str, Any]) -> bool:
    """Whether this is an answer or an event of Converse."""
    if any(isinstance(body.get(name), dict) for name in _EVENTS):
        return True
    return "stopReason" in body and isinstance(lenient.obj(body.get("output")).get("message"), dict)


# ---------------------------------------------------------------- the request


def prompt(body: Mapping[str, Any]) -> Prompt:
    config = lenient.obj(body.get("toolConfig"))
    settings = lenient.settings(dict(body), "modelId", "messages", "system", "toolConfig")
    choice = lenient.settings(config, "tools")
    return Prompt(
        model=lenient.maybe(body.get("modelId")),
        system=blocks.parts(body.get("system")),
        messages=tuple(_message(item) for item in lenient.seq(body.get("messages"))),
        tools=tuple(_tool(item) for item in lenient.seq(config.get("tools"))),
        settings={**settings, "toolConfig": choice} if choice else settings,
    )


def _message(raw: Json) -> Message:
    if not isinstance(raw, dict):
        return Message("user", (Unknown(raw),))
    return lenient.message(raw.get("role"), blocks.parts(raw.get("content")))


def _tool(raw: Json) -> ToolDefinition:
    """``{toolSpec: {…}}``, or one of the model's own tools, or a mark for the cache."""
    tool = lenient.obj(raw)
    kind = next(iter(tool), "toolSpec")
    about = lenient.obj(tool.get(kind))
    schema = lenient.obj(about.get("inputSchema"))
    return ToolDefinition(
        "function" if kind == "toolSpec" else kind,
        lenient.maybe(about.get("name")),
        lenient.maybe(about.get("description")),
        schema.get("json", about.get("inputSchema")),
    )


# ---------------------------------------------------------------- the response


def deltas(event: Event) -> Iterator[Delta]:
    """What one event adds, or a whole answer. Keys that an event has beside its own (padding, traces) add nothing."""
    body = lenient.obj(event.data)
    for name, value in body.items():
        about = lenient.obj(value)
        if name == "contentBlockDelta":
            yield from _grown(lenient.obj(about.get("delta")), lenient.count(about.get("contentBlockIndex")))
        elif name == "contentBlockStart":
            yield from _begun(lenient.obj(about.get("start")), lenient.count(about.get("contentBlockIndex")))
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
    yield from lenient.errors(body)


def error(name: str, value: Json) -> ProviderError:
    """An exception that a stream ends with, such as ``throttlingException``."""
    about = lenient.obj(value)
    message = lenient.maybe(about.get("message")) or lenient.maybe(about.get("originalMessage")) or lenient.maybe(value)
    return ProviderError(name, message, lenient.count(about.get("originalStatusCode")), {name: value})


def _whole(body: dict[str, Any]) -> Iterator[Delta]:
    message = lenient.obj(lenient.obj(body.get("output")).get("message"))
    yield from _role(message)
    for slot, block in enumerate(lenient.seq(message.get("content"))):
        yield from _block(block, slot)
    yield from _finish(body)
    yield from _counts(body)


def _role(raw: dict[str, Any]) -> Iterator[Delta]:
    if role := lenient.maybe(raw.get("role")):
        yield RoleDelta(role)


def _finish(raw: dict[str, Any]) -> Iterator[Delta]:
    if reason := lenient.maybe(raw.get("stopReason")):
        yield FinishDelta(reason)
    if asked_for := raw.get("additionalModelResponseFields"):  # by paths into what the model itself answers
        yield PartDelta(Unknown({"additionalModelResponseFields": asked_for}))
    yield EndDelta()


def _counts(raw: dict[str, Any]) -> Iterator[Delta]:
    """The counts, and what a guardrail found."""
    if isinstance(raw.get("usage"), dict):
        yield UsageDelta(raw["usage"])
    if guardrail := lenient.obj(lenient.obj(raw.get("trace")).get("guardrail")):
        yield PartDelta(Unknown({"guardrail": guardrail}))


def _block(raw: Json, slot: int) -> Iterator[Delta]:
    """A block of a whole answer."""
    cited = lenient.obj(raw).get("citationsContent")
    if isinstance(cited, dict):
        yield TextDelta(blocks.cited_text(cited), slot=slot)
        yield from (CitationDelta(citation, slot=slot) for citation in blocks.citations(cited))
        return
    for part in blocks.block_parts(raw):
        match part:
            case Text(content, title=None):
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
        about = lenient.obj(value)
        if name == "toolUse":
            yield ToolCallDelta(
                slot=slot, id=lenient.maybe(about.get("toolUseId")), name=lenient.maybe(about.get("name"))
            )
        elif name == "toolResult":
            yield PartDelta(blocks.result(about, None), slot=slot)
        else:
            yield PartDelta(Unknown({name: value}))


def _grown(raw: dict[str, Any], slot: int | None) -> Iterator[Delta]:
    for name, value in raw.items():
        about = lenient.obj(value)
        if name == "text":
            yield TextDelta(lenient.string(value), slot=slot)
        elif name == "toolUse":
            yield ToolCallDelta(lenient.arguments_text(about.get("input")), slot=slot)
        elif name == "toolResult":
            yield PartDelta(blocks.result({}, value), slot=slot)
        elif name == "citation":
            yield CitationDelta(blocks.citation(about), slot=slot)
        elif name == "reasoningContent" and not isinstance(about.get("redactedContent"), str):
            yield ReasoningDelta(lenient.string(about.get("text")))
        else:
            yield PartDelta(Unknown({name: value}))


def usage(counts: Mapping[str, Any]) -> Usage:
    """Cached input is counted apart from the rest and belongs to it; its counts have two spellings."""
    fresh = lenient.count(counts.get("inputTokens"))
    cached = lenient.count(lenient.either(counts, "cacheReadInputTokens", "cacheReadInputTokenCount"))
    created = lenient.count(lenient.either(counts, "cacheWriteInputTokens", "cacheWriteInputTokenCount"))
    return Usage(
        input_tokens=None if fresh is None else fresh + (cached or 0) + (created or 0),
        output_tokens=lenient.count(counts.get("outputTokens")),
        total_tokens=lenient.count(counts.get("totalTokens")),
        cache_read_input_tokens=cached,
        cache_creation_input_tokens=created,
    )
