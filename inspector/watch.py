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
from collections.abc import Callable
from typing import Any

from watchdog.events import FileSystemEvent, FileSystemEventHandler
from watchdog.observers import Observer

from inspector.index import Index, IndexBroken
from inspector.library import Library
from inspector.scan import is_passed_over, named
from inspector.workers import Workers

_GATHER = 0.02
"""Seconds in which hints are gathered into one look."""

_CHECK = 1.0
"""Seconds between two looks at the root and the index file themselves, about which nothing is reported."""

_EVERYTHING = 30.0
"""Seconds after which the whole tree is looked at again although nothing was reported."""

_POLL = 1.0
"""Seconds between two looks where the file system reports nothing."""

_MANY = 50
"""Hints from which on one look at the whole tree is cheaper."""

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
        workers: Workers | None = None,
        observer: Callable[[], Any] = Observer,
    ) -> None:
        super().__init__(name="watcher", daemon=True)
        self.library = library
        self.polling = poll
        self._say = say
        self._workers = workers
        self._observer_class = observer
        self._observer: Any = None
        self._watched: tuple[int, int] | None = None
        self._guard = threading.Lock()
        self._hints: set[str] = set()
        self._awake = threading.Event()
        self._ended = False
        self._broken: Index | None = None
        self._stumbled: set[str] = set()
        self._looked = self._took = self._checked = 0.0

    def hint(self, path: str) -> None:
        """Something happened at an absolute path."""
        relative = os.path.relpath(path, self.library.root.path).replace(os.sep, "/")
        outside = relative == "." or relative.startswith("../")
        place = "" if outside else named(relative)
        if place in self.library.own or is_passed_over(place.rpartition("/")[0]):
            return
        with self._guard:
            self._hints.add(place)
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
            self._dismiss_workers()
            while not self._ended:
                self._turn()
        finally:
            self._dismiss_workers()
            self._stop_observing()

    def _dismiss_workers(self) -> None:
        if self._workers is not None:
            self._workers.close()
            self._workers = None

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
        else:
            for path in sorted(hints):
                self._look(path)

    def _pause(self) -> float:
        """Between two looks at everything; a tree that takes long to walk is walked less often."""
        if self.polling or self.library.missing:
            return max(_POLL, 10 * self._took)
        return max(_EVERYTHING, 50 * self._took)

    def _gathered(self) -> set[str]:
        if self._awake.is_set():
            time.sleep(_GATHER)
            self._awake.clear()
        with self._guard:
            hints, self._hints = self._hints, set()
        return hints

    # ------------------------------------------------------------ looking

    def _settled(self) -> float | None:
        wait: list[float | None] = []
        self._guarded(lambda: wait.append(self.library.settle()))
        return wait[0] if wait else None

    def _look(self, path: str) -> None:
        self._guarded(lambda: self.library.refresh(path))

    def _look_at_everything(self) -> None:
        began = time.monotonic()
        self._guarded(lambda: self.library.refresh(None, self._workers))
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
        """Whether the index or the root is not what it was: deleted, or another one in its place."""
        if time.monotonic() - self._checked < _CHECK:
            return False
        self._checked = time.monotonic()
        if self.library.index.is_lost():
            self._rebuild("its file was deleted")
        if self._observer is None:
            return False
        alive = all(emitter.is_alive() for emitter in self._observer.emitters)
        if alive and self._watched == _identity(self.library.root.path):
            return False
        self._stop_observing()
        self._observe()
        return True

    def _observe(self) -> None:
        logging.getLogger("watchdog").propagate = False  # a traceback on the terminal helps nobody
        warnings.filterwarnings("ignore", category=RuntimeWarning, module=r"watchdog\.")  # nested new folders: pages
        if (identity := _identity(self.library.root.path)) is None:
            self._observer, self._watched = _Nothing(), None
            return
        try:
            self._observer = self._watching(recursive=True)
        except OSError as error:
            self._give_up(error)
        else:
            self._watched = identity
            self._probe()

    def _watching(self, recursive: bool) -> Any:
        observer = self._observer_class()
        try:
            observer.schedule(_Handler(self.hint), str(self.library.root.path), recursive=recursive)
            observer.start()
        except BaseException:
            with contextlib.suppress(Exception):
                observer.stop()
            raise
        return observer

    def _probe(self) -> None:
        """Ask for one watch more: those that the system refused for directories further down are not reported."""
        try:
            probe = self._watching(recursive=False)
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


class _Nothing:
    """Stands for an observer while there is no root to observe."""

    emitters: tuple[threading.Thread, ...] = ()

    def stop(self) -> None:
        pass

    def join(self) -> None:
        pass


class _Handler(FileSystemEventHandler):
    def __init__(self, hint: Callable[[str], None]) -> None:
        self._hint = hint

    def on_any_event(self, event: FileSystemEvent) -> None:
        if event.event_type in _OWN_READING:
            return
        for path in (event.src_path, event.dest_path):
            if path:
                self._hint(os.fsdecode(path))


def _identity(path: os.PathLike[str]) -> tuple[int, int] | None:
    try:
        stats = os.stat(path)
    except OSError:
        return None
    return stats.st_dev, stats.st_ino


def _why_polling(error: OSError) -> str:
    if error.errno in (errno.ENOSPC, errno.EMFILE):
        return "the system has no file watches left: looking for changes every second instead"
    return f"the file system cannot be watched ({error.strerror or error}): looking for changes every second instead"
