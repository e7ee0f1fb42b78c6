"""What a git repository holds, read without running anything that it brings: recordings come from anywhere, and with
them a configuration that names programs.

Only commands that read objects are run: none that looks at the files of the working tree (filters), fetches what a
partial clone lacks, asks for passwords, pages its output, checks signatures or calls a hook. Whether a file is what a
revision has is told by its hash.
"""

from __future__ import annotations

import hashlib
import os
import re
import stat
import subprocess
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from tempfile import TemporaryFile
from typing import IO, NamedTuple, cast

from inspector.model.expressions import expression

_PATIENCE = 20.0
"""Seconds that git may take for an answer: a repository may hold a pipe in the place of a file."""

_LARGEST_ANSWER = 64 * 1024 * 1024
"""Bytes of an answer: a tree whose folders are all the same one names files without end."""

MAX_FILES = 200_000
"""Files of a revision that is read."""

_ALONE = {
    "GIT_ALLOW_PROTOCOL": "none",  # stronger than `protocol.*.allow` in a configuration
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_ASKPASS": "",
    "GIT_SSH_COMMAND": "false",
    "GIT_PAGER": "cat",
    "GIT_EXTERNAL_DIFF": "",
}
_SETTINGS = (
    "core.fsmonitor=false", "core.hooksPath=/dev/null", "core.sshCommand=false", "core.pager=cat", "core.askPass=",
    "core.gitProxy=", "credential.helper=", "diff.external=", "log.showSignature=false", "gpg.program=false",
    "protocol.allow=never", "protocol.ext.allow=never",
)  # fmt: skip
_PLAIN_FILES = (b"100644", b"100755")
_SUBMODULE = b"160000"

LARGEST_POINTER = 1024
"""Bytes of a pointer of Git LFS: https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md"""
_POINTER = b"version https://git-lfs.github.com/spec/"
_OID = expression(rb"^oid sha256:([0-9a-f]{64})$", re.MULTILINE)

POINTER = "a pointer of Git LFS: what it stands for is not here (git lfs pull brings it)"
SUBMODULE = "a submodule: what it held is in another repository"
LACKING = "not in this partial clone"
UNANSWERED = "git has no answer for it"


class GitFailed(Exception):
    """git is not there, or has no answer."""


class Commit(NamedTuple):
    hash: str
    short: str
    seconds: int
    """When it was made."""
    day: str
    """The same as ``2026-11-30``, where it was made."""


class Blob(NamedTuple):
    """A plain file of a revision."""

    name: bytes
    hash: str
    size: int
    """Bytes."""


class Listed(NamedTuple):
    """What a revision has below some paths."""

    blobs: tuple[Blob, ...]
    left: tuple[tuple[bytes, str], ...]
    """The names of what cannot be read of it, each with the reason."""


def top(folder: str) -> str | None:
    """The directory of the repository around a folder; None where there is none."""
    try:
        return os.fsdecode(_output(folder, "rev-parse", "--show-toplevel")).rstrip("\n")
    except GitFailed:
        return None


def is_shallow(folder: str) -> bool:
    """Whether a clone has but few revisions."""
    return _output(folder, "rev-parse", "--is-shallow-repository").strip() == b"true"


def commit(folder: str, name: str) -> Commit:
    """What a name stands for. Raises `GitFailed`."""
    known = _output(folder, "rev-parse", "--verify", "--quiet", "--end-of-options", name + "^{commit}")
    hash = known.strip().decode("ascii", "replace")
    short = _output(folder, "rev-parse", "--short", hash).strip().decode("ascii", "replace")
    seconds, day = _made(_output(folder, "cat-file", "commit", hash))
    return Commit(hash, short, seconds, day)


def _made(about: bytes) -> tuple[int, str]:
    line = next((line for line in about.split(b"\n") if line.startswith(b"committer ")), b"")
    _, _, when = line.rpartition(b"> ")
    try:
        seconds, zone = when.decode("ascii").split()
        ahead = timedelta(hours=int(zone[:3]), minutes=int(zone[0] + zone[3:]))
        return int(seconds), f"{datetime.fromtimestamp(int(seconds), UTC) + ahead:%Y-%m-%d}"
    except (ValueError, OverflowError, OSError):
        raise GitFailed("a commit without a time") from None


def listed(folder: str, commit: str, paths: Sequence[str] = ()) -> Listed:
    """The plain files of a revision, those at and below some paths from the top or all; submodules, and what a partial
    clone lacks, are named. Raises `GitFailed`."""
    found: list[tuple[bytes, bytes]] = []
    left: list[tuple[bytes, str]] = []
    for line in _output(folder, "ls-tree", "-r", "-z", "--full-tree", commit, "--", *paths).split(b"\0"):
        about, _, name = line.partition(b"\t")
        mode, _, rest = about.partition(b" ")
        if mode in _PLAIN_FILES:
            found.append((rest.split()[1], name))
        elif mode == _SUBMODULE:
            left.append((name, SUBMODULE))
    if len(found) > MAX_FILES:
        raise GitFailed(f"more than {MAX_FILES:,} files")
    asked = b"".join(hash + b"\n" for hash, _ in found)
    answers = _output(folder, "cat-file", "--batch-check", given=asked).split(b"\n")
    blobs: list[Blob] = []
    for (hash, name), answer in zip(found, answers, strict=False):
        kind, _, size = answer.partition(b" ")[2].partition(b" ")
        if kind == b"blob":
            blobs.append(Blob(name, hash.decode("ascii"), int(size)))
        else:
            left.append((name, LACKING))
    return Listed(tuple(blobs), tuple(left))


def is_pointer(data: bytes) -> bool:
    """Whether a file only says where Git LFS has it."""
    return len(data) <= LARGEST_POINTER and data.startswith(_POINTER)


def pointed_at(data: bytes) -> str:
    """The SHA-256 of the file that a pointer of Git LFS stands for; empty where it does not say."""
    found = _OID.search(data)
    return found[1].decode("ascii") if found else ""


def contents(folder: str, wanted: Iterable[Blob]) -> Iterator[tuple[Blob, bytes | None]]:
    """The bytes of blobs, one asked for after the other; None of those that the clone lacks, or git has no answer
    for."""
    with _started(subprocess.PIPE, folder, "cat-file", "--batch") as git, _impatient(git) as moved:
        for blob in wanted:
            yield blob, _content(git, blob)
            moved()


def _content(git: subprocess.Popen[bytes], blob: Blob) -> bytes | None:
    asks, answers = cast(IO[bytes], git.stdin), cast(IO[bytes], git.stdout)
    try:
        os.write(asks.fileno(), blob.hash.encode() + b"\n")
    except BrokenPipeError:  # it was ended
        return None
    head = answers.readline().split()
    if len(head) != 3:
        return None
    size = int(head[2])
    data = answers.read(size)
    answers.read(1)
    return data if len(data) == size else None


def is_same(file: str, blob: Blob) -> bool:
    """Whether a file on the disk is a blob, byte by byte."""
    begin = b"blob %d\0" % blob.size
    return _digest(file, "sha1" if len(blob.hash) == 40 else "sha256", begin, blob.size) == blob.hash


def is_stored(file: str, pointer: bytes) -> bool:
    """Whether a file on the disk is what a pointer of Git LFS stands for."""
    return bool(oid := pointed_at(pointer)) and _digest(file, "sha256") == oid


def _digest(file: str, kind: str, begin: bytes = b"", size: int | None = None) -> str | None:
    """The hash of a plain file after some bytes; None for one that is not there, or of another size."""
    digest = hashlib.new(kind, begin, usedforsecurity=False)
    try:
        about = os.lstat(file)
        if not stat.S_ISREG(about.st_mode) or size not in (None, about.st_size):
            return None
        with open(file, "rb", opener=lambda path, flags: os.open(path, flags | getattr(os, "O_NONBLOCK", 0))) as opened:
            while piece := opened.read(1 << 20):
                digest.update(piece)
    except OSError:
        return None
    return digest.hexdigest()


def has_changes(folder: str, commit: str, path: str) -> bool:
    """Whether a file, or files below a folder, differ from what a revision has there, or are not in it. Raises
    `GitFailed`."""
    root = top(folder)
    if root is None:
        raise GitFailed("no repository")
    below = os.path.relpath(os.path.realpath(path), os.path.realpath(root)).replace(os.sep, "/")
    known = listed(root, commit, [] if below == "." else [below]).blobs
    if any(not is_same(os.path.join(root, os.fsdecode(blob.name)), blob) for blob in known):
        return True
    return bool(_output(root, "ls-files", "--others", "--exclude-standard", "-z", "--", below))


# ---------------------------------------------------------------- running git


def _output(folder: str, *arguments: str, given: bytes = b"") -> bytes:
    try:
        with TemporaryFile() as asked:
            asked.write(given)
            asked.seek(0)
            return _answered(_started(asked, folder, *arguments))
    except (OSError, ValueError) as error:
        raise GitFailed(str(error)) from None


def _answered(git: subprocess.Popen[bytes]) -> bytes:
    with git, _impatient(git):
        answer = cast(IO[bytes], git.stdout).read(_LARGEST_ANSWER + 1)
        if len(answer) > _LARGEST_ANSWER:
            git.kill()
            raise GitFailed(f"its answer is longer than {_LARGEST_ANSWER // 2**20} MB")
        if status := git.wait():
            raise GitFailed(f"no answer within {_PATIENCE:.0f} seconds" if status < 0 else f"git ends with {status}")
    return answer


def _started(asked: IO[bytes] | int, folder: str, *arguments: str) -> subprocess.Popen[bytes]:
    command, quiet = _command(folder, *arguments), subprocess.DEVNULL
    return subprocess.Popen(  # noqa: S603
        command, stdin=asked, stdout=subprocess.PIPE, stderr=quiet, env=_environment()
    )


@contextmanager
def _impatient(git: subprocess.Popen[bytes]) -> Iterator[Callable[[], None]]:
    """Ends git once it takes too long; what is given shows that it came a step further."""
    moved, is_done = threading.Event(), threading.Event()

    def wait() -> None:
        while moved.wait(_PATIENCE) and not is_done.is_set():
            moved.clear()
        if not is_done.is_set():
            git.kill()

    threading.Thread(target=wait, daemon=True).start()
    try:
        yield moved.set
    finally:
        is_done.set()
        moved.set()


def _command(folder: str, *arguments: str) -> list[str]:
    settings = [word for setting in _SETTINGS for word in ("-c", setting)]
    return ["git", "--no-pager", "-C", folder, *settings, *arguments]


def _environment() -> dict[str, str]:
    return os.environ | _ALONE
