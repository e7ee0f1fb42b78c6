"""Which files are there: the gathering half of a refresh.

A recording's path is text, with ``/``, relative to the root. Names on a disk are bytes, and not all of them are text:
`named` writes such a name so that every page, terminal and database takes it, and `on_disk` leads back to the file.
"""

from __future__ import annotations

import errno
import os
import re
import stat
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import IO, NamedTuple, cast

from inspector.files.urls import MARKER
from inspector.model.expressions import expression

PASSED_OVER = frozenset(
    {
        ".git", ".hg", ".svn", "node_modules", ".venv", "venv", "__pycache__", ".tox", ".nox",
        ".mypy_cache", ".ruff_cache", ".pytest_cache", ".cache", ".hypothesis",
    }
)  # fmt: skip
"""Directories that hold no recordings of their own."""

TEST_RUN_MAP = "inspector-tests.json"
"""The name of a map of a test run's results, which may lie among the recordings and is none itself."""

_WRITTEN = r"x(?:[89a-f][0-9a-f]|5c)|ud[89a-f][0-9a-f]{2}"
_LAST = (1 << 63) - 1
"""The largest whole number that the index can hold: as nanoseconds it is in the year 2262."""

_NO_TEXT = expression(rf"[\ud800-\udfff]|\\(?={_WRITTEN})")
_NAMED = expression(rf"\\({_WRITTEN})")


class Unreadable(Exception):
    """A file cannot be read, and why, in words for the page."""


class NoFile(OSError):
    """What stands at a place is no regular file."""


class ScannedFile(NamedTuple):
    """A file and what tells whether it changed: bytes, nanoseconds, inode, nanoseconds of the inode's own change.

    The last also moves when only the permissions do, or when a copy keeps the old time.
    """

    path: str
    size: int
    mtime: int
    inode: int
    changed: int
    why: str | None = None
    """Why nothing below can be seen: this is a directory that cannot be read."""


def named(name: str) -> str:
    r"""A name as text: a byte that is no UTF-8 is written ``\xff``."""
    if name.isascii() and "\\" not in name:
        return name
    return _NO_TEXT.sub(_written, name)


def on_disk(path: str) -> str:
    """The name that `named` wrote as text."""
    return _NAMED.sub(_unwritten, path) if "\\" in path else path


def _written(hit: re.Match[str]) -> str:
    code = ord(hit.group())
    if 0xDC80 <= code <= 0xDCFF:  # how Python keeps a byte that it cannot decode
        return f"\\x{code - 0xDC00:02x}"
    return "\\x5c" if code == 0x5C else f"\\u{code:04x}"


def _unwritten(hit: re.Match[str]) -> str:
    code = int(hit.group(1)[1:], 16)
    return chr(0xDC00 + code) if 0x80 <= code <= 0xFF else chr(code)


def opened_plain(file: str | Path) -> IO[bytes]:
    """A regular file, opened to read. A pipe or a device in its place is not waited for. Raises `OSError`."""
    opened = open(file, "rb", buffering=0, opener=_without_waiting)  # noqa: SIM115  # the caller's to close
    if not stat.S_ISREG(os.fstat(opened.fileno()).st_mode):
        opened.close()
        raise NoFile(errno.EINVAL, "it is no file any more")
    return cast(IO[bytes], opened)


def _without_waiting(path: str, flags: int) -> int:
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def scan(root: Path, start: str = "") -> Iterator[ScannedFile]:
    """Every regular file below `start`, a path relative to `root` with ``/``; in the order of their paths.

    A directory that cannot be read is given itself, with the reason; one that vanishes meanwhile holds nothing. A link
    to a file counts where its target lies below the root too; linked directories are not entered, since what they lead
    to below the root is found anyway.
    """
    top = str(root)
    if _leads_through_a_link(top, on_disk(start)) or _is_exported(top, on_disk(start)):
        return
    pending = [_listed(top, on_disk(start))]
    while pending:
        for found in pending[-1]:
            if isinstance(found, str):
                pending.append(_listed(top, found))
                break
            yield found
        else:
            pending.pop()


def _listed(top: str, folder: str) -> Iterator[ScannedFile | str]:
    """The files of a folder, and in between the folders in it, by their paths."""
    try:
        with os.scandir(os.path.join(top, folder) if folder else top) as entries:
            inner = sorted((_name(entry), entry) for entry in entries)
    except (FileNotFoundError, NotADirectoryError, ValueError):
        return
    except OSError as error:
        yield from _closed(top, folder, error)
        return
    if any(name == MARKER for name, _ in inner):
        return
    prefix = f"{folder}/" if folder else ""
    for name, entry in inner:
        if name.endswith("/"):
            if entry.name not in PASSED_OVER:
                yield prefix + entry.name
            continue
        with suppress(OSError):
            if (found := _file(top, entry, prefix + name)) is not None:
                yield found


def _name(entry: os.DirEntry[str]) -> str:
    """Its name, which for a folder ends with ``/``."""
    with suppress(OSError):
        if entry.is_dir(follow_symlinks=False):
            return entry.name + "/"
    return entry.name


def find(root: Path, path: str, given: bool = False) -> ScannedFile | None:
    """One file by its path, None where there is no such file, or one that `scan` would not give; one that was itself
    `given` may lie in an export."""
    top, name = str(root), on_disk(path)
    full = os.path.join(top, name)
    try:
        stats = os.lstat(full)
        if stat.S_ISLNK(stats.st_mode) and is_below(top, full):
            stats = os.stat(full)
    except (OSError, ValueError):
        return None
    folder, _, _ = name.rpartition("/")
    if not stat.S_ISREG(stats.st_mode) or is_passed_over(folder) or _leads_through_a_link(top, folder):
        return None
    if not given and _is_exported(top, folder):
        return None
    return _found(name, stats)


def is_passed_over(folder: str) -> bool:
    """Whether a directory is, or lies below, one that holds no recordings."""
    return not PASSED_OVER.isdisjoint(folder.split("/"))


def _is_exported(root: str, folder: str) -> bool:
    """Whether a folder is, or lies below, an export of ours: it holds no recordings of its own, unless it is given."""
    above = folder
    while not os.path.lexists(os.path.join(root, above, MARKER)):
        if not above:
            return False
        above = above.rpartition("/")[0]
    return True


def is_below(root: str, path: str) -> bool:
    """Whether a path on the disk, all its links followed, lies below the root."""
    try:
        real, top = os.path.realpath(path, strict=True), os.path.realpath(root)
    except (OSError, ValueError):  # a loop, or a link to nothing
        return False
    return real.startswith(os.path.join(top, ""))


def _leads_through_a_link(root: str, folder: str) -> bool:
    """A directory of the tree that became a link leads to what `scan` does not enter, or out of the root."""
    if not folder:
        return False
    return os.path.realpath(os.path.join(root, folder)) != os.path.join(os.path.realpath(root), *folder.split("/"))


def _file(root: str, entry: os.DirEntry[str], path: str) -> ScannedFile | None:
    if entry.is_symlink():
        if not is_below(root, entry.path):
            return None
        stats = entry.stat()
    else:
        stats = entry.stat(follow_symlinks=False)
    return _found(path, stats) if stat.S_ISREG(stats.st_mode) else None


def _found(path: str, stats: os.stat_result) -> ScannedFile:
    size, modified, inode, changed = stats.st_size, stats.st_mtime_ns, stats.st_ino, stats.st_ctime_ns
    return ScannedFile(named(path), size, _within(modified), inode & _LAST, _within(changed))


def _within(nanoseconds: int) -> int:
    return max(-_LAST, min(nanoseconds, _LAST))


def _closed(root: str, folder: str, error: OSError) -> Iterator[ScannedFile]:
    """The directory that cannot be read; what is wrong with the root itself is the library's to say."""
    if not folder:
        return
    try:
        stats = os.lstat(os.path.join(root, folder))
    except OSError:
        return
    if stat.S_ISDIR(stats.st_mode):
        yield _found(folder, stats)._replace(size=0, why=f"this folder cannot be read: {error.strerror or error}")
