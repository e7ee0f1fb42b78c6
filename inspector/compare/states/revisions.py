"""A git revision as something to read: what differs from the files of now, in an archive. Nothing is checked out, and
no filter, hook or attribute of the repository plays a part."""

from __future__ import annotations

import os
import tarfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from types import MappingProxyType
from typing import NamedTuple

from inspector.files import git
from inspector.files.archives import MAX_MEMBER, MAX_TOTAL, is_archive
from inspector.files.roots import Roots
from inspector.files.scan import PASSED_OVER, named

_TOO_LARGE = f"larger than {MAX_MEMBER // 2**20} MB"
_TOO_MUCH = f"the files that differ are larger than {MAX_TOTAL // 2**30} GB together"


class NoRevision(Exception):
    """There is no such revision, and why; `given` is what was taken for one, where it is none."""

    def __init__(self, why: str, given: str = "") -> None:
        super().__init__(why)
        self.given = given


class Revision(NamedTuple):
    top: str
    """The directory of the repository."""
    commit: str
    name: str
    """In words: the name that was given, and what it stands for."""
    seconds: int
    """When it was made."""


class Unpacked(NamedTuple):
    file: Path
    """The archive."""
    same: frozenset[str]
    """The places of files that it leaves out because they are the same in the other state."""
    left: dict[str, str]
    """The places of what could not be brought, each with the reason."""


def revision(folder: str, given: str) -> Revision:
    """A revision of the repository around a folder, or of the one that we are in. Raises `NoRevision`."""
    top = git.top(folder) or git.top(".")
    if top is None:
        raise NoRevision(f"no git repository here{_below(folder)}")
    try:
        found = git.commit(top, given)
    except git.GitFailed:
        hint = "; this is a shallow clone, which has few: git fetch --unshallow brings all" if _shallow(top) else ""
        raise NoRevision(f"neither a path nor a git revision{hint}", given) from None
    name = (
        f"{found.short} of {found.day}" if given.startswith(found.short) else f"{given} ({found.short} of {found.day})"
    )
    return Revision(top, found.hash, name, found.seconds)


def _shallow(top: str) -> bool:
    try:
        return git.is_shallow(top)
    except git.GitFailed:
        return False


def _below(folder: str) -> str:
    """Which folders in there are repositories, where the folder itself lies in none."""
    try:
        names = sorted(entry.name for entry in os.scandir(folder) if entry.is_dir(follow_symlinks=False))
    except OSError:
        return ""
    found = [named(name) for name in names if name not in PASSED_OVER and os.path.exists(Path(folder, name, ".git"))]
    return f"; there is one in {', '.join(found[:3])}{' and others' if len(found) > 3 else ''}" if found else ""


@contextmanager
def unpacked(
    revision: Revision, paths: Sequence[str], present: Mapping[str, str] = MappingProxyType({})
) -> Iterator[Unpacked]:
    """An archive of what a revision holds at and below some paths of the repository (all where none is given), without
    what is the same in the other state, of which `present` has the files by their places. Raises `NoRevision`."""
    try:
        listed = git.listed(revision.top, revision.commit, paths)
    except git.GitFailed as error:
        raise NoRevision(f"git cannot list it: {error}") from None
    blobs = {named(os.fsdecode(blob.name)): blob for blob in listed.blobs}
    left = {named(os.fsdecode(name)): why for name, why in listed.left}
    left |= {place: _TOO_LARGE for place, blob in blobs.items() if blob.size > MAX_MEMBER}
    same = {place for place, blob in blobs.items() if place in present and git.is_same(present[place], blob)}
    with TemporaryDirectory(prefix="inspector-") as folder:
        file = Path(folder, f"{revision.commit[:12]}.tar")
        wanted = [blob for place, blob in blobs.items() if place not in same and place not in left]
        for place, pointer in _written(file, revision, _bearable(wanted, left)):
            if pointer is None:
                left[place] = git.UNANSWERED
            elif place in present and git.is_stored(present[place], pointer):
                same.add(place)
            else:
                left[place] = git.POINTER
        os.utime(file, (revision.seconds, revision.seconds))
        yield Unpacked(file, frozenset(same), left)


def _bearable(wanted: list[git.Blob], left: dict[str, str]) -> Iterator[git.Blob]:
    """Blobs as long as a disk has to hold no more than an archive may; the others are left."""
    total = 0
    for blob in wanted:
        total += blob.size
        if total <= MAX_TOTAL:
            yield blob
        else:
            left[named(os.fsdecode(blob.name))] = _TOO_MUCH


def _written(file: Path, revision: Revision, wanted: Iterable[git.Blob]) -> Iterator[tuple[str, bytes | None]]:
    """Write an archive of blobs. Those that are only pointers come back, and those that there is no answer for."""
    with tarfile.open(file, "w") as tar:
        for blob, data in git.contents(revision.top, wanted):
            if data is None or git.is_pointer(data):
                yield named(os.fsdecode(blob.name)), data
                continue
            about = tarfile.TarInfo(os.fsdecode(blob.name))
            about.size = len(data)
            tar.addfile(about, BytesIO(data))


def paths_in(roots: Roots, top: str) -> list[str]:
    """The served paths within a repository; none for all of it, where something else is served."""
    paths: list[str] = []
    for root in roots.all:
        path = os.path.relpath(root.served, os.path.realpath(top)).replace(os.sep, "/")
        if path == "." or path.startswith("../") or path == ".." or (root.only and is_archive(root.only)):
            return []
        paths.append(path)
    return paths
