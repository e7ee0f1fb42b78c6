"""The threads of one file or session: conversations that begin anew beside the first, as the agents of an agent do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from inspector.analysis.story_order import Turn
from inspector.web.rendering import context

FEWEST = 3
"""Exchanges of the longest thread of a story whose threads are named."""

MOST = 20
"""Threads that a story names."""


class Thread(NamedTuple):
    """A conversation: its number, its first exchange, what the user said first, and how many exchanges it has."""

    number: int
    uid: str
    words: str
    total: int


def threads(turns: Sequence[Turn]) -> dict[int, Thread]:
    """The threads of a story by the ids of their first exchanges; none where there is but one, or all are short."""
    roots: dict[int, int] = {}
    for turn in turns:  # what an exchange goes on from, or repeats, was told before it
        before = None if turn.is_called else turn.parent if turn.parent is not None else turn.same_as
        roots[turn.id] = turn.id if before is None else roots.get(before, turn.id)
    totals = Counter(roots.values())
    if len(totals) < 2 or max(totals.values()) < FEWEST:
        return {}
    first = [turn for turn in turns if roots[turn.id] == turn.id][:MOST]
    rows = context.library().index.rows_of([turn.id for turn in first])
    return {
        turn.id: Thread(number, turn.uid, rows[turn.id].asked, totals[turn.id])
        for number, turn in enumerate(first, 1)
        if turn.id in rows
    }
