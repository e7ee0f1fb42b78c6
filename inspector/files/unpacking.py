"""Archives unfolded: the files in them, and in the archives among those."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from typing import IO

from inspector.files import archives, export_bundle
from inspector.files.scan import Unreadable

_DEEPEST = 3
"""Archives within archives that are looked into."""


def members(path: str, file: IO[bytes], depth: int = 1) -> Iterator[archives.Member]:
    """The files of an archive and of those within it, with their whole paths. Raises `NoArchive`."""
    for member in archives.members(path, file):
        inner = member._replace(path=f"{path}/{member.path}")
        if member.open is None or not archives.may_be(member.path):
            yield inner
            continue
        try:
            data = BytesIO(content(member))
            if not archives.is_archive(member.path) and not export_bundle.is_export(member.path, data):
                yield inner
            elif depth < _DEEPEST:
                yield from members(inner.path, data, depth + 1)
        except (archives.NoArchive, Unreadable) as error:
            yield inner._replace(open=None, why=str(error))


def content(member: archives.Member) -> bytes:
    """The bytes of a file in an archive. Raises `Unreadable`."""
    if member.open is None:
        raise Unreadable(member.why or "it cannot be opened")
    try:
        with member.open() as file:
            return file.read(archives.MAX_MEMBER)
    except Exception as error:  # as in `archives.members`
        raise Unreadable(unpacked(error)) from None


def unpacked(error: Exception) -> str:
    """Why a file in an archive could not be unpacked."""
    return f"not unpacked: {error or type(error).__name__}"[:300]
