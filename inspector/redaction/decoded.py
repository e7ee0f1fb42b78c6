"""An exchange for others' eyes: masked, understood, and looked through once more, since a secret that comes in pieces
shows only when the stream is put together."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

from inspector.decode import decoder
from inspector.model import Body, Event, Exchange, Json, ModelCall, Problem, Response
from inspector.model.delta import ReasoningDelta, RefusalDelta, TextDelta, TokensDelta, ToolCallDelta
from inspector.redaction import mask as redact
from inspector.redaction.mask import MASK, Found

_PIECES = {TextDelta, ReasoningDelta, RefusalDelta}
_SPELLED = ("logprobs", "logprobsResult")
"""Keys of values that spell a text token by token."""

_NO_RAW = {"masked": "A secret stands here in pieces: only the file itself shows the entry as recorded."}


class Masked(NamedTuple):
    exchange: Exchange
    call: ModelCall


_Pieces = list[tuple[int, str]]
"""What a text came in: the events' numbers, and what each added."""


class _Change(NamedTuple):
    """A piece of an event and what takes its place."""

    event: int
    text: str
    new: str


def masked(recorded: Exchange, found: Found = lambda _: MASK) -> Masked:
    """The exchange with its secrets replaced by what `found` makes of them, decoded. Raises what decoding raises."""
    exchange = redact.exchange(recorded, found)
    call = decoder.decode(exchange)
    texts, tokens = _said(call)
    changes = [change for text in texts for change in _changes(text, found)]
    changes += [_Change(event, "", "") for event in _spelling(tokens)]
    if not changes:
        return Masked(exchange, call)
    exchange = _sealed(exchange, call, changes)
    return Masked(exchange, decoder.decode(exchange))


def without_bodies(exchange: Exchange, error: Exception) -> Exchange:
    """The exchange without the bodies that we fail at."""
    why = Problem("exchange", f"not understood: {type(error).__name__}: {error}")
    request = replace(exchange.request, body=None)
    return replace(exchange, request=request, response=None, problems=(*exchange.problems, why))


def secrets(recorded: Exchange) -> list[str]:
    """The secrets of an exchange in the order in which they are masked."""
    gathered: list[str] = []
    masked(recorded, redact.remembered(gathered))
    return gathered


def _said(call: ModelCall) -> tuple[list[_Pieces], _Pieces]:
    """What a stream said, text by text, and what its tokens spell."""
    texts: dict[tuple[object, ...], _Pieces] = {}
    tokens: _Pieces = []
    for event, deltas in call.steps:
        for delta in deltas:
            kind = type(delta)
            if kind is ToolCallDelta or kind in _PIECES:
                said = delta.arguments if kind is ToolCallDelta else delta.text  # type: ignore[union-attr]
                texts.setdefault((kind, delta.choice, delta.slot), []).append((event.number, said))  # type: ignore[union-attr]
            elif isinstance(delta, TokensDelta):
                tokens.append((event.number, "".join(token.text for token in delta.tokens)))
    return list(texts.values()), tokens


def _spelling(tokens: _Pieces) -> list[int]:
    """The events whose tokens spell a secret; all that have tokens, if it is only together that they do."""
    whole = "".join(text for _, text in tokens)
    spelled = redact.text(whole) != whole
    return list(dict.fromkeys(event for event, text in tokens if text)) if spelled else []


def _changes(text: _Pieces, found: Found) -> Iterator[_Change]:
    """The pieces of a text that hold a part of a secret, and what is left of them."""
    whole = "".join(said for _, said in text)
    gathered: list[str] = []
    redact.text(whole, redact.remembered(gathered))
    if not gathered:
        return
    spans = [(hit.start(), hit.end(), found(hit.group())) for hit in _any_of(gathered).finditer(whole)]
    end = 0
    for event, said in text:
        begin, end = end, end + len(said)
        new, at = "", begin
        for first, last, mask in spans:
            if first < end and last > begin:
                new += whole[at : max(first, at)] + (mask if first >= begin else "")
                at = min(last, end)
        if at > begin or new:
            yield _Change(event, said, new + whole[at:end])


def _any_of(secrets: list[str]) -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, sorted(set(secrets), key=len, reverse=True))))


def _sealed(exchange: Exchange, call: ModelCall, changes: list[_Change]) -> Exchange:
    """The exchange without the pieces of secrets. Its body is then a list of chunks, and the raw entry, whose form
    nobody knows, is left out."""
    events = {step.event.number: step.event for step in call.steps}
    for change in changes:
        events[change.event] = _without(events[change.event], change)
    response = exchange.response or Response()
    if response.body is not None and response.body.kind == "frames":
        body = Body("frames", [(event.name, _chunk(event)) for event in events.values()])
    else:
        chunks = [_chunk(event) for event in events.values()]
        body = Body("chunks", chunks) if call.streamed else Body("value", chunks[0])
    return replace(exchange, response=replace(response, body=body), raw=_NO_RAW)


def _chunk(event: Event) -> Json:
    return event.raw if event.data is None else event.data


def _without(event: Event, change: _Change) -> Event:
    """The event with what a piece says replaced, and without the tokens that say it again."""
    data = _chunk(event)
    replaced = _replaced(data, change)
    if change.text and replaced == data:  # the piece is there in an encoding of its own
        replaced = MASK
    return event._replace(data=None, raw=replaced) if isinstance(replaced, str) else event._replace(data=replaced)


def _replaced(data: Json, change: _Change) -> Json:
    if isinstance(data, dict):
        return {key: None if key in _SPELLED else _replaced(item, change) for key, item in data.items()}
    if isinstance(data, list):
        return [_replaced(item, change) for item in data]
    return change.new if data and data == change.text else data
