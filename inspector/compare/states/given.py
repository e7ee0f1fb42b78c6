"""The two states that somebody names: a directory, a file, an archive, an export of ours, or a git revision."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

from inspector.compare.states.change import Since
from inspector.compare.states.changes import since
from inspector.compare.states.revisions import NoRevision, Revision, paths_in, revision, unpacked
from inspector.compare.states.state import State, has_same_bytes, state
from inspector.compare.states.two_directories import TwoDirectories, may_be_read_together
from inspector.files import archives, git
from inspector.files.recording_bytes import plain_file
from inspector.files.roots import Roots, Unreadable, roots_of
from inspector.files.scan import opened_plain
from inspector.library.progress import Progress

REVISION = "git:"
"""What forces a revision where there is a path of that name."""

Reached = Callable[[Progress], None]


class Compared(NamedTuple):
    """Two states, open, and what changed from one to the other."""

    before: State
    after: State
    since: Since
    name: str
    """Of the later state."""


def is_path(given: str) -> bool:
    return os.path.exists(given) and not given.startswith(REVISION)


def working_tree() -> Path:
    """The repository that we are in; the directory where that is none."""
    return Path(git.top(".") or ".")


@contextmanager
def compared(old: str, new: str, query: str, reached: Reached, *, is_brief: bool = False) -> Iterator[Compared]:
    """What changed from one state to another, an empty name standing for the working tree; `is_brief` where
    nobody is told what is odd about an exchange. Raises `NoRevision`, `search.QueryError`, and what a path raises that
    cannot be read."""
    with ExitStack() as stack:
        if new and not is_path(new):
            now, name = stack.enter_context(_at(revision(".", new.removeprefix(REVISION)), query, reached))
        else:
            path = Path(new) if new else working_tree()
            roots, name = roots_of(path), new or "the working tree"
            own = _within(roots, old) if is_path(old) else ""
            earlier_roots = roots_of(Path(old)) if is_path(old) else None
            if earlier_roots is not None and may_be_read_together(earlier_roots, roots):
                both = TwoDirectories(earlier_roots, roots, without=lambda path: is_below(path, own))
                yield Compared(*stack.enter_context(both.compared(old, query, reached, is_brief=is_brief)), name)
                return
            now = stack.enter_context(state(roots, query, reached, without=lambda path: is_below(path, own)))
        before, found = stack.enter_context(earlier(now, old, query, reached))
        yield Compared(before, now, found, name)


def is_below(path: str, above: str) -> bool:
    """Whether a path is another, or lies below it; nothing lies below an empty one."""
    return bool(above) and (path == above or path.startswith(f"{above}/"))


def _within(roots: Roots, old: str) -> str:
    """The path of the earlier state within the later one, of which it is no part; empty where it lies elsewhere."""
    return roots.path_of(os.path.realpath(old)) or ""


@contextmanager
def earlier(now: State, given: str, query: str, reached: Reached) -> Iterator[tuple[State, Since]]:
    """An earlier state than one that is open, and what changed since. Raises as `compared` does."""
    present = {now.place(path): now.roots.place(path).file for path, file in now.files.items() if file.inside is None}
    if is_path(given):
        roots = roots_of(Path(given))
        same = dict(_same_files(roots, present))
        with state(roots, query, reached, without=same.__contains__) as before:
            yield before, since(before, now, given, frozenset(same.values()))
        return
    found = revision(str(now.roots.all[0].path) if not now.is_tree else ".", given.removeprefix(REVISION))
    with (
        unpacked(found, [] if now.is_tree else paths_in(now.roots, found.top), present) as archive,
        state(roots_of(archive.file), query, reached, is_tree=True, unread=archive.left) as before,
    ):
        yield before, since(before, now, found.name, archive.same)


def _same_files(roots: Roots, present: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """The files on the disk that are the same, byte by byte, in the other state: their paths, and their places. Nothing
    of them has to be read."""
    for found in roots.found():
        place = roots.place(found.path)
        if (other := present.get(place.in_repository)) is None or archives.may_be(found.path):
            continue
        with suppress(Unreadable, OSError), plain_file(roots, found.path) as file, opened_plain(other) as now:
            if has_same_bytes(file, now, found.size):
                yield found.path, place.in_repository


@contextmanager
def _at(found: Revision, query: str, reached: Reached) -> Iterator[tuple[State, str]]:
    """A whole revision."""
    with (
        unpacked(found, []) as archive,
        state(roots_of(archive.file), query, reached, is_tree=True, unread=archive.left) as opened,
    ):
        yield opened, found.name


__all__ = ["Compared", "NoRevision", "compared", "earlier", "is_path", "working_tree"]
