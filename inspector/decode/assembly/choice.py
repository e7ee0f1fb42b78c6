"""A reply being built: which part a piece belongs to, and what the pieces of a part come to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby

from inspector.decode import json_path
from inspector.decode.assembly import call_identity, merge
from inspector.decode.assembly.items import ItemBuilder, Items, in_order
from inspector.decode.assembly.part_builder import PartBuilder
from inspector.model import Citation, Part, Reasoning, Refusal, Text, ToolCall
from inspector.model.delta import (
    BlobDelta,
    Item,
    ItemBeginsDelta,
    ItemDelta,
    ItemsDelta,
    PartDelta,
    ReasoningDelta,
    RefusalDelta,
    Slot,
    TextDelta,
    ToolCallDelta,
)

_PIECES: dict[type, type] = {
    Text: TextDelta, Reasoning: ReasoningDelta, Refusal: RefusalDelta, ToolCall: ToolCallDelta,
}  # fmt: skip
"""The type of the pieces that a part may also come in."""


@dataclass(slots=True)
class Choice:
    """One reply. Most requests ask for one."""

    parts: list[PartBuilder | ItemBuilder | Part] = field(default_factory=list)
    slots: dict[tuple[type, Slot], PartBuilder] = field(default_factory=dict)
    calls: dict[str, PartBuilder] = field(default_factory=dict)
    """The calls by their ids."""
    items: Items = field(default_factory=Items)
    placed: int = 0
    """How many of the items stand among the parts."""
    role: str | None = None
    finish: str | None = None
    awaits: bool = False
    cited: list[tuple[Citation, str]] = field(default_factory=list)
    """Citations of words that some text of the reply has."""
    again: tuple[Part, ...] = ()
    """The parts of the whole reply, where it comes once more after its pieces."""

    def part_for(self, kind: type, slot: Slot) -> PartBuilder:
        """The part that text of a kind goes to: that of its slot, or without one the last part if it is of the kind."""
        known = self._known(kind, slot)
        if known is None or (slot is None and self.parts[-1] is not known):
            return self._begin(kind, slot)
        return known

    def begin_text(self, slot: Slot) -> None:
        """A text begins in a slot: that which had it goes on no more, unless nothing came between."""
        known = self.slots.get((TextDelta, slot))
        if known is not None and self.parts[-1] is not known:
            del self.slots[(TextDelta, slot)]

    def text(self, slot: Slot) -> PartBuilder:
        """The text of a slot; without one the last text."""
        if slot is None:
            texts = (part for part in reversed(self.parts) if isinstance(part, PartBuilder) and part.kind is TextDelta)
            last = next(texts, None)
            if last is not None:
                return last
        return self.part_for(TextDelta, slot)

    def put(self, part: Part, slot: Slot) -> None:
        """Take a part that arrives whole: to the end, or to the place of its pieces in its slot."""
        if slot is None:
            self.parts.append(part)
        else:
            self.part_for(_PIECES.get(type(part), PartDelta), slot).put(part)

    def begin_item(self, delta: ItemBeginsDelta) -> None:
        if self.items.begin(delta.item, delta.kind, delta.parts):
            self.slots = {key: part for key, part in self.slots.items() if not isinstance(key[1], Item)}
        self._place_items()

    def put_item(self, delta: ItemDelta) -> None:
        self.items.end(delta.item, delta.kind).whole = delta.parts
        self._place_items()

    def put_items(self, delta: ItemsDelta) -> None:
        self.items.whole = delta.items

    def extend_blob(self, delta: BlobDelta) -> None:
        builder = self.part_for(BlobDelta, delta.slot)
        builder.mime_type = builder.mime_type or delta.mime_type
        builder.pieces.append(delta.data)

    def extend_call(self, delta: ToolCallDelta) -> PartBuilder:
        call = self._call(delta)
        call.id = call.id or delta.id
        call.call_kind = delta.kind if call.call_kind == "function" else call.call_kind
        if call.id and delta.id:
            self.calls.setdefault(call.id, call)
        again = call_identity.is_said_again(call, delta)
        call.name = call_identity.name_of(call, delta)
        call.whole = call_identity.whole_of(call, delta)
        if delta.arguments and not again:
            call.pieces.append(delta.arguments)
        return call

    def _call(self, piece: ToolCallDelta) -> PartBuilder:
        """The call that a piece belongs to."""
        known = self._known(ToolCallDelta, piece.slot)
        same = self.calls.get(piece.id) if piece.id else None
        of_id = same is None or known is same or (known is not None and known.id == piece.id)
        if known is not None and of_id and call_identity.goes_on(known, piece):
            return known
        if same not in (None, known) and not (known is None and call_identity.shares_only_the_id(same, piece)):
            return same
        if known is None and call_identity.has_only_arguments(piece) and (last := self._last_call()):
            return last
        call = self._begin(ToolCallDelta, piece.slot)
        if piece.id:
            self.calls[piece.id] = call
        return call

    def _last_call(self) -> PartBuilder | None:
        builders = (part for part in reversed(self.parts) if isinstance(part, PartBuilder))
        return next((builder for builder in builders if builder.kind is ToolCallDelta), None)

    def _known(self, kind: type, slot: Slot) -> PartBuilder | None:
        known = self.slots.get((kind, slot))
        if known is None and isinstance(slot, Item):
            known = self.items.of(slot).builders.get((kind, slot.part))
            if known is not None:
                self.slots[(kind, slot)] = known
        return known

    def _begin(self, kind: type, slot: Slot) -> PartBuilder:
        builder = self.slots[(kind, slot)] = PartBuilder(kind, slot)
        if isinstance(slot, Item):
            self.items.of(slot).builders[(kind, slot.part)] = builder
            self._place_items()
        else:
            self.parts.append(builder)
        return builder

    def _place_items(self) -> None:
        """Items that have begun stand among the parts."""
        self.parts.extend(self.items.all[self.placed :])
        self.placed = len(self.items.all)

    def done(self) -> tuple[Part, ...]:
        parts = tuple(part for block, group in groupby(self._built(), _is_block) for part in _done(block, group))
        if self.again:
            parts = merge.pieces_over_whole(parts, self.again)
        return json_path.with_citations(parts, self.cited) if self.cited else parts

    def _built(self) -> Iterator[PartBuilder | Part]:
        whole = bool(self.items.whole)
        for part in self.parts:
            if not isinstance(part, ItemBuilder):
                yield part
            elif not self.items.whole:
                yield from part.parts()
            elif whole:
                whole = False
                yield from in_order(self.items)
        if whole:
            yield from in_order(self.items)


def _is_block(item: PartBuilder | Part) -> bool:
    """Whether this is a block of text that the provider numbers: neighbours of that kind are one text."""
    return isinstance(item, PartBuilder) and item.kind is TextDelta and type(item.slot) is int


def _done(block: bool, items: Iterable[PartBuilder | Part]) -> Iterable[Part]:
    parts = (part for item in items for part in (item.parts() if isinstance(item, PartBuilder) else (item,)))
    return (merge.one_text(parts),) if block else parts  # type: ignore[arg-type]
