"""A baseline: the findings that are known, so that only new ones fail.

A finding is known by its exchange, its rule and its place, and by how many there are of these; never by a line or a
reason, which change when a file is recorded again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import NamedTuple, TypeVar

from inspector.files.scan import opened_plain
from inspector.model import Json, jsonio

VERSION = 1

_MOST = 64 * 1024 * 1024
"""Bytes of a baseline."""

Key = tuple[str, str, str]
"""Exchange (or file, where it cannot be read), rule, place."""

F = TypeVar("F")


class NoBaseline(ValueError):
    """What was named is none, and why."""


class Line(NamedTuple):
    """What is written down of a finding; the path is for people."""

    key: Key
    path: str


def read(file: Path) -> Counter[Key]:
    """How often each finding is known. Raises `NoBaseline`."""
    try:
        with opened_plain(file) as opened:
            data = opened.read(_MOST + 1)
    except (OSError, ValueError) as error:
        raise NoBaseline(getattr(error, "strerror", None) or str(error)) from None
    try:
        known = jsonio.loads(data[:_MOST])
    except jsonio.NotJson as error:
        raise NoBaseline(f"it is not JSON: {error}") from None
    if not isinstance(known, dict) or known.get("version") != VERSION or not isinstance(known.get("findings"), list):
        raise NoBaseline("it is no baseline of this version")
    return Counter({_key(line): _times(line) for line in known["findings"]})


def _key(line: Json) -> Key:
    told = line if isinstance(line, dict) else {}
    exchange, code, place = (told.get(name) for name in ("exchange", "code", "place"))
    if not (isinstance(exchange, str) and isinstance(code, str) and isinstance(place, str)):
        raise NoBaseline("a line of it lacks an exchange, a code or a place")
    return exchange, code, place


def _times(line: Json) -> int:
    times = line.get("count", 1)
    return times if isinstance(times, int) else 1


def written(lines: Iterable[Line]) -> str:
    """A baseline as text: sorted, a finding a line, so that two are easily compared."""
    counted = Counter(lines)
    told = [
        {"path": line.path, "exchange": line.key[0], "code": line.key[1], "place": line.key[2], "count": times}
        for line, times in sorted(counted.items(), key=lambda item: (item[0].path, item[0].key))
    ]
    rows = ",\n".join(f"  {jsonio.dumps(one)}" for one in told)
    return f'{{"version": {VERSION}, "findings": [\n{rows}\n]}}\n'


def split(found: Iterable[F], key: Callable[[F], Key], known: Counter[Key]) -> tuple[list[F], int, int]:
    """The findings that are new, how many are known, and how many lines of the baseline nothing was found for."""
    left = Counter(known)
    new: list[F] = []
    seen = 0
    for one in found:
        if left[key(one)] > 0:
            left[key(one)] -= 1
            seen += 1
        else:
            new.append(one)
    return new, seen, sum(times == known[one] > 0 for one, times in left.items())
