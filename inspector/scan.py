"""Which files are there: the gathering half of a refresh."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

PASSED_OVER = frozenset(
    {
        ".git", ".hg", ".svn", "node_modules", ".venv", "venv", "__pycache__", ".tox", ".nox",
        ".mypy_cache", ".ruff_cache", ".pytest_cache", ".cache", ".hypothesis",
    }
)  # fmt: skip
"""Directories that hold no recordings of their own."""


class Found(NamedTuple):
    """A file and what tells whether it changed: bytes, nanoseconds, inode."""

    path: str
    size: int
    mtime: int
    inode: int


def scan(root: Path, start: str = "") -> Iterator[Found]:
    """Every regular file below `start`, a path relative to `root` with ``/``.

    Directories that cannot be read, or vanish meanwhile, hold nothing. A link to a file counts where its target lies
    below the root too; linked directories are not entered, since what they lead to below the root is found anyway.
    """
    top = str(root)
    pending = [start]
    while pending:
        folder = pending.pop()
        try:
            entries = list(os.scandir(os.path.join(top, folder) if folder else top))
        except OSError:
            continue
        prefix = f"{folder}/" if folder else ""
        for entry in entries:
            try:
                if entry.is_dir(follow_symlinks=False):
                    if entry.name not in PASSED_OVER:
                        pending.append(prefix + entry.name)
                elif (found := _file(top, entry, prefix + entry.name)) is not None:
                    yield found
            except OSError:
                continue


def find(root: Path, path: str) -> Found | None:
    """One file by its path, None where there is no such file, or one that `scan` would not give."""
    full = root / path
    try:
        stats = os.lstat(full)
        if stat.S_ISLNK(stats.st_mode) and is_below(str(root), str(full)):
            stats = os.stat(full)
    except (OSError, ValueError):
        return None
    if not stat.S_ISREG(stats.st_mode) or not PASSED_OVER.isdisjoint(path.split("/")[:-1]):
        return None
    return Found(path, stats.st_size, stats.st_mtime_ns, stats.st_ino)


def is_below(root: str, path: str) -> bool:
    """Whether a path, all its links followed, lies below the root."""
    try:
        real, top = os.path.realpath(path, strict=True), os.path.realpath(root)
    except OSError:  # a loop, or a link to nothing
        return False
    return real.startswith(os.path.join(top, ""))


def _file(root: str, entry: os.DirEntry[str], path: str) -> Found | None:
    if entry.is_symlink():
        if not is_below(root, entry.path):
            return None
        stats = entry.stat()
    else:
        stats = entry.stat(follow_symlinks=False)
    return Found(path, stats.st_size, stats.st_mtime_ns, stats.st_ino) if stat.S_ISREG(stats.st_mode) else None
