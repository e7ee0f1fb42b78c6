"""Which recordings a test opens, told by an audit hook of the interpreter: whatever library reads or writes them, and
in whatever thread. What other processes open is not seen."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

FOLDERS = ("recordings", "cassettes")
"""What recorders call the folders that they keep recordings in."""

_OTHER = (".py", ".pyc", ".lock")
_PASSED_OVER = tuple(f"{os.sep}{name}{os.sep}" for name in (".git", ".venv", "venv", "node_modules", "site-packages"))
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC

READ, WROTE = "read", "wrote"


class Opened:
    """What one test opens, while it is watched: paths on the disk, and whether they were read or written, in the order
    in which they were last opened."""

    def __init__(self, top: Path, folders: Sequence[Path]) -> None:
        self._top = os.path.join(top, "")
        self._below = tuple(os.path.join(folder.resolve(), "") for folder in folders)
        self._within = tuple(f"{os.sep}{name}{os.sep}" for name in FOLDERS)
        self._seen: dict[str, set[str]] = {}

    def note(self, path: str, how: str) -> None:
        if (self._below or any(name in path for name in self._within)) and not path.endswith(_OTHER):
            real = os.path.realpath(path)
            if self._is_recording(real):
                self._seen[real] = self._seen.pop(real, set()) | {how}

    def forget(self, path: str) -> None:
        self._seen.pop(os.path.realpath(path), None)

    def _is_recording(self, path: str) -> bool:
        if self._below:
            return path.startswith(self._below)
        return path.startswith(self._top) and not any(name in path for name in _PASSED_OVER)

    @property
    def recordings(self) -> dict[str, str]:
        """Those that are there: ``read``, ``wrote`` or both."""
        seen = list(self._seen.items())
        return {path: ", ".join(sorted(how)) for path, how in seen if os.path.isfile(path)}


_watching: Opened | None = None
_own_thread = 0
_is_hooked = False


@contextmanager
def watched(opened: Opened) -> Iterator[Opened]:
    """Note what is opened meanwhile."""
    global _watching, _is_hooked
    if not _is_hooked:
        sys.addaudithook(_hook)  # for as long as the process lives
        _is_hooked = True
    before, _watching = _watching, opened
    try:
        yield opened
    finally:
        _watching = before


@contextmanager
def unwatched() -> Iterator[None]:
    """What this thread opens meanwhile is not the test's."""
    global _own_thread
    _own_thread = threading.get_ident()
    try:
        yield
    finally:
        _own_thread = 0


def _hook(event: str, arguments: tuple[Any, ...]) -> None:
    if _watching is None or event not in ("open", "os.rename") or _own_thread == threading.get_ident():
        return
    with suppress(Exception):  # raised here, it would keep the test from opening its file
        _note(_watching, event, arguments)


def _note(watching: Opened, event: str, arguments: tuple[Any, ...]) -> None:
    if event == "os.rename":  # recorders write beside, and move into place
        watching.forget(_full(arguments[0]))
        watching.note(_full(arguments[1]), WROTE)
    elif not isinstance(arguments[0], int):
        watching.note(_full(arguments[0]), WROTE if arguments[2] & _WRITING else READ)


def _full(path: Any) -> str:
    return os.path.abspath(os.fsdecode(path))
