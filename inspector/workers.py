"""Processes that read files, so that a first look at a large directory uses all cores."""

from __future__ import annotations

import gc
import os
import signal
import sys
import threading
from collections.abc import Iterable, Iterator
from multiprocessing import TimeoutError as TookLong
from multiprocessing import active_children, get_all_start_methods, get_context
from multiprocessing.pool import IMapIterator, Pool

from inspector import reader
from inspector.index import Entry
from inspector.jsonio import RECURSION_LIMIT
from inspector.reader import Root
from inspector.scan import Found

_MOST = 8
"""Processes at most: beyond that the one that writes cannot keep up."""

_CHUNK = 32
"""Files that a process is given at a time."""

_PATIENCE = 1.0
"""Seconds without a result after which it is looked whether the processes still live."""


class Workers:
    """Processes that read files beside this one.

    Made before any thread runs, because a forked child inherits locks but not the threads that would release them.
    """

    def __init__(self, root: Root, count: int | None = None) -> None:
        gc.freeze()  # what is there before the fork is shared: no collection of a child has to touch it
        method = "fork" if "fork" in get_all_start_methods() and _forks_safely() else "spawn"
        others = set(active_children())
        self._root = root
        self._pool: Pool = get_context(method).Pool(count or _cores(), _begin_work, [root])
        self._processes = set(active_children()) - others

    def entries(self, files: Iterable[Found]) -> Iterator[Entry]:
        """The files' entries in any order. What a worker was reading when the system killed it is read here."""
        todo = list(files)
        left = {file.path: file for file in todo}
        results = self._pool.imap_unordered(_work, [todo[at : at + _CHUNK] for at in range(0, len(todo), _CHUNK)])
        for entry in self._arriving(results):
            del left[entry.file.path]
            yield entry
        known: set[int] = set()
        for file in left.values():
            yield reader.entry(self._root, file, known)

    def _arriving(self, results: IMapIterator[list[Entry]]) -> Iterator[Entry]:
        """What the workers send, until they have sent everything or one of them is gone."""
        while True:
            try:
                yield from results.next(timeout=_PATIENCE)
            except StopIteration:
                return
            except TookLong:
                if not self._are_well():
                    return

    def _are_well(self) -> bool:
        return all(process.is_alive() for process in self._processes)

    def close(self) -> None:
        """End them, whatever they are doing. One that was killed may hold a lock that `terminate` waits for."""
        ending = threading.Thread(target=self._pool.terminate, daemon=True)
        ending.start()
        ending.join(_PATIENCE)


def _forks_safely() -> bool:
    return sys.platform == "linux" and threading.active_count() == 1


def _cores() -> int:
    return max(2, min(os.cpu_count() or 2, _MOST))


_root: Root
_known: set[int] = set()


def _begin_work(root: Root) -> None:
    global _root
    _root = root
    gc.disable()  # parsed JSON has no cycles, and looking for them takes a fifth of the time
    sys.setrecursionlimit(RECURSION_LIMIT)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to handle
    signal.signal(signal.SIGTERM, signal.SIG_DFL)


def _work(files: list[Found]) -> list[Entry]:
    return [reader.entry(_root, found, _known) for found in files]
