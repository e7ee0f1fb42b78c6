"""Secrets in a response that comes in events, and may be spelled piece by piece over many of them.

What an event says by itself is masked as any value is, but for the pieces of texts that it adds: whether those hold a
secret shows when they are put together, and its characters are then taken from the pieces that it stands in.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from inspector.decode.json_path import value_from
from inspector.model import Body, Event, Json, Step, ToolResult, jsonio
from inspector.model.delta import (
    ArgumentDelta,
    Delta,
    PartDelta,
    ReasoningDelta,
    RefusalDelta,
    TextDelta,
    TokensDelta,
    ToolCallDelta,
)
from inspector.model.expressions import expression
from inspector.redaction.found_in_json import Masker, edits, tells
from inspector.redaction.json_edits import Edit, applied, changes, differing
from inspector.redaction.placeholder import PlaceholderFor

_TOLD = (TextDelta, ReasoningDelta, RefusalDelta)
_SPELLED = ("logprobs", "logprobsResult")
"""Keys of values that spell a text token by token."""

_KINDS = frozenset({"type", "role", "object", "event", "model", "finish_reason", "stop_reason", "status"})
"""Keys whose values are a provider's words, and no piece of a text that happens to be the same word."""


class Piece(NamedTuple):
    """What an event adds to a text."""

    event: int
    text: str


class _Change(NamedTuple):
    """A piece of an event and what takes its place; without a piece, its tokens go."""

    event: int
    text: str
    new: str


Masked = Mapping[int, Json]
"""What events say, masked, by their numbers; those alone that have something masked."""


def events(steps: Sequence[Step], found: PlaceholderFor, are_pieces: bool) -> Masked:
    """What changes in the events of a response. Where they `are_pieces` of texts, these are left to be put together."""
    masked: dict[int, Json] = {}
    may_hold = tells(jsonio.dumps([chunk(step.event) for step in steps]), found)
    for event, deltas in steps if may_hold else ():
        masker = Masker(found, frozenset(_pieces_of(deltas)) if are_pieces else frozenset())
        data = chunk(event)
        new = masker.whole(data)
        if new is not data and new != data:
            masked[event.number] = new
    by_number = {step.event.number: step.event for step in steps}
    for change in _changes(steps, found):
        data = masked.get(change.event, chunk(by_number[change.event]))
        new = _replaced(data, change)
        if new != data:
            masked[change.event] = new
    return masked


def chunk(event: Event) -> Json:
    """What an event says: its data, or its text where that is not JSON."""
    return event.raw if event.data is None else event.data


# ---------------------------------------------------------------- texts and their pieces


def _pieces_of(deltas: Sequence[Delta]) -> Iterator[str]:
    for delta in deltas:
        if isinstance(delta, _TOLD):
            yield delta.text
        elif isinstance(delta, ToolCallDelta):
            yield delta.arguments
        elif isinstance(delta, ArgumentDelta) and isinstance(delta.value, str):
            yield delta.value


def _changes(steps: Sequence[Step], found: PlaceholderFor) -> Iterator[_Change]:
    for pieces in _texts(steps):
        whole = "".join(piece.text for piece in pieces)
        yield from _spread(pieces, edits(whole, found))
    for arguments in _arguments(steps):
        yield from _in_arguments(arguments, found)
    tokens = [
        Piece(event.number, "".join(token.text for token in delta.tokens))
        for event, deltas in steps
        for delta in deltas
        if isinstance(delta, TokensDelta)
    ]
    if edits("".join(piece.text for piece in tokens), found):  # all go: who reads the rest may guess the part
        yield from (_Change(event, "", "") for event in dict.fromkeys(piece.event for piece in tokens if piece.text))


def _texts(steps: Sequence[Step]) -> list[list[Piece]]:
    """The texts that a response says, as far as its pieces tell: of one kind, choice and slot. Numbered blocks of text
    are one text, as in the reply."""
    texts: dict[tuple[object, ...], list[Piece]] = {}
    for event, deltas in steps:
        for delta in deltas:
            for key, text in _told(delta):
                texts.setdefault(key, []).append(Piece(event.number, text))
    return list(texts.values())


def _told(delta: Delta) -> Iterator[tuple[tuple[object, ...], str]]:
    if isinstance(delta, _TOLD):
        slot = None if type(delta) is TextDelta and type(delta.slot) is int else delta.slot
        yield (type(delta), delta.choice, slot), delta.text
    elif isinstance(delta, ToolCallDelta):
        if delta.arguments:
            yield ("arguments", delta.choice, delta.slot), delta.arguments
        if delta.name:
            yield ("name", delta.choice, delta.slot), delta.name
    elif isinstance(delta, PartDelta) and isinstance(delta.part, ToolResult) and isinstance(delta.part.response, str):
        yield ("result", delta.choice, delta.slot), delta.part.response


def _spread(pieces: Sequence[Piece], changed: Sequence[Edit]) -> Iterator[_Change]:
    """What is left of the pieces of a text that is changed: a mask stands in the piece where its secret begins."""
    end, waiting = 0, list(reversed(changed))
    for event, text in pieces:
        begin, end = end, end + len(text)
        new, at = "", begin
        while waiting and waiting[-1].start < end:
            first, last, mask = waiting[-1]
            new += _between(text, at - begin, max(first, at) - begin) + (mask if first >= begin else "")
            at = min(last, end)
            if last > end:
                break
            waiting.pop()
        if new or at > begin:
            yield _Change(event, text, new + text[at - begin :])


def _between(text: str, start: int, end: int) -> str:
    return text[start:end] if end > start else ""


# ---------------------------------------------------------------- arguments that come as values at paths

_Arguments = list[tuple[int, ArgumentDelta]]


def _arguments(steps: Sequence[Step]) -> list[_Arguments]:
    calls: dict[tuple[object, ...], _Arguments] = {}
    for event, deltas in steps:
        for delta in deltas:
            if isinstance(delta, ArgumentDelta):
                calls.setdefault((delta.choice, delta.slot), []).append((event.number, delta))
    return list(calls.values())


def _in_arguments(arguments: _Arguments, found: PlaceholderFor) -> Iterator[_Change]:
    old = value_from((delta.path, delta.value) for _, delta in arguments)
    new = Masker(found).value(old)
    if new == old:
        return
    by_path: dict[tuple[str | int, ...], list[Piece]] = {}
    for event, delta in arguments:
        if isinstance(delta.value, str):
            by_path.setdefault(delta.path, []).append(Piece(event, delta.value))
    for path, pieces in by_path.items():
        said, masked = "".join(piece.text for piece in pieces), _at(new, path)
        if isinstance(masked, str) and masked != said:
            start, end = differing(said, masked)
            yield from _spread(pieces, [Edit(start, end, masked[start : len(masked) - (len(said) - end)])])


def _at(value: Json, path: tuple[str | int, ...]) -> Json:
    for step in path:
        if isinstance(value, dict) and str(step) in value:
            value = value[str(step)]
        elif isinstance(value, list) and isinstance(step, int) and step < len(value):
            value = value[step]
        else:
            return None
    return value


# ---------------------------------------------------------------- events written down again


def _replaced(data: Json, change: _Change, key: str = "") -> Json:
    """What an event says with a piece of it replaced, and without the tokens that say it again."""
    if isinstance(data, dict):
        return {name: None if name in _SPELLED else _replaced(item, change, str(name)) for name, item in data.items()}
    if isinstance(data, list):
        return [_replaced(item, change, key) for item in data]
    return change.new if data and data == change.text and key not in _KINDS else data


_LINES = expression(r"[^\r\n]*+(?:\r\n|\r|\n)|[^\r\n]++")
_BEGINS = frozenset('{["-0123456789tfnNI\ufeff')
"""How JSON begins, which the names of events do not."""

_PAYLOAD = expression(r"(?:[ \t]*+data: ?)?([^\r\n]*+)")


def body(recorded: Body, steps: Sequence[Step], masked: Masked) -> Body:
    """The body with some of its events replaced. Of a text only the lines change that say something else."""
    said = [masked.get(event.number, chunk(event)) for event, _ in steps]
    if recorded.kind == "frames":
        return Body("frames", [(event.name, one) for (event, _), one in zip(steps, said, strict=True)])
    if recorded.kind == "text":
        text = _rewritten(recorded.value, steps, masked)
        return Body("text", text if text is not None else _written(steps, said))
    return Body("chunks", said) if recorded.kind == "chunks" else Body("value", said[0])


def _rewritten(text: str, steps: Sequence[Step], masked: Masked) -> str | None:
    """The lines of a stream with those replaced that are masked events; None where an event is no line of its own."""
    lines: list[str] = _LINES.findall(text)
    at = 0
    for event, _ in steps:
        while at < len(lines) and not _is_of(lines[at], event):
            at += 1
        if at == len(lines):
            return None
        if event.number in masked:
            lines[at] = _line(lines[at], event, masked[event.number])
        at += 1
    return "".join(lines)


def _is_of(line: str, event: Event) -> bool:
    payload = _PAYLOAD.match(line)
    if payload is None or not (begins := payload[1].lstrip()[:1]):
        return False
    if event.data is None:
        return payload[1] == event.raw
    return begins in _BEGINS and jsonio.parse_or_none(payload[1]) == event.data


def _line(line: str, event: Event, new: Json) -> str:
    start, end = _PAYLOAD.match(line).span(1)  # type: ignore[union-attr]
    if isinstance(new, str):
        payload = new.replace("\r", " ").replace("\n", " ")
    else:
        payload = applied(line[start:end], changes(line[start:end], event.data, new))
    return line[:start] + payload + line[end:]


def _written(steps: Sequence[Step], said: Sequence[Json]) -> str:
    """The events as a stream of server-sent events."""
    lines: list[str] = []
    for (event, _), one in zip(steps, said, strict=True):
        lines += [f"event: {event.name}"] if event.name else []
        text = one if isinstance(one, str) else jsonio.dumps(one)
        lines += [*(f"data: {line}" for line in text.split("\n")), ""]
    return "\n".join([*lines, ""])
