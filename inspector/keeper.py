"""Keeps one library current for as long as a server runs.

One process writes and watches, which a lock beside the index decides; others on the same host follow what it writes,
and take over when it ends. An index that breaks (deleted, corrupt, its disk full) is rebuilt, in memory if need be.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

from filelock import FileLock, Timeout

from inspector.index import Index, IndexBroken
from inspector.index.place import remove
from inspector.library import Library, Workers
from inspector.live import Live
from inspector.reader import Root
from inspector.watch import Watcher

_FOLLOW = 0.25
"""Seconds between two looks of a follower."""

Say = Callable[[str], None]


class Keeper:
    """A library with its index, its watcher and the pages that wait for news."""

    def __init__(self, root: Root, index: Path | None, poll: bool = False, say: Say = lambda _: None) -> None:
        self.live = Live()
        self._say = say
        self._poll = poll
        self._ended = threading.Event()
        self._lock = _lock(index)
        self.writes = _acquired(self._lock)
        self.library = Library(root, self._open(index), self.live.notify, self._rebuilt)
        self._watcher: Watcher | None = None

    def start(self, workers: Workers | None = None) -> None:
        """Read what is there and follow what changes, in the background."""
        if self.writes:
            self._watch(workers)
        else:
            if workers is not None:
                workers.close()
            threading.Thread(target=self._follow, name="follower", daemon=True).start()

    def stop(self) -> None:
        self._ended.set()
        self.live.end()
        if self._watcher is not None:
            self._watcher.stop()
        if self._lock is not None:
            self._lock.release(force=True)

    def live_id(self) -> str:
        """The change that a page made now knows of already, as the id of a server-sent event."""
        return f"{self.library.index.epoch}:{self.library.index.last_change()}"

    def recover(self) -> None:
        """A page could not read the index: have it rebuilt."""
        if self._watcher is not None:
            self._watcher.rebuild()

    # ------------------------------------------------------------ writing

    def _watch(self, workers: Workers | None = None) -> None:
        self._watcher = Watcher(self.library, self._poll, self._say, workers)
        self._watcher.start()

    def _open(self, file: Path | None) -> Index:
        try:
            return Index(file)
        except IndexBroken as error:
            return self._rebuilt(file, str(error))

    def _rebuilt(self, file: Path | None, why: str) -> Index:
        """A new index in the place of a broken one; in memory where the place itself is the trouble."""
        if file is None:
            return Index(None)
        try:
            if self.writes:
                remove(file)
            index = Index(file)
        except (IndexBroken, OSError) as error:
            self._say(f"the index cannot be kept in {file} ({error}): keeping it in memory")
            return Index(None)
        self._say(f"the index was rebuilt ({why})")
        return index

    # ------------------------------------------------------------ following

    def _follow(self) -> None:
        version = -1
        while not self._ended.wait(_FOLLOW):
            try:
                now = self.library.index.version()
                if self.library.index.is_lost():
                    raise IndexBroken("replaced by another process")
            except IndexBroken as error:
                self.library.rebuild(str(error))
                continue
            if now != version:
                version = now
                self.live.notify()
            if _acquired(self._lock):
                self.writes = True
                self._watch()
                return


def _lock(index: Path | None) -> FileLock | None:
    if index is None:
        return None
    try:
        index.parent.mkdir(parents=True, exist_ok=True)
    except OSError:
        return None
    return FileLock(index.with_name(index.name + ".lock"), thread_local=False)


def _acquired(lock: FileLock | None) -> bool:
    """Whether this process may write. Where no lock can be kept there is no index to share either."""
    if lock is None:
        return True
    try:
        lock.acquire(blocking=False)
    except Timeout:
        return False
    except OSError:
        return True
    return True
