"""A recording's bytes, wherever they lie: below the served directory, on the disk or in an archive there."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from io import BytesIO
from typing import IO

from inspector.files import archives
from inspector.files.roots import Roots
from inspector.files.scan import NoFile, Unreadable, is_below, opened_plain
from inspector.files.unpacking import content

_GONE = "the file is gone, or leads out of the served directory"


@contextmanager
def opened(roots: Roots, path: str) -> Iterator[IO[bytes]]:
    """A recording's file, on the disk or in an archive that lies there. Raises `Unreadable`."""
    outer, inner = _divided(roots, path)
    with ExitStack() as stack:
        file = stack.enter_context(on_the_disk(roots, outer))
        while inner:
            outer, inside = _within(outer, file, inner)
            inner = inner[len(outer) + 1 :]
            file = BytesIO(inside)
        yield file


def _divided(roots: Roots, path: str) -> tuple[str, str]:
    """A path as the file that lies on the disk and what is inside of it."""
    parts = path.split("/")
    for end in range(len(parts) - 1, 0, -1):
        outer = "/".join(parts[:end])
        if archives.may_be(outer) and os.path.isfile(roots.place(outer).file):
            return outer, "/".join(parts[end:])
    return path, ""


def _within(path: str, file: IO[bytes], inner: str) -> tuple[str, bytes]:
    """What a path names in an archive, or the archive within it that holds that: its name and bytes."""
    try:
        for member in archives.members(path, file):
            if inner == member.path or (archives.may_be(member.path) and inner.startswith(f"{member.path}/")):
                return member.path, content(member)
    except archives.NoArchive as error:
        raise Unreadable(str(error)) from None
    raise Unreadable("it is not in the archive any more")


@contextmanager
def on_the_disk(roots: Roots, path: str) -> Iterator[IO[bytes]]:
    """A file on the disk, which may have become a link that leads out. Raises `Unreadable`."""
    place = roots.place(path)
    if not is_below(str(place.root.path), place.file):
        raise Unreadable(_GONE)
    with plain_file(roots, path) as file:
        yield file


@contextmanager
def plain_file(roots: Roots, path: str) -> Iterator[IO[bytes]]:
    """A file on the disk. Raises `Unreadable`, also for what goes wrong while it is read, and for what was opened
    outside of the root: a link may have taken its place a moment ago."""
    place = roots.place(path)
    try:
        with opened_plain(place.file) as file:
            if not _lies_below(str(place.root.path), place.file, file.fileno()):
                raise Unreadable(_GONE)
            yield file
    except MemoryError:
        raise Unreadable("not enough memory to read it") from None
    except OSError as error:
        raise Unreadable(_why(error)) from None


def _why(error: OSError) -> str:
    """What the file system says, in words for the page."""
    known = {
        FileNotFoundError: "the file is gone",
        NoFile: "it is no file any more",
        PermissionError: "no permission to read it",
    }
    return known.get(type(error)) or error.strerror or str(error)


def _lies_below(root: str, name: str, descriptor: int) -> bool:
    """Whether what was opened lies below the root, by what it is: its name may lead elsewhere by now."""
    with suppress(OSError, ValueError):
        if os.readlink(f"/proc/self/fd/{descriptor}").startswith(os.path.join(root, "")):
            return True
    try:
        real = os.path.realpath(name, strict=True)
        same = os.path.samestat(os.lstat(real), os.fstat(descriptor))
    except (OSError, ValueError):
        return False
    return same and is_below(root, real)
