"""Keeps a library current while files change. The only module that imports watchdog.

What the system reports is a hint, nothing more: it misses files in new directories, and says "closed" on Linux only.
So every hint is answered by looking at what is there, and everything is looked at again from time to time.
"""

from __future__ import annotations

import contextlib
import errno
import logging
import os
import threading
import time
import warnings
from collections.abc import Callable, Collection
from typing import Any

from watchdog.events import FileSystemEvent, FileSystemEventHandler
from watchdog.observers import Observer

from inspector.index import Index, IndexBroken
from inspector.library.library import Library

_GATHER = 0.02
"""Seconds in which hints are gathered into one look."""

_CHECK = 1.0
"""Seconds between two looks at the root and the index file themselves, about which nothing is reported."""

_EVERYTHING = 30.0
"""Seconds after which the whole tree is looked at again although nothing was reported."""

_POLL = 1.0
"""Seconds between two looks where the file system reports nothing."""

_MANY = 2_000
"""Hints from which on one look at everything is cheaper."""

_OWN_READING = ("opened", "closed_no_write")
"""Events that looking at files causes."""

Say = Callable[[str], None]


class Watcher(threading.Thread):
    """A thread that refreshes the library when files change, until `stop`."""

    def __init__(
        self,
        library: Library,
        poll: bool = False,
        say: Say = lambda _: None,
        observer: Callable[[], Any] = Observer,
    ) -> None:
        super().__init__(name="watcher", daemon=True)
        self.library = library
        self.polling = poll
        self._say = say
        self._observer_class = observer
        self._observer: Any = None
        self._watched: dict[str, _Identity] = {}
        self._guard = threading.Lock()
        self._hints: set[str] = set()
        self._touched: set[str] = set()
        self._awake = threading.Event()
        self._ended = False
        self._broken: Index | None = None
        self._stumbled: set[str] = set()
        self._looked = self._took = self._checked = 0.0

    def hint(self, path: str, folder: bool = False) -> None:
        """Something happened at an absolute path; or only to a folder, as when one of its files is made or goes, which
        is told of besides."""
        place = self.library.roots.path_of(path)
        if place is None or place in self.library.own:
            return
        with self._guard:
            (self._touched if folder else self._hints).add(place)
        if not folder:
            self._awake.set()

    def stop(self) -> None:
        """End the thread, as soon as the files are read that it is reading now."""
        self._ended = True
        self.library.end()
        self._awake.set()

    def rebuild(self) -> None:
        """The index was found broken: begin a new one."""
        self._broken = self.library.index
        self._awake.set()

    def run(self) -> None:
        """The thread's life."""
        try:
            if not self.polling:
                self._observe()
            self._look_at_everything()
            while not self._ended:
                self._turn()
        finally:
            self._stop_observing()

    def _turn(self) -> None:
        pause = self._pause()
        self._awake.wait(min(self._settled() or _CHECK, _CHECK, pause))
        hints = self._gathered()
        if self._ended:
            return
        broken, self._broken = self._broken, None
        if broken is not None and broken is self.library.index:
            self._rebuild("it could not be read")
        elif self._is_elsewhere() or "" in hints or len(hints) > _MANY or time.monotonic() - self._looked >= pause:
            self._look_at_everything()
        elif hints:
            self._guarded(lambda: self.library.refresh(*hints))

    def _pause(self) -> float:
        """Between two looks at everything; a tree that takes long to walk is walked less often."""
        if self.polling:
            return max(_POLL, 10 * self._took)
        return max(_EVERYTHING, 50 * self._took)

    def _gathered(self) -> set[str]:
        if self._awake.is_set():
            time.sleep(_GATHER)
            self._awake.clear()
        with self._guard:
            hints, self._hints = self._hints, set()
            touched, self._touched = self._touched, set()
        self._guarded(lambda: hints.update(filter(self.library.is_closed, touched)))
        return hints

    # ------------------------------------------------------------ looking

    def _settled(self) -> float | None:
        wait: list[float | None] = []
        self._guarded(lambda: wait.append(self.library.settle()))
        return wait[0] if wait else None

    def _look_at_everything(self) -> None:
        began = time.monotonic()
        self._guarded(self.library.refresh)
        self._looked = time.monotonic()
        self._took = self._looked - began
        if self._observer is not None and not self.polling:
            self._probe()

    def _guarded(self, look: Callable[[], object]) -> None:
        """Look at files. Whatever happens, the thread goes on: nobody else keeps the pages current."""
        try:
            look()
        except IndexBroken as error:
            if not self._ended:
                self._rebuild(str(error))
        except Exception as error:
            self._stumble(error)

    def _rebuild(self, why: str) -> None:
        """A new index in the place of a broken one; in memory where that one breaks too."""
        try:
            self.library.rebuild(why)
            self.library.refresh()
        except IndexBroken as again:
            self.library.rebuild_in_memory(str(again))
            with contextlib.suppress(IndexBroken):
                self.library.refresh()

    def _stumble(self, error: Exception) -> None:
        what = f"looking for changes failed: {type(error).__name__}: {error}"
        if what not in self._stumbled and len(self._stumbled) < 20:
            self._stumbled.add(what)
            self._say(what)

    # ------------------------------------------------------------ being told

    def _is_elsewhere(self) -> bool:
        """Whether the index or a root is not what it was: deleted, or another one in its place."""
        if time.monotonic() - self._checked < _CHECK:
            return False
        self._checked = time.monotonic()
        if self.library.index.is_lost():
            self._rebuild("its file was deleted")
        if self._observer is None:
            return False
        alive = all(emitter.is_alive() for emitter in self._observer.emitters)
        if alive and self._watched == self._to_watch():
            return self.library.missing != self.library.roots.missing()
        self._stop_observing()
        self._observe()
        return True

    def _to_watch(self) -> dict[str, _Identity]:
        """The directories of the roots that are there."""
        places = {str(root.path) for root in self.library.roots.all}
        return {place: identity for place in places if (identity := _identity(place)) is not None}

    def _observe(self) -> None:
        logging.getLogger("watchdog").propagate = False  # a traceback on the terminal helps nobody
        warnings.filterwarnings("ignore", category=RuntimeWarning, module=r"watchdog\.")  # nested new folders: pages
        watched = self._to_watch()
        try:
            self._observer = self._watching(watched, recursive=True)
        except OSError as error:
            self._give_up(error)
        else:
            self._watched = watched
            self._probe()

    def _watching(self, places: Collection[str], recursive: bool) -> Any:
        whole = {str(root.path) for root in self.library.roots.all if root.only is None and recursive}
        observer = self._observer_class()
        try:
            for place in places:
                observer.schedule(_Handler(self.hint), place, recursive=place in whole)
            observer.start()
        except BaseException:
            with contextlib.suppress(Exception):
                observer.stop()
            raise
        return observer

    def _probe(self) -> None:
        """Ask for one watch more: those that the system refused for directories further down are not reported."""
        try:
            probe = self._watching(list(self._watched)[:1], recursive=False)
        except FileNotFoundError:
            return
        except OSError as error:
            self._give_up(error)
        else:
            probe.stop()
            probe.join()

    def _give_up(self, error: OSError) -> None:
        self.polling = True
        self._stop_observing()
        self._say(_why_polling(error))

    def _stop_observing(self) -> None:
        observer, self._observer = self._observer, None
        if observer is not None:
            observer.stop()
            observer.join()


class _Handler(FileSystemEventHandler):
    def __init__(self, hint: Callable[[str, bool], None]) -> None:
        self._hint = hint

    def on_any_event(self, event: FileSystemEvent) -> None:
        if event.event_type in _OWN_READING:
            return
        for path in (event.src_path, event.dest_path):
            if path:
                self._hint(os.fsdecode(path), event.is_directory and event.event_type == "modified")


_Identity = tuple[int, int]


def _identity(path: str) -> _Identity | None:
    try:
        stats = os.stat(path)
    except OSError:
        return None
    return stats.st_dev, stats.st_ino


def _why_polling(error: OSError) -> str:
    if error.errno in (errno.ENOSPC, errno.EMFILE):
        return "the system has no file watches left: looking for changes every second instead"
    return f"the file system cannot be watched ({error.strerror or error}): looking for changes every second instead"
