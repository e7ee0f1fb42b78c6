"""The stream of an exchange as templates print it: chunks as recorded, beside the text as it grew."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from markupsafe import Markup, escape

from inspector.model import Json, ModelCall, Step, jsonio
from inspector.model.delta import (
    ArgumentDelta,
    BlobDelta,
    CitationDelta,
    Delta,
    ErrorDelta,
    FinishDelta,
    ItemDelta,
    ItemsDelta,
    PartDelta,
    ReasoningDelta,
    RefusalDelta,
    SoFarDelta,
    TextDelta,
    ToolCallDelta,
    UsageDelta,
    WholeDelta,
)
from inspector.output.escape import visible
from inspector.web.exchange.load import Opened
from inspector.web.rendering.context import exchange_url, is_exported
from inspector.web.rendering.paging import stretch

WINDOW = 200
"""Chunks on one page of a stream."""

NOISE = frozenset(
    {
        "obfuscation", "system_fingerprint", "service_tier", "token_ids", "prompt_token_ids", "kv_transfer_params",
        "prompt_logprobs", "sdk_http_response", "sdkHttpResponse", "model_id", "model_version", "created_at", "created",
        "object", "p", "content_filter_results", "content_filter_result", "stop_reason",
    }
)  # fmt: skip
"""Fields that pad or repeat. They are dimmed, and left out of the short form."""

_ROUTINE = NOISE | {"id", "model", "usage_metadata", "response_id"}
"""What the short form leaves out besides: who answers is the same in every chunk."""

_WAYS = {"sent": "→", "received": "←"}

_LONG = 4_000
_PIECE = 2_000
"""Characters of what a chunk added that are shown."""

_PIECES = 100
"""Pieces that a chunk added that are shown: a whole answer is one chunk."""

_SHORT = 240
_DEEPEST = 40


class Piece(NamedTuple):
    """Words that one chunk added; `kind` is text, reasoning, name, call, refusal, or note for what is no text."""

    kind: str
    text: str
    left: int = 0
    """Characters of it that are not shown."""


@dataclass(frozen=True, slots=True)
class ChunkView:
    number: int
    name: str | None
    pieces: tuple[Piece, ...]
    more_pieces: int
    """How many pieces it added besides those."""
    short: Markup
    """One that adds no pieces on one line, without what pads or repeats."""
    body: Markup
    """The whole chunk, with that dimmed."""
    left: int
    """Characters of the chunk that are not shown."""
    way: str = ""
    """Which way a frame of a WebSocket went, as an arrow."""


@dataclass(frozen=True, slots=True)
class StreamView:
    """A window of the chunks, from `begin` to before `end`; `at` is the one that is asked for."""

    chunks: tuple[ChunkView, ...]
    begin: int
    end: int
    total: int
    at: int | None


def stream(call: ModelCall, at: int | None, begin: int | None = None, end: int | None = None) -> StreamView:
    """The chunks around one, those from one on or up to one, or the first ones."""
    total = len(call.steps)
    at = min(max(at, 0), max(total - 1, 0)) if at is not None else None
    first, last = stretch(total, WINDOW, at, begin, end)
    return StreamView(tuple(_chunk(step) for step in call.steps[first:last]), first, last, total, at)


def finish_url(one: Opened, query: str) -> str:
    """The address of the chunk that brought the finish reason of a stream, relative to the root; empty without one."""
    if not one.call.streamed or not one.row.finish:
        return ""
    last = (step for step in reversed(one.call.steps) if any(isinstance(delta, FinishDelta) for delta in step.deltas))
    number = next((step.event.number for step in last), None)
    if number is None:
        return ""
    place = {"from": number - number % WINDOW or ""} if is_exported() else {"at": number}
    return f"{exchange_url(one.row.uid, 'stream', query, **place)}#c{number}"


def _chunk(step: Step) -> ChunkView:
    event = step.event
    data = event.data if event.raw is None else event.raw
    body, left = _body(data)
    way = _WAYS.get(event.name or "", "")
    pieces = tuple(_pieces(step.deltas))
    shown = tuple(_cut(piece) for piece in pieces[:_PIECES])
    short = Markup() if shown else _short(data)
    return ChunkView(event.number, event.name, shown, len(pieces) - len(shown), short, body, left, way)


def _cut(piece: Piece) -> Piece:
    left = len(piece.text) - _PIECE
    return piece._replace(text=piece.text[:_PIECE], left=left) if left > _PIECE // 10 else piece


def _pieces(deltas: Sequence[Delta]) -> Iterator[Piece]:
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
                    yield Piece("name", f"{name} ")
                if arguments or whole not in ("", _NO_ARGUMENTS):
                    yield Piece("call", arguments or whole)
            case SoFarDelta(kind, text):
                yield Piece(_SO_FAR.get(kind, "text"), text)
            case ArgumentDelta(path, value):
                yield Piece("call", f"{path[-1] if path else ''}: {jsonio.dumps(value)} ")
            case _:
                if note := _note(delta):
                    yield Piece("note", note)


_NO_ARGUMENTS = "{}"
"""With this Anthropic begins every call, whatever pieces of its arguments follow."""

_SO_FAR: dict[type, str] = {ReasoningDelta: "reasoning", ToolCallDelta: "call"}


def _note(delta: Delta) -> str:
    """What a delta brings that is no words, "" for what does not show."""
    match delta:
        case PartDelta(part):
            return f"a part: {type(part).__name__.lower()}"
        case BlobDelta(data):
            return f"{len(data) * 3 // 4:,} bytes of data"
        case ItemDelta():
            return "the whole item"
        case ItemsDelta() | WholeDelta():
            return "the whole reply"
        case CitationDelta(citation):
            return f"cites {citation.title or citation.uri or 'a source'}"
        case FinishDelta(reason):
            return f"finish: {reason}"
        case UsageDelta():
            return "usage"
        case ErrorDelta(error):
            return f"error: {error.message or error.type or ''}"
        case _:
            return ""


def _short(data: Json) -> Markup:
    text = data if isinstance(data, str) else jsonio.dumps(_telling(data))
    return escape(visible(text[:_SHORT] + ("…" if len(text) > _SHORT else "")))


def _telling(value: Json, depth: int = 0) -> Json:
    """A value without what pads, repeats or is empty."""
    if isinstance(value, dict) and depth < _DEEPEST:
        kept = {key: _telling(item, depth + 1) for key, item in value.items() if key not in _ROUTINE}
        return {key: item for key, item in kept.items() if item not in (None, {}, [])}
    if isinstance(value, list) and depth < _DEEPEST:
        return [_telling(item, depth + 1) for item in value[:20]]
    return value[:_SHORT] if isinstance(value, str) else value


def _body(data: Json) -> tuple[Markup, int]:
    """A chunk as JSON, with its noise dimmed."""
    whole = data if isinstance(data, str) else jsonio.dumps(data)
    if len(whole) > _LONG or isinstance(data, str):
        return escape(visible(whole[:_LONG])), max(len(whole) - _LONG, 0)
    return Markup(_written(data)), 0  # noqa: S704  # each value in it is escaped


def _written(value: Json, depth: int = 0) -> str:
    """A value as HTML. A chunk has many: pieces are joined as plain strings, at a tenth of what `Markup` takes."""
    if isinstance(value, dict) and depth < _DEEPEST:
        return f"{{{''.join(_field(*field, number, depth) for number, field in enumerate(value.items()))}}}"
    if isinstance(value, list) and depth < _DEEPEST:
        return f"[{', '.join([_written(item, depth + 1) for item in value])}]"
    return str(escape(visible(jsonio.dumps(value))))


def _field(key: str, item: Json, number: int, depth: int) -> str:
    name = escape(visible(jsonio.dumps(key)))
    field = f"{', ' if number else ''}<b>{name}</b>: {_written(item, depth + 1)}"
    return f"<i>{field}</i>" if item is None or key in NOISE else field
