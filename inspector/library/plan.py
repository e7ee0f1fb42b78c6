"""What a refresh has to do, from what is known and what is there. Nothing here reads a file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from inspector.files.scan import ScannedFile
from inspector.index import FileRow

_STEP = 2_000_000_000
"""Nanoseconds within which files were written at the same time."""

_MANY = 200
"""Files in one step from which on their times tell nothing: a checkout wrote them, or somebody unpacked an archive."""


class Plan(NamedTuple):
    """What a refresh has to do. `grown` are files to read that may only have grown, as the index knows them."""

    read: list[ScannedFile]
    gone: list[str]
    grown: dict[str, FileRow]


def plan(known: Iterable[FileRow], found: Iterable[ScannedFile]) -> Plan:
    """Compare what the index knows with what is there: all of it, or all of some place.

    What is known comes in the order of its paths. Where what is there does too, little is held at a time.
    """
    read: list[ScannedFile] = []
    gone: dict[str, FileRow] = {}
    grown: dict[str, FileRow] = {}
    same_archives: set[str | None] = set()
    rows = iter(known)
    row = next(rows, None)
    for file in found:
        while row is not None and row.path <= file.path:
            if row.inside not in same_archives:
                gone[row.path] = row
            row = next(rows, None)
        old = gone.pop(file.path, None)
        if old is None or old[1:5] != file[1:5]:
            read.append(file)
            if old is not None and old.resume is not None:
                grown[file.path] = old
        elif old.format == "archive":
            same_archives.add(file.path)
    while row is not None:
        gone[row.path] = row
        row = next(rows, None)
    return Plan(read, [path for path, row in gone.items() if row.inside not in same_archives], grown)


def together(plans: Iterable[Plan]) -> Plan:
    """Plans for several places as one."""
    all = Plan([], [], {})
    for one in plans:
        all.read.extend(one.read)
        all.gone.extend(one.gone)
        all.grown.update(one.grown)
    return all


def newest_first(files: Iterable[ScannedFile]) -> list[ScannedFile]:
    """Files in the order in which they are worth reading: what was written last first, and by path what was written at
    the same time. However long a checkout takes, it writes its files at the same time.
    """
    all = list(files)
    steps = Counter(file.mtime // _STEP for file in all)
    newest: dict[int, int] = {}
    for step in sorted(steps, reverse=True):
        joined = step + 1 in newest and max(steps[step], steps[step + 1]) >= _MANY
        newest[step] = newest[step + 1] if joined else step
    return sorted(all, key=lambda file: (-newest[file.mtime // _STEP], file.path))


def apart(paths: Iterable[str]) -> list[str]:
    """Paths without those that lie below another."""
    all = set(paths)
    return sorted(path for path in all if not any(above in all for above in _above(path)))


def _above(path: str) -> Iterable[str]:
    while path := path.rpartition("/")[0]:
        yield path
