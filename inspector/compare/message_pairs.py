"""Which message of one exchange is which of another."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from inspector.analysis.anchors import Anchored
from inspector.analysis.fingerprint import digest
from inspector.analysis.search_text import thoughts
from inspector.compare.cited_sources import sources_of
from inspector.compare.sequences import Block, Budget, aligned, paired
from inspector.model import Message, Reasoning, Refusal, Text, ToolCall, ToolResult, jsonio

_STEPS = 100_000
_LIKE = 400
"""Characters of two texts that tell how alike they are."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A message before and after, one of which may be missing."""

    before: Anchored | None
    after: Anchored | None

    @property
    def place(self) -> str:
        if self.after is not None:
            return self.after.anchor
        return f"was-{self.before.anchor}" if self.before else ""

    @property
    def says_the_same(self) -> bool:
        """Whether nothing differs but ids, scores and the like."""
        if self.before is None or self.after is None:
            return False
        before, after = self.before.message, self.after.message
        if before == after:
            return True
        is_same = digest(before).key == digest(after).key and thoughts(before) == thoughts(after)
        return is_same and sources_of(before).keys() == sources_of(after).keys()


def message_pairs(before: Sequence[Anchored], after: Sequence[Anchored]) -> list[Pair]:
    """Which message is which: what says the same, and between such messages those of one role that are alike."""
    keys = [[digest(one.message).key for one in each] for each in (before, after)]
    found: list[Pair] = []
    for stretch in aligned(keys[0], keys[1], Budget(_STEPS)):
        if isinstance(stretch, Block):
            old = before[stretch.before : stretch.before + stretch.size]
            found += map(Pair, old, after[stretch.after : stretch.after + stretch.size])
            continue
        old, new = before[stretch.begin : stretch.end], after[stretch.begin_after : stretch.end_after]
        alike = _Likeness([one.message for one in old], [one.message for one in new])
        for one, other in paired(len(old), len(new), alike.of):
            found.append(Pair(None if one is None else old[one], None if other is None else new[other]))
    return found


class _Likeness:
    """How alike messages are; those of another role are not."""

    def __init__(self, before: Sequence[Message], after: Sequence[Message]) -> None:
        self._before = [(one.role, _words(one)) for one in before]
        self._after = [(one.role, _words(one)) for one in after]

    def of(self, one: int, other: int) -> float:
        (role, words), (role_after, words_after) = self._before[one], self._after[other]
        if role != role_after:
            return 0.0
        return 0.1 + len(words & words_after) / max(len(words | words_after), 1)


def _words(message: Message) -> set[str]:
    found: set[str] = set()
    for part in message.parts:
        match part:
            case Text(content) | Reasoning(content) | Refusal(content):
                found.update(content[:_LIKE].split())
            case ToolCall(_, name, text):
                found.update((f"call {name}", *re.findall(r"\w+", text[:_LIKE])))
            case ToolResult(_, _, response):
                told = response if isinstance(response, str) else jsonio.dumps(response)
                found.update(re.findall(r"\w+", told[:_LIKE]))
            case _:
                found.add(type(part).__name__)
    return found
