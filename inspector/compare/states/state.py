"""A state of the recordings, read into an index of its own: that of now, or the one that it is compared with."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from hashlib import blake2b
from types import MappingProxyType
from typing import IO, NamedTuple

from inspector import search
from inspector.files.git import LARGEST_POINTER, POINTER, is_pointer
from inspector.files.recording_bytes import on_the_disk
from inspector.files.roots import Roots, Unreadable
from inspector.files.unpacking import content, members
from inspector.index import FileRow, Index, Row
from inspector.library.library_of_one_answer import momentary
from inspector.library.progress import Progress

_BLOCK = 1024 * 1024

Digest = bytes


class State(NamedTuple):
    roots: Roots
    known: Index
    rows: tuple[Row, ...]
    """Every exchange, by path and place in the file."""
    found: frozenset[int]
    """The numbers of those that the query finds."""
    files: dict[str, FileRow]
    """The files that are recordings, or broken."""
    is_tree: bool = False
    """Whether it is an archive that has the very paths of the repository."""
    unread: Mapping[str, str] = MappingProxyType({})
    """What could not be brought of it: places in the repository, each with the reason."""

    @property
    def places(self) -> dict[str, str]:
        """Each file's path with its place in the repository."""
        return {path: self.place(path) for path in self.files}

    def place(self, path: str) -> str:
        inside = self.files[path].inside
        return path[len(inside) + 1 :] if self.is_tree and inside else self.roots.place(path).in_repository

    def unreadable(self) -> Iterator[tuple[str, str]]:
        """The places of what is there and cannot be read, or not to its end, each with the reason."""
        for path, file in self.files.items():
            place = self.place(path)
            if file.state in ("broken", "writing") and place not in self.unread:
                yield place, file.why or "cannot be read"
        yield from self.unread.items()


@contextmanager
def state(
    roots: Roots,
    query: str,
    reached: Callable[[Progress], None],
    *,
    is_tree: bool = False,
    unread: Mapping[str, str] = MappingProxyType({}),
    without: Callable[[str], bool] = lambda path: False,
) -> Iterator[State]:
    """What lies below some roots now, without some of its files. Raises `search.QueryError`."""
    known = search.read(query)
    library = momentary(roots, reached, searched=bool(query), begins_with_kept=not is_tree, without=without)
    with closing(library.index) as index:
        read = state_in(roots, index, known if query else None)
        yield read._replace(is_tree=is_tree, unread={**unread, **read.unread})


def state_in(roots: Roots, index: Index, query: search.Query | None) -> State:
    """The state that an index has read."""
    rows = index.sorted_rows()
    found = index.rows(query.where) if query else rows
    kept = index.files()
    return State(
        roots, index, tuple(rows), frozenset(row.id for row in found), recordings(kept),
        unread=dict(_pointers(roots, kept)),
    )  # fmt: skip


def recordings(kept: Mapping[str, FileRow]) -> dict[str, FileRow]:
    """The files that are recordings, or broken."""
    files = {path: file for path, file in kept.items() if file.format != "archive" or file.why}
    return {path: file for path, file in sorted(files.items()) if file.state != "unrecognised"}


def _pointers(roots: Roots, files: Mapping[str, FileRow]) -> Iterator[tuple[str, str]]:
    """The files on the disk that only say where a large file lies."""
    for path, file in files.items():
        if file.state not in ("unrecognised", "broken") or file.inside or file.size > LARGEST_POINTER:
            continue
        with suppress(Unreadable), on_the_disk(roots, path) as opened:
            if is_pointer(opened.read(LARGEST_POINTER)):
                yield roots.place(path).in_repository, POINTER


def digests(state: State, paths: set[str]) -> dict[str, Digest]:
    """What tells the bytes of some files apart; those that cannot be read are left out."""
    found: dict[str, Digest] = {}
    for path in sorted({state.files[path].inside or path for path in paths}):
        with suppress(Unreadable, ValueError), on_the_disk(state.roots, path) as file:
            if path in paths:
                found[path] = _digest(file)
            else:
                inside = (member for member in members(path, file) if member.path in paths)
                found |= {member.path: blake2b(content(member)).digest() for member in inside}
    return found


def has_same_bytes(file: IO[bytes], other: IO[bytes], size: int) -> bool:
    if os.fstat(other.fileno()).st_size != size:
        return False
    while block := file.read(_BLOCK):
        if block != other.read(_BLOCK):
            return False
    return not other.read(1)


def _digest(file: IO[bytes]) -> Digest:
    digest = blake2b()
    while block := file.read(_BLOCK):
        digest.update(block)
    return digest.digest()
