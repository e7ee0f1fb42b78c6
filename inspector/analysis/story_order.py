"""The order of a conversation's exchanges. Recordings have no clock, but each request repeats what came before it.

An exchange whose prompt extends another's prompt and reply follows it. That makes a forest: a fork is where two
exchanges go on differently from the same point.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple, Protocol, TypeVar


class Seen(Protocol):
    """What the place of an exchange depends on. `prompt` and `replies` are message keys."""

    @property
    def id(self) -> int: ...
    @property
    def uid(self) -> str: ...
    @property
    def path(self) -> str: ...
    @property
    def entry(self) -> int: ...
    @property
    def prompt(self) -> tuple[int, ...]: ...
    @property
    def replies(self) -> tuple[int, ...]: ...
    @property
    def parent(self) -> int | None:
        """The exchange that the recording says it goes on from, or is called from; None where it says nothing."""

    @property
    def is_called(self) -> bool: ...


SeenRow = TypeVar("SeenRow", bound=Seen)


class Turn(NamedTuple):
    """An exchange in its place. Exchanges are named by their ids."""

    id: int
    uid: str
    parent: int | None
    depth: int
    """Forks passed on the way: 0 on the first line of a story."""
    known: int
    """Messages at the head of the prompt that the parent's prompt, and its reply, already had."""
    follows_reply: bool
    """Whether the parent's recorded reply is what the prompt goes on from."""
    forks: int
    """Exchanges that go on from this one, where there is more than one."""
    same_as: int | None
    """An exchange that was told before and sent the same prompt."""
    is_linked: bool = False
    """Whether the recording says that it goes on from its parent: then it repeats nothing of it."""
    is_called: bool = False
    """Whether a helper begins with it that the parent called."""


class _Node(NamedTuple):
    """An exchange without its prompt: of that the length and a hash."""

    id: int
    uid: str
    path: str
    entry: int
    prompt: tuple[int, int]
    replies: tuple[int, ...]
    parent: int | None
    known: int
    follows_reply: bool
    is_linked: bool
    is_called: bool


def in_order(rows: Sequence[SeenRow]) -> list[SeenRow]:
    """The exchanges in the order of their story."""
    by_id = {row.id: row for row in rows}
    return [by_id[turn.id] for turn in story(rows)]


def story(rows: Sequence[Seen]) -> list[Turn]:
    """The exchanges in the order in which they can have happened.

    Within one file they stand in its order. Over several, roots and branches are told by file name, shortest first.
    """
    return story_of(sorted(rows, key=lambda row: (len(row.prompt), row.path, row.entry)))


def story_of(rows: Iterable[Seen]) -> list[Turn]:
    """The same of exchanges that come in the order of their prompts' lengths, paths and entries; no prompt is kept."""
    children: dict[int | None, list[_Node]] = {}
    for node in _linked([*_nodes(rows)]):
        children.setdefault(node.parent, []).append(node)
    return list(_told({parent: _in_turn(nodes) for parent, nodes in children.items()}))


def _nodes(rows: Iterable[Seen]) -> Iterator[_Node]:
    """Each exchange with its parent: the one with the longest prompt that its own begins with, of several one whose
    reply it goes on from."""
    first: dict[tuple[int, int], _Node] = {}
    answering: dict[tuple[tuple[int, int], int], _Node] = {}
    lengths: list[int] = []
    for row in rows:
        prompt = row.prompt
        size, parent, follows = len(prompt), None, False
        for length in reversed(lengths) if row.parent is None else ():
            head = (length, hash(prompt[:length]))
            if 0 < length < size and head in first:
                parent = answering.get((head, prompt[length]))
                follows, parent = parent is not None, parent or first[head]
                break
        node = _Node(
            row.id, row.uid, row.path, row.entry, (size, hash(prompt)), row.replies,
            parent.id if parent else row.parent, parent.prompt[0] + follows if parent else 0, follows,
            row.parent is not None, row.is_called,
        )  # fmt: skip
        if lengths[-1:] != [size]:
            lengths.append(size)
        first.setdefault(node.prompt, node)
        for reply in row.replies:
            answering.setdefault((node.prompt, reply), node)
        yield node


def _linked(nodes: list[_Node]) -> list[_Node]:
    """The nodes without links that lead nowhere: out of the story, or in a circle, as only a forged recording has."""
    if not any(node.is_linked for node in nodes):
        return nodes
    parents = {node.id: node.parent for node in nodes}
    leads: set[int] = set()
    for node in nodes:
        way: dict[int, None] = {}
        at: int | None = node.id
        while at is not None and at not in leads and at not in way:
            way[at] = None
            if (before := parents[at]) not in parents or before in way:
                before = parents[at] = None
            at = before
        leads.update(way)
    return [
        node if parents[node.id] == node.parent else node._replace(parent=None, is_linked=False, is_called=False)
        for node in nodes
    ]


def _told(children: dict[int | None, list[_Node]]) -> Iterator[Turn]:
    """Depth first without recursion: a conversation may have thousands of turns."""
    pending = [(node, 0) for node in reversed(children.get(None, []))]
    told: dict[tuple[int, int], int] = {}
    while pending:
        node, depth = pending.pop()
        after = sorted(children.get(node.id, []), key=lambda child: not child.is_called)
        ways = sum(not child.is_called for child in after)
        same_as = told.setdefault(node.prompt, node.id) if node.prompt[0] and not node.is_linked else node.id
        yield Turn(
            node.id, node.uid, node.parent, depth, node.known, node.follows_reply or node.is_linked,
            ways if ways > 1 else 0, same_as if same_as != node.id else None, node.is_linked, node.is_called,
        )  # fmt: skip
        pending += [(child, depth + (child.is_called or ways > 1)) for child in reversed(after)]


def _in_turn(nodes: list[_Node]) -> list[_Node]:
    """Shorter prompts first, as the likelier beginnings; the same prompt's exchanges side by side. A file is believed:
    recorders write down what comes as it comes."""
    if len(nodes) == 1:
        return nodes
    if len({node.path for node in nodes}) == 1:
        return sorted(nodes, key=lambda node: node.entry)
    first: dict[tuple[int, int], int] = {}
    for node in nodes:
        first.setdefault(node.prompt, len(first))
    return sorted(nodes, key=lambda node: (node.prompt[0], first[node.prompt]))


def around(turns: Sequence[Turn], uid: str) -> tuple[Turn | None, Turn | None, Turn | None]:
    """The turn of an exchange, with the turn told before and after it."""
    for number, turn in enumerate(turns):
        if turn.uid == uid:
            return (
                turns[number - 1] if number else None,
                turn,
                turns[number + 1] if number + 1 < len(turns) else None,
            )
    return None, None, None
