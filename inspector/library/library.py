"""Which recordings exist and what changed: gather what is on the disk, plan what to do, apply it to the index."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from inspector.files.roots import Roots
from inspector.formats import Recording
from inspector.formats.reading.lines import Line
from inspector.index import Entry, Index
from inspector.index.cache_place import beside, lock_file
from inspector.library import reader
from inspector.library.named_files import once_more
from inspector.library.plan import Plan, apart, newest_first, plan, together
from inspector.library.progress import Progress
from inspector.library.workers import WORTH, PlainReading, Reading, Todo, Workers
from inspector.model.uncollected import uncollected

_BATCH_SECONDS = 0.1
"""How long files are gathered for one transaction: what a page sees at once while an index grows."""

_PROGRESS = "progress"
"""Under which the progress is noted for the processes that follow; it is there once the files were gone through."""

_WORTH_A_NOTE = 200
"""Files that are read at once from which on others are told how far it is."""

_SETTLE = 0.25
"""Seconds between two looks at files that are being written."""


class Library:
    """The recordings that are served, and their index."""

    def __init__(
        self,
        roots: Roots,
        index: Index,
        notify: Callable[[], None] = lambda: None,
        renew: Callable[[Path | None, str], Index] = lambda file, why: Index(None),
    ) -> None:
        self.roots = roots
        self.index = index
        self.progress = Progress()
        self.looked = False
        """Whether the files were gone through once; until then an empty list says nothing."""
        self.missing: str | None = None
        """Which roots cannot be read, and why, while they cannot."""
        self._notify = notify
        self._renew = renew
        self.own = _own_files(roots, index)
        """Files of ours among the recordings: the index, where it is kept there."""
        self.passed_over: Callable[[str], bool] = lambda path: False
        """Which other files are not read, by their paths."""
        self.reading: Reading = PlainReading(roots)
        self.taken: Callable[[Iterator[Any]], Iterator[Entry]] = iter
        """Takes out of what is read all that is no entry of this library's."""
        self._workers: Workers | None = None
        self._lock = threading.Lock()
        self._ended = False

    # ------------------------------------------------------------ refreshing

    def refresh(self, *below: str) -> Plan:
        """Bring the index up to date with the files: those at and below some paths, or all of them."""
        with self._lock:
            self.look_at_roots()
            todo = together(map(self._todo, apart(below))) if below else self._todo(None)
            self._apply(todo)
            self._apply(once_more(self.roots, self.index, todo))
        if not self.looked:
            self.looked = True
            self.index.note(_PROGRESS, self.progress.noted)
            self._notify()
        return todo

    def follow(self) -> None:
        """Say what another process says of its reading."""
        self.look_at_roots()
        noted = self.index.noted(_PROGRESS)
        if noted is not None:
            self.progress = Progress.of(noted)
            self.looked = self.looked or not self.progress.running

    def look_at_roots(self) -> None:
        """Say which roots cannot be read, and tell the pages when that changed."""
        before, self.missing = self.missing, self.roots.missing()
        if before != self.missing:
            self._notify()

    def settle(self) -> float | None:
        """Look again at the files that were being written; seconds until that is worth repeating, None if never."""
        with self._lock:
            growing = self.index.files_in_state("writing")
            seen = [row if reader.is_fresh(row) else row._replace(changed=0) for row in growing]  # read in any case
            self._apply(together(plan([row], self.roots.found(row.path)) for row in seen))
        return _SETTLE if growing else None

    def end(self) -> None:
        """Stop reading, after the file that is being read now."""
        self._ended = True
        if self._workers is not None:
            self._workers.end()

    def rebuild(self, why: str) -> None:
        """Put a new index in the place of a broken one. What it holds is read by the next `refresh`."""
        with self._lock:
            broken = self.index
            broken.close()
            self.index = self._renew(broken.file, why)
        self._notify()

    def take(self, index: Index) -> None:
        """Go on with an index that another process made in the place of a broken one."""
        with self._lock:
            self.index.close()
            self.index = index
        self._notify()

    def rebuild_in_memory(self, why: str) -> None:
        """As `rebuild`, where the file keeps failing: its disk is full, say."""
        with self._lock:
            self.index.close()
            self.index = self._renew(None, why)
        self._notify()

    def recording(self, path: str, at: Line | None = None, known: str | None = None) -> Recording:
        """A recording as it is on the disk now, or only its entry that begins `at` a line; read afresh. `known` is the
        format that it was of."""
        return reader.load(self.roots, path, at, known=known)

    def is_closed(self, folder: str) -> bool:
        """Whether a folder could not be read, or cannot be."""
        known = next(self.index.known_files(folder), None)
        readable = os.access(self.roots.place(folder).file, os.R_OK | os.X_OK)
        return not readable or (known is not None and known.path == folder)

    def _todo(self, below: str | None) -> Plan:
        all = self.roots.found(below)
        found = (found for found in all if found.path not in self.own and not self.passed_over(found.path))
        return plan(self.index.known_files(below), found)

    def _apply(self, todo: Plan) -> None:
        if not todo.read and not todo.gone:
            return
        self._reached(0, len(todo.read), time.monotonic())
        try:
            self._write(todo)
        finally:
            self.progress = self.progress._replace(done=self.progress.total)
        self._notify()

    def _write(self, todo: Plan) -> None:
        gone, done, began = todo.gone, 0, time.monotonic()
        for batch in _batches(self._entries(todo)):
            if self._ended:
                return
            self.index.write(batch, gone)
            gone = []
            done += len({entry.file.path for entry in batch if entry.file.inside is None})
            self._reached(min(done, len(todo.read)), len(todo.read), began)
            self._notify()
        if gone:
            self.index.write((), gone)

    def _entries(self, todo: Plan) -> Iterator[Entry]:
        files = [(found, todo.grown.get(found.path)) for found in newest_first(todo.read)]
        if len(files) >= WORTH:
            self._workers = Workers(self.reading)
            return self.taken(self._workers.entries(files))
        return self.taken(self._read_here(files))

    def _read_here(self, files: Sequence[Todo]) -> Iterator[Any]:
        known: set[int] = set()
        for found, old in files:
            with uncollected():
                yield from self.reading.entries(found, known, old)

    def _reached(self, done: int, total: int, began: float) -> None:
        self.progress = Progress(done, total, time.monotonic() - began)
        if total >= _WORTH_A_NOTE:
            self.index.note(_PROGRESS, self.progress.noted)


def _own_files(roots: Roots, index: Index) -> frozenset[str]:
    if index.file is None:
        return frozenset()
    file = Path(os.path.realpath(index.file))
    return frozenset(path for own in (*beside(file), lock_file(file)) if (path := roots.path_of(str(own))) is not None)


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
