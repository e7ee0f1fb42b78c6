"""Where indexes live: in the user's cache directory, never beside the recordings, which may be read-only."""

from __future__ import annotations

import re
from hashlib import blake2b
from pathlib import Path
from typing import NamedTuple

import platformdirs

SCHEMA_VERSION = 1

_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")


class IndexFile(NamedTuple):
    path: Path
    size: int
    """Bytes, with SQLite's own files beside it."""
    modified: float
    """Seconds since the epoch."""


def cache_directory() -> Path:
    return Path(platformdirs.user_cache_dir("llm-traffic-inspector", appauthor=False))


def index_file(root: Path) -> Path:
    """The index of a directory; a name that a person recognises, and a hash of the whole path."""
    name = _UNSAFE.sub("-", root.name)[:40] or "root"
    return (
        cache_directory() / f"{name}-{blake2b(str(root).encode(), digest_size=6).hexdigest()}-v{SCHEMA_VERSION}.sqlite"
    )


def index_files() -> list[IndexFile]:
    """All indexes of this user, newest first."""
    found = [_about(path) for path in cache_directory().glob("*.sqlite")]
    return sorted(found, key=lambda file: -file.modified)


def remove(file: Path) -> None:
    """Delete an index with SQLite's files beside it."""
    for path in _beside(file):
        path.unlink(missing_ok=True)


def _about(path: Path) -> IndexFile:
    stats = [part.stat() for part in _beside(path) if part.exists()]
    return IndexFile(path, sum(stat.st_size for stat in stats), max(stat.st_mtime for stat in stats))


def _beside(file: Path) -> list[Path]:
    return [file, *(file.with_name(file.name + suffix) for suffix in ("-wal", "-shm", "-journal", ".lock"))]
