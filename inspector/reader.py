"""Reading one file from the disk: bytes in, exchanges or a reason out. Runs in worker processes too."""

from __future__ import annotations

import os
import stat
import time
from hashlib import blake2b
from pathlib import Path
from typing import NamedTuple

from inspector import formats, wire
from inspector.index import Entry, FileRow
from inspector.model import Exchange
from inspector.scan import Found, is_below, named, on_disk
from inspector.summary import Summary, summarise, unread

MAX_SIZE = 512 * 1024 * 1024
"""Bytes of the largest file that is opened."""

STILL_WRITING = 3.0
"""Seconds after its last change during which a file that ends too early counts as being written."""


class Root(NamedTuple):
    """A served directory. `prefix` leads from the enclosing repository to it, so that ids do not depend on which of
    the repository's folders is served."""

    path: Path
    prefix: str
    only: str | None = None
    """The one file that is served, where the root was given as a file."""

    @property
    def served(self) -> Path:
        """What was given: the directory, or the one file."""
        return self.path / on_disk(self.only) if self.only else self.path

    def file(self, path: str) -> str:
        """Where a recording lies on the disk."""
        return os.path.join(self.path, on_disk(path))


def root_of(path: Path) -> Root:
    """The root for a path given on the command line; the path must exist, and a directory be readable."""
    full = path.resolve(strict=True)
    if full.is_file():
        return Root(full.parent, _prefix(full.parent), named(full.name))
    os.scandir(full).close()
    return Root(full, _prefix(full))


def _prefix(folder: Path) -> str:
    repository = next((parent for parent in (folder, *folder.parents) if os.path.exists(parent / ".git")), folder)
    prefix = named(folder.relative_to(repository).as_posix())
    return "" if prefix == "." else f"{prefix}/"


def uid(root: Root, path: str, entry: int) -> str:
    """The 16 hex digits of an exchange's address."""
    name = f"{root.prefix}{path}\n{entry}"
    return blake2b(name.encode(), digest_size=8).hexdigest()


def group_of(exchange: Exchange, path: str) -> tuple[str, str]:
    """Kind and id of what an exchange belongs to: its test, else its session, else its file."""
    if exchange.test_id:
        return "test", exchange.test_id
    return ("session", exchange.session) if exchange.session else ("file", path)


def load(root: Root, path: str) -> formats.Recording:
    """Read a recording below the root. Never raises: what fails is said in the result.

    The path comes from the index, but what lies on the disk may have become a link since.
    """
    if not is_below(str(root.path), root.file(path)):
        return formats.Recording(None, broken="the file is gone, or leads out of the served directory")
    return _recording(root, path, thorough=True)


def _recording(root: Root, path: str, thorough: bool = False) -> formats.Recording:
    try:
        with open(root.file(path), "rb", buffering=0, opener=_without_waiting) as file:
            stats = os.fstat(file.fileno())
            if not stat.S_ISREG(stats.st_mode):
                return formats.Recording(None, broken="it is no file any more")
            if stats.st_size > MAX_SIZE:
                return formats.Recording(None, broken=f"larger than {MAX_SIZE // 2**20} MB")
            return formats.read(path, file.readall(), thorough)
    except FileNotFoundError:
        return formats.Recording(None, broken="the file is gone")
    except PermissionError:
        return formats.Recording(None, broken="no permission to read it")
    except MemoryError:
        return formats.Recording(None, broken="not enough memory to read it")
    except OSError as error:
        return formats.Recording(None, broken=error.strerror or str(error))


def _without_waiting(path: str, flags: int) -> int:
    """A pipe that took the file's place would wait for its writer."""
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def entry(root: Root, found: Found, known: set[int]) -> Entry:
    """A found file with its summaries, ready for the index. `known` are messages whose text went there already."""
    if found.why is not None:
        return Entry(_row(found, None, "broken", found.why), ())
    if not found.path.endswith(formats.SUFFIXES):
        return Entry(_row(found, None, "stranger", None), ())
    recording = _recording(root, found.path)
    if recording.broken is None:
        state, why = ("read", None) if recording.format else ("stranger", "no format knows what it holds")
    else:
        state, why = "broken", recording.broken
        if recording.truncated and is_fresh(found):
            return Entry(_row(found, recording.format, "writing", "being written"), ())
    exchanges = tuple(_summarised(root, found.path, exchange, known) for exchange in recording.exchanges)
    return Entry(_row(found, recording.format, state, why), exchanges)


def is_fresh(found: Found) -> bool:
    """Whether a file changed so lately that somebody may still be writing it. Clocks of other machines may be ahead."""
    return abs(time.time() - found.mtime / 1e9) < STILL_WRITING


def _summarised(root: Root, path: str, exchange: Exchange, known: set[int]) -> tuple[str, str, str, Summary]:
    kind, group = group_of(exchange, path)
    try:
        summary = summarise(exchange, wire.decode(exchange), known)
    except Exception as error:  # one exchange that we fail at must not hide the others
        known.clear()  # texts of its messages may be marked as sent and were not
        summary = unread(exchange, error)
    return uid(root, path, exchange.entry), kind, group, summary


def _row(found: Found, format: str | None, state: str, why: str | None) -> FileRow:
    return FileRow(*found[:5], format, state, why)
