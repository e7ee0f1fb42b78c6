"""The list as a tree: folder, file, test, parameters.

Groups stand in the order of the list. Above a group stand the branches that begin with it: what it shares with those
after it and not with the one before. A window of the list may so begin within a branch, and says it again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby, islice, takewhile
from typing import NamedTuple

from inspector.index import Index
from inspector.index.rows import Below
from inspector.model.common_head import common_head
from inspector.web.list.group_views import GroupView

_PART = re.compile(r"(?<![^\s\-_=:/,.\[\]])[^\s\-_=:/,.\[\]]++$")
"""The unfinished last part of what parameters begin with alike."""

_LONG = 3
"""Characters from which on it pays to leave out what all variants of a test share."""


class Branch(NamedTuple):
    """A line above groups. `path` is what the ids of all that lies below it begin with."""

    level: int
    """0 for a folder, 1 for a file, 2 for a test with several sets of parameters."""
    label: str
    path: str
    below: Below | None
    """What there is of it; None where a query narrows the list."""
    groups: tuple[GroupView, ...] = ()
    """Of a file or a test, those below it in this window."""


class Leaf(NamedTuple):
    """A group with the branches that begin above it."""

    branches: tuple[Branch, ...]
    group: GroupView
    is_variant: bool
    """Whether its test's name stands above it already."""
    shared: int
    """Characters that its parameters have in common with those of the other variants, from the first on."""


def tree(index: Index, groups: Sequence[GroupView], is_narrowed: bool) -> tuple[Leaf, ...]:
    """The groups of a list with their branches."""
    lines = [_Line(group, [*_branches(group)]) for group in groups]
    several = dict(_variants(groups))
    paths = [path for line in lines for _, path in line.pieces]
    below = {} if is_narrowed else index.below([*dict.fromkeys(paths)])
    leaves = []
    before: list[tuple[str, str]] = []
    for number, (group, pieces) in enumerate(lines):
        if number in several:
            pieces = [*pieces, (group.test.function, f"{group.test.base}[")]
        common = common_head(before, pieces)
        fresh = [(level, *piece) for level, piece in enumerate(pieces) if level >= common]
        found = tuple(
            Branch(_level(path), label, path, below.get(path), _below(groups, number, path)) for _, label, path in fresh
        )
        leaves.append(Leaf(found, group, number in several, several.get(number, 0)))
        before = pieces
    return tuple(leaves)


def _below(groups: Sequence[GroupView], first: int, path: str) -> tuple[GroupView, ...]:
    """From one group on, those that lie below the branch of a file or a test."""
    if not _level(path):
        return ()
    return tuple(takewhile(lambda group: group.id.startswith(path), islice(groups, first, None)))


class _Line(NamedTuple):
    group: GroupView
    pieces: list[tuple[str, str]]


def _branches(group: GroupView) -> Iterator[tuple[str, str]]:
    """Label and path of the branches that a group lies on, the outermost first."""
    if group.kind not in ("test", "file"):
        return
    file = group.test.file if group.kind == "test" else group.id
    folder, slash, name = file.rpartition("/")
    if slash:
        yield f"{folder}/", f"{folder}/"
    if group.kind == "test" and name:
        yield name, f"{file}::"


def _level(path: str) -> int:
    return 0 if path.endswith("/") else 1 if path.endswith("::") else 2


def _variants(groups: Sequence[GroupView]) -> Iterator[tuple[int, int]]:
    """The groups that stand beside another of the same test with other parameters: their numbers, and how much of those
    is the same in all."""
    for base, some in groupby(enumerate(groups), key=lambda one: (one[1].test.base, bool(one[1].test.parameters))):
        its = list(some)
        if base[0] and base[1] and len(its) > 1:
            first, last = min(its, key=_parameters)[1], max(its, key=_parameters)[1]  # the others lie between
            head = first.test.parameters[: common_head(first.test.parameters, last.test.parameters)]
            shared = len(_PART.sub("", head))
            for number, _ in its:
                yield number, shared if shared >= _LONG else 0


def _parameters(one: tuple[int, GroupView]) -> str:
    return one[1].test.parameters
