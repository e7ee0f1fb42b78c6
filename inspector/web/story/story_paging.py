"""Which turns of a story stand on one page."""

from __future__ import annotations

from collections.abc import Sequence

from inspector.analysis.story_order import Turn
from inspector.index import Row
from inspector.web.rendering import context, fixed_pages
from inspector.web.rendering.memo import once

TURNS = 20
"""Exchanges that a page tells in full, "show more" leads to as many."""

WEIGHT = 400_000
"""Bytes of the recordings that a page tells, of more than one."""


def end_of_page(turns: Sequence[Turn], rows: dict[int, Row], first: int) -> int:
    """Where a page ends that begins with a turn."""
    spent = 0
    for number, turn in enumerate(turns[first : first + TURNS], first):
        spent += rows[turn.id].size if turn.id in rows else 0
        if spent > WEIGHT and number > first:
            return number
    return min(first + TURNS, len(turns))


def fixed_page(turns: Sequence[Turn], at: int, address: str) -> int:
    """Where the page of a story begins that holds a turn, of pages that follow each other; asked for in another way,
    it leads there. A story without a name of its own goes by the first exchange that is told in it and in no other."""
    begins, name = once("story", tuple(turn.id for turn in turns), lambda: _begins(turns, at))
    page = max(begin for begin in begins if begin <= at)
    if address.endswith("/story"):
        address = context.exchange_url(name, "story")
    fixed_pages.redirect_to_story_page(turns[page].uid, [turns[begin].uid for begin in begins], address, turns[at].uid)
    return page


def _begins(turns: Sequence[Turn], at: int) -> tuple[list[int], str]:
    """Where the pages of a story begin that follow each other, and what the story goes by."""
    rows = context.library().index.rows_of([turn.id for turn in turns])
    alone = rows[turns[at].id].is_alone
    name = next(turn.uid for turn in turns if rows[turn.id].is_alone == alone)
    begins = [0]
    while (end := end_of_page(turns, rows, begins[-1])) < len(turns):
        begins.append(end)
    return begins, name
