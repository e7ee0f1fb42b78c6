"""Several responses in one body, one after the other: each becomes an exchange of its own.

Whoever dumps streams appends them to one file, and a WebSocket is asked again and again. Where one answer ends and the
next begins is told by the protocols' own first and last events, and never by a changed id alone: some providers send a
new one with every chunk.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from inspector.decode import lenient
from inspector.decode.framing import json_lines, sse
from inspector.decode.protocols.bedrock import invoke as bedrock_invoke
from inspector.decode.websocket_turns import turns
from inspector.model import Body, Exchange, Json, Problem
from inspector.model.expressions import expression
from inspector.model.jsonio import NotJson, loads

_BLOCK_END = expression(r"(?<=\n\n)|(?<=\r\r)|(?<=\r\n\r\n)")
_LINE_END = expression(r"(?<=\n)")

_BEGINNINGS = frozenset(
    {"message_start", "response.created", "message-start", "stream-start", "interaction.created", "interaction.start"}
)
_ENDINGS = frozenset(
    {"message_stop", "message-end", "stream-end", "interaction.completed", "interaction.complete"}
    | {"response.completed", "response.incomplete", "response.failed", "response.cancelled"}
)
_CUT_SHORT = "a new answer begins before this one has ended: the request was sent again, or streams were mixed"

Piece = Any
"""A stretch of a body: some of its text, or a chunk."""


def separated(exchanges: Iterable[Exchange]) -> tuple[Exchange, ...]:
    """A recording's exchanges, those that hold several responses split; their numbers are those of their new order.

    Such an exchange is all that its file holds, and never a line of one that is read in parts.
    """
    known = tuple(exchanges)
    parts = [part for exchange in known for turn in turns(exchange) for part in split(turn)]
    if len(parts) == len(known):
        return tuple(parts)
    return tuple(replace(part, entry=number) for number, part in enumerate(parts))


def split(exchange: Exchange) -> list[Exchange]:
    """The exchanges that one is, in order; the request belongs to the first."""
    body = exchange.response.body if exchange.several and exchange.response else None
    pieces = list(_pieces(body)) if body else []
    groups = list(_groups(pieces))
    if body is None or len(groups) < 2:
        return [exchange]
    return [_part(exchange, body, number, *group) for number, group in enumerate(groups)]


def _part(exchange: Exchange, body: Body, number: int, pieces: list[Piece], problems: tuple[Problem, ...]) -> Exchange:
    assert exchange.response is not None
    of_text = body.kind == "text"
    alone = len(pieces) == 1 and _is_whole(lenient.obj(pieces[0]))
    made = Body("text", "".join(pieces)) if of_text else Body("value", pieces[0]) if alone else Body("chunks", pieces)
    return replace(
        exchange,
        entry=number,
        request=exchange.request if number == 0 else replace(exchange.request, body=None),
        response=replace(exchange.response, body=made),
        several=False,
        problems=(*(exchange.problems if number == 0 else ()), *problems),
        raw={"text": made.value} if of_text else made.value,
    )


def _pieces(body: Body) -> Iterator[tuple[Piece, Json]]:
    """A body's stretches with the data that each holds; what holds none belongs to what it follows."""
    if body.kind == "chunks":
        yield from ((chunk, chunk) for chunk in body.value)
    elif body.kind == "text" and sse.looks_like(body.value):
        for block in _BLOCK_END.split(body.value):
            yield block, next((event.data for event in sse.events(block)), None)
    elif body.kind == "text" and json_lines.is_several(body.value):
        for line in _LINE_END.split(body.value):
            yield line, _parsed(line)


def _parsed(line: str) -> Json:
    try:
        return loads(line)
    except NotJson:
        return None


def _groups(pieces: Iterable[tuple[Piece, Json]]) -> Iterator[tuple[list[Piece], tuple[Problem, ...]]]:
    seen = _Seen()
    group: list[Piece] = []
    for piece, data in pieces:
        value = lenient.obj(bedrock_invoke.chunk(data) if isinstance(data, dict) and "chunk" in data else data)
        if value and seen.anything and _begins(value, seen):
            yield group, () if seen.ended else (Problem("response body", _CUT_SHORT),)
            group, seen = [], _Seen()
        group.append(piece)
        if value:
            _note(value, seen)
    if group:
        yield group, ()


@dataclass(slots=True)
class _Seen:
    """What was seen of the answer so far."""

    anything: bool = False
    begun: bool = False
    """Its own first event."""
    ended: bool = False
    """Its own last event, or a finish reason."""
    whole: bool = False
    id: str = ""
    text: list[str] = field(default_factory=list)
    """The text of the first choice, in its pieces."""


def _begins(value: dict[str, Any], seen: _Seen) -> bool:
    """Whether another answer begins with this event."""
    if seen.whole or _is_whole(value):
        return seen.whole or not (_id(value) == seen.id != "" or _repeats(value, seen))
    if _kind(value) in _BEGINNINGS or "messageStart" in value:
        return seen.begun or seen.ended
    if not seen.ended:
        return False
    if _kind(value) == "response.queued" or ("done" in value and "model" in value):
        return True
    choice = lenient.obj(next(iter(lenient.seq(value.get("choices"))), None))
    renamed = _id(value) not in ("", seen.id)
    opens = "role" in lenient.obj(choice.get("delta")) or "text" in choice or "candidates" in value
    return renamed and opens and not _finishes(value)


def _repeats(value: dict[str, Any], seen: _Seen) -> bool:
    """Whether a whole answer says once more what was streamed: MiniMax ends with it, others under another id."""
    choice = lenient.obj(next(iter(lenient.seq(value.get("choices"))), None))
    whole = lenient.string(lenient.obj(choice.get("message")).get("content"))
    return bool(seen.text) and whole.startswith("".join(seen.text))


def _note(value: dict[str, Any], seen: _Seen) -> None:
    kind = _kind(value)
    seen.anything = True
    seen.begun = seen.begun or kind in _BEGINNINGS or "messageStart" in value
    seen.whole = _is_whole(value)
    seen.ended = seen.ended or seen.whole or kind in _ENDINGS or "messageStop" in value or _finishes(value)
    seen.id = _id(value) or seen.id
    choice = lenient.obj(next(iter(lenient.seq(value.get("choices"))), None))
    if text := lenient.maybe(lenient.obj(choice.get("delta")).get("content")):
        seen.text.append(text)


def _kind(value: dict[str, Any]) -> str:
    return lenient.string(value.get("type")) or lenient.string(value.get("event_type"))


def _id(value: dict[str, Any]) -> str:
    return lenient.string(value.get("id")) or lenient.string(value.get("responseId"))


def _finishes(value: dict[str, Any]) -> bool:
    """Whether an event of those protocols that have no last event says why its answer ends."""
    if value.get("done") is True:
        return True
    answers = (*lenient.seq(value.get("choices")), *lenient.seq(value.get("candidates")))
    return any(lenient.obj(one).get("finish_reason") or lenient.obj(one).get("finishReason") for one in answers)


def _is_whole(value: dict[str, Any]) -> bool:
    """Whether an object is an answer by itself, and no event of a stream."""
    choice = lenient.obj(next(iter(lenient.seq(value.get("choices"))), None))
    if "message" in choice:
        return "delta" not in choice
    if value.get("object") == "response" or value.get("type") == "message":
        return True
    return isinstance(lenient.obj(value.get("output")).get("message"), dict)
