"""The stream of an exchange as templates print it: chunks as recorded, beside the text as it grew."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from markupsafe import Markup, escape

from inspector import jsonio
from inspector.model import (
    Delta,
    ErrorDelta,
    FinishDelta,
    Json,
    ModelCall,
    PartDelta,
    ReasoningDelta,
    RefusalDelta,
    Step,
    TextDelta,
    ToolCallDelta,
    UsageDelta,
)
from inspector.visible import visible

WINDOW = 200
"""Chunks on one page of a stream."""

NOISE = frozenset(
    {
        "obfuscation", "system_fingerprint", "service_tier", "token_ids", "prompt_token_ids", "kv_transfer_params",
        "prompt_logprobs", "sdk_http_response", "sdkHttpResponse", "model_id", "model_version", "created_at", "created",
        "object", "p", "content_filter_results", "content_filter_result", "stop_reason",
    }
)  # fmt: skip
"""Fields that pad or repeat; they are dimmed."""

_LONG = 2_000


@dataclass(frozen=True, slots=True)
class Piece:
    """Words that one chunk added; `kind` is text, reasoning, call, refusal, or note for what is no text."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class ChunkView:
    number: int
    name: str | None
    pieces: tuple[Piece, ...]
    body: Markup
    left: int
    """Characters of the chunk that are not shown."""


@dataclass(frozen=True, slots=True)
class StreamView:
    """A window of the chunks. `before` and `after` are the places to go on from, None at the ends."""

    chunks: tuple[ChunkView, ...]
    total: int
    at: int | None
    before: int | None
    after: int | None


def stream(call: ModelCall, at: int | None) -> StreamView:
    """The chunks around one, or the first ones."""
    total = len(call.steps)
    at = min(max(at, 0), max(total - 1, 0)) if at is not None else None
    start = max((at or 0) - WINDOW // 4, 0)
    end = min(start + WINDOW, total)
    return StreamView(
        chunks=tuple(_chunk(step) for step in call.steps[start:end]),
        total=total,
        at=at,
        before=max(start - WINDOW * 3 // 4, 0) if start else None,
        after=end + WINDOW // 4 if end < total else None,
    )


def _chunk(step: Step) -> ChunkView:
    event = step.event
    body, left = _body(event.data if event.raw is None else event.raw)
    return ChunkView(event.number, event.name, tuple(_pieces(step.deltas)), body, left)


def _pieces(deltas: tuple[Delta, ...]) -> Iterator[Piece]:
    for delta in deltas:
        match delta:
            case TextDelta(text):
                yield Piece("text", text)
            case ReasoningDelta(text):
                yield Piece("reasoning", text)
            case RefusalDelta(text):
                yield Piece("refusal", text)
            case ToolCallDelta(arguments, _, _, _, name, whole):
                if name:
                    yield Piece("call", f"{name} ")
                yield Piece("call", arguments or whole)
            case PartDelta():
                yield Piece("note", "a part")
            case FinishDelta(reason):
                yield Piece("note", f"finish: {reason}")
            case UsageDelta():
                yield Piece("note", "usage")
            case ErrorDelta(error):
                yield Piece("note", f"error: {error.message or error.type or ''}")
            case _:
                pass


def _body(data: Json) -> tuple[Markup, int]:
    """A chunk as one line of JSON, with its noise dimmed."""
    if isinstance(data, str):
        return escape(visible(data[:_LONG])), max(len(data) - _LONG, 0)
    whole = jsonio.dumps(data)
    if len(whole) > _LONG:
        return escape(visible(whole[:_LONG])), len(whole) - _LONG
    return Markup("").join(_written(data)), 0


def _written(value: Json, depth: int = 0) -> Iterator[Markup]:
    if isinstance(value, dict) and depth < 40:
        yield Markup("{")
        for number, (key, item) in enumerate(value.items()):
            comma = Markup(", ") if number else Markup("")
            inner = Markup("").join(_written(item, depth + 1))
            field = Markup("{}<b>{}</b>: {}").format(comma, _scalar(key), inner)
            yield Markup("<i>{}</i>").format(field) if item is None or key in NOISE else field
        yield Markup("}")
    elif isinstance(value, list) and depth < 40:
        items = [Markup("").join(_written(item, depth + 1)) for item in value]
        yield Markup("[{}]").format(Markup(", ").join(items))
    else:
        yield _scalar(value)


def _scalar(value: Json) -> Markup:
    return escape(visible(jsonio.dumps(value)))
