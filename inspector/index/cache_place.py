"""Where indexes live: in the user's cache directory, never beside the recordings, which may be read-only."""

from __future__ import annotations

import contextlib
import glob
import json
import os
import struct
from collections.abc import Iterator
from hashlib import blake2b
from pathlib import Path
from typing import NamedTuple

from inspector import DISTRIBUTION
from inspector.files.scan import opened_plain
from inspector.index.schema import SCHEMA_VERSION
from inspector.model.expressions import expression

APPLICATION_ID = 0x4C4D5452
"""What SQLite keeps in the head of our files, so that nobody else's is ever taken for one."""

_UNSAFE = expression(r"[^A-Za-z0-9._-]+")
_TOP = expression(rb'"top": ("(?:[^"\\]|\\.)*")')
_HEAD = 64 * 1024
"""Bytes of a file's first line that are looked at."""


class IndexFile(NamedTuple):
    path: Path
    size: int
    """Bytes, with SQLite's own files beside it."""
    modified: float
    """Seconds since the epoch."""


def cache_directory() -> Path:
    import platformdirs  # here, and not in each process that reads files

    return Path(platformdirs.user_cache_dir(DISTRIBUTION, appauthor=False))


def index_file(*served: Path) -> Path:
    """The index of a directory or a file, or of several in whatever order; a name that a person recognises, and a hash
    of the whole paths."""
    return cache_directory() / f"{_name(*served)}-v{SCHEMA_VERSION}.sqlite"


def _name(*served: Path) -> str:
    paths = sorted(served)
    name = _UNSAFE.sub("-", "+".join(path.name for path in paths))[:40] or "root"
    key = blake2b(b"\n".join(map(os.fsencode, paths)), digest_size=6).hexdigest()
    return f"{name}-{key}"


def tests_file(top: Path) -> Path:
    """What is known of the tests of a repository, see `inspector.testruns.results`."""
    return cache_directory() / f"{_name(top)}.tests.json"


def tests_files() -> Iterator[tuple[Path, str]]:
    """All of these, with the places of their repositories, which their first lines tell."""
    for file in sorted(cache_directory().glob("*.tests.json")):
        with contextlib.suppress(OSError):
            with opened_plain(file) as opened:
                found = _TOP.search(opened.read(_HEAD).partition(b"\n")[0])
            if found is not None:
                yield file, json.loads(found[1])


def indexes_of(*served: Path) -> list[Path]:
    """The indexes of a directory or a file (or of several together), those of other versions of the program too."""
    stem = index_file(*served).name.rpartition("-v")[0]
    return sorted(cache_directory().glob(f"{glob.escape(stem)}-v*.sqlite"))


def index_files() -> list[IndexFile]:
    """All indexes of this user, newest first."""
    found = [about for path in cache_directory().glob("*.sqlite") if (about := _about(path)) is not None]
    return sorted(found, key=lambda file: -file.modified)


def is_ours(file: Path) -> bool:
    """Whether a file may be written over: one of ours, or none yet. Somebody else's is never touched."""
    if file.parent == cache_directory():
        return True
    try:
        with opened_plain(file) as opened:
            head = opened.read(72)
    except FileNotFoundError:
        return True
    except OSError:
        return False
    return not head or (head.startswith(b"SQLite format 3\0") and head[68:] == struct.pack(">I", APPLICATION_ID))


def beside(file: Path) -> tuple[Path, ...]:
    """An index with the files that SQLite keeps beside it."""
    return (file, *(file.with_name(file.name + suffix) for suffix in ("-wal", "-shm", "-journal")))


def lock_file(file: Path) -> Path:
    """What the one process that writes an index holds. It outlives the index: who holds it goes on holding it."""
    return file.with_name(file.name + ".lock")


def remove(file: Path) -> None:
    """Delete an index; a server that uses it makes it again."""
    for path in beside(file):
        path.unlink(missing_ok=True)


def remove_unused(file: Path) -> bool:
    """Delete an index, and its lock where no server holds it; whether that was so."""
    from filelock import FileLock, Timeout  # as above

    remove(file)
    lock = FileLock(lock_file(file))
    try:
        with lock.acquire(blocking=False):
            with contextlib.suppress(OSError):  # Windows keeps open files
                lock_file(file).unlink(missing_ok=True)
            return True
    except (Timeout, OSError):
        return False


def _about(path: Path) -> IndexFile | None:
    stats = []
    for part in beside(path):
        with contextlib.suppress(OSError):
            stats.append(part.stat())
    if not stats:
        return None
    return IndexFile(path, sum(stat.st_size for stat in stats), max(stat.st_mtime for stat in stats))
