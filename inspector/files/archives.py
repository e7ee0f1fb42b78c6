"""Archives read in place: zip and tar files, as CI systems hand them out, and exports of ours, which carry their
recordings. Nothing is ever written to the disk.

The names in an archive are only that: they become addresses of recordings, never paths.
"""

from __future__ import annotations

import os
import re
import stat
import tarfile
import zipfile
from collections.abc import Callable, Iterator
from io import BytesIO
from typing import IO, NamedTuple, Self

from inspector.files import export_bundle, zip_zstd
from inspector.files.scan import is_passed_over, named
from inspector.files.urls import MARKER
from inspector.model.expressions import expression

ENDINGS = (".zip", ".eval", ".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tbz2", ".tar.xz", ".txz")
"""Only what calls itself an archive is opened as one: a wheel, a spreadsheet or a model is a zip file too."""

_EVAL, _ZIP = ".eval", b"PK"

MAX_MEMBER = 256 * 1024 * 1024
"""Bytes of the largest file in an archive that is read."""

MAX_TOTAL = 4 * 1024 * 1024 * 1024
"""Bytes that all files of an archive may unpack to."""

MAX_MEMBERS = 200_000

MAX_HEADER = 1024 * 1024
"""Bytes of what a tar file says about one file."""

_ALWAYS, _GROWTH = 64 * 1024 * 1024, 500
"""Bytes that even the smallest archive may unpack to, and by how much a larger one may grow. What grows more is a bomb:
it would be read for minutes."""

_LONG_HEADERS = (
    tarfile.GNUTYPE_LONGNAME, tarfile.GNUTYPE_LONGLINK, tarfile.XHDTYPE, tarfile.XGLTYPE, tarfile.SOLARIS_XHDTYPE,
)  # fmt: skip
_INTO = expression(rf"\A.*(?:{'|'.join(map(re.escape, ENDINGS))})/", re.IGNORECASE | re.DOTALL)
_FOLDERS = tuple(f"{ending}/" for ending in ENDINGS)
_OUTSIDE = expression(r"(?:^|/)\.\.(?:/|$)|^/|^[A-Za-z]:")


class Member(NamedTuple):
    """A file in an archive: its name with ``/``, bytes, and either a way to open it or why it cannot be."""

    path: str
    size: int
    open: Callable[[], IO[bytes]] | None
    why: str | None = None


class _Header(tarfile.TarInfo):
    """A member of a tar file whose own header, which is read whole, is no bomb."""

    @classmethod
    def frombuf(cls, buf: bytes | bytearray, encoding: str, errors: str) -> Self:
        info = super().frombuf(buf, encoding, errors)
        if info.type in _LONG_HEADERS and info.size > MAX_HEADER:
            raise tarfile.ReadError(f"the header of a file is larger than {MAX_HEADER // 2**20} MB")
        return info


class NoArchive(ValueError):
    """The file is no archive, or not to its end, and why."""


def is_archive(path: str) -> bool:
    return path.lower().endswith(ENDINGS)


def inside(path: str) -> str:
    """A path within the innermost archive that it leads into; all of it where it leads into none."""
    return _INTO.sub("", path) if any(map(path.lower().__contains__, _FOLDERS)) else path


def may_be(path: str) -> bool:
    """Whether a file may hold others: what calls itself an archive, and what may be an export."""
    return is_archive(path) or export_bundle.may_be(path)


def members(path: str, file: IO[bytes]) -> Iterator[Member]:
    """The files of an archive or an export, in its order. Raises `NoArchive`, after those before the cut."""
    known: set[str] = set()
    total = 0
    most = min(MAX_TOTAL, max(_ALWAYS, _GROWTH * file.seek(0, os.SEEK_END)))
    file.seek(0)
    try:
        for found in _kind(path)(file):
            member = _checked(found)
            if member.path in known or is_passed_over(member.path.rpartition("/")[0]):
                continue
            known.add(member.path)
            total += member.size
            if len(known) > MAX_MEMBERS:
                raise NoArchive(f"more than {MAX_MEMBERS:,} files")
            if total > most:
                raise NoArchive(f"unpacks to more than {most // 2**20} MB")
            yield member
    except NoArchive:
        raise
    except Exception as error:  # what hostile bytes make of the readers of archives is in no list
        said = str(error).partition(":\n")[0] or type(error).__name__  # tarfile goes on with a line a compression
        raise NoArchive(f"not a whole archive: {said}"[:300]) from None


def _kind(path: str) -> Callable[[IO[bytes]], Iterator[Member]]:
    if not is_archive(path):
        return _carried
    if path.lower().endswith(_EVAL):
        return _evaluated
    return _zipped if path.lower().endswith(".zip") else _taped


def _checked(member: Member) -> Member:
    """The member with a plain name, and not to be opened where that led out or its size is too large."""
    inside = "/".join(part for part in member.path.split("/") if part not in ("", "..", ".")) or "?"
    if _OUTSIDE.search(member.path):
        return Member(inside, member.size, None, f"its name leads out of the archive: {member.path}"[:300])
    if member.size > MAX_MEMBER:
        return Member(inside, member.size, None, f"larger than {MAX_MEMBER // 2**20} MB")
    return member._replace(path=inside)


def _zipped(file: IO[bytes]) -> Iterator[Member]:
    archive = zipfile.ZipFile(file)
    names = {info: named(info.filename.replace("\\", "/")) for info in archive.infolist()}
    sites = tuple(name.removesuffix(MARKER) for name in names.values() if name.rpartition("/")[2] == MARKER)
    for info, name in names.items():
        mode = info.external_attr >> 16
        if name.endswith("/") or (mode and stat.S_ISLNK(mode)):
            continue
        if name.startswith(sites) and name.rpartition("/")[2] != export_bundle.CARRIED:  # the pages of an export
            continue
        if info.flag_bits & 1:
            yield Member(name, info.file_size, None, "it is encrypted")
        elif info.file_size > max(_ALWAYS, _GROWTH * info.compress_size):
            yield Member(name, 0, None, f"it unpacks to more than {_GROWTH} times its size")
        else:
            yield Member(name, info.file_size, lambda info=info: zip_zstd.opened(archive, info))  # type: ignore[misc]


def _evaluated(file: IO[bytes]) -> Iterator[Member]:
    """A log of Inspect AI, which is a zip file; whatever else is called so is none of ours."""
    is_zip = file.read(len(_ZIP)) == _ZIP
    return _zipped(file) if is_zip else iter(())


def _taped(file: IO[bytes]) -> Iterator[Member]:
    with tarfile.open(fileobj=file, mode="r:*", tarinfo=_Header) as archive:
        for info in archive:
            if info.isreg():
                name = named(info.name.removeprefix("./"))
                yield Member(name, info.size, lambda info=info: _opened(archive, info))  # type: ignore[misc]


def _opened(archive: tarfile.TarFile, info: tarfile.TarInfo) -> IO[bytes]:
    file = archive.extractfile(info)
    if file is None:
        raise ValueError("it is no file")
    return file


def _carried(file: IO[bytes]) -> Iterator[Member]:
    for path, line in export_bundle.members(file, MAX_MEMBER):
        yield Member(path, len(line), lambda line=line: BytesIO(line))  # type: ignore[misc]
