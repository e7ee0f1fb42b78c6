"""Windows on what is long: which messages of a conversation, and which of a message's parts, one page holds.

A conversation is cut into slices: a message, or some parts of one that has many. A page holds as many slices as are
pleasant to read and quick to make, and says what stands before and after them. Anchors name the places, as they do in
addresses: ``m1203``, ``m3-p150``, ``reply-p50``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from inspector.analysis.tool_pairs import PartPlace
from inspector.model import Message, Part, ToolCall, ToolResult

PARTS = 50
"""Parts of a message that stand in one slice."""

SLICES = 50
"""Slices on one page of a conversation that is too long for one."""

WEIGHT = 150_000
"""Characters that such a page shows."""

CONTEXT = 4
"""Slices before what is new, where a long conversation opens on that."""

MOST = SLICES * 10
"""Slices that a page holds when all of them, or a stretch from here to there, is asked for."""

_MOST_WEIGHT = 1_500_000
_LEAST = 1_000
"""What a part weighs however little it says."""

_SHOWN = 6_000
_TOKENS = 8_000
"""What a text weighs more that may be shown token by token."""

_ANCHOR = re.compile(r"(system|m(\d{1,9})|reply(?:-(\d{1,9}))?)(?:-p(\d{1,9}))?(?:-[cs]\d+)?")


class Slice(NamedTuple):
    """Parts of one message, by their numbers. `holder` is the message's anchor and `number` its own number; `total`
    counts the parts that all of its slices have, `at` those before this one."""

    holder: str
    number: int
    parts: tuple[int, ...]
    total: int
    weight: int
    at: int = 0

    @property
    def is_first(self) -> bool:
        return self.at == 0

    @property
    def anchor(self) -> str:
        return self.holder if self.is_first else f"{self.holder}-p{self.parts[0]}"

    @property
    def span(self) -> str:
        """Which of its message's parts these are, in words; none for all of them."""
        return f"parts {self.at + 1:,} to {self.at + len(self.parts):,} of {self.total:,}" if self.total > PARTS else ""


class Asked(NamedTuple):
    """What of a conversation is asked for, by anchors: the surroundings of one (`at`), or what begins with one and what
    ends before one. Each goes for the list that it names a place of; without any, the page opens on its own place."""

    at: str = ""
    begins: tuple[str, ...] = ()
    ends: tuple[str, ...] = ()
    whole: bool = False


class Edge(NamedTuple):
    """What a page leaves out on one side: messages, of which a first or last one may be shown in part; for one message
    alone its parts."""

    left: int
    noun: str
    anchor: str
    """Where the slice begins that stands next to it on the page, or beyond it."""


class Window(NamedTuple):
    """The slices of a page. `begin` and `end` are their anchors, for an address that asks for the same again."""

    slices: tuple[Slice, ...]
    before: Edge | None = None
    after: Edge | None = None
    begin: str = ""
    end: str = ""
    may_be_whole: bool = False
    begins: tuple[str, ...] = ()
    """Where all pages begin, if they are the same from wherever one comes."""


def anchor_number(anchor: str) -> tuple[str, int] | None:
    """The message and the part that an anchor names; None for what is no anchor."""
    found = _ANCHOR.fullmatch(anchor)
    return (found[1], int(found[4] or 0)) if found else None


def sliced(held: Mapping[str, Message], home: Mapping[PartPlace, PartPlace] | None = None) -> list[Slice]:
    """The slices of messages, by their anchors. Results that stand beside their calls, which is what `home` tells, are
    in no slice, and neither is a message that has no more than those."""
    found = []
    for number, (holder, message) in enumerate(held.items(), _number(next(iter(held), ""))):
        parts = message.parts
        own = tuple(index for index in range(len(parts)) if not home or (number, index) not in home)
        if not parts:
            found.append(Slice(holder, number, (), 0, _LEAST))
        for at in range(0, len(own), PARTS):
            some = own[at : at + PARTS]
            found.append(Slice(holder, number, some, len(own), sum(_weight(parts[index]) for index in some), at))
    return found


def _number(holder: str) -> int:
    """The number of a message of the prompt; instructions stand before the first, and replies are counted from 0."""
    return int(holder[1:]) if holder[1:].isdecimal() else -1 if holder == "system" else 0


def _weight(part: Part) -> int:
    match part:
        case ToolCall():
            said: object = part.arguments_text
        case ToolResult():
            said = part.response
        case _:
            said = getattr(part, "content", "")
    more = _TOKENS if getattr(part, "tokens", ()) else 0
    return _LEAST + more + (min(len(said), _SHOWN) if isinstance(said, str) else _SHOWN // 4)


def is_long(slices: Sequence[Slice]) -> bool:
    """Whether a conversation is too long for one page."""
    return len(slices) > SLICES or sum(one.weight for one in slices) > WEIGHT * 2


def stretch(
    total: int, size: int, at: int | None = None, begin: int | None = None, end: int | None = None
) -> tuple[int, int]:
    """Which of numbered things a page holds: those around one, from one on, up to one, or the first ones. Both ends
    may be asked for, as far as a page can hold that."""
    first = begin if begin is not None else end - size if end is not None else (at or 0) - size // 4
    first = min(max(first, 0), max(total - 1, 0))
    most = min(end - first, size * 10) if begin is not None and end is not None and end > first else size
    return first, min(first + most, total)


def fixed_stretch(size: int, at: int | None = None, begin: int | None = None, end: int | None = None) -> int:
    """Where the page begins that holds what is asked for, of pages that follow each other from the beginning on."""
    if begin is None and end is not None:
        return max(end - 1, 0) // size * size
    return max(begin if begin is not None else at or 0, 0) // size * size


def fixed_text_stretch(text: str, size: int, begin: int | None = None, end: int | None = None) -> int:
    """The same for the characters of a text, whose pages end with a line where they can."""
    wanted = begin if begin is not None else (end or 1) - 1
    first = 0
    while (last := text_stretch(text, size, first)[1]) <= wanted and first < last < len(text):
        first = last
    return first


def text_stretch(text: str, size: int, begin: int | None = None, end: int | None = None) -> tuple[int, int]:
    """The same for the characters of a text. A page ends with a line where that costs it little: what is coloured
    begins in no string then."""
    total, slack = len(text), size // 10
    if begin is None and end is not None:
        end = min(max(end, 1), total)
        first = max(end - size, 0)
        return (text.find("\n", first, first + slack) + 1 or first if first else 0), end
    first, last = stretch(total, size, 0, begin, end)
    if end is None and last < total:
        last = text.rfind("\n", last - slack, last) + 1 or last
    return first, last


def window(
    slices: Sequence[Slice],
    asked: Asked,
    home: Mapping[PartPlace, PartPlace] | None = None,
    new: str = "",
    at_end: bool = True,
    fixed: bool = False,
) -> Window:
    """The slices of a page. `home` has the places beside which others stand; `new` is what the page opens on, or else
    it does on the end (or the beginning) of a long conversation. `fixed` pages are the same from wherever one comes."""
    if not is_long(slices):
        return Window(tuple(slices))
    if fixed:
        return _fixed(slices, asked, _Places(slices, home or {}), new, at_end)
    places = _Places(slices, home or {})
    begin, end = (next((at for name in names if (at := places.of(name)) is not None), None) for names in asked[1:3])
    total = len(slices)
    begin = None if begin == total else begin
    if asked.whole:
        begin, end = 0, _forward(slices, 0, MOST, _MOST_WEIGHT)
    elif begin is not None and end is not None:
        end = min(end, _forward(slices, begin, MOST, _MOST_WEIGHT))
    elif begin is not None:
        end = _forward(slices, begin)
    elif end is not None:
        begin = _back(slices, end)
    elif (at := places.of(asked.at)) not in (None, total):
        begin = _back(slices, at, SLICES // 4, WEIGHT // 4)
        end = _forward(slices, begin)
    elif (at := places.of(new)) is not None and _forward(slices, max(at - CONTEXT, 0)) == total:
        begin, end = max(at - CONTEXT, 0), total
    elif at_end:
        begin, end = _back(slices, total, SLICES // 4), total
    else:
        begin, end = 0, _forward(slices, 0)
    end = max(end, begin + 1)
    return _between(slices, begin or 0, min(end, total))


def _fixed(slices: Sequence[Slice], asked: Asked, places: _Places, new: str, at_end: bool) -> Window:
    """The page that holds what is asked for, of those that follow each other from the beginning on."""
    ends = [0]
    while ends[-1] < len(slices):
        ends.append(_forward(slices, ends[-1]))
    opens = places.of(new) if at_end else 0
    named = [places.of(name) for name in (asked.at, *asked.begins)]
    named += [at - 1 for name in asked.ends if (at := places.of(name)) is not None]
    wanted = next((at for at in named if at is not None), len(slices) if opens is None else opens)
    page = next((number for number, end in enumerate(ends[1:]) if wanted < end), len(ends) - 2)
    begins = tuple(slices[end].anchor for end in ends[:-1])
    return _between(slices, ends[page], ends[page + 1])._replace(may_be_whole=False, begins=begins)


def _between(slices: Sequence[Slice], begin: int, end: int) -> Window:
    total = len(slices)
    whole = _forward(slices, 0, MOST, _MOST_WEIGHT) == total
    return Window(
        tuple(slices[begin:end]),
        _edge(slices, 0, begin, slices[begin].anchor) if begin else None,
        _edge(slices, end, total, slices[end].anchor) if end < total else None,
        slices[begin].anchor,
        slices[end].anchor if end < total else _end(slices),
        whole and end - begin < total,
    )


def _end(slices: Sequence[Slice]) -> str:
    """What stands for the place behind the last slice."""
    return "reply-end" if slices[-1].holder.startswith("reply") else "end"


def _edge(slices: Sequence[Slice], begin: int, end: int, anchor: str) -> Edge:
    """How much is left out: messages, with those that stand beside others; of one alone the parts."""
    first, last = slices[begin], slices[end - 1]
    if first.number == last.number and first.total > PARTS:
        return Edge(sum(len(one.parts) for one in slices[begin:end]), "part", anchor)
    beyond = slices[end].number if end < len(slices) else last.number + 1
    return Edge(max(beyond - first.number, 1), "message" if first.holder[:5] != "reply" else "reply", anchor)


def _forward(slices: Sequence[Slice], begin: int, most: int = SLICES, weight: int = WEIGHT) -> int:
    """Where a page ends that begins at a slice: after one at least."""
    end, spent = begin, 0
    while end < len(slices) and end - begin < most and (spent == 0 or spent + slices[end].weight <= weight):
        spent += slices[end].weight
        end += 1
    return end


def _back(slices: Sequence[Slice], end: int, most: int = SLICES, weight: int = WEIGHT) -> int:
    """Where a page begins that ends before a slice."""
    begin, spent = end, 0
    while begin > 0 and end - begin < most and (spent == 0 or spent + slices[begin - 1].weight <= weight):
        begin -= 1
        spent += slices[begin].weight
    return begin


class _Places:
    """Which slice an anchor names a place of."""

    def __init__(self, slices: Sequence[Slice], home: Mapping[PartPlace, PartPlace]) -> None:
        self._home = home
        self._end = (_end(slices), len(slices))
        self._of: dict[tuple[str, int], int] = {}
        for number, one in enumerate(slices):
            for index in one.parts or (0,):
                self._of[one.holder, index] = number
            if one.is_first:
                self._of.setdefault((one.holder, 0), number)

    def of(self, anchor: str) -> int | None:
        if anchor == self._end[0]:
            return self._end[1]
        named = anchor_number(anchor)
        if named is None:
            return None
        holder, index = named
        if holder[:1] == "m" and (home := self._home.get((int(holder[1:]), index))) is not None:
            holder, index = f"m{home[0]}", home[1]
        found = self._of.get((holder, index))
        return self._of.get((holder, 0)) if found is None else found
