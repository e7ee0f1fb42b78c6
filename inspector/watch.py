"""Keeps a library current while files change. The only module that imports watchdog.

What the system reports is a hint, nothing more: it misses files in new directories, and says "closed" on Linux only.
So every hint is answered by looking at what is there, and everything is looked at again from time to time.
"""

from __future__ import annotations

import errno
import os
import threading
import time
from collections.abc import Callable
from typing import Protocol

from inspector.index import IndexBroken
from inspector.library import Library, Workers

_GATHER = 0.02
"""Seconds in which hints are gathered into one look."""

_EVERYTHING = 30.0
"""Seconds after which the whole tree is looked at again although nothing was reported."""

_POLL = 1.0
"""Seconds between two looks where the file system reports nothing."""

_MANY = 50
"""Hints from which on one look at the whole tree is cheaper."""


class _Observer(Protocol):
    def stop(self) -> None: ...


class Watcher(threading.Thread):
    """A thread that refreshes the library when files change, until `stop`."""

    def __init__(
        self,
        library: Library,
        poll: bool = False,
        say: Callable[[str], None] = lambda _: None,
        workers: Workers | None = None,
    ) -> None:
        super().__init__(name="watcher", daemon=True)
        self.library = library
        self.polling = poll
        self._say = say
        self._workers = workers
        self._hints: set[str] = set()
        self._awake = threading.Event()
        self._ended = self._broken = False
        self._observer: _Observer | None = None
        self._looked = self._took = 0.0

    def hint(self, path: str) -> None:
        """Something happened at an absolute path."""
        relative = os.path.relpath(path, self.library.root.path).replace(os.sep, "/")
        self._hints.add("" if relative == "." or relative.startswith("../") else relative)
        self._awake.set()

    def stop(self) -> None:
        self._ended = True
        self._awake.set()
        if self._observer is not None:
            self._observer.stop()

    def rebuild(self) -> None:
        """The index was found broken: begin a new one."""
        self._broken = True
        self._awake.set()

    def run(self) -> None:
        if not self.polling:
            self._observe()
        self._look_at_everything()
        if self._workers is not None:
            self._workers.close()
            self._workers = None
        while not self._ended:
            self._turn()

    def _turn(self) -> None:
        pause = self._pause()
        self._awake.wait(min(self._settled() or pause, pause))
        hints = self._gathered()
        if self._ended:
            return
        if self._broken:
            self._broken = False
            self.library.rebuild("it could not be read")
            self._look_at_everything()
        elif "" in hints or len(hints) > _MANY or time.monotonic() - self._looked > pause:
            self._look_at_everything()
        else:
            for path in sorted(hints):
                self._guarded(lambda path=path: self.library.refresh(path))  # type: ignore[misc]

    def _pause(self) -> float:
        """Between two looks at everything; a tree that takes long to walk is walked less often."""
        return (
            max(_POLL, 10 * self._took) if self.polling or self.library.missing else max(_EVERYTHING, 50 * self._took)
        )

    def _gathered(self) -> set[str]:
        if self._awake.is_set():
            time.sleep(_GATHER)
            self._awake.clear()
        hints, self._hints = self._hints, set()
        return hints

    def _settled(self) -> float | None:
        wait: list[float | None] = []
        self._guarded(lambda: wait.append(self.library.settle()))
        return wait[0] if wait else None

    def _look_at_everything(self) -> None:
        began = time.monotonic()
        self._guarded(lambda: self.library.refresh(None, self._workers))
        self._looked = time.monotonic()
        self._took = self._looked - began

    def _guarded(self, look: Callable[[], object]) -> None:
        """Look at files; an index that breaks under it is rebuilt once, the second time in memory."""
        try:
            look()
        except IndexBroken as error:
            self.library.rebuild(str(error))
            try:
                self.library.refresh(None)
            except IndexBroken as again:
                self.library.rebuild_in_memory(str(again))
                self.library.refresh(None)

    def _observe(self) -> None:
        from watchdog.events import FileSystemEvent, FileSystemEventHandler
        from watchdog.observers import Observer

        hint = self.hint

        class Handler(FileSystemEventHandler):
            def on_any_event(self, event: FileSystemEvent) -> None:
                if event.event_type in ("opened", "closed_no_write"):  # our own reading
                    return
                for path in (event.src_path, event.dest_path):
                    if path:
                        hint(os.fsdecode(path))

        observer = Observer()
        try:
            observer.schedule(Handler(), str(self.library.root.path), recursive=True)
            observer.start()
        except OSError as error:
            self.polling = True
            self._say(_why_polling(error))
        else:
            self._observer = observer


def _why_polling(error: OSError) -> str:
    if error.errno in (errno.ENOSPC, errno.EMFILE):
        return "the system has no file watches left: looking for changes every second instead"
    return f"the file system cannot be watched ({error.strerror or error}): looking for changes every second instead"
