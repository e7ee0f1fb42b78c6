"""What differs between two texts, word by word."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal, NamedTuple

from inspector.compare.sequences import Block, Budget, Gap, aligned
from inspector.model.common_head import common_head

_STEPS = 200_000
"""Steps that one comparison may take: a tenth of a second."""

_MOST_WORDS = 500_000
"""Words, signs and spaces of one side that are compared."""

_WORDS = re.compile(r"\w+|[^\S\n]+|\n|[^\w\s]")
_BETWEEN = re.compile(r"(?<=\w)(?=\w)")
_SIGN = re.compile(r"[/?&]")
_LITTLE = 20
_SHORT = 3
"""Characters between two changes that do not keep them apart."""

_AROUND = 12
"""Characters before the first difference that `brief` begins with, at least."""
_AFTER = 24
_LONGEST = 70
_LOOKED_AT = 600
"""Characters from the first difference on that `brief` looks at."""
_REMEMBERED = 20_000
"""Characters of two texts whose difference is worth remembering."""


class Span(NamedTuple):
    """A stretch of both texts, or of one: what is the same, went or came."""

    kind: Literal["same", "gone", "come"]
    text: str
    is_coarse: bool = False
    """Whether this was not compared word by word any more, as that would have taken too long."""


def spans(before: str, after: str, budget: Budget | None = None) -> list[Span]:
    """Both texts in stretches: the same and gone ones together are `before`, the same and come ones `after`. What went
    stands before what came in its place."""
    head, tail = _ends(before, after)
    old, new = before[head : len(before) - tail], after[head : len(after) - tail]
    found = [Span("same", before[:head])]
    found += _by_lines(old, new, budget or Budget(_STEPS)) if old and new else [Span("gone", old), Span("come", new)]
    found.append(Span("same", before[len(before) - tail :]))
    return _readable(found)


def is_coarse(found: list[Span]) -> bool:
    """Whether a part of the texts was not compared word by word."""
    return any(span.is_coarse for span in found)


# ---------------------------------------------------------------- beginnings and ends


def _ends(before: str, after: str) -> tuple[int, int]:
    """How long the common beginning and end are. What differs over lines is compared as whole lines."""
    head = _head(before, after)
    tail = _tail(before, after, head)
    if "\n" in before[head : len(before) - tail] or "\n" in after[head : len(after) - tail]:
        head = before.rfind("\n", 0, head) + 1
        end = before.find("\n", len(before) - tail) + 1
        tail = len(before) - end if end else 0
    return head, tail


def _head(before: str, after: str) -> int:
    """The length of the common beginning, which ends between two words."""
    at = common_head(before, after)
    while at and (_is_inside(before, at) or _is_inside(after, at)):
        at -= 1
    return at


def _tail(before: str, after: str, head: int) -> int:
    most = min(len(before), len(after)) - head
    length = common_head(before[::-1][:most], after[::-1][:most])
    while length and (_is_inside(before, len(before) - length) or _is_inside(after, len(after) - length)):
        length -= 1
    return length


def _is_inside(text: str, at: int) -> bool:
    """Whether a place is in the middle of a word."""
    return 0 < at < len(text) and _BETWEEN.match(text, at) is not None


# ---------------------------------------------------------------- lines, then words


def _by_lines(before: str, after: str, budget: Budget) -> Iterator[Span]:
    old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    for stretch in aligned(old, new, budget):
        if isinstance(stretch, Block):
            yield Span("same", "".join(old[stretch.before : stretch.before + stretch.size]))
        else:
            gone = "".join(old[stretch.begin : stretch.end])
            come = "".join(new[stretch.begin_after : stretch.end_after])
            yield from _by_words(gone, come, budget)


def _by_words(before: str, after: str, budget: Budget) -> Iterator[Span]:
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    if max(len(old), len(new)) > _MOST_WORDS:
        yield from (Span("gone", before, True), Span("come", after, True))
        return
    for stretch in aligned(old, new, budget):
        if isinstance(stretch, Block):
            yield Span("same", "".join(old[stretch.before : stretch.before + stretch.size]))
        else:
            yield from _of_gap(old, new, stretch)


def _of_gap(old: list[str], new: list[str], gap: Gap) -> Iterator[Span]:
    yield Span("gone", "".join(old[gap.begin : gap.end]), gap.is_coarse)
    yield Span("come", "".join(new[gap.begin_after : gap.end_after]), gap.is_coarse)


# ---------------------------------------------------------------- for people


@dataclass(slots=True)
class _Run:
    """What is the same, or goes and comes in one place, in pieces: putting texts together each time would take time
    that grows with their square."""

    is_same: bool
    gone: list[str] = field(default_factory=list)
    """What goes; or what is the same."""
    come: list[str] = field(default_factory=list)
    is_coarse: bool = False

    def add(self, span: Span) -> None:
        (self.come if span.kind == "come" else self.gone).append(span.text)
        self.is_coarse = self.is_coarse or span.is_coarse

    def is_nothing(self) -> bool:
        """Whether it is the same, and keeps no two changes apart: a space, a sign, or a short word."""
        if not self.is_same or sum(map(len, self.gone)) >= _LITTLE:
            return False
        text = "".join(self.gone)
        return "\n" not in text and (len(text) <= _SHORT or not any(map(str.isalnum, text)))

    def go_on(self, between: _Run, after: _Run) -> None:
        self.gone += [*between.gone, *after.gone]
        self.come += [*between.gone, *after.come]
        self.is_coarse = self.is_coarse or after.is_coarse

    def spans(self) -> Iterator[Span]:
        gone, come = "".join(self.gone), "".join(self.come)
        if gone:
            yield Span("same" if self.is_same else "gone", gone, self.is_coarse)
        if come:
            yield Span("come", come, self.is_coarse)


def _readable(found: list[Span]) -> list[Span]:
    """The same with changes put together that only a space or a short word keeps apart, so that they can be read."""
    told: list[_Run] = []
    for run in _runs(found):
        if not run.is_same and len(told) > 1 and told[-1].is_nothing():
            between = told.pop()
            told[-1].go_on(between, run)
        else:
            told.append(run)
    return [span for run in told for span in run.spans()]


def _runs(found: list[Span]) -> list[_Run]:
    """What is the same, and what goes and comes between that, by turns."""
    runs: list[_Run] = []
    for span in found:
        if not span.text:
            continue
        if not runs or runs[-1].is_same is not (span.kind == "same"):
            runs.append(_Run(span.kind == "same"))
        runs[-1].add(span)
    return runs


def brief(before: str, after: str) -> tuple[str, str]:
    """The few words around the first difference, of either text on one line, with an ellipsis for what is left out.
    Where nothing but white space differs, that is shown."""
    is_short = len(before) + len(after) <= _REMEMBERED
    return _briefly(before, after) if is_short else _briefly.__wrapped__(before, after)


@lru_cache(256)
def _briefly(before: str, after: str) -> tuple[str, str]:
    """Remembered: who tells of a difference asks more than once, and the same prompts change in many exchanges."""
    old, new = " ".join(before.split()), " ".join(after.split())
    if old == new and before != after:
        old, new = (text.translate(_SHOWN) for text in (before, after))
    head = _head(old, new)
    begin = _a_few_words_before(old, head)
    found = _until_different(spans(old[head : head + _LOOKED_AT], new[head : head + _LOOKED_AT]))
    return _brief(old, begin, head, "gone", found), _brief(new, begin, head, "come", found)


_SHOWN = str.maketrans({" ": "␣", "\n": "⏎", "\t": "⇥", "\r": "␍"})


def _until_different(found: list[Span]) -> list[Span]:
    """What goes and comes first, and what follows on that."""
    first = next((at for at, span in enumerate(found) if span.kind != "same"), len(found))
    count = len([span for span in found[first : first + 2] if span.kind != "same"])
    return found[: first + count + 1]


def _brief(whole: str, begin: int, head: int, kind: str, found: list[Span]) -> str:
    told = whole[begin:head] + "".join(span.text for span in found[:-1] if span.kind in ("same", kind))
    if found and found[-1].kind in ("same", kind):
        told += found[-1].text if found[-1].kind == kind else _first_words(found[-1].text)
    is_end = begin + len(told) >= len(whole)
    if len(told) > _LONGEST:
        told, is_end = told[:_LONGEST], False
    told = told.strip()
    return f"{'… ' if begin and told else ''}{told}{' …' if told and not is_end else ''}"


def _first_words(text: str) -> str:
    """The first words of what is the same after a change, whole ones."""
    return text if len(text) <= _AFTER else text[:_AFTER].rpartition(" ")[0]


def _a_few_words_before(text: str, head: int) -> int:
    """Where to begin to tell of a place in a text: some words before, or at the beginning of it."""
    begin = max(head - 2 * _AROUND, 0)
    if begin == 0:
        return 0
    space = text.find(" ", begin, head - _AROUND // 2)
    if space >= 0:
        return space + 1
    sign = _SIGN.search(text, begin, head)  # of an address, one of its parts
    return sign.start() if sign else head
