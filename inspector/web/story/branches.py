"""Where a story forks: its main line, which keeps the width of the page, and the branches beside it."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from inspector.analysis.story_order import Turn
from inspector.index import Row
from inspector.web.exchange.load import Opened
from inspector.web.exchange.timeline import Timeline

SHORT = 3
"""Exchanges of a branch that stands in a column; what is longer is folded beside the main line."""


@dataclass(frozen=True, slots=True)
class TurnView:
    """One exchange of the story; without `one` its file can no longer be read, or it is told elsewhere."""

    turn: Turn
    row: Row
    number: int
    parent: int
    """The number of the exchange that it goes on from; 0 for none."""
    parent_uid: str
    same_as: int
    """That of an earlier one with the same prompt; 0 for none."""
    gap: int | None = None
    """Milliseconds from the end of the exchange before it, where both have times."""
    one: Opened | None = None
    view: Timeline | None = None


@dataclass(frozen=True, slots=True)
class Branch:
    """What goes another way than the main line, folded; `is_answer` where it is another answer to the same prompt."""

    blocks: tuple[Block, ...]
    head: TurnView
    total: int
    is_answer: bool
    is_open: bool = False

    @property
    def is_call(self) -> bool:
        """Whether a helper begins with it that the exchange beside it called."""
        return self.head.turn.is_called


class Copies(NamedTuple):
    """Exchanges that say what one beside them says."""

    of: TurnView
    items: tuple[TurnView, ...]


@dataclass(frozen=True, slots=True)
class Block:
    """One exchange of the main line, or several columns that begin where they differ; without either, the main line is
    on another page. Beside it stand, folded, what says the same as one of these and the other branches.

    `shared` is the first of the columns with what they have in common.
    """

    item: TurnView | None = None
    columns: tuple[tuple[TurnView, ...], ...] = ()
    copies: tuple[Copies, ...] = ()
    branches: tuple[Branch, ...] = ()
    shared: TurnView | None = None

    @property
    def own(self) -> tuple[TurnView, ...]:
        """The exchanges that it tells outside of its folds."""
        return tuple(item for column in self.columns for item in column) or ((self.item,) if self.item else ())


def told(blocks: Sequence[Block]) -> list[TurnView]:
    """Every exchange of some blocks, those of their folds too, in the order of the page."""
    found: list[TurnView] = []
    for block in blocks:
        found += (*block.own, *(item for copies in block.copies for item in copies.items))
        for branch in block.branches:
            found += told(branch.blocks)
    return found


@dataclass(frozen=True, slots=True)
class Lines:
    """How many exchanges a line has from each on, and which of those that begin at one fork has most: the main line.
    Helpers are on none."""

    lengths: Mapping[int, int]
    longest: Mapping[Hashable, int]

    def is_main(self, turn: Turn) -> bool:
        return not turn.is_called and self.longest.get(fork_of(turn), turn.id) == turn.id


STRAIGHT = Lines({}, {})
"""Of a story that does not fork."""


def lines(turns: Sequence[Turn]) -> Lines:
    """The lines of a story: of those that are equally long the first is the main one."""
    lengths: dict[int, int] = {}
    below: dict[int | None, int] = {}
    longest: dict[Hashable, int] = {}
    for turn in reversed(turns):
        length = lengths[turn.id] = 1 + below.get(turn.id, 0)
        if not turn.is_called:
            below[turn.parent] = max(below.get(turn.parent, 0), length)
        fork = fork_of(turn)
        if fork not in longest or length >= lengths[longest[fork]]:
            longest[fork] = turn.id
    return Lines(lengths, longest)


def fork_of(turn: Turn) -> Hashable:
    """What exchanges have in common that begin at one fork: the one before them, or for beginnings the prompt. Who is
    called does not go another way."""
    if turn.is_called:
        return ("called", turn.id)
    return ("after", turn.parent) if turn.parent is not None else ("prompt", turn.same_as or turn.id)


def blocks(views: Sequence[TurnView], known: Lines) -> tuple[Block, ...]:
    """The exchanges of a page in blocks, main line by main line."""
    return _Layout(views, known).page()


class _Layout:
    def __init__(self, views: Sequence[TurnView], known: Lines) -> None:
        here = {item.turn.id for item in views}
        self._first = views[0] if views else None
        self._lines = known
        self._after: dict[int, list[TurnView]] = {}
        self._called: dict[int, list[TurnView]] = {}
        self._tops: dict[Hashable, list[TurnView]] = {}
        for item in views:
            if item.turn.is_called and item.turn.parent in here and item.turn.parent is not None:
                self._called.setdefault(item.turn.parent, []).append(item)
            elif item.turn.parent in here and item.turn.parent is not None:
                self._after.setdefault(item.turn.parent, []).append(item)
            else:
                self._tops.setdefault(fork_of(item.turn), []).append(item)

    def page(self) -> tuple[Block, ...]:
        return tuple(block for fork in self._tops.values() for block in self._line(fork))

    def _line(self, fork: Sequence[TurnView], branch: TurnView | None = None) -> list[Block]:
        """What begins at a fork, or with a `branch`, along the main line to its end."""
        found: list[Block] = []
        while fork:
            main = next((item for item in fork if item is branch or self._lines.is_main(item.turn)), None)
            heads, copies = self._distinct(sorted(fork, key=lambda item: item is not main))
            if main and (columns := self._columns(heads)):
                block, fork = self._side_by_side(columns, copies)
            else:
                called = self._called.get(main.turn.id, ()) if main else ()
                branches = tuple(self._branch(item, main) for item in (*called, *heads) if item is not main)
                block = Block(main and replace(main, same_as=0), copies=copies, branches=branches)
                fork = self._after.get(main.turn.id, ()) if main else ()
            found.append(block)
        return found

    def _distinct(self, fork: Sequence[TurnView]) -> tuple[list[TurnView], tuple[Copies, ...]]:
        """The exchanges at a fork that say something else than those before them, or that something goes on from or is
        called by; and the others."""
        heads: dict[Hashable, TurnView] = {}
        same: dict[Hashable, list[TurnView]] = {}
        for item in fork:
            said = (item.row.prompt, item.row.replies)
            is_last = self._length(item) == 1 and item.turn.id not in self._called
            if item.row.prompt and said in heads and is_last:
                same.setdefault(said, []).append(item)
            else:
                heads[said if said not in heads else item.turn.id] = item
        return [*heads.values()], tuple(Copies(heads[said], tuple(items)) for said, items in same.items())

    def _branch(self, head: TurnView, main: TurnView | None) -> Branch:
        is_answer = not head.turn.is_called and not head.turn.is_linked and _is_same_prompt(head, main)
        first, *rest = self._line([head], head)
        if is_answer and main and first.item:
            first = replace(first, item=replace(first.item, same_as=main.number))
        below = (first, *rest)
        return Branch(below, head, len(told(below)), is_answer, head is self._first)

    def _columns(self, heads: Sequence[TurnView]) -> list[list[TurnView]] | None:
        """The branches from their heads on, if there are several, each is short, and none forks, calls a helper or
        leaves the page."""
        chains = [self._chain(head) for head in heads]
        if len({(head.row.prompt, head.row.replies) for head in heads}) < len(heads) or len(heads) < 2:
            return None
        if any(item.turn.id in self._called for chain in chains for item in chain):
            return None
        whole = all(len(chain) == self._length(chain[0]) for chain in chains)
        return chains if whole and max(map(len, chains)) <= SHORT else None

    def _chain(self, head: TurnView) -> list[TurnView]:
        """What follows an exchange until nothing does, or more than one."""
        chain = [head]
        while len(after := self._after.get(chain[-1].turn.id, ())) == 1:
            chain += after
        return chain

    def _length(self, item: TurnView) -> int:
        return self._lines.lengths.get(item.turn.id, 1)

    def _side_by_side(
        self, chains: Sequence[list[TurnView]], copies: tuple[Copies, ...]
    ) -> tuple[Block, list[TurnView]]:
        """The columns until the shortest ends, in the order of the story, and what the main line goes on with."""
        shortest = min(map(len, chains))
        main, *others = [chain[shortest:] for chain in chains]
        columns = sorted((tuple(chain[:shortest]) for chain in chains), key=lambda column: column[0].number)
        branches = tuple(self._branch(rest[0], None) for rest in others if rest)
        return Block(columns=tuple(columns), copies=copies, branches=branches), main[:1]


def _is_same_prompt(one: TurnView, other: TurnView | None) -> bool:
    return other is not None and bool(one.row.prompt) and one.row.prompt == other.row.prompt
