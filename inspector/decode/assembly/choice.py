"""A reply while it grows: which part a piece belongs to, and what the pieces of a part come to."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import Any

from inspector.decode import json_path
from inspector.decode.assembly import merge
from inspector.model import Citation, Part, Reasoning, Refusal, Text, Token, ToolCall, ToolResult, jsonio
from inspector.model.delta import BlobDelta, JsonPath, PartDelta, ReasoningDelta, RefusalDelta, TextDelta, ToolCallDelta

GROWN: dict[type, Callable[[str], Part]] = {
    TextDelta: Text,
    ReasoningDelta: merge.one_thought,
    RefusalDelta: Refusal,
}
_GROWS: dict[type, type] = {
    Text: TextDelta, Reasoning: ReasoningDelta, Refusal: RefusalDelta, ToolCall: ToolCallDelta,
}  # fmt: skip


@dataclass(slots=True)
class Growing:
    """A part that is still growing: text of one kind, or the arguments of a call."""

    kind: type
    slot: int | str | None
    pieces: list[str] = field(default_factory=list)
    id: str | None = None
    name: str | None = None
    whole: str = ""
    values: list[tuple[JsonPath, Any]] = field(default_factory=list)
    """Values in the arguments of a call, with their paths."""
    citations: list[Citation] = field(default_factory=list)
    tokens: list[Token] = field(default_factory=list)
    given: Part | None = None
    """The part that arrived whole and takes the place of what grew."""
    item: tuple[Part, ...] | None = None
    """The parts of the whole item, of which this is the first part that grew."""
    mime_type: str | None = None

    def parts(self) -> tuple[Part, ...]:
        if self.item is not None:
            return tuple(map(self._cited, self.item))
        part = self._part()
        return () if isinstance(part, Text) and not part.content else (part,)

    def _part(self) -> Part:
        if self.given is not None:
            return self._cited(self.given)
        if self.kind is BlobDelta:
            return merge.one_blob(self.pieces, self.mime_type)
        text = "".join(self.pieces)
        if self.kind is not ToolCallDelta:
            return self._cited(GROWN[self.kind](text))
        arguments = text or self.whole or (jsonio.dumps(json_path.value_from(self.values)) if self.values else "")
        return ToolCall(self.id, self.name, arguments, jsonio.parse_or_none(arguments))

    def _cited(self, part: Part) -> Part:
        """A text with the citations and tokens that came for it, unless it brings its own."""
        if not isinstance(part, Text) or not (self.citations or self.tokens):
            return part
        citations, tokens = part.citations or tuple(self.citations), part.tokens or tuple(self.tokens)
        return replace(part, citations=citations, tokens=tokens)


@dataclass(slots=True)
class Choice:
    """One reply. Most requests ask for one."""

    parts: list[Growing | Part] = field(default_factory=list)
    slots: dict[tuple[type, int | str | None], Growing] = field(default_factory=dict)
    role: str | None = None
    finish: str | None = None
    awaits: bool = False
    items: dict[str, list[Growing]] = field(default_factory=dict)
    """What grew, by item."""
    cited: list[tuple[Citation, str]] = field(default_factory=list)
    """Citations of words that some text of the reply has."""

    def growing(self, kind: type, slot: int | str | None) -> Growing:
        """The part that text of a kind goes to: that of its slot, or without one the last part if it is of the kind."""
        known = self.slots.get((kind, slot))
        if known is None or (slot is None and self.parts[-1] is not known):
            return self._begin(kind, slot)
        return known

    def text(self, slot: int | str | None) -> Growing:
        """The text of a slot; without one the last text."""
        if slot is None:
            texts = (part for part in reversed(self.parts) if isinstance(part, Growing) and part.kind is TextDelta)
            last = next(texts, None)
            if last is not None:
                return last
        return self.growing(TextDelta, slot)

    def give(self, part: Part, slot: int | str | None) -> None:
        """Take a part that arrives whole: to the end, or to the place of what grew in its slot."""
        kind = _GROWS.get(type(part), PartDelta)
        if slot is None:
            self.parts.append(part)
        else:
            growing = self.growing(kind, slot)
            known = growing.given
            both = isinstance(known, ToolResult) and isinstance(part, ToolResult)
            growing.given = merge.one_result(known, part) if both else part  # type: ignore[arg-type]

    def give_item(self, item: str, parts: tuple[Part, ...]) -> None:
        """Take the parts of a whole item, to the place where the item began."""
        if item not in self.items:
            self._begin(PartDelta, item)
        first, *others = self.items[item]
        first.item = parts
        for growing in others:
            growing.item = ()

    def give_items(self, items: Sequence[tuple[Part, ...]]) -> None:
        """Take the whole reply. Items that it leaves out stay: those are told by their kind."""
        grown = [tuple(part for growing in item for part in growing.parts()) for item in self.items.values()]
        left_out = len(grown) - len(items)
        rest = deque(items)
        self.parts.clear()
        for parts in grown:
            alike = bool(rest) and list(map(type, parts)) == list(map(type, rest[0]))
            if rest and (alike or left_out <= 0):
                self.parts.extend(rest.popleft())
            elif left_out > 0:
                left_out -= 1
                self.parts.extend(parts)
        for parts in rest:
            self.parts.extend(parts)
        self.slots.clear()
        self.items.clear()

    def grow_blob(self, delta: BlobDelta) -> None:
        growing = self.growing(BlobDelta, delta.slot)
        growing.mime_type = growing.mime_type or delta.mime_type
        growing.pieces.append(delta.data)

    def grow_call(self, delta: ToolCallDelta) -> Growing:
        growing = self._call(delta)
        growing.id = growing.id or delta.id
        growing.name = growing.name or delta.name
        growing.whole = growing.whole or delta.whole
        if delta.arguments:
            growing.pieces.append(delta.arguments)
        return growing

    def _call(self, delta: ToolCallDelta) -> Growing:
        """The call that a piece belongs to.

        An index is no key: servers repeat it for a new id, leave it out, or leave out the id of a continuation.
        """
        known = self.slots.get((ToolCallDelta, delta.slot))
        by_id = self.slots.get((ToolCallDelta, f"id:{delta.id}")) if delta.id else None
        if by_id is not None:
            return by_id
        if known is not None and not (delta.id and known.id and delta.id != known.id):
            fresh_unnumbered = delta.slot is None and (delta.id or delta.name) and known.name
            if not fresh_unnumbered:
                return known
        growing = self._begin(ToolCallDelta, delta.slot)
        if delta.id:
            self.slots[(ToolCallDelta, f"id:{delta.id}")] = growing
        return growing

    def _begin(self, kind: type, slot: int | str | None) -> Growing:
        growing = Growing(kind, slot)
        self.parts.append(growing)
        self.slots[(kind, slot)] = growing
        if isinstance(slot, str):
            self.items.setdefault(slot.partition("/")[0], []).append(growing)
        return growing

    def done(self) -> tuple[Part, ...]:
        parts = tuple(part for block, items in groupby(self.parts, _is_block) for part in _done(block, items))
        return json_path.with_citations(parts, self.cited) if self.cited else parts


def _is_block(item: Growing | Part) -> bool:
    """Whether this is a block of text that the provider numbers: neighbours of that kind are one text."""
    return isinstance(item, Growing) and item.kind is TextDelta and type(item.slot) is int and item.given is None


def _done(block: bool, items: Iterable[Growing | Part]) -> Iterable[Part]:
    parts = (part for item in items for part in (item.parts() if isinstance(item, Growing) else (item,)))
    return (merge.one_text(parts),) if block else parts  # type: ignore[arg-type]
