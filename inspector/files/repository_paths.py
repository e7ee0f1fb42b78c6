"""Where in a repository the files of an archive belong.

CI systems strip folders: an artifact of GitHub begins where its files' paths part, its archive of a repository with a
folder of its own, one of GitLab at the repository. What was stripped is told by the recordings that name their test and
lie beside it, by what git notes in an archive that it makes, and by what an export of ours says. Where nothing tells
it, an archive is a repository of its own. None of this ever gives two files one home: a home is a start of paths that
stands for another, and no two of these overlap.
"""

from __future__ import annotations

import os
import tarfile
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import suppress
from itertools import islice
from typing import IO, Any, NamedTuple

from inspector.files import archives, export_bundle, unpacking
from inspector.files.scan import Unreadable
from inspector.files.urls import MARKER
from inspector.model.expressions import expression
from inspector.model.jsonio import NotJson, loads

_ENOUGH = 500
"""Recordings that are looked into."""

_MANY = 20_000
"""Files whose names are."""

_HEAD = 4096
_MOST_HOMES = 1000
_BESIDE = "recordings/"
"""The folder beside a test's file where llama-stack keeps what the test said."""

_TEST = expression(rb'"test_id":\s*"((?:[^"\\:\[/]+/)+)[^"\\:\[/]+\.py::')
_COMMIT = expression(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")


class Home(NamedTuple):
    """What the start of paths within a root stands for in the repository. A start that ends with ``/`` is a folder's,
    any other is a whole path."""

    below: str
    path: str
    mark: str = ""
    """What tells its ids from those of another repository with the same paths."""

    def holds(self, path: str) -> bool:
        return path.startswith(self.below) if _is_folder(self.below) else path == self.below

    def meets(self, other: Home) -> bool:
        """Whether two homes may give two paths one id. An id that begins with ``/`` is that of no repository."""
        mine, its = self.mark + self.path, other.mark + other.path
        if mine.startswith("/") != its.startswith("/"):
            return False
        above = _is_folder(self.path) and its.startswith(mine)
        return mine == its or above or (_is_folder(other.path) and mine.startswith(its))


def _is_folder(start: str) -> bool:
    return not start or start.endswith("/")


def homes_of(name: str, file: IO[bytes]) -> tuple[Home, ...]:
    """The homes of the files of an archive or an export, which is called `name`: the first that holds a path counts.
    Files without another have one that nothing in a repository can be confused with."""
    told = _told(name, file)
    kept: list[Home] = []
    for home in (*told, Home(f"{name}/", f"{name}/", "/")):
        if not any(home.meets(other) for other in kept):
            kept.append(home)
    return tuple(kept)


def _told(name: str, file: IO[bytes]) -> list[Home]:
    moved: set[tuple[str, str]] = set()
    tops: set[str] = set()
    looked = 0
    with suppress(archives.NoArchive, Unreadable):
        for member in islice(unpacking.members(name, file), _MANY):
            folder, _, last = member.path.rpartition("/")
            tops.add(member.path.split("/")[1] if "/" in folder else "")
            if last == MARKER and export_bundle.may_be(folder):
                return list(_carried(f"{folder}/", member))
            if last.endswith(".json") and member.open is not None and looked < _ENOUGH:
                looked += 1
                moved.update(_moved(f"{folder}/".removeprefix(f"{name}/"), member))
    if len(moved) == 1:
        ((stripped, path),) = moved
        return [Home(f"{name}/{stripped}", path)]
    top = next(iter(tops)) if len(tops) == 1 and not moved and _is_of_git(name, file) else ""
    return [Home(f"{name}/{top}/" if "-" in top else f"{name}/", "")]


# ---------------------------------------------------------------- what an export says


def header(homes: Iterable[Home]) -> dict[str, Any]:
    """What an export says of its recordings, before them."""
    return {"inspector-export": 1, "homes": [list(home) for home in homes]}


def _carried(below: str, member: archives.Member) -> Iterator[Home]:
    try:
        said = loads(unpacking.content(member))
    except (NotJson, Unreadable):
        return
    homes = said.get("homes") if isinstance(said, dict) else None
    for home in homes[:_MOST_HOMES] if isinstance(homes, list) else ():
        if isinstance(home, list) and len(home) == 3 and all(isinstance(part, str) for part in home):
            start, path, mark = home
            if _is_folder(start) == _is_folder(path):
                yield Home(below + start, path, mark)


# ---------------------------------------------------------------- what recordings say


def _moved(folder: str, member: archives.Member) -> Iterator[tuple[str, str]]:
    """What the start of a folder's path stands for, told by the test of a recording in it: where one of the two is but
    the end of the other, or both end with more than what all such folders are called."""
    test = _TEST.search(_head(member))
    if test is None:
        return
    inner = archives.inside(folder)
    belongs = test[1].decode("utf-8", "replace") + _BESIDE
    same = _common_end(inner, belongs)
    stripped, path = inner[: len(inner) - len(same)], belongs[: len(belongs) - len(same)]
    if not stripped or not path or same.count("/") > 1:
        yield folder[: len(folder) - len(inner)] + stripped, path


def _head(member: archives.Member) -> bytes:
    assert member.open is not None
    try:
        with member.open() as file:
            return file.read(_HEAD)
    except Exception:  # as in `archives.members`
        return b""


def _common_end(one: str, other: str) -> str:
    """The folders that two paths end with."""
    both = zip(reversed(one.split("/")), reversed(other.split("/")), strict=False)
    same = 0
    for mine, theirs in both:
        if mine != theirs:
            break
        same += 1
    return "/".join(one.split("/")[len(one.split("/")) - same :]) if same else ""


# ---------------------------------------------------------------- what git says


def _is_of_git(name: str, file: IO[bytes]) -> bool:
    """Whether git made the archive: then it says which commit it is of."""
    said = ""
    file.seek(0, os.SEEK_SET)
    with suppress(Exception):  # as in `archives.members`
        if name.lower().endswith(".zip"):
            said = zipfile.ZipFile(file).comment.decode("ascii", "replace")
        else:
            with tarfile.open(fileobj=file, mode="r:*") as archive:
                said = archive.pax_headers.get("comment", "")
    return _COMMIT.fullmatch(said) is not None
