"""Anthropic Messages, of Anthropic itself and of the servers that speak it.

https://docs.anthropic.com/en/api/messages and https://docs.anthropic.com/en/docs/build-with-claude/streaming
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from inspector.decode import lenient
from inspector.decode.evidence import Evidence
from inspector.decode.protocols.anthropic import blocks
from inspector.model import (
    Event,
    Json,
    Message,
    Prompt,
    Reasoning,
    Text,
    ToolCall,
    ToolDefinition,
    Unknown,
    Usage,
    jsonio,
)
from inspector.model.delta import (
    AboutDelta,
    BeginsDelta,
    CitationDelta,
    Delta,
    EndDelta,
    FinishDelta,
    PartDelta,
    ReasoningDelta,
    RefusalDelta,
    RoleDelta,
    TextDelta,
    ToolCallDelta,
    UsageDelta,
    WholeDelta,
)

NAME = "anthropic.messages"
OPERATION = "chat"

NEUTRAL = frozenset(
    {
        "caller", "container", "expires_at", "inference_geo", "stop_details", "tool_use.caller", "ttl"
    }
)  # fmt: skip
NEUTRAL_EVENTS = frozenset(
    {
        "content_block_delta", "content_block_start", "content_block_stop", "message_start", "message_stop", "ping"
    }
)  # fmt: skip
NEUTRAL_COUNTS = frozenset(
    {
        "code_execution_requests", "ephemeral_1h_input_tokens", "ephemeral_5m_input_tokens", "thinking_tokens",
        "web_fetch_requests", "web_search_requests"
    }
)  # fmt: skip

_EVENTS = ("message_start", "content_block_start", "content_block_delta", "content_block_stop", "message_delta", "ping")
_VERTEX = (":rawPredict", ":streamRawPredict")
_CREATED = "cache_creation_input_tokens"


def recognise(evidence: Evidence) -> bool:
    kind = evidence.first.get("type")
    if kind in _EVENTS:
        return True
    if kind == "message" and isinstance(evidence.first.get("content"), list) and "object" not in evidence.first:
        return True
    if kind == "error" and (_is_error_of_messages(evidence) or _is_error_alone(evidence)):
        return True
    if "anthropic_version" in evidence.body:
        return True
    if (
        evidence.path.endswith("/messages")
        and "max_tokens" in evidence.body
        and isinstance(evidence.body.get("messages"), list)
    ):
        return True
    if evidence.is_asked_alone and lenient.string(evidence.body.get("model")).startswith("claude-"):
        return isinstance(evidence.body.get("messages"), list)
    on_vertex = evidence.path.endswith(_VERTEX) and "/publishers/anthropic/" in evidence.path
    return on_vertex or evidence.path.endswith("/v1/messages")


def _is_error_of_messages(evidence: Evidence) -> bool:
    """An error with an id of Anthropic's, at an address that may be that of Messages."""
    ours = lenient.string(evidence.first.get("request_id")).startswith("req_01")
    return ours and (not evidence.path or "messages" in evidence.body or evidence.path.endswith("/messages"))


def _is_error_alone(evidence: Evidence) -> bool:
    """An error that is all there is. Others who say its type twice say more beside it."""
    worded = lenient.obj(evidence.first.get("error")).keys() == {"type", "message"}
    return worded and evidence.first.keys() <= {"type", "error", "request_id"} and not (evidence.path or evidence.body)


# ---------------------------------------------------------------- the request


def prompt(body: Mapping[str, Any]) -> Prompt:
    return Prompt(
        model=lenient.maybe(body.get("model")),
        stream=lenient.flag(body.get("stream")),
        system=blocks.parts(body.get("system")),
        messages=tuple(_message(item) for item in lenient.seq(body.get("messages"))),
        tools=tuple(_tool(item) for item in lenient.seq(body.get("tools"))),
        settings=lenient.settings(dict(body), "model", "stream", "system", "messages", "tools"),
    )


def _message(raw: Json) -> Message:
    if not isinstance(raw, dict):
        return Message("user", (Unknown(raw),))
    return lenient.message(raw.get("role"), blocks.parts(raw.get("content")))


def _tool(raw: Json) -> ToolDefinition:
    """A function of the client's, which needs no type, or one of Anthropic's own tools."""
    tool = lenient.obj(raw)
    return ToolDefinition(
        lenient.maybe(tool.get("type")) or "function",
        lenient.maybe(tool.get("name")),
        lenient.maybe(tool.get("description")),
        tool.get("input_schema"),
    )


# ---------------------------------------------------------------- the response


def deltas(event: Event) -> Iterator[Delta]:
    """What one event adds, or a whole message."""
    body = event.data
    if not isinstance(body, dict):
        yield from lenient.done(event)  # gateways end every stream like this
        return
    kind = body.get("type") or event.name
    if kind == "content_block_delta":
        yield from _grown(lenient.obj(body.get("delta")), lenient.count(body.get("index")))
    elif kind == "content_block_start":
        yield from _begun(body.get("content_block"), lenient.count(body.get("index")))
    elif kind == "message_start":
        yield from _whole(lenient.obj(body.get("message")))
    elif kind == "message_delta":
        yield from _ending(lenient.obj(body.get("delta")), body.get("usage"))
    elif kind == "message_stop":
        yield EndDelta()
    elif kind != "ping" and (errors := lenient.errors(body)):
        yield from errors
    elif kind == "message":
        yield from _whole(body) if event.number == 0 else (WholeDelta(tuple(_whole(body))),)
        yield EndDelta()


def _grown(raw: dict[str, Any], slot: int | None) -> Iterator[Delta]:
    kind = raw.get("type")
    if kind == "text_delta":
        yield TextDelta(lenient.string(raw.get("text")), slot=slot)
    elif kind == "thinking_delta":
        yield ReasoningDelta(lenient.string(raw.get("thinking")))
    elif kind == "input_json_delta":
        piece = raw.get("partial_json")
        yield ToolCallDelta(jsonio.dumps(piece) if isinstance(piece, dict) else lenient.string(piece), slot=slot)
    elif kind == "citations_delta" and isinstance(raw.get("citation"), dict):
        yield CitationDelta(blocks.citation(raw["citation"]), slot=slot)
    elif kind == "compaction_delta":
        yield PartDelta(Unknown({**raw, "type": "compaction"}), slot=slot)
    elif kind != "signature_delta":
        yield PartDelta(Unknown(raw))


def _begun(raw: Json, slot: int | None) -> Iterator[Delta]:
    """The start of a block. A call's input holds where no pieces of it follow."""
    block = lenient.obj(raw)
    if block.get("type") == "text" and isinstance(block.get("text"), str):
        yield BeginsDelta(slot)
        yield TextDelta(block["text"], slot=slot)
        yield from (CitationDelta(citation, slot=slot) for citation in blocks.citations(block))
        return
    if block.get("type") == "compaction":
        yield PartDelta(Unknown(raw), slot=slot)
        return
    for part in blocks.block_parts(raw):
        if isinstance(part, Text):
            yield TextDelta(part.content)
        elif isinstance(part, Reasoning):
            yield ReasoningDelta(part.content)
        elif isinstance(part, ToolCall):
            yield ToolCallDelta(slot=slot, id=part.id, name=part.name, whole=part.arguments_text, kind=part.kind)
        else:
            yield PartDelta(part)


def _whole(body: dict[str, Any]) -> Iterator[Delta]:
    """A message: the whole answer, or what a stream starts with."""
    yield AboutDelta(lenient.maybe(body.get("id")), lenient.maybe(body.get("model")))
    if role := lenient.maybe(body.get("role")):
        yield RoleDelta(role)
    content = body.get("content")
    content = [content] if isinstance(content, dict) else content
    for slot, block in enumerate(content if isinstance(content, list) else ()):
        yield from _begun(block, slot)
    if isinstance(content, str):
        yield TextDelta(content)
    yield from _ending(body, body.get("usage"))


def _ending(raw: dict[str, Any], counts: Json) -> Iterator[Delta]:
    if explanation := lenient.maybe(lenient.obj(raw.get("stop_details")).get("explanation")):
        yield RefusalDelta(explanation)
    if reason := lenient.maybe(raw.get("stop_reason")):
        yield FinishDelta(reason)
    if isinstance(counts, dict):
        yield UsageDelta(counts)


def usage(counts: Mapping[str, Any]) -> Usage:
    """Cached input is counted apart from the rest and belongs to it."""
    fresh = lenient.count(counts.get("input_tokens"))
    cached = lenient.count(counts.get("cache_read_input_tokens"))
    created = _created(counts)
    return Usage(
        input_tokens=None if fresh is None else fresh + (cached or 0) + (created or 0),
        output_tokens=lenient.count(counts.get("output_tokens")),
        cache_read_input_tokens=cached,
        cache_creation_input_tokens=created,
        reasoning_tokens=lenient.count(lenient.obj(counts.get("output_tokens_details")).get("thinking_tokens")),
    )


def _created(counts: Mapping[str, Any]) -> int | None:
    """What was written to the cache: the count of it, else the sum of the counts by how long they last."""
    if _CREATED in counts:
        return lenient.count(counts[_CREATED])
    by_age = [lenient.count(value) for value in lenient.obj(counts.get("cache_creation")).values()]
    known = [value for value in by_age if value is not None]
    return sum(known) if known else None
