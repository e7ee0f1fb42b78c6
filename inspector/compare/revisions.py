"""A git revision as something to read: what differs from the files of now, in an archive. Nothing is checked out, and
no filter, hook or attribute of the repository plays a part."""

from __future__ import annotations

import hashlib
import os
import subprocess
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, NamedTuple, cast

from inspector.files.archives import MAX_MEMBER, is_archive
from inspector.files.roots import Roots
from inspector.files.scan import named

_PLAIN_FILES = (b"100644", b"100755")


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


class _Blob(NamedTuple):
    name: bytes
    hash: str
    size: int


def revision(roots: Roots, given: str) -> Revision:
    """A revision of the repository that the first root lies in, or the one that we are in. Raises `NoRevision`."""
    top = _top(str(roots.all[0].path)) or _top(".")
    if top is None:
        raise NoRevision("no git repository here")
    try:
        commit = _git(top, "rev-parse", "--verify", "--quiet", "--end-of-options", given + "^{commit}").strip().decode()
        about = _git(top, "show", "--no-patch", "--no-show-signature", "--format=%h %ct %cs", commit).decode()
    except subprocess.CalledProcessError:
        hint = "; a shallow clone has few revisions" if os.path.exists(os.path.join(_git_dir(top), "shallow")) else ""
        raise NoRevision(f"neither a path nor a git revision{hint}") from None
    short, seconds, day = about.split()
    name = f"{short} of {day}" if given.startswith(short) else f"{given} ({short} of {day})"
    return Revision(top, commit, name, int(seconds))


@contextmanager
def unpacked(roots: Roots, revision: Revision, present: dict[str, str]) -> Iterator[tuple[Path, frozenset[str]]]:
    """An archive of what a revision holds of the served directories, and the places of files that it leaves out because
    they are the same now. `present` are the places of the files of now, with the files."""
    blobs = {named(os.fsdecode(blob.name)): blob for blob in _blobs(revision, _served(roots, revision.top))}
    same = frozenset(place for place, blob in blobs.items() if place in present and _is_same(present[place], blob))
    with TemporaryDirectory(prefix="inspector-") as folder:
        file = Path(folder, f"{revision.commit[:12]}.tar")
        with tarfile.open(file, "w") as tar:
            for blob, data in _read(revision, [blob for place, blob in blobs.items() if place not in same]):
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


def _blobs(revision: Revision, paths: list[str]) -> Iterator[_Blob]:
    listed = _git(revision.top, "ls-tree", "-r", "-z", "-l", "--full-tree", revision.commit, "--", *paths)
    for line in listed.split(b"\0"):
        about, _, name = line.partition(b"\t")
        mode, _, rest = about.partition(b" ")
        if mode in _PLAIN_FILES:
            _, hash, size = rest.split()
            if int(size) <= MAX_MEMBER:
                yield _Blob(name, hash.decode(), int(size))


def _is_same(file: str, blob: _Blob) -> bool:
    """Whether a file on the disk is a blob, byte by byte."""
    digest = hashlib.new("sha1" if len(blob.hash) == 40 else "sha256", usedforsecurity=False)
    try:
        if os.path.getsize(file) != blob.size:
            return False
        digest.update(b"blob %d\0" % blob.size)
        digest.update(Path(file).read_bytes())
    except OSError:
        return False
    return digest.hexdigest() == blob.hash


def _read(revision: Revision, blobs: list[_Blob]) -> Iterator[tuple[_Blob, bytes]]:
    """The bytes of blobs, one asked for after the other."""
    command = ["git", "-C", revision.top, "cat-file", "--batch"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as git:  # noqa: S603
        asks, answers = cast(IO[bytes], git.stdin), cast(IO[bytes], git.stdout)
        for blob in blobs:
            asks.write(blob.hash.encode() + b"\n")
            asks.flush()
            if (data := _answer(answers)) is not None:
                yield blob, data
        asks.close()


def _answer(answers: IO[bytes]) -> bytes | None:
    """One blob of what git writes; None for one that the clone does not have."""
    head = answers.readline().split()
    if len(head) != 3:
        return None
    data = answers.read(int(head[2]))
    answers.read(1)
    return data


def _top(folder: str) -> str | None:
    try:
        return os.fsdecode(_git(folder, "rev-parse", "--show-toplevel")).rstrip("\n")
    except (subprocess.CalledProcessError, OSError):
        return None


def _git_dir(top: str) -> str:
    return os.fsdecode(_git(top, "rev-parse", "--absolute-git-dir")).rstrip("\n")


def _git(folder: str, *arguments: str) -> bytes:
    """What git says. Raises `CalledProcessError`."""
    command = ["git", "-C", folder, *arguments]
    return subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, check=True).stdout  # noqa: S603
