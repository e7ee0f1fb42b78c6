"""Files that a recording names as lying beside it: bodies that its recorder kept apart. Only what lies below the served
root, or in the recording's own archive, is ever read."""

from __future__ import annotations

import os
import posixpath
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import lru_cache

from inspector.files import archives
from inspector.files.recording_bytes import opened
from inspector.files.roots import Roots
from inspector.files.scan import Unreadable, is_passed_over
from inspector.model.expressions import expression

MAX_BODY = 256 * 1024 * 1024
"""Bytes of the largest body that is read."""


MAX_TOLD = 64 * 1024 * 1024
"""Bytes of recordings that are looked through for the names of bodies."""

_SECONDS = 2.0
"""How long it is known what the recordings of a folder name."""

_HARS, _MAPPINGS = (".har", ".har.yaml"), (".json", ".yaml", ".yml")
_SHA1 = expression(r"[0-9a-f]{40}(?:\.\w{1,10})?")


def reader(roots: Roots, path: str, asked: set[str] | None = None) -> Callable[[str], bytes]:
    """How to read a file by its name relative to the folder of a recording; raises `ValueError`. The paths of all that
    was to be read go into `asked`."""

    def read(name: str) -> bytes:
        where = named(path, name)
        if where is None:
            raise ValueError("its name leads out of what is served")
        if asked is not None:
            asked.add(where)
        try:
            with opened(roots, where) as file:
                data = file.read(MAX_BODY + 1)
        except Unreadable as error:
            raise ValueError(str(error)) from None
        if len(data) > MAX_BODY:
            raise ValueError(f"larger than {MAX_BODY // 2**20} MB")
        return data

    return read


def named(path: str, name: str) -> str | None:
    """The path of a file by its name relative to the folder of another; None where that is no path below the root, or
    one that no recording lies at."""
    if not name or "\0" in name or "\\" in name or name.startswith("/"):
        return None
    where = posixpath.normpath(posixpath.join(posixpath.dirname(path), name))
    is_outside = where.startswith(".") or "/." in where or is_passed_over(posixpath.dirname(where))
    return None if is_outside else where


# ---------------------------------------------------------------- whose bodies they are


def is_a_body(roots: Roots, path: str) -> bool:
    """Whether a file is the body of a recording beside it, which names it: it is no recording of its own.

    Only three recorders name such files so that they are taken for one: WireMock keeps them below ``__files``, beside
    ``mappings``, Playwright beside its HAR, or in a folder there, by the SHA-1 of what they hold, and Claude Code below
    ``tool-results``, in the folder of a session.
    """
    session, inside, _ = f"/{path}".rpartition("/tool-results/")
    if inside:
        return os.path.exists(roots.place(f"{session[1:]}.jsonl").file)
    folder, _, name = path.rpartition("/")
    above, inside, below = f"/{path}".rpartition("/__files/")
    if inside:
        return below.encode() in _told(roots, posixpath.join(above, "mappings").lstrip("/"), _MAPPINGS)
    if _SHA1.fullmatch(name) is None:
        return False
    return any(name.encode() in _told(roots, one, _HARS) for one in (folder, *_folder_above(folder)))


def bodies_of(path: str) -> str | None:
    """The folder in which the bodies lie that a file may name so that they are no recordings; None where it names
    none."""
    above, inside, _ = f"/{path}".rpartition("/mappings/")
    if inside and path.endswith(_MAPPINGS):
        return f"{above}/__files".lstrip("/")
    return posixpath.dirname(path) if path.endswith(_HARS) else None


def forget() -> None:
    """Look again at what the recordings of a folder name."""
    _remembered.cache_clear()


def _folder_above(folder: str) -> Iterator[str]:
    if folder and not archives.is_archive(folder):
        yield posixpath.dirname(folder)


def _told(roots: Roots, folder: str, endings: tuple[str, ...]) -> bytes:
    """What the recordings of a folder say that may name others; for a short time only read once."""
    return _remembered(roots, folder, endings, int(time.monotonic() / _SECONDS))


@lru_cache(16)
def _remembered(roots: Roots, folder: str, endings: tuple[str, ...], moment: int) -> bytes:
    pieces: list[bytes] = []
    room = MAX_TOLD
    for path in _listed(roots, folder):
        if path.endswith(endings) and room > 0:
            with suppress(Unreadable), opened(roots, path) as file:
                pieces.append(file.read(room))
                room -= len(pieces[-1])
    return b"\0".join(pieces)


def _listed(roots: Roots, folder: str) -> Iterator[str]:
    """The files of a folder, and for mappings those below it, on the disk or in an archive."""
    archive = next((part for part in _starts(folder) if archives.is_archive(part)), None)
    if archive is None:
        top = roots.place(folder).file
        for where, _, names in os.walk(top):
            below = os.path.relpath(where, top).replace(os.sep, "/")
            yield from (posixpath.normpath(posixpath.join(folder, below, name)) for name in sorted(names))
            if not folder.endswith("mappings"):
                return
        return
    with suppress(Unreadable, archives.NoArchive), opened(roots, archive) as file:
        members = (f"{archive}/{member.path}" for member in archives.members(archive, file))
        yield from (path for path in members if path.startswith(f"{folder}/"))


def _starts(path: str) -> Iterator[str]:
    parts = path.split("/")
    return ("/".join(parts[:end]) for end in range(1, len(parts) + 1))
