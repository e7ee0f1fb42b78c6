"""A git revision as something to read: what differs from the files of now, in an archive. Nothing is checked out, and
no filter, hook or attribute of the repository plays a part."""

from __future__ import annotations

import os
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from inspector.files import git
from inspector.files.archives import MAX_MEMBER, is_archive
from inspector.files.roots import Roots
from inspector.files.scan import named


class NoRevision(Exception):
    """There is no such revision, and why."""


class Revision(NamedTuple):
    top: str
    """The directory of the repository."""
    commit: str
    name: str
    """In words: the name that was given, and what it stands for."""
    seconds: int
    """When it was made."""


def revision(roots: Roots, given: str) -> Revision:
    """A revision of the repository that the first root lies in, or the one that we are in. Raises `NoRevision`."""
    top = git.top(str(roots.all[0].path)) or git.top(".")
    if top is None:
        raise NoRevision("no git repository here")
    try:
        found = git.commit(top, given)
    except git.GitFailed:
        hint = "; a shallow clone has few revisions" if git.is_shallow(top) else ""
        raise NoRevision(f"neither a path nor a git revision{hint}") from None
    name = (
        f"{found.short} of {found.day}" if given.startswith(found.short) else f"{given} ({found.short} of {found.day})"
    )
    return Revision(top, found.hash, name, found.seconds)


@contextmanager
def unpacked(roots: Roots, revision: Revision, present: dict[str, str]) -> Iterator[tuple[Path, frozenset[str]]]:
    """An archive of what a revision holds of the served directories, and the places of files that it leaves out because
    they are the same now. `present` are the places of the files of now, with the files."""
    held = git.blobs(revision.top, revision.commit, _served(roots, revision.top))
    blobs = {named(os.fsdecode(blob.name)): blob for blob in held if blob.size <= MAX_MEMBER}
    same = frozenset(place for place, blob in blobs.items() if place in present and git.is_same(present[place], blob))
    with TemporaryDirectory(prefix="inspector-") as folder:
        file = Path(folder, f"{revision.commit[:12]}.tar")
        with tarfile.open(file, "w") as tar:
            for blob, data in git.contents(revision.top, [blob for place, blob in blobs.items() if place not in same]):
                about = tarfile.TarInfo(os.fsdecode(blob.name))
                about.size = len(data)
                tar.addfile(about, BytesIO(data))
        os.utime(file, (revision.seconds, revision.seconds))
        yield file, same


def _served(roots: Roots, top: str) -> list[str]:
    """The served paths within the repository; none for all of it, where something else is served."""
    paths: list[str] = []
    for root in roots.all:
        path = os.path.relpath(root.served, os.path.realpath(top)).replace(os.sep, "/")
        if path == "." or path.startswith("../") or path == ".." or (root.only and is_archive(root.only)):
            return []
        paths.append(path)
    return paths
