"""A recording's bytes, wherever they lie: below the served directory, on the disk or in an archive there."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from io import BytesIO
from pathlib import Path
from typing import IO, NamedTuple, cast

from inspector import archives
from inspector.scan import is_below, named, on_disk

_DEEPEST = 3
"""Archives within archives that are looked into."""


class Unreadable(Exception):
    """A file cannot be read, and why, in words for the page."""


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


@contextmanager
def opened(root: Root, path: str) -> Iterator[IO[bytes]]:
    """A recording's file, on the disk or in an archive that lies there. Raises `Unreadable`."""
    outer, inner = _divided(root, path)
    with ExitStack() as stack:
        file = stack.enter_context(on_the_disk(root, outer))
        while inner:
            outer, inside = _within(outer, file, inner)
            inner = inner[len(outer) + 1 :]
            file = BytesIO(inside)
        yield file


def _divided(root: Root, path: str) -> tuple[str, str]:
    """A path as the file that lies on the disk and what is inside of it."""
    parts = path.split("/")
    for end in range(len(parts) - 1, 0, -1):
        outer = "/".join(parts[:end])
        if archives.is_archive(outer) and os.path.isfile(root.file(outer)):
            return outer, "/".join(parts[end:])
    return path, ""


def _within(path: str, file: IO[bytes], inner: str) -> tuple[str, bytes]:
    """What a path names in an archive, or the archive within it that holds that: its name and bytes."""
    try:
        for member in archives.members(path, file):
            if inner == member.path or (archives.is_archive(member.path) and inner.startswith(f"{member.path}/")):
                return member.path, content(member)
    except archives.NoArchive as error:
        raise Unreadable(str(error)) from None
    raise Unreadable("it is not in the archive any more")


def content(member: archives.Member) -> bytes:
    """The bytes of a file in an archive. Raises `Unreadable`."""
    if member.open is None:
        raise Unreadable(member.why or "it cannot be opened")
    try:
        with member.open() as file:
            return file.read(archives.MAX_MEMBER)
    except archives.PROBLEMS as error:
        raise Unreadable(unpacked(error)) from None


@contextmanager
def on_the_disk(root: Root, path: str) -> Iterator[IO[bytes]]:
    """A file on the disk, which may have become a link that leads out. Raises `Unreadable`."""
    if not is_below(str(root.path), root.file(path)):
        raise Unreadable("the file is gone, or leads out of the served directory")
    try:
        with plain_file(root, path) as file:
            yield file
    except MemoryError:
        raise Unreadable("not enough memory to read it") from None
    except OSError as error:
        raise Unreadable(why(error)) from None


@contextmanager
def plain_file(root: Root, path: str) -> Iterator[IO[bytes]]:
    """A file on the disk. Raises `OSError`, and `Unreadable` where it is no file any more."""
    with open(root.file(path), "rb", buffering=0, opener=_without_waiting) as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise Unreadable("it is no file any more")
        yield cast(IO[bytes], file)


def why(error: OSError) -> str:
    """What the file system says, in words for the page."""
    known = {FileNotFoundError: "the file is gone", PermissionError: "no permission to read it"}
    return known.get(type(error)) or error.strerror or str(error)


def _without_waiting(path: str, flags: int) -> int:
    """A pipe that took the file's place would wait for its writer."""
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def members(path: str, file: IO[bytes], depth: int = 1) -> Iterator[archives.Member]:
    """The files of an archive and of those within it, with their whole paths. Raises `NoArchive`."""
    for member in archives.members(path, file):
        inner = member._replace(path=f"{path}/{member.path}")
        if member.open is None or not archives.is_archive(member.path):
            yield inner
        elif depth < _DEEPEST:
            try:
                yield from members(inner.path, BytesIO(content(member)), depth + 1)
            except (archives.NoArchive, Unreadable) as error:
                yield inner._replace(open=None, why=str(error))


def unpacked(error: Exception) -> str:
    """Why a file in an archive could not be unpacked."""
    return f"not unpacked: {error or type(error).__name__}"[:300]
