"""The items that a reply consists of (OpenAI Responses): which events are of one item, and what the end says of all.

Most servers say each item's ``output_index`` and id with each of its events. Copilot changes the id from event to
event, vLLM counts the index up before an item's last events, llama.cpp has no index, and its calls no id but their
``call_id``.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field

from inspector.decode.assembly import merge
from inspector.decode.assembly.part_builder import PartBuilder
from inspector.model import Part
from inspector.model.delta import Item, ReasoningDelta, RefusalDelta, TextDelta, WholeItem

_CALL = "_call"


@dataclass(slots=True, eq=False)
class ItemBuilder:
    """An item being built."""

    kind: str = ""
    builders: dict[tuple[type, str], PartBuilder] = field(default_factory=dict)
    ids: set[str] = field(default_factory=set)
    begun: tuple[Part, ...] = ()
    """What it held when it began."""
    whole: tuple[Part, ...] | None = None
    ended: bool = False

    def sort(self) -> str:
        """Its kind; where nobody said that it begins, what its pieces tell: a message, reasoning, or some call."""
        if self.kind or not self.builders:
            return self.kind
        kinds = {kind for kind, _ in self.builders}
        return "message" if kinds & {TextDelta, RefusalDelta} else "reasoning" if ReasoningDelta in kinds else _CALL

    def parts(self) -> tuple[Part, ...]:
        pieces = tuple(part for builder in self.builders.values() for part in builder.parts())
        if self.whole is None:
            return pieces or self.begun
        first = next(iter(self.builders.values()), None)
        return merge.whole_over_pieces(pieces, tuple(map(first.cited, self.whole)) if first else self.whole)


@dataclass(slots=True)
class Items:
    """The items of a reply, in the order in which they begin."""

    all: list[ItemBuilder] = field(default_factory=list)
    by_index: dict[int, ItemBuilder] = field(default_factory=dict)
    by_id: dict[str, ItemBuilder] = field(default_factory=dict)
    begun: dict[str, list[ItemBuilder]] = field(default_factory=dict)
    """The items by kind; those that have ended may still be among them."""
    whole: tuple[WholeItem, ...] = ()
    """What the end says that they all are."""

    def begin(self, item: Item, kind: str, parts: tuple[Part, ...] = ()) -> bool:
        """An item begins, with what it holds already, unless it has begun before and goes on. Returns whether it took
        the place of another."""
        known = self.by_id.get(item.id) if item.id else None if item.number is None else self.by_index.get(item.number)
        if known is not None and (known.kind in ("", kind) or not kind) and not known.ended:
            known.kind = kind or known.kind
            known.begun = (*known.begun, *parts)
            return False
        replaced = item.id in self.by_id or item.number in self.by_index
        self._add(item, kind).begun = parts
        return replaced

    def of(self, item: Item) -> ItemBuilder:
        """The item that a piece belongs to. The id decides, then the index, then which was the last."""
        known = self.by_id.get(item.id) if item.id else None
        if known is None and item.number is not None:
            known = self.by_index.get(item.number)
        if known is None and item.number is None and not item.id and self.all:
            known = self.all[-1]
        return known or self._add(item, "")

    def end(self, item: Item, kind: str) -> ItemBuilder:
        """The item that ends. Where the id is another, it is the one of its index, or the last open one of its kind."""
        known = self.by_id.get(item.id) if item.id else None
        at_index = self.by_index.get(item.number) if item.number is not None else None
        if known is None and at_index is not None and (at_index.kind in ("", kind) and not at_index.ended):
            known = at_index
        known = known or self._last_open(kind) or self._add(item, kind)
        known.ended, known.kind = True, kind
        return known

    def _last_open(self, kind: str) -> ItemBuilder | None:
        for named in (kind, ""):
            begun = self.begun.get(named, [])
            while begun and begun[-1].ended:
                begun.pop()
            if begun and (named or begun[-1].sort() in _sorts(kind)):
                return begun[-1]
        return None

    def _add(self, item: Item, kind: str) -> ItemBuilder:
        new = ItemBuilder(kind)
        self.all.append(new)
        self.begun.setdefault(kind, []).append(new)
        if item.number is not None:
            self.by_index[item.number] = new
        if item.id:
            new.ids.add(item.id)
            self.by_id[item.id] = new
        return new


def in_order(items: Items) -> Iterator[Part]:
    """All items: as the end tells them, with those that it leaves out in their places."""
    by_id: dict[str, deque[int]] = {}
    of_kind: dict[str, deque[int]] = {}
    for at, item in enumerate(items.all):
        of_kind.setdefault(item.sort(), deque()).append(at)
        for id in item.ids:
            by_id.setdefault(id, deque()).append(at)
    next_place = 0
    for told in items.whole:
        place = _place(told, by_id, of_kind, next_place)
        if place is None:
            yield from told.parts
            continue
        for item in items.all[next_place:place]:
            yield from item.parts()
        yield from merge.whole_over_pieces(items.all[place].parts(), told.parts)
        next_place = place + 1
    for item in items.all[next_place:]:
        yield from item.parts()


def _place(told: WholeItem, by_id: dict[str, deque[int]], of_kind: dict[str, deque[int]], at_least: int) -> int | None:
    """Where among the items is the one that is told of: the next with its id (some servers give one to several), else
    the next of its kind."""
    alikes = [by_id.get(told.id or ""), *map(of_kind.get, _sorts(told.kind))]
    return next((place for alike in alikes if alike and (place := _next(alike, at_least)) is not None), None)


def _next(places: deque[int], at_least: int) -> int | None:
    while places and places[0] < at_least:
        places.popleft()
    return places.popleft() if places else None


def _sorts(kind: str) -> tuple[str, ...]:
    return (kind, _CALL) if kind.endswith(_CALL) else (kind,)
