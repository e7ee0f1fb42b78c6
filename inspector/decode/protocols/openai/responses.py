"""OpenAI Responses and the servers that speak it: Azure, xAI, OpenRouter, Copilot, Codex, LM Studio, vLLM.

https://platform.openai.com/docs/api-reference/responses and https://platform.openai.com/docs/api-reference/responses-streaming

A finished item takes the place of its pieces, and the finished response that of the items, unless they say less: Codex
sends them empty.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from inspector.decode import lenient
from inspector.decode.evidence import Evidence
from inspector.decode.protocols.openai import chat as openai_chat
from inspector.decode.protocols.openai import neutral_keys
from inspector.decode.protocols.openai import parts as openai_parts
from inspector.decode.protocols.openai import responses_items as items
from inspector.model import (
    Event,
    Json,
    Prompt,
    ProviderError,
    Reasoning,
    Refusal,
    Text,
    ToolCall,
    ToolDefinition,
    Unknown,
    Usage,
)
from inspector.model.delta import (
    AboutDelta,
    AwaitsDelta,
    CitationDelta,
    Delta,
    EndDelta,
    ErrorDelta,
    FinishDelta,
    Item,
    ItemBeginsDelta,
    ItemDelta,
    ItemsDelta,
    PartDelta,
    ReasoningDelta,
    RefusalDelta,
    RoleDelta,
    SummaryDelta,
    TextDelta,
    TokensDelta,
    ToolCallDelta,
    UsageDelta,
    WholeItem,
)

NAME = "openai.responses"
OPERATION = "chat"

NEUTRAL = neutral_keys.RESPONSES
NEUTRAL_EVENTS = neutral_keys.RESPONSES_EVENTS
NEUTRAL_COUNTS = neutral_keys.RESPONSES_COUNTS

_PROMPT_KEYS = ("model", "stream", "input", "instructions", "tools", "type")
_ASKED = frozenset({"instructions", "tools", "store", "include", "max_output_tokens", "previous_response_id"})
"""What no other request with an ``input`` has."""
_TERMINAL = ("completed", "incomplete", "failed", "cancelled", "done")
_UNFINISHED = ("", "queued", "in_progress")


def recognise(evidence: Evidence) -> bool:
    """By the path, or by the answer. Realtime has events of the same names, each with an id of its own."""
    if evidence.path.endswith("/responses") or "/responses/" in evidence.path:
        return True
    if evidence.is_asked_alone and "input" in evidence.body and _ASKED & evidence.body.keys():
        return True
    kind, what = lenient.string(evidence.first.get("type")), lenient.string(evidence.first.get("object"))
    if what == "response" or what.startswith("response."):
        return True
    return (kind.startswith("response.") or (kind == "error" and "sequence_number" in evidence.first)) and (
        "event_id" not in evidence.first
    )


# ---------------------------------------------------------------- the request


def prompt(body: Mapping[str, Any]) -> Prompt:
    instructions = items.messages(body.get("instructions"))
    return Prompt(
        model=lenient.maybe(body.get("model")),
        stream=lenient.flag(body.get("stream")),
        system=tuple(part for message in instructions for part in message.parts),
        messages=tuple(items.messages(body.get("input"))),
        tools=tuple(tool for raw in _tool_lists(body) for tool in _tools(raw)),
        settings=lenient.settings(dict(body), *_PROMPT_KEYS),
    )


def _tool_lists(body: Mapping[str, Any]) -> Iterator[Json]:
    """The request's tools, and those that an item adds to them."""
    yield from lenient.seq(body.get("tools"))
    for item in map(lenient.obj, lenient.seq(body.get("input"))):
        if item.get("type") == "additional_tools":
            yield from lenient.seq(item.get("tools"))


def _tools(raw: Json) -> Iterator[ToolDefinition]:
    """A function, a tool of the server, or a namespace with tools of its own. A MCP server is known by its label."""
    tool = openai_chat.tool_definition(raw)
    label = lenient.maybe(lenient.obj(raw).get("server_label"))
    yield replace(tool, name=label) if tool.name is None else tool
    for inner in lenient.seq(lenient.obj(raw).get("tools")):
        yield from _tools(inner)


# ---------------------------------------------------------------- the response


def deltas(event: Event) -> Iterable[Delta]:
    """What one event adds, or a whole response. The type stands in the data; the event's own name may be missing."""
    body = event.data
    if not isinstance(body, dict):
        return lenient.done(event)
    if event.name == "sent":  # over a WebSocket, beside the question
        return ()
    kind = lenient.string(body.get("type"))
    read_event = _EVENTS.get(kind.removeprefix("response."))
    if read_event is not None:
        return read_event(body)
    if isinstance(body.get("response"), dict):
        return _response(body["response"], kind.rpartition(".")[2])
    return () if kind.startswith("response.") else _response(body, "")


def _response(body: dict[str, Any], state: str) -> Iterator[Delta]:
    """A response in any state, whole or from an event that tells the `state`; or what else is asked about one."""
    yield AboutDelta(lenient.maybe(body.get("id")), lenient.maybe(body.get("model")))
    output = lenient.listed(body.get("output"))
    if output and isinstance(output[0], dict):
        yield from _roles(output)
        yield ItemsDelta(tuple(map(_whole_item, output)))
        if items.awaits(output):
            yield AwaitsDelta()
    if isinstance(body.get("usage"), dict):
        yield UsageDelta(body["usage"])
    yield from lenient.errors(body)
    status = lenient.string(body.get("status")) or (state if state in _TERMINAL else "")
    if status not in _UNFINISHED:
        reason = lenient.maybe(lenient.obj(body.get("incomplete_details")).get("reason"))
        yield FinishDelta(reason or status)
        yield EndDelta()
    yield from _summary(body, status if not state else "")


def _summary(body: dict[str, Any], status: str) -> Iterator[Delta]:
    """What is no response: the items of one, the number of tokens that one would have, that one is gone or is still
    being made."""
    if status in ("queued", "in_progress"):
        yield SummaryDelta({"status": status})
    if body.get("object") == "list" and isinstance(body.get("data"), list):
        yield SummaryDelta({"items": len(body["data"])})
    if body.get("object") == "response.input_tokens":
        yield SummaryDelta({"input_tokens": lenient.count(body.get("input_tokens"))})
    if body.get("deleted") is True:
        yield SummaryDelta({"deleted": True})


def _roles(output: Iterable[Json]) -> Iterator[Delta]:
    words = (lenient.maybe(lenient.obj(item).get("role")) for item in output)
    return (RoleDelta(word) for word in words if word)


def _whole_item(raw: Json) -> WholeItem:
    item = lenient.obj(raw)
    return WholeItem(items.parts(raw), lenient.string(item.get("type")), _id(item))


def _begun(body: dict[str, Any]) -> Iterator[Delta]:
    """An item begins. Texts follow in pieces; the arguments of a call may be here whole, and no pieces follow."""
    raw = lenient.obj(body.get("item"))
    item = _item(body, _id(raw))
    yield ItemBeginsDelta(item, lenient.string(raw.get("type")))
    yield from _roles((raw,))
    for part in items.parts(body.get("item")):
        match part:
            case ToolCall(id, name, arguments):
                yield ToolCallDelta("", 0, item._replace(part="call"), id, name, arguments, part.kind)
            case Unknown():
                yield PartDelta(part, 0, item._replace(part="part"))


def _finished(body: dict[str, Any]) -> Iterator[Delta]:
    raw = lenient.obj(body.get("item"))
    yield from _roles((raw,))
    yield ItemDelta(items.parts(body.get("item")), _item(body, _id(raw)), 0, lenient.string(raw.get("type")))
    if items.awaits((raw,)):
        yield AwaitsDelta()


def _id(item: dict[str, Any]) -> str | None:
    """What the pieces of an item call it: its id, or that of the call where it has none (llama.cpp)."""
    return lenient.maybe(item.get("id")) or lenient.maybe(item.get("call_id"))


def _item(body: dict[str, Any], id: Json, part: str = "") -> Item:
    index = body.get("output_index")
    return Item(index if type(index) is int else None, id if isinstance(id, str) and id else None, part)


def _slot(body: dict[str, Any], part: str) -> Item:
    """The slot of a piece. What its item holds more of than one is numbered in vain: vLLM counts ``content_index`` up
    with every piece, so only summaries, of which there are often several, are told apart."""
    if part == "summary":
        part = f"summary{lenient.count(body.get('summary_index')) or 0}"
    return _item(body, body.get("item_id"), part)


def _said(body: dict[str, Any]) -> Iterator[Delta]:
    slot = _slot(body, "text")
    yield TextDelta(lenient.string(body.get("delta")), 0, slot)
    if tokens := tuple(openai_parts.tokens(body.get("logprobs"))):
        yield TokensDelta(tokens, 0, slot)


def _piece(kind: type[RefusalDelta | ReasoningDelta], part: str, body: dict[str, Any]) -> Iterator[Delta]:
    yield kind(lenient.string(body.get("delta")), 0, _slot(body, part))


def _ended(kind: type[Text | Refusal | Reasoning], key: str, part: str, body: dict[str, Any]) -> Iterator[Delta]:
    if text := lenient.maybe(body.get(key)):
        yield PartDelta(kind(text), 0, _slot(body, part))


def _part_ended(body: dict[str, Any]) -> Iterator[Delta]:
    """What a part of an item comes to; most servers say it in an event of its kind as well."""
    for part in openai_parts.content_parts([body.get("part")]):
        match part:
            case Text():
                yield PartDelta(part, 0, _slot(body, "text"))
            case Refusal():
                yield PartDelta(part, 0, _slot(body, "refusal"))
            case Reasoning():
                yield PartDelta(part, 0, _slot(body, "thought"))


def _called(body: dict[str, Any]) -> Iterator[Delta]:
    yield ToolCallDelta(lenient.string(body.get("delta")), 0, _slot(body, "call"))


def _all_called(body: dict[str, Any]) -> Iterator[Delta]:
    whole = lenient.arguments_text(body.get("arguments", body.get("input")))
    yield ToolCallDelta("", 0, _slot(body, "call"), None, lenient.maybe(body.get("name")), whole)


def _cited(body: dict[str, Any]) -> Iterator[Delta]:
    for citation in openai_parts.citations([body.get("annotation")]):
        yield CitationDelta(citation, 0, _slot(body, "text"))


def _partial_image(body: dict[str, Any]) -> Iterator[Delta]:
    if data := lenient.maybe(body.get("partial_image_b64")):
        blob = lenient.blob(data, f"image/{lenient.maybe(body.get('output_format')) or 'png'}")
        yield PartDelta(blob, 0, _slot(body, "image"))


def _failed(body: dict[str, Any]) -> Iterator[Delta]:
    """An error, as an object of its own or spread over the event."""
    spread = ProviderError(lenient.maybe(body.get("code")), lenient.maybe(body.get("message")), None, body)
    yield from lenient.errors(body) or (ErrorDelta(spread),)


_EVENTS: Mapping[str, Callable[[dict[str, Any]], Iterator[Delta]]] = {
    "output_item.added": _begun,
    "output_item.done": _finished,
    "output_text.delta": _said,
    "output_text.done": partial(_ended, Text, "text", "text"),
    "output_text.annotation.added": _cited,
    "content_part.done": _part_ended,
    "reasoning_part.done": _part_ended,
    "refusal.delta": partial(_piece, RefusalDelta, "refusal"),
    "refusal.done": partial(_ended, Refusal, "refusal", "refusal"),
    "reasoning_summary_text.delta": partial(_piece, ReasoningDelta, "summary"),
    "reasoning_summary_text.done": partial(_ended, Reasoning, "text", "summary"),
    "reasoning_text.delta": partial(_piece, ReasoningDelta, "thought"),
    "reasoning_text.done": partial(_ended, Reasoning, "text", "thought"),
    "function_call_arguments.delta": _called,
    "function_call_arguments.done": _all_called,
    "mcp_call_arguments.delta": _called,
    "mcp_call_arguments.done": _all_called,
    "custom_tool_call_input.delta": _called,
    "custom_tool_call_input.done": _all_called,
    "code_interpreter_call_code.delta": _called,
    "shell_call_command.delta": _called,
    "apply_patch_call_operation_diff.delta": _called,
    "image_generation_call.partial_image": _partial_image,
    "error": _failed,
}
"""What grows. Progress that says no more than that a tool is at work adds nothing."""


def usage(counts: Mapping[str, Any]) -> Usage:
    asked, answered = lenient.obj(counts.get("input_tokens_details")), lenient.obj(counts.get("output_tokens_details"))
    return Usage(
        input_tokens=lenient.count(counts.get("input_tokens")),
        output_tokens=lenient.count(counts.get("output_tokens")),
        total_tokens=lenient.count(counts.get("total_tokens")),
        cache_read_input_tokens=lenient.count(asked.get("cached_tokens")),
        cache_creation_input_tokens=lenient.count(asked.get("cache_write_tokens")),
        reasoning_tokens=lenient.count(answered.get("reasoning_tokens")),
    )
