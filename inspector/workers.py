"""Processes that read files, so that a first look at a large directory uses all cores."""

from __future__ import annotations

import gc
import os
import signal
import sys
import threading
from collections import deque
from collections.abc import Iterator, Sequence
from multiprocessing import TimeoutError as TookLong
from multiprocessing import active_children, get_all_start_methods, get_context
from multiprocessing.pool import AsyncResult, Pool

from inspector import reader
from inspector.index import Entry, FileRow
from inspector.jsonio import RECURSION_LIMIT
from inspector.opening import Root
from inspector.scan import Found

WORTH = 200
"""Files from which on processes of their own pay for themselves."""

_MOST = 8
"""Processes at most: beyond that the one that writes cannot keep up."""

_CHUNK = 16
"""Files that a process is given at a time."""

_PATIENCE = 1.0
"""Seconds without a result after which it is looked whether the processes still live."""


Todo = tuple[Found, FileRow | None]
"""A file to read, and what the index has of it where it may only have grown."""


class Workers:
    """Processes that read files beside this one, which reads too and writes what all of them bring.

    Made before any thread runs, because a forked child inherits locks but not the threads that would release them.
    """

    def __init__(self, root: Root, count: int | None = None) -> None:
        gc.freeze()  # what is there before the fork is shared: no collection of a child has to touch it
        method = "fork" if "fork" in get_all_start_methods() and _forks_safely() else "spawn"
        others = set(active_children())
        self._root = root
        self._ahead = 16 * (count or _others())
        self._pool: Pool = get_context(method).Pool(count or _others(), _begin_work, [root])
        self._processes = set(active_children()) - others

    def entries(self, files: Sequence[Todo]) -> Iterator[Entry]:
        """The files' entries, roughly in order. What a killed process was reading is read here."""
        left = deque(files[at : at + _CHUNK] for at in range(0, len(files), _CHUNK))
        given: deque[tuple[Sequence[Todo], AsyncResult[list[Entry]]]] = deque()
        known: set[int] = set()
        while left or given:
            while left and len(given) < self._ahead:
                given.append((left[0], self._pool.apply_async(_work, [left.popleft()])))
            if left and not given[0][1].ready():
                yield from self._read_here(left.popleft(), known)
            else:
                chunk, result = given.popleft()
                yield from self._arrived(result) or self._read_here(chunk, known)

    def _read_here(self, chunk: Sequence[Todo], known: set[int]) -> list[Entry]:
        collecting = gc.isenabled()
        gc.disable()  # parsed JSON has no cycles, and looking for them takes a fifth of the time
        try:
            return [entry for found, old in chunk for entry in reader.entries(self._root, found, known, old)]
        finally:
            if collecting:
                gc.enable()

    def _arrived(self, result: AsyncResult[list[Entry]]) -> list[Entry] | None:
        """What a process sends, or None when it can send nothing any more."""
        while True:
            try:
                return result.get(timeout=_PATIENCE)
            except TookLong:
                if not self._are_well():
                    return None

    def _are_well(self) -> bool:
        return all(process.is_alive() for process in self._processes)

    def close(self) -> None:
        """End them, whatever they are doing. One that was killed may hold a lock that `terminate` waits for."""
        ending = threading.Thread(target=self._pool.terminate, daemon=True)
        ending.start()
        ending.join(_PATIENCE)


def _forks_safely() -> bool:
    return sys.platform == "linux" and threading.active_count() == 1


def _others() -> int:
    """Processes beside this one: one a core."""
    return max(1, min((os.cpu_count() or 2) - 1, _MOST))


_root: Root
_known: set[int] = set()


def _begin_work(root: Root) -> None:
    global _root
    _root = root
    gc.disable()
    sys.setrecursionlimit(RECURSION_LIMIT)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to handle
    signal.signal(signal.SIGTERM, signal.SIG_DFL)


def _work(files: Sequence[Todo]) -> list[Entry]:
    return [entry for found, old in files for entry in reader.entries(_root, found, _known, old)]
