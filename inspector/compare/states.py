"""A state of the recordings, read into an index of its own: that of now, or the one that it is compared with."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from hashlib import blake2b
from typing import IO, NamedTuple

from inspector import search
from inspector.files.archives import is_archive
from inspector.files.recording_bytes import on_the_disk
from inspector.files.roots import Roots, Unreadable
from inspector.files.unpacking import content, members
from inspector.index import FileRow, Index, Row
from inspector.library import reader
from inspector.library.library import Library
from inspector.library.progress import Progress
from inspector.model import Json, jsonio

_BLOCK = 1024 * 1024

Digest = bytes
Entry = tuple[str, int]
"""Path and place in the file."""


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

    @property
    def places(self) -> dict[str, str]:
        """Each file's path with its place in the repository."""
        return {path: self.place(path) for path in self.files}

    def place(self, path: str) -> str:
        inside = self.files[path].inside
        return path[len(inside) + 1 :] if self.is_tree and inside else self.roots.place(path).in_repository


@contextmanager
def state(roots: Roots, query: str, reached: Callable[[Progress], None], *, is_tree: bool = False) -> Iterator[State]:
    """What lies below some roots now. Raises `search.QueryError`."""
    known = search.read(query)
    with closing(Index(None)) as index:
        library = Library(roots, index, lambda: reached(library.progress))
        library.refresh()
        rows = index.sorted_rows()
        found = index.rows(known.where) if query else rows
        files = {path: file for path, file in index.files().items() if file.format != "archive" or file.why}
        kept = {path: file for path, file in files.items() if file.state != "unrecognised"}
        yield State(roots, index, tuple(rows), frozenset(row.id for row in found), kept, is_tree)


def digests(state: State, paths: set[str]) -> dict[str, Digest]:
    """What tells the bytes of some files apart; those that cannot be read are left out."""
    found: dict[str, Digest] = {}
    for found_file in state.roots.found():
        try:
            with on_the_disk(state.roots, found_file.path) as file:
                if not is_archive(found_file.path):
                    if found_file.path in paths:
                        found[found_file.path] = _digest(file)
                    continue
                for member in members(found_file.path, file):
                    if member.path in paths:
                        found[member.path] = blake2b(content(member)).digest()
        except (Unreadable, ValueError):
            continue
    return found


def entries(state: State, paths: set[str]) -> dict[Entry, Digest]:
    """What tells the entries of some files apart, whatever stands between them."""
    inside = {state.files[path].inside for path in paths}
    found: dict[Entry, Digest] = {}
    for found_file in state.roots.found():
        if found_file.path not in inside and found_file.path not in paths:
            continue
        for path, recording in reader.recordings(state.roots, found_file):
            if path in paths:
                found |= {(path, one.entry): blake2b(_bytes(one.raw)).digest() for one in recording.exchanges}
    return found


def _bytes(raw: Json) -> bytes:
    return jsonio.dumps(raw).encode("utf-8", "replace")


def _digest(file: IO[bytes]) -> Digest:
    digest = blake2b()
    while block := file.read(_BLOCK):
        digest.update(block)
    return digest.digest()
