"""Which recordings exist and what changed: gather what is on disk, plan what to do (pure), apply it to the index."""

from __future__ import annotations

import gc
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from multiprocessing import get_all_start_methods, get_context
from multiprocessing.pool import Pool
from pathlib import Path
from typing import NamedTuple

from inspector import reader
from inspector.formats import Recording
from inspector.index import FileRow, Index
from inspector.index.store import Entry
from inspector.reader import Root
from inspector.scan import Found, find, scan

_BATCH_SECONDS = 0.05
"""How long files are gathered for one transaction: what a page sees at once while an index grows."""

_WORTH_WORKERS = 200
"""Changed files from which on worker processes pay for themselves."""

WORKERS = 2


class Plan(NamedTuple):
    """What a refresh has to do."""

    read: tuple[Found, ...]
    gone: tuple[str, ...]


class Progress(NamedTuple):
    """How far the reading is, in files."""

    done: int
    total: int

    @property
    def running(self) -> bool:
        return self.done < self.total


def plan(known: Mapping[str, FileRow], found: Iterable[Found], below: str | None = None) -> Plan:
    """Compare what the index knows with what is there.

    `below` limits what may be gone to one directory (or one file); None stands for everything. Newest files come first.
    """
    there: set[str] = set()
    read: list[Found] = []
    for file in found:
        there.add(file.path)
        old = known.get(file.path)
        if old is None or old[1:4] != file[1:4]:
            read.append(file)
    gone = [path for path in known if path not in there and _lies(path, below)]
    read.sort(key=lambda file: (-file.mtime, file.path))
    return Plan(tuple(read), tuple(gone))


def _lies(path: str, below: str | None) -> bool:
    return below is None or path == below or path.startswith(f"{below}/")


class Workers:
    """Processes that read files beside this one.

    Made before any thread runs, because a forked child inherits locks but not the threads that would release them.
    """

    def __init__(self, root: Root, count: int = WORKERS) -> None:
        method = "fork" if "fork" in get_all_start_methods() and _forks_safely() else "spawn"
        self._pool: Pool = get_context(method).Pool(count, _begin_work, [root])

    def entries(self, files: Iterable[Found]) -> Iterator[Entry]:
        return self._pool.imap_unordered(_work, files, chunksize=32)

    def close(self) -> None:
        self._pool.terminate()


def _forks_safely() -> bool:
    import sys

    return sys.platform == "linux" and threading.active_count() == 1


_root: Root
_known: set[int] = set()


def _begin_work(root: Root) -> None:
    import signal
    import sys

    from inspector.jsonio import RECURSION_LIMIT

    global _root
    _root = root
    gc.disable()  # parsed JSON has no cycles, and looking for them takes a fifth of the time
    sys.setrecursionlimit(RECURSION_LIMIT)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to handle


def _work(found: Found) -> Entry:
    return reader.entry(_root, found, _known)


class Library:
    """The recordings below one root, and their index."""

    def __init__(
        self,
        root: Root,
        index: Index,
        notify: Callable[[], None] = lambda: None,
        renew: Callable[[Path | None, str], Index] = lambda file, why: Index(None),
    ) -> None:
        self.root = root
        self.index = index
        self.progress = Progress(0, 0)
        self.missing: str | None = None
        """Why the root cannot be read, while it cannot."""
        self._notify = notify
        self._renew = renew
        self._lock = threading.Lock()

    # ------------------------------------------------------------ refreshing

    def refresh(self, below: str | None = None, workers: Workers | None = None) -> Plan:
        """Bring the index up to date with the files, all of them or those below one path."""
        with self._lock:
            self.missing = None if self.root.path.is_dir() else f"{self.root.path} is not there any more"
            todo = plan(self._known(below), self._found(below), below)
            self._apply(todo, workers)
            return todo

    def settle(self) -> float | None:
        """Look again at the files that were being written; seconds until that is worth repeating, None if never."""
        with self._lock:
            growing = self.index.files_in_state("writing")
            files = [found for file in growing if (found := find(self.root.path, file.path)) is not None]
            gone = tuple({file.path for file in growing} - {file.path for file in files})
            if growing:
                self._apply(Plan(tuple(files), gone), None)
        return 0.25 if growing else None

    def rebuild(self, why: str) -> None:
        """Put a new index in the place of a broken one. What it holds is read by the next `refresh`."""
        with self._lock:
            broken = self.index
            broken.close()
            self.index = self._renew(broken.file, why)
        self._notify()

    def rebuild_in_memory(self, why: str) -> None:
        """As `rebuild`, where the file keeps failing: its disk is full, say."""
        self.index.file = None
        self.rebuild(why)

    def recording(self, path: str) -> Recording:
        """A recording as it is on the disk now, read afresh."""
        return reader.load(self.root, path)

    def _known(self, below: str | None) -> dict[str, FileRow]:
        return self.index.files() if below is None else self.index.files_below(below)

    def _found(self, below: str | None) -> Iterator[Found]:
        if self.root.only is not None:
            below = self.root.only
        if below is None:
            return scan(self.root.path)
        file = find(self.root.path, below)
        return iter([file]) if file is not None else self._found_in(below)

    def _found_in(self, folder: str) -> Iterator[Found]:
        from inspector.scan import PASSED_OVER

        return scan(self.root.path, folder) if PASSED_OVER.isdisjoint(folder.split("/")) else iter(())

    def _apply(self, todo: Plan, workers: Workers | None) -> None:
        if not todo.read and not todo.gone:
            return
        self.progress = Progress(0, len(todo.read))
        if workers is not None and len(todo.read) >= _WORTH_WORKERS:
            entries = workers.entries(todo.read)
        else:
            known: set[int] = set()
            entries = (reader.entry(self.root, found, known) for found in todo.read)
        gone = todo.gone
        for batch in _batches(entries):
            self.index.write(batch, gone)
            gone = ()
            self.progress = Progress(self.progress.done + len(batch), len(todo.read))
            self._notify()
        if gone:
            self.index.write((), gone)
            self._notify()


def _batches(entries: Iterable[Entry]) -> Iterator[list[Entry]]:
    batch: list[Entry] = []
    began = time.monotonic()
    for entry in entries:
        batch.append(entry)
        if time.monotonic() - began > _BATCH_SECONDS:
            yield batch
            batch, began = [], time.monotonic()
    if batch:
        yield batch
