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
from inspector.library import Library

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

    def __init__(self, library: Library, poll: bool = False, say: Callable[[str], None] = lambda _: None) -> None:
        super().__init__(name="watcher", daemon=True)
        self.library = library
        self.polling = poll
        self._say = say
        self._hints: set[str] = set()
        self._awake = threading.Event()
        self._ended = False
        self._observer: _Observer | None = None

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

    def run(self) -> None:
        if not self.polling:
            self._observe()
        looked = time.monotonic()
        self._look(None)
        while not self._ended:
            wait = self.library.settle()
            self._awake.wait(min(wait or _EVERYTHING, self._pause()))
            hints = self._gathered()
            if self._ended:
                return
            if not hints and time.monotonic() - looked < self._pause():
                continue
            everything = not hints or "" in hints or len(hints) > _MANY
            if everything:
                began = time.monotonic()
                self._look(None)
                looked = time.monotonic()
                self._took = looked - began
            for path in () if everything else sorted(hints):
                self._look(path)

    _took = 0.0

    def _pause(self) -> float:
        """Between two looks at everything; a tree that takes long to walk is walked less often."""
        return max(_POLL, 10 * self._took) if self.polling or self.library.missing else max(_EVERYTHING, 50 * self._took)

    def _gathered(self) -> set[str]:
        if self._awake.is_set():
            time.sleep(_GATHER)
            self._awake.clear()
        hints, self._hints = self._hints, set()
        return hints

    def _look(self, path: str | None) -> None:
        try:
            self.library.refresh(path)
        except IndexBroken as error:
            self.library.rebuild(str(error))

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
