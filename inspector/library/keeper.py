"""Keeps one library current for as long as a server runs.

One process writes and watches, which a lock beside the index decides; others on the same host follow what it writes,
and take over when it ends. An index that breaks (deleted, corrupt, its disk full) is rebuilt, in memory if need be.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path

from filelock import FileLock, Timeout

from inspector.files.roots import Roots
from inspector.index import Index, IndexBroken
from inspector.index.cache_place import is_ours, lock_file, remove
from inspector.library.library import Library
from inspector.library.live_updates import Live
from inspector.library.watcher import Watcher

_FOLLOW = 0.1
"""Seconds between two looks of a follower."""

_LOOK = 1.0
"""Seconds between two looks of a follower at the roots."""

_PATIENCE = 10.0
"""Seconds that a follower waits for an index in the place of a broken one."""

_FAREWELL = 1.0
"""Seconds that the end of the server waits for the file that is being read."""

Say = Callable[[str], None]


class Keeper:
    """A library with its index, its watcher and the pages that wait for news."""

    def __init__(self, roots: Roots, index: Path | None, poll: bool = False, say: Say = lambda _: None) -> None:
        self.live = Live()
        self._say = say
        self._poll = poll
        self._of = roots.served
        self._ended = threading.Event()
        self._broken = threading.Event()
        self._lock = _lock(index)
        self.writes = _acquired(self._lock)
        self.library = Library(roots, self._open(index), self.live.notify, self._rebuilt)
        self._watcher: Watcher | None = None
        self._follower: threading.Thread | None = None

    def start(self) -> None:
        """Read what is there and follow what changes, in the background."""
        if self._is_alone():
            self._watch()
            return
        self._follower = threading.Thread(target=self._follow, name="follower", daemon=True)
        self._follower.start()

    def stop(self) -> None:
        """End the threads, wake the pages that wait, and let another process write."""
        self._ended.set()
        self.live.end()
        for thread in (self._follower, self._watcher):  # a follower may just have begun to watch
            if isinstance(thread, Watcher):
                thread.stop()
            if thread is not None:
                thread.join(_FAREWELL)
        self.library.index.close()
        self._release()

    def live_id(self) -> str:
        """The change that a page made now knows of already, as the id of a server-sent event."""
        return f"{self.library.index.epoch}:{self.library.index.last_change()}"

    def recover(self, error: IndexBroken) -> None:
        """A page could not read the index: have it rebuilt, unless that was done meanwhile."""
        if error.index is not self.library.index:
            return
        self._broken.set()
        if self._watcher is not None:
            self._watcher.rebuild()

    # ------------------------------------------------------------ writing

    def _is_alone(self) -> bool:
        """Whether what the index holds is ours to write: an index in memory has no other writer."""
        return self.writes or self.library.index.file is None

    def _watch(self) -> None:
        self._watcher = Watcher(self.library, self._poll, self._say)
        self._watcher.start()

    def _open(self, file: Path | None) -> Index:
        try:
            return Index(file, self._of)
        except IndexBroken as error:
            return self._rebuilt(file, str(error))

    def _rebuilt(self, file: Path | None, why: str) -> Index:
        """A new index in the place of a broken one; in memory where the place itself is the trouble."""
        try:
            if file is None:
                raise IndexBroken(why)
            if self.writes:
                _remove_ours(file)
            index = Index(file, self._of)
        except (IndexBroken, OSError) as error:
            self._say(f"the index cannot be kept in {file or 'its file'} ({error}): keeping it in memory")
            self._release()  # another process may have more luck
            return Index(None)
        if self.writes:
            self._say(f"the index was rebuilt ({why})")
        return index

    def _release(self) -> None:
        if self._lock is not None:
            self._lock.release(force=True)

    # ------------------------------------------------------------ following

    def _follow(self) -> None:
        version, looked = -1, 0.0
        broken_since: float | None = None
        while not self._ended.wait(_FOLLOW):
            try:
                before, version = version, self._version()
                if version != before or time.monotonic() - looked > _LOOK:
                    looked = time.monotonic()
                    self.library.follow()
                if version != before:
                    self.live.notify()
            except IndexBroken as error:
                broken_since = broken_since or time.monotonic()
                if self._reopened():
                    version, broken_since = -1, None
                elif time.monotonic() - broken_since > _PATIENCE:
                    self.library.rebuild_in_memory(str(error))
            if self.library.index.file is None or _acquired(self._lock):
                self.writes = True
                self._watch()
                return

    def _reopened(self) -> bool:
        """Take what the process that writes puts in the place of a broken index; whether it is there already."""
        file = self.library.index.file
        try:
            if file is None or not file.exists():
                return False
            self.library.take(Index(file, self._of))
        except IndexBroken:
            return False
        self._broken.clear()
        return True

    def _version(self) -> int:
        """A number that changes when the other process wrote."""
        index = self.library.index
        if index.is_lost() or self._broken.is_set():
            raise IndexBroken("another process replaced it", index)
        return index.version()


def _remove_ours(file: Path) -> None:
    if not is_ours(file):
        raise OSError("it is somebody else's file")
    remove(file)


def _lock(index: Path | None) -> FileLock | None:
    if index is None:
        return None
    try:
        index.parent.mkdir(0o700, parents=True, exist_ok=True)
    except OSError:
        return None
    return FileLock(lock_file(index), thread_local=False)


def _acquired(lock: FileLock | None) -> bool:
    """Whether this process may write. Where no lock can be kept there is no index to share either."""
    if lock is None:
        return True
    try:
        lock.acquire(blocking=False)
    except Timeout:
        return False
    except (OSError, NotImplementedError):
        return True
    return True
