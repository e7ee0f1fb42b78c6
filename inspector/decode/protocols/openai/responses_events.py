"""The events of OpenAI Responses: what each adds to the items of a reply.

https://platform.openai.com/docs/api-reference/responses-streaming
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from typing import Any

from inspector.decode import lenient
from inspector.decode.protocols.openai import parts as openai_parts
from inspector.decode.protocols.openai import responses_items as items
from inspector.model import Json, ProviderError, Reasoning, Refusal, Text, ToolCall, Unknown
from inspector.model.delta import (
    AwaitsDelta,
    BlobDelta,
    CitationDelta,
    Delta,
    ErrorDelta,
    Item,
    ItemBeginsDelta,
    ItemDelta,
    PartDelta,
    ReasoningDelta,
    RefusalDelta,
    RoleDelta,
    TextDelta,
    TokensDelta,
    ToolCallDelta,
)


def roles(output: Iterable[Json]) -> Iterator[Delta]:
    words = (lenient.maybe(lenient.obj(item).get("role")) for item in output)
    return (RoleDelta(word) for word in words if word)


def _begun(body: dict[str, Any]) -> Iterator[Delta]:
    """An item begins. Texts follow in pieces; the arguments of a call may be here whole, and no pieces follow."""
    raw = lenient.obj(body.get("item"))
    item = _item(body, id_of(raw))
    parts = items.parts(body.get("item"))
    told = tuple(part for part in parts if not isinstance(part, (ToolCall, Unknown)))
    yield ItemBeginsDelta(item, lenient.string(raw.get("type")), parts=told)
    yield from roles((raw,))
    for part in parts:
        match part:
            case ToolCall(id, name, arguments):
                yield ToolCallDelta("", 0, item._replace(part="call"), id, name, arguments, part.kind)
            case Unknown():
                yield PartDelta(part, 0, item._replace(part="part"))


def _finished(body: dict[str, Any]) -> Iterator[Delta]:
    raw = lenient.obj(body.get("item"))
    yield from roles((raw,))
    yield ItemDelta(items.parts(body.get("item")), _item(body, id_of(raw)), 0, lenient.string(raw.get("type")))
    if items.awaits((raw,)):
        yield AwaitsDelta()


def id_of(item: dict[str, Any]) -> str | None:
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


def _part_begun(body: dict[str, Any]) -> Iterator[Delta]:
    """A part of an item, which few servers begin with a text that no pieces follow."""
    if parts := openai_parts.content_parts([body.get("part")]):
        yield ItemBeginsDelta(_item(body, body.get("item_id")), "", parts=parts)


def _thought(body: dict[str, Any], key: str = "delta") -> Iterator[Delta]:
    """Reasoning by its older names, as text or as an object that holds it."""
    if text := openai_parts.thought(body.get(key)):
        slot = _slot(body, "thought")
        yield ReasoningDelta(text, 0, slot) if key == "delta" else PartDelta(Reasoning(text), 0, slot)


def _spoken(body: dict[str, Any]) -> Iterator[Delta]:
    yield TextDelta(lenient.string(body.get("delta")), 0, _slot(body, "transcript"))


def _sound(body: dict[str, Any]) -> Iterator[Delta]:
    yield BlobDelta(lenient.string(body.get("delta")), 0, "audio", "audio/pcm")


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


EVENTS: Mapping[str, Callable[[dict[str, Any]], Iterator[Delta]]] = {
    "output_item.added": _begun,
    "output_item.done": _finished,
    "output_text.delta": _said,
    "output_text.done": partial(_ended, Text, "text", "text"),
    "output_text.annotation.added": _cited,
    "content_part.added": _part_begun,
    "content_part.done": _part_ended,
    "reasoning.delta": _thought,
    "reasoning.done": partial(_thought, key="text"),
    "reasoning_summary.delta": _thought,
    "reasoning_summary.done": partial(_thought, key="text"),
    "audio.delta": _sound,
    "audio.transcript.delta": _spoken,
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
