"""Which exchange of one state is which of another: by its file, and where files have other names by what was asked.

A recorder that names a file by a hash of the request gives it another name as soon as a word of the prompt changes, so
a name alone proves nothing gone.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from typing import NamedTuple

from inspector.index import Row
from inspector.model.expressions import expression

_ID_IN_PATH = expression(r"(?<=/)[A-Za-z]{1,20}[-_](?=[A-Za-z]*+[0-9])[0-9A-Za-z]{12,}+(?=/|$)")
"""Such as in ``GET /v1/files/file-2mUq1sGXk9oB4nTr``."""


class Pair(NamedTuple):
    """An exchange before and after, one of which may be missing."""

    before: Row | None
    after: Row | None


class _Side(NamedTuple):
    """An exchange of either state."""

    row: Row
    file: str | None
    """The path of its file before; None for a file that was not there."""


class _Way(NamedTuple):
    key: Callable[[_Side], Hashable]
    """What an exchange is recognised by; None for nothing."""
    is_sure: bool = True
    """Whether several of one key are the same in their order; else only a single one is recognised."""
    is_anywhere: bool = False
    """Whether what is no talk with a model may have asked for something else."""


def files(before: Mapping[str, str], after: Mapping[str, str]) -> dict[str, str]:
    """The path before for the path of each file that was there already. Given are the paths, each with its place in
    the repository. Where no place is common to both, as in an archive that starts at another depth, files are
    recognised by the end of their places, as much of it as no other has."""
    at = {place: path for path, place in before.items()}
    same = {path: at[place] for path, place in after.items() if place in at}
    return same or _by_their_ends(before, after)


def _by_their_ends(before: Mapping[str, str], after: Mapping[str, str]) -> dict[str, str]:
    ends, ends_before = _ends(after), _ends(before)
    found: dict[str, str] = {}
    taken: set[str] = set()
    for end in sorted(ends.keys() & ends_before.keys(), key=lambda end: (-end.count("/"), end)):
        new = [path for path in ends[end] if path not in found]
        old = [path for path in ends_before[end] if path not in taken]
        if len(new) == len(old) == 1:
            found[new[0]] = old[0]
            taken.add(old[0])
    return found


def _ends(places: Mapping[str, str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for path, place in places.items():
        end = place
        found.setdefault(end, []).append(path)
        while "/" in end:
            end = end.partition("/")[2]
            found.setdefault(end, []).append(path)
    return found


def pairs(before: Iterable[Row], after: Iterable[Row], same_file: Mapping[str, str]) -> list[Pair]:
    """Every exchange of both, each once: those of now in their order, then what is gone. `same_file` says which path
    was which before."""
    after = list(after)
    old = [_Side(row, row.path) for row in before]
    new = [_Side(row, same_file.get(row.path)) for row in after]
    known: dict[int, Row] = {}
    for way in _WAYS:
        found = dict(_recognised(old, new, way))
        taken = {row.id for row in found.values()}
        known |= found
        old = [side for side in old if side.row.id not in taken]
        new = [side for side in new if side.row.id not in found]
    return [*(Pair(known.get(row.id), row) for row in after), *(Pair(side.row, None) for side in old)]


def _recognised(old: list[_Side], new: list[_Side], way: _Way) -> Iterator[tuple[int, Row]]:
    """The number of an exchange of now, and what it was before."""
    waiting, asking = _by_key(old, way), _by_key(new, way)
    for key, rows in asking.items():
        known = waiting.get(key, ())
        if way.is_sure or len(rows) == len(known) == 1:
            yield from ((row.id, was) for row, was in zip(rows, known, strict=False))


def _by_key(sides: list[_Side], way: _Way) -> dict[Hashable, list[Row]]:
    found: dict[Hashable, list[Row]] = {}
    for side in sides:
        if (key := way.key(side)) is not None:
            address = "" if way.is_anywhere else _address(side.row)
            found.setdefault((key, address), []).append(side.row)
    return found


def _address(row: Row) -> str:
    """Of what is no talk with a model, its address: that is what it asked for, whatever id it asks about."""
    return _ID_IN_PATH.sub("", row.asked) if row.operation == "other" and not row.prompt else ""


def _in_file(*names: str) -> Callable[[_Side], Hashable]:
    """The same file, and the same in some columns."""
    return lambda side: None if side.file is None else (side.file, *(getattr(side.row, name) for name in names))


def _in_group(*names: str) -> Callable[[_Side], Hashable]:
    """The same test or session, and the same in some columns."""

    def key(side: _Side) -> Hashable:
        row = side.row
        return None if row.group_kind == "file" else (row.group_id, *(getattr(row, name) for name in names))

    return key


def _anywhere(*names: str) -> Callable[[_Side], Hashable]:
    """The same in some columns, wherever it lies; what says nothing is not recognised by that."""
    return lambda side: tuple(getattr(side.row, name) for name in names) if side.row.prompt else None


def _only_one(side: _Side) -> Hashable:
    """What is left of a file, by how it asks."""
    return None if side.file is None else (side.file, side.row.operation, side.row.asked.partition(" ")[0])


def _turn(side: _Side) -> Hashable:
    """The same place in the conversation of the same test."""
    key = _in_group("operation")(side)
    return key and (key, len(side.row.prompt))


_WAYS = (
    _Way(_in_file("request", "replies")),
    _Way(_in_file("request")),
    _Way(_in_file("chain", "operation")),
    _Way(_in_file("operation")),
    _Way(_only_one, is_sure=False, is_anywhere=True),
    _Way(_in_group("request", "replies")),
    _Way(_in_group("request")),
    _Way(_in_group("chain", "model", "operation")),
    _Way(_in_group("chain", "operation")),
    _Way(_in_group("operation", "asked"), is_sure=False),
    _Way(_turn, is_sure=False),
    _Way(_anywhere("request", "replies")),
    _Way(_anywhere("request")),
)
"""What exchanges are recognised by, the surest first."""
