"""Two directories of which nothing is read yet, compared while both are read."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from typing import NamedTuple

from inspector import search
from inspector.compare.states.change import Since
from inspector.compare.states.changes import since
from inspector.compare.states.matching import files
from inspector.compare.states.read_together import SideBySide, Taken
from inspector.compare.states.state import State, has_same_bytes, recordings, state_in
from inspector.files import archives
from inspector.files.recording_bytes import plain_file
from inspector.files.roots import Roots, Unreadable
from inspector.files.scan import ScannedFile
from inspector.library.library_of_one_answer import kept_index, unread
from inspector.library.progress import Progress
from inspector.library.safe_summary import Wanted
from inspector.library.workers import PlainReading

_LARGEST = 16 * 1024 * 1024
"""Bytes of a file that is held whole with all that it says, beside the one that it is compared with."""


def may_be_read_together(before: Roots, after: Roots) -> bool:
    """Whether both are directories of which no server keeps an index: with one, less has to be read."""
    are_plain = not any(root.only or root.homes for roots in (before, after) for root in roots.all)
    return are_plain and kept_index(before) is None and kept_index(after) is None


class _Files(NamedTuple):
    """Which file of one state is which of the other: the later for the path of the earlier."""

    same: dict[str, tuple[str, str]]
    """Byte by byte: the path, and the place in the repository."""
    other: dict[str, ScannedFile]


class TwoDirectories:
    """An earlier and a later state. What only the later one has, and what is the same in both, is read first, since
    what is no recording there has to be read in the earlier one as well."""

    def __init__(self, before: Roots, after: Roots, without: Callable[[str], bool]) -> None:
        self._before = before
        self._after = after
        self._without = without
        """What is no part of the later state."""

    @contextmanager
    def compared(
        self, name: str, query: str, reached: Callable[[Progress], None], *, is_brief: bool = False
    ) -> Iterator[tuple[State, State, Since]]:
        """Both states, and what changed from the one, which has a `name`, to the other; `is_brief` where nobody is told
        what is odd about an exchange. Raises `search.QueryError`."""
        known = search.read(query) if query else None
        wanted = Wanted(findings=bool(query), marks=bool(query) or not is_brief)
        was, now = (unread(roots, reached, searched=bool(query)) for roots in (self._before, self._after))
        with closing(was.index), closing(now.index):
            found = self._files()
            beside = {file.path for file in found.other.values()}
            now.reading = PlainReading(self._after, wanted)
            now.passed_over = lambda path: self._without(path) or path in beside
            now.refresh()
            read = recordings(now.index.files())
            same = {path: place for path, (file, place) in found.same.items() if file in read}
            was.passed_over = same.__contains__
            was.reading = SideBySide(self._before, self._after, found.other, wanted)
            was.taken = taken = Taken(now.index)
            was.refresh()
            was.settle()
            now.passed_over = self._without
            now.refresh()
            now.settle()
            before, after = state_in(self._before, was.index, known), state_in(self._after, now.index, known)
            yield before, after, since(before, after, name, frozenset(same.values()), early=taken.early)

    def _files(self) -> _Files:
        old = {file.path: file for file in self._before.found() if _is_plain(file)}
        new = {file.path: file for file in self._after.found() if _is_plain(file) and not self._without(file.path)}
        found = _Files({}, {})
        for path_after, path in files(_places(self._before, old), _places(self._after, new)).items():
            if self._are_same(old[path], new[path_after]):
                found.same[path] = path_after, self._after.place(path_after).in_repository
            elif max(old[path].size, new[path_after].size) <= _LARGEST:
                found.other[path] = new[path_after]
        return found

    def _are_same(self, old: ScannedFile, new: ScannedFile) -> bool:
        if old.size != new.size:
            return False
        with suppress(Unreadable, OSError), ExitStack() as stack:
            was, now = (
                stack.enter_context(plain_file(roots, file.path))
                for roots, file in ((self._before, old), (self._after, new))
            )
            return has_same_bytes(was, now, old.size)
        return False


def _is_plain(file: ScannedFile) -> bool:
    """Whether a file is one, and no archive, which is read as the files in it."""
    return file.why is None and not archives.may_be(file.path)


def _places(roots: Roots, found: dict[str, ScannedFile]) -> dict[str, str]:
    return {path: roots.place(path).in_repository for path in found}
