"""Which recordings exist and what changed: gather what is on disk, plan what to do (pure), apply it to the index."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from inspector import reader
from inspector.formats import Recording
from inspector.formats.source import Line
from inspector.index import Entry, FileRow, Index
from inspector.index.place import beside, lock_file
from inspector.opening import Root
from inspector.scan import Found, find, is_passed_over, named, scan
from inspector.workers import WORTH, Workers

_BATCH_SECONDS = 0.1
"""How long files are gathered for one transaction: what a page sees at once while an index grows."""

_SETTLE = 0.25
"""Seconds between two looks at files that are being written."""


class Plan(NamedTuple):
    """What a refresh has to do. `grown` are files to read that may only have grown, as the index knows them."""

    read: tuple[Found, ...]
    gone: tuple[str, ...]
    grown: Mapping[str, FileRow] = MappingProxyType({})


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
    grown: dict[str, FileRow] = {}
    for file in found:
        old = known.get(file.path)
        if old is not None and old[1:5] == file[1:5]:
            there.add(file.path)
            continue
        read.append(file)
        if old is not None and old.resume is not None:
            grown[file.path] = old
    there.update(file.path for file in read)
    unchanged = there.difference(file.path for file in read)
    gone = [
        path
        for path, row in known.items()
        if path not in there and row.inside not in unchanged and (_lies(path, below) or row.inside in there)
    ]
    read.sort(key=lambda file: (-file.mtime, file.path))
    return Plan(tuple(read), tuple(gone), grown)


def _lies(path: str, below: str | None) -> bool:
    return below is None or path == below or path.startswith(f"{below}/")


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
        self.looked = False
        """Whether the files were gone through once; until then an empty list says nothing."""
        self.missing: str | None = None
        """Why the root cannot be read, while it cannot."""
        self._notify = notify
        self._renew = renew
        self.own = _own_files(root, index)
        """Files of ours among the recordings: the index, where it is kept there."""
        self._lock = threading.Lock()
        self._ended = False

    # ------------------------------------------------------------ refreshing

    def refresh(self, below: str | None = None, workers: Workers | None = None) -> Plan:
        """Bring the index up to date with the files, all of them or those below one path."""
        only = self.root.only
        if only is not None and below not in (None, only):
            return Plan((), ())
        with self._lock:
            self.look_at_root()
            todo = plan(self._known(below), self._found(below if only is None else only), below)
            self._apply(todo, workers)
        if not self.looked:
            self.looked = True
            self._notify()
        return todo

    def look_at_root(self) -> None:
        """Say whether the root can be read, and tell the pages when that changed."""
        before, self.missing = self.missing, _missing(self.root.path)
        if before != self.missing:
            self._notify()

    def settle(self) -> float | None:
        """Look again at the files that were being written; seconds until that is worth repeating, None if never."""
        with self._lock:
            growing = self.index.files_in_state("writing")
            found = [file for row in growing if (file := find(self.root.path, row.path)) is not None]
            gone = {row.path for row in growing} - {file.path for file in found}
            known = {row.path: row for row in growing}
            files = [file for file in found if known[file.path][1:5] != file[1:5] or not reader.is_fresh(file)]
            grown = {path: row for path, row in known.items() if row.resume is not None}
            self._apply(Plan(tuple(files), tuple(sorted(gone)), grown), None)
        return _SETTLE if growing else None

    def end(self) -> None:
        """Stop reading, after the files that are being read now."""
        self._ended = True

    def rebuild(self, why: str) -> None:
        """Put a new index in the place of a broken one. What it holds is read by the next `refresh`."""
        with self._lock:
            broken = self.index
            broken.close()
            self.index = self._renew(broken.file, why)
        self._notify()

    def rebuild_in_memory(self, why: str) -> None:
        """As `rebuild`, where the file keeps failing: its disk is full, say."""
        with self._lock:
            self.index.close()
            self.index = self._renew(None, why)
        self._notify()

    def recording(self, path: str, at: Line | None = None) -> Recording:
        """A recording as it is on the disk now, or only its entry that begins `at` a line; read afresh."""
        return reader.load(self.root, path, at)

    def _known(self, below: str | None) -> dict[str, FileRow]:
        return self.index.files() if below is None else self.index.files_below(below)

    def _found(self, below: str | None) -> Iterator[Found]:
        return (found for found in self._all_found(below) if found.path not in self.own)

    def _all_found(self, below: str | None) -> Iterator[Found]:
        if below is None:
            return scan(self.root.path)
        if (file := find(self.root.path, below)) is not None:
            return iter([file])
        return iter(()) if is_passed_over(below) or below == self.root.only else scan(self.root.path, below)

    def _apply(self, todo: Plan, workers: Workers | None) -> None:
        if not todo.read and not todo.gone:
            return
        self.progress = Progress(0, len(todo.read))
        try:
            self._write(todo, workers)
        finally:
            self.progress = Progress(len(todo.read), len(todo.read))
        self._notify()

    def _write(self, todo: Plan, workers: Workers | None) -> None:
        if workers is not None and len(todo.read) >= WORTH:
            entries = workers.entries([(found, todo.grown.get(found.path)) for found in todo.read])
        else:
            known: set[int] = set()
            entries = (
                entry
                for found in todo.read
                for entry in reader.entries(self.root, found, known, todo.grown.get(found.path))
            )
        gone = todo.gone
        for batch in _batches(entries):
            if self._ended:
                return
            self.index.write(batch, gone)
            gone = ()
            done = {entry.file.path for entry in batch if entry.file.inside is None}
            self.progress = Progress(min(self.progress.done + len(done), len(todo.read)), len(todo.read))
            self._notify()
        if gone:
            self.index.write((), gone)


def _missing(root: Path) -> str | None:
    """Why a root cannot be read."""
    try:
        os.scandir(root).close()
    except (FileNotFoundError, NotADirectoryError):
        return f"{named(str(root))} is not there any more"
    except OSError as error:
        return f"{named(str(root))} cannot be read: {error.strerror or error}"
    return None


def _own_files(root: Root, index: Index) -> frozenset[str]:
    if index.file is None:
        return frozenset()
    top, file = os.path.realpath(root.path), Path(os.path.realpath(index.file))
    full = [os.path.relpath(path, top) for path in (*beside(file), lock_file(file))] if file.is_relative_to(top) else []
    return frozenset(named(path.replace(os.sep, "/")) for path in full)


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
