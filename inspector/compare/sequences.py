"""What two sequences have in common, in order: what stands once in both holds the rest in place, and between such
places the shortest way from one to the other is looked for, as long as that is cheap."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Hashable, Iterator, Sequence
from math import isqrt
from typing import NamedTuple

_LEVELS = 12
"""How often, on average, an element is looked at to find what stands once."""

_GAPS = 8_000
"""Gaps that are looked through."""

_LARGE = 8_000
"""Elements of a gap in which a few places that hold say nothing."""

_CHANCE = 256
"""Elements of a large gap to one place that holds, from which on it holds by chance."""

_PART = 4
"""Which part of the budget may go into a large gap where places hold by chance."""

_FEW = 24
"""Elements of a gap that is always looked through, whatever is left of the budget."""

_MOST_PAIRED = 4_000
"""Comparisons of one element with another that likeness is looked for with."""


class Block(NamedTuple):
    """A stretch that is the same in both: where it begins in each, and how many elements it has."""

    before: int
    after: int
    size: int


class Gap(NamedTuple):
    """A stretch between two blocks, from `begin` to before `end` in each."""

    begin: int
    end: int
    begin_after: int
    end_after: int
    is_coarse: bool = False
    """Whether more of it may be the same: the budget did not reach to find out."""


class Budget:
    """Steps that may still be taken, and gaps that may still be looked through, for all the comparisons of one page
    together."""

    def __init__(self, steps: int, gaps: int = _GAPS) -> None:
        self.left = steps
        self._gaps = gaps

    def spend(self, steps: int) -> bool:
        """Whether there were so many left, which now are spent."""
        self.left -= steps
        return self.left >= 0

    def spend_gap(self) -> bool:
        """Whether one more gap may be looked through."""
        self._gaps -= 1
        return self._gaps >= 0


def aligned(before: Sequence[Hashable], after: Sequence[Hashable], budget: Budget) -> list[Block | Gap]:
    """Blocks and the gaps between them, in order, which together are all of both sequences."""
    blocks: list[Block] = []
    coarse: set[tuple[int, int]] = set()
    waiting = [Gap(0, len(before), 0, len(after))]
    looks = Budget(_LEVELS * (len(before) + len(after)))
    while waiting:
        gap = _trimmed(before, after, waiting.pop(), blocks)
        if gap.begin == gap.end or gap.begin_after == gap.end_after:
            continue
        if not budget.spend_gap():
            coarse.add((gap.begin, gap.begin_after))
            continue
        if gap.end - gap.begin == gap.end_after - gap.begin_after == 1:  # and they differ
            continue
        anchors = _anchors(before, after, gap) if looks.spend(_size(gap)) else []
        are_chance = bool(anchors) and _are_chance(anchors, gap)
        if anchors and not are_chance:
            waiting += [*_between(gap, anchors)][::-1]  # the first is looked through next
            continue
        look = _shortest_if_near if are_chance else _shortest
        if (found := look(before, after, gap, budget)) is None:
            coarse.add((gap.begin, gap.begin_after))
        else:
            blocks += found
    return list(_in_order(sorted(blocks), len(before), len(after), coarse))


def _size(gap: Gap) -> int:
    return gap.end - gap.begin + gap.end_after - gap.begin_after


def _in_order(blocks: list[Block], end: int, end_after: int, coarse: set[tuple[int, int]]) -> Iterator[Block | Gap]:
    at = at_after = 0
    whole: Block | None = None
    for block in [*blocks, Block(end, end_after, 0)]:
        if (block.before, block.after) != (at, at_after):
            if whole:
                yield whole
            yield Gap(at, block.before, at_after, block.after, (at, at_after) in coarse)
            whole = None
        if block.size:
            whole = block if whole is None else whole._replace(size=whole.size + block.size)
        at, at_after = block.before + block.size, block.after + block.size
    if whole:
        yield whole


def _trimmed(before: Sequence[Hashable], after: Sequence[Hashable], gap: Gap, blocks: list[Block]) -> Gap:
    """The gap without what is the same at its beginning and end, which becomes blocks."""
    begin, end, begin_after, end_after, _ = gap
    at, at_after = begin, begin_after
    while begin < end and begin_after < end_after and before[begin] == after[begin_after]:
        begin, begin_after = begin + 1, begin_after + 1
    if begin > at:
        blocks.append(Block(at, at_after, begin - at))
    at, at_after = end, end_after
    while begin < end and begin_after < end_after and before[end - 1] == after[end_after - 1]:
        end, end_after = end - 1, end_after - 1
    if end < at:
        blocks.append(Block(end, end_after, at - end))
    return Gap(begin, end, begin_after, end_after)


def _anchors(before: Sequence[Hashable], after: Sequence[Hashable], gap: Gap) -> list[tuple[int, int]]:
    """The places of what stands once in either side of a gap, as many as come in the same order in both."""
    own = before[gap.begin : gap.end]
    other = after[gap.begin_after : gap.end_after]
    once, once_after = Counter(own), Counter(other)
    place = dict(zip(own, range(gap.begin, gap.end), strict=True))
    place_after = dict(zip(other, range(gap.begin_after, gap.end_after), strict=True))
    found = [one for one in once.keys() & once_after.keys() if once[one] == 1 == once_after[one]]
    return _rising(sorted((place[one], place_after[one]) for one in found))


def _are_chance(anchors: list[tuple[int, int]], gap: Gap) -> bool:
    """Whether so few places of a large gap hold that any two texts have as many."""
    least = min(gap.end - gap.begin, gap.end_after - gap.begin_after)
    return least > _LARGE and len(anchors) < least // _CHANCE


def _rising(pairs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The longest list of pairs, sorted by their first place, whose second places rise too."""
    ends: list[int] = []
    last: list[int] = []
    linked: list[int] = []
    for number, (_, at) in enumerate(pairs):
        length = bisect_left(ends, at)
        linked.append(last[length - 1] if length else -1)
        ends[length : length + 1] = [at]
        last[length : length + 1] = [number]
    found: list[tuple[int, int]] = []
    number = last[-1] if last else -1
    while number >= 0:
        found.append(pairs[number])
        number = linked[number]
    return found[::-1]


def _between(gap: Gap, anchors: list[tuple[int, int]]) -> Iterator[Gap]:
    """What lies between places that are the same; each such place begins a stretch, which is trimmed next. Places that
    follow each other in both begin one together."""
    begin, begin_after = gap.begin, gap.begin_after
    last = (-1, -1)
    for place, place_after in [*anchors, (gap.end, gap.end_after)]:
        if (place - 1, place_after - 1) != last:
            yield Gap(begin, place, begin_after, place_after)
            begin, begin_after = place, place_after
        last = (place, place_after)
    yield Gap(begin, gap.end, begin_after, gap.end_after)


def _shortest(before: Sequence[Hashable], after: Sequence[Hashable], gap: Gap, budget: Budget) -> list[Block] | None:
    """The blocks of the shortest way from one side of a gap to the other; None where that is too far. It is the greedy
    search of E. Myers, An O(ND) Difference Algorithm and Its Variations (1986)."""
    a = before[gap.begin : gap.end]
    b = after[gap.begin_after : gap.end_after]
    alone, alone_after = _lone(a, b), _lone(b, a)
    if alone == len(a):
        return []
    if _size(gap) > _FEW and (alone + alone_after) ** 2 // 2 > budget.left:  # so many edits at least
        return None
    end, end_after = len(a), len(b)
    furthest = [0] * (2 * min(end + end_after, max(isqrt(2 * max(budget.left, 0)), 2 * _FEW)) + 4)
    trace: list[list[int]] = []
    walked = 0
    for edits in range(len(furthest) // 2 - 1):  # lines below 0 stand at the end of the list
        if not budget.spend(edits + 1 + (walked >> 5)) and _size(gap) > _FEW:
            return None
        walked = 0
        trace.append(furthest.copy())
        for line in range(-edits, edits + 1, 2):
            below, above = furthest[line - 1], furthest[line + 1]
            x = above if line == -edits or (line != edits and below < above) else below + 1
            begin = x
            while x < end and x - line < end_after and a[x] == b[x - line]:
                x += 1
            walked += x - begin
            furthest[line] = x
            if x >= end and x - line >= end_after:
                return list(_walked_back(trace, end, end_after, gap))
    return None


def _shortest_if_near(
    before: Sequence[Hashable], after: Sequence[Hashable], gap: Gap, budget: Budget
) -> list[Block] | None:
    """The same for a part of the budget: sides of which hardly a place holds have little in common, or few words that
    stand once."""
    part = Budget(budget.left // _PART)
    left = part.left
    found = _shortest(before, after, gap, part)
    budget.spend(left - max(part.left, 0))
    return found


def _lone(elements: Sequence[Hashable], others: Sequence[Hashable]) -> int:
    """How many elements have none of their like among others."""
    return len(elements) - sum(map({*others}.__contains__, elements))


def _walked_back(trace: list[list[int]], x: int, y: int, gap: Gap) -> Iterator[Block]:
    for edits in range(len(trace) - 1, -1, -1):
        furthest, line = trace[edits], x - y
        is_down = line == -edits or (line != edits and furthest[line - 1] < furthest[line + 1])
        old = line + 1 if is_down else line - 1
        begin = furthest[old] if edits else 0
        stop = begin if is_down or not edits else begin + 1
        if x > stop:
            yield Block(gap.begin + stop, gap.begin_after + stop - line, x - stop)
        x, y = begin, begin - old


Pairing = list[tuple[int | None, int | None]]


def paired(before: int, after: int, likeness: Callable[[int, int], float]) -> Pairing:
    """Which of so many elements is which of so many others, in order; None stands for one that has no match. Pairs
    have a likeness of more than 0, and all together the greatest. Of many, those at the same place are a pair."""
    if before * after > _MOST_PAIRED:
        return list(_at_the_same_place(before, after, likeness))
    best = [[0.0] * (after + 1) for _ in range(before + 1)]
    alike = [[likeness(one, other) for other in range(after)] for one in range(before)]
    for one in range(before - 1, -1, -1):
        for other in range(after - 1, -1, -1):
            both = alike[one][other] + best[one + 1][other + 1] if alike[one][other] > 0 else 0.0
            best[one][other] = max(both, best[one + 1][other], best[one][other + 1])
    return list(_best(best, alike, before, after))


def _best(
    best: list[list[float]], alike: list[list[float]], before: int, after: int
) -> Iterator[tuple[int | None, int | None]]:
    one = other = 0
    while one < before and other < after:
        if alike[one][other] > 0 and best[one][other] == alike[one][other] + best[one + 1][other + 1]:
            yield one, other
            one, other = one + 1, other + 1
        elif best[one][other] == best[one + 1][other]:
            yield one, None
            one += 1
        else:
            yield None, other
            other += 1
    yield from ((at, None) for at in range(one, before))
    yield from ((None, at) for at in range(other, after))


def _at_the_same_place(
    before: int, after: int, likeness: Callable[[int, int], float]
) -> Iterator[tuple[int | None, int | None]]:
    for at in range(max(before, after)):
        if at < before and at < after and likeness(at, at) > 0:
            yield at, at
            continue
        if at < before:
            yield at, None
        if at < after:
            yield None, at
