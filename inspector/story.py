"""The order of a conversation's exchanges. Recordings have no clock, but each request repeats what came before it.

An exchange whose prompt extends another's prompt and reply follows it. That makes a forest: a fork is where two
exchanges go on differently from the same point.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from inspector.index.store import Row


class Turn(NamedTuple):
    """An exchange in its place."""

    row: Row
    parent: Row | None
    depth: int
    """Forks passed on the way: 0 on the first line of a story."""
    known: int
    """Messages at the head of the prompt that the parent's prompt, and its reply, already had."""
    follows_reply: bool
    """Whether the parent's recorded reply is what the prompt goes on from."""
    forks: int
    """Exchanges that go on from this one, where there is more than one."""
    repeats: bool
    """Whether an earlier exchange of the story sent the same prompt."""


def story(rows: Sequence[Row]) -> list[Turn]:
    """The exchanges in the order in which they can have happened.

    Within one file they stand in its order. Over several, roots and branches are told by file name, shortest first.
    """
    rows = sorted(rows, key=lambda row: (row.path, row.entry))
    by_prompt: dict[int, list[Row]] = {}
    for row in rows:
        by_prompt.setdefault(_hashes(row.prompt)[-1], []).append(row)
    parents = {row.id: _parent(row, by_prompt) for row in rows}
    children: dict[int | None, list[Row]] = {}
    for row in rows:
        parent = parents[row.id]
        children.setdefault(parent.id if parent else None, []).append(row)
    return list(_told(parents, children))


def _told(parents: dict[int, Row | None], children: dict[int | None, list[Row]]) -> Iterator[Turn]:
    """Depth first without recursion: a conversation may have thousands of turns."""
    pending = [(row, 0) for row in reversed(_in_turn(children.get(None, [])))]
    told: set[tuple[int, ...]] = set()
    while pending:
        row, depth = pending.pop()
        parent = parents[row.id]
        known, follows = _known(row, parent)
        after = _in_turn(children.get(row.id, []))
        repeats = bool(row.prompt) and row.prompt in told
        told.add(row.prompt)
        yield Turn(row, parent, depth, known, follows, len(after) if len(after) > 1 else 0, repeats)
        deeper = depth + (len(after) > 1)
        pending += [(child, deeper) for child in reversed(after)]


def _in_turn(rows: list[Row]) -> list[Row]:
    """Shorter prompts first, as the likelier beginnings; the same prompt's exchanges side by side. A file is believed:
    recorders write down what comes as it comes."""
    if len({row.path for row in rows}) == 1:
        return rows
    first: dict[tuple[int, ...], int] = {}
    for row in rows:
        first.setdefault(row.prompt, len(first))
    return sorted(rows, key=lambda row: (len(row.prompt), first[row.prompt]))


def _parent(row: Row, by_prompt: dict[int, list[Row]]) -> Row | None:
    """The exchange with the longest prompt that this one's begins with; of several, one whose reply it goes on from."""
    hashes = _hashes(row.prompt)
    for length in range(len(row.prompt) - 1, 0, -1):
        if candidates := by_prompt.get(hashes[length]):
            return next((other for other in candidates if row.prompt[length] in other.replies), candidates[0])
    return None


def _known(row: Row, parent: Row | None) -> tuple[int, bool]:
    if parent is None:
        return 0, False
    length = len(parent.prompt)
    follows = row.prompt[length] in parent.replies
    return length + follows, follows


def _hashes(prompt: tuple[int, ...]) -> list[int]:
    """A hash of each prefix, from the empty one on."""
    hashes = [0]
    for key in prompt:
        hashes.append(hash((hashes[-1], key)))
    return hashes


def around(turns: Sequence[Turn], uid: str) -> tuple[Turn | None, Turn | None, Turn | None]:
    """The turn of an exchange, with the turn told before and after it."""
    for number, turn in enumerate(turns):
        if turn.row.uid == uid:
            return (
                turns[number - 1] if number else None,
                turn,
                turns[number + 1] if number + 1 < len(turns) else None,
            )
    return None, None, None


def connected(turns: Sequence[Turn], row: Row) -> list[Turn]:
    """The turns of the one tree that an exchange belongs to."""
    tree_of: dict[int, int] = {}
    for turn in turns:  # parents are told before their children
        tree_of[turn.row.id] = tree_of[turn.parent.id] if turn.parent else turn.row.id
    return [turn for turn in turns if tree_of[turn.row.id] == tree_of.get(row.id)]
