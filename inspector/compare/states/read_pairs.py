"""Exchanges of two states as they are in their files, side by side."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from inspector.compare.states.state import State
from inspector.index import Row
from inspector.library import reader
from inspector.model import Exchange

_KEPT = 8
"""Recordings that are kept: pairs come by the files of one side, and nearly so by those of the other."""


class Loaded(NamedTuple):
    """A pair of exchanges; None for one that cannot be read any more."""

    was: Row
    now: Row
    before: Exchange | None
    after: Exchange | None


def loaded(before: State, after: State, pairs: Iterable[tuple[Row, Row]]) -> Iterator[Loaded]:
    """Pairs of rows with their exchanges, by the files of before. Of an archive all is read once, in its order."""
    by_path: dict[str, list[tuple[Row, Row]]] = {}
    for pair in pairs:
        by_path.setdefault(pair[0].path, []).append(pair)
    now = _Reading(after, {new.path for found in by_path.values() for _, new in found})
    for path, held in _recordings(before, {*by_path}):
        for was, new in by_path[path]:
            yield Loaded(was, new, held.get(was.entry), now.exchange(new))


def _recordings(state: State, paths: set[str]) -> Iterator[tuple[str, dict[int, Exchange]]]:
    archives = {inside for path in paths if (inside := state.files[path].inside)}
    for path in sorted(path for path in paths if not state.files[path].inside):
        yield path, _by_entry(reader.load(state.roots, path, thorough=False).exchanges)
    for found in state.roots.found() if archives else ():
        if found.path in archives:
            read = (one for one in reader.recordings(state.roots, found) if one[0] in paths)
            yield from ((path, _by_entry(recording.exchanges)) for path, recording in read)


def _by_entry(exchanges: Iterable[Exchange]) -> dict[int, Exchange]:
    return {exchange.entry: exchange for exchange in exchanges}


class _Reading:
    """Exchanges of one state, in any order."""

    def __init__(self, state: State, paths: set[str]) -> None:
        self._state = state
        self._inside = dict(_recordings(state, {path for path in paths if state.files[path].inside}))
        self._last: dict[str, dict[int, Exchange]] = {}

    def exchange(self, row: Row) -> Exchange | None:
        if row.path in self._inside:
            return self._inside[row.path].get(row.entry)
        if row.path not in self._last:
            self._last[row.path] = _by_entry(reader.load(self._state.roots, row.path, thorough=False).exchanges)
            if len(self._last) > _KEPT:
                del self._last[next(iter(self._last))]  # the oldest
        return self._last[row.path].get(row.entry)
