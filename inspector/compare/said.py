"""Differences of what is said: messages, and their parts. What `analysis.normalize` leaves out is noise here too."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from inspector.analysis import normalize
from inspector.analysis.anchors import Anchored
from inspector.analysis.fingerprint import digest
from inspector.compare import cited_sources
from inspector.compare.difference import Difference, Side
from inspector.compare.message_pairs import Pair
from inspector.compare.sequences import paired
from inspector.compare.values import ABSENT, Path, edits
from inspector.model import (
    Blob,
    FileRef,
    Json,
    Message,
    Part,
    Reasoning,
    Refusal,
    Text,
    ToolCall,
    ToolResult,
    Unknown,
    Uri,
    jsonio,
)

_SCORE = re.compile(r"(?i)scores?$|logprob|distance$|token_count$")
"""How the names of numbers end that change with every run."""


class Unit(NamedTuple):
    """A part, or texts that follow each other, which are one text however a protocol cuts them."""

    number: int
    """The number of the part, or of the first."""
    part: Part

    @property
    def kind(self) -> str:
        return KINDS[type(self.part)]


KINDS: dict[type, str] = {
    Text: "text", Reasoning: "reasoning", Refusal: "refusal", ToolCall: "call", ToolResult: "result", Blob: "blob",
    Uri: "uri", FileRef: "file", Unknown: "unknown",
}  # fmt: skip

_BESIDE = frozenset({"reasoning", "citation"})
"""What a message says beside its words, and fingerprints leave out."""

UnitPair = tuple[Unit | None, Unit | None]


def unit_pairs(before: Message, after: Message) -> list[UnitPair]:
    """Which part of a message is which: those of one kind, calls by the name of the tool."""
    old, new = _units(before), _units(after)

    def likeness(one: int, other: int) -> float:
        if old[one].kind != new[other].kind:
            return 0.0
        return 1.0 + _alike(old[one].part, new[other].part)

    return [
        (None if one is None else old[one], None if other is None else new[other])
        for one, other in paired(len(old), len(new), likeness)
    ]


def _alike(before: Part, after: Part) -> float:
    if isinstance(before, ToolCall) and isinstance(after, ToolCall):
        return (before.name == after.name) + (before.arguments_text == after.arguments_text) / 2
    return float(before == after)


def _units(message: Message) -> list[Unit]:
    found: list[Unit] = []
    at = 0
    parts = message.parts
    while at < len(parts):
        end = at + 1
        part = parts[at]
        if isinstance(part, Text):
            while end < len(parts) and isinstance(parts[end], Text):
                end += 1
            part = part if end == at + 1 else _joined(parts[at:end])
        if not isinstance(part, Text) or part.content:
            found.append(Unit(at, part))
        at = end
    return found


def _joined(parts: Iterable[Part]) -> Text:
    """Texts as one. Where in it a source is cited is not counted anew."""
    texts = [part for part in parts if isinstance(part, Text)]
    return Text(
        "".join(text.content for text in texts), (), tuple(one for text in texts for one in text.citations),
        tuple(token for text in texts for token in text.tokens),
    )  # fmt: skip


def of_pair(pair: Pair, side: Side) -> Iterator[Difference]:
    """How a message differs from what it was; what differs in nothing but ids and scores is noise."""
    before, after = pair.before, pair.after
    if before is None or after is None:
        yield from _lone(before or after, pair.place, side, before is None)
        return
    if before.message == after.message:
        return
    is_same = digest(before.message).key == digest(after.message).key
    found = list(_of_parts(before.message, after.message, after.anchor, before.anchor, side))
    if is_same:
        found = [one if one.part in _BESIDE and side == "answer" else one._replace(side="noise") for one in found]
    elif all(one.side == "noise" or one.part in _BESIDE for one in found):
        found.append(_whole(before.message, after.message, pair.place, side))
    yield from found


def _whole(before: Message, after: Message, place: str, side: Side) -> Difference:
    """Messages that differ as a whole: in their role, or in which id stands for which."""
    if before.role != after.role:
        return Difference(side, "message", place, "role", before.role, after.role)
    part = "reply" if side == "answer" else "message"
    return Difference(side, part, place, "" if side == "answer" else after.role, _text(before), _text(after))


def _lone(one: Anchored | None, place: str, side: Side, is_new: bool) -> Iterator[Difference]:
    if one is None:
        return
    if side == "request":
        yield Difference(side, "message", place, one.message.role, *_sides(_text(one.message), is_new))
        return
    for unit in _units(one.message):
        yield _of_one_side(unit, f"{place}-p{unit.number}", side, "reply", is_new)
    if not one.message.parts:
        yield Difference(side, "reply", place, "", *_sides("", is_new))


def _sides(value: object, is_new: bool) -> tuple[object, object]:
    return (ABSENT, value) if is_new else (value, ABSENT)


def _text(message: Message) -> str:
    return "\n".join(_said(unit.part) for unit in _units(message))


def titled(part: Blob | Uri | FileRef) -> str:
    """What a document is called, to stand before what it is."""
    return f"{part.title}: " if part.title else ""


def _said(part: Part) -> str:
    match part:
        case Text(content) | Reasoning(content) | Refusal(content):
            return content
        case ToolCall(_, name, text):
            return f"{name or 'call'}({text})"
        case ToolResult(_, _, response):
            return response if isinstance(response, str) else jsonio.dumps(response)
        case Blob(mime_type, modality, _, size):
            return f"{titled(part)}{modality} {mime_type or ''} {size} bytes"
        case Uri(uri):
            return f"{titled(part)}{uri}"
        case FileRef(file_id):
            return f"{titled(part)}{file_id}"
        case Unknown(raw):
            return jsonio.dumps(raw)


def _of_parts(before: Message, after: Message, place: str, was: str, side: Side) -> Iterator[Difference]:
    said = "reply" if side == "answer" else "message"
    for one, other in unit_pairs(before, after):
        if other is None and one is not None:
            yield _of_one_side(one, f"was-{was}-p{one.number}", side, said, False)
        elif one is None and other is not None:
            yield _of_one_side(other, f"{place}-p{other.number}", side, said, True)
        elif one is not None and other is not None and one.part != other.part:
            yield from _of_unit(one.part, other.part, f"{place}-p{other.number}", side, said, after.role)


def _of_one_side(unit: Unit, place: str, side: Side, said: str, is_new: bool) -> Difference:
    part = unit.part
    if isinstance(part, ToolCall):
        value = part.arguments if part.arguments is not None else part.arguments_text
        return Difference(side, "call", place, "", *_sides(value, is_new), part.name or "")
    name = part.name or "" if isinstance(part, ToolResult) else ""
    kind = unit.kind if unit.kind in ("reasoning", "result") else said
    key = {"text": "", "reasoning": "", "result": ""}.get(unit.kind, unit.kind)
    return Difference(side, kind, place, key, *_sides(_said(part), is_new), name)


def _of_unit(before: Part, after: Part, place: str, side: Side, said: str, role: str) -> Iterator[Difference]:
    key = role if said == "message" else ""
    if isinstance(before, ToolCall) and isinstance(after, ToolCall):
        yield from _of_calls(before, after, place, side)
    elif isinstance(before, ToolResult) and isinstance(after, ToolResult):
        yield from _of_results(before, after, place, side)
    elif isinstance(before, Text) and isinstance(after, Text):
        yield from _of_texts(before, after, place, side, said, key)
    elif isinstance(before, Reasoning) and isinstance(after, Reasoning):
        yield Difference(side, "reasoning", place, "", before.content, after.content)
    elif isinstance(before, Unknown) and isinstance(after, Unknown):
        yield from (
            Difference(side, said, place, dotted(path), old, new) for path, old, new in edits(before.raw, after.raw)
        )
    else:
        old, new = _said(before), _said(after)
        same = normalize.text(old, normalize.Seen({}, [])) == normalize.text(new, normalize.Seen({}, []))
        is_data = isinstance(before, Blob) and isinstance(after, Blob) and before.data != after.data
        yield Difference("noise" if same and not is_data else side, said, place, key, old, new)


def _of_texts(before: Text, after: Text, place: str, side: Side, said: str, key: str) -> Iterator[Difference]:
    old, new = (normalize.text(one.content, normalize.Seen({}, [])) for one in (before, after))
    if before.content != after.content:
        yield Difference("noise" if old == new else side, said, place, key, before.content, after.content)
    yield from cited_sources.of_texts(before, after, place, side)
    if before.tokens != after.tokens and old == new:
        yield Difference("noise", "logprobs", place, "", ABSENT, ABSENT)


def _of_calls(before: ToolCall, after: ToolCall, place: str, side: Side) -> Iterator[Difference]:
    name = after.name or ""
    if before.name != after.name:
        yield Difference(side, "call", place, "", before.name or "", after.name or "")
    if before.id != after.id:
        yield Difference("noise", "ids", f"{place}", f"id of {name}" if name else "id", before.id, after.id)
    seen = normalize.Seen({}, []), normalize.Seen({}, [])
    old, new = (
        normalize.arguments(one.arguments, one.arguments_text, it)
        for one, it in zip((before, after), seen, strict=True)
    )
    if before.arguments_text == after.arguments_text:
        return
    values = before.arguments, after.arguments
    if values[0] is None or values[1] is None:
        values = before.arguments_text, after.arguments_text
    found = edits(*values)
    if not found:
        yield Difference("noise", "order", place, f"of the arguments of {name}", ABSENT, ABSENT)
    for path, was, now in found:
        is_noise = old == new or is_id(was, now)
        yield Difference("noise" if is_noise else side, "call", place, dotted(path), was, now, name)


def _of_results(before: ToolResult, after: ToolResult, place: str, side: Side) -> Iterator[Difference]:
    name = after.name or before.name or ""
    if before.id != after.id:
        yield Difference("noise", "ids", place, "id of the result", before.id, after.id)
    if bool(before.is_error) is not bool(after.is_error):
        yield Difference(side, "result", place, "is_error", bool(before.is_error), bool(after.is_error), name)
    old, new = (normalize.result(one.response, normalize.Seen({}, [])) for one in (before, after))
    found = edits(_inner(before.response), _inner(after.response))
    if not found and before.response != after.response:
        yield Difference("noise", "order", place, f"of the result of {name}", ABSENT, ABSENT)
    for path, was, now in found:
        is_noise = old == new or is_id(was, now) or is_score(path, was, now)
        yield Difference("noise" if is_noise else side, "result", place, dotted(path), was, now, name)


def _inner(response: Json) -> Json:
    """What a result says, where some protocols wrap it in an object or in a string of JSON."""
    if isinstance(response, str) and response.strip()[:1] in ("{", "["):
        value = jsonio.parse_or_none(response)
        return response if value is None else value
    return response


def is_id(before: object, after: object) -> bool:
    """Whether two values are told apart by ids and addresses alone that programs make up."""
    if not isinstance(before, str) or not isinstance(after, str):
        return False
    told = [normalize.arguments(one, one, normalize.Seen({}, [])) for one in (before, after)]
    return told[0] == told[1]


def is_score(path: Path, before: object, after: object) -> bool:
    numbers = (int, float)
    named = bool(path) and isinstance(path[-1], str) and _SCORE.search(path[-1]) is not None
    return named and isinstance(before, numbers) and isinstance(after, numbers)


def dotted(path: Path) -> str:
    return ".".join(map(str, path))
