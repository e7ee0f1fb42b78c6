"""How the tests ended that used the recordings: as pages show it beside a test, first in the list, and all of them."""

from __future__ import annotations

import re
import threading
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import accumulate
from typing import NamedTuple

from flask import Flask, current_app, g

from inspector.files.roots import Roots
from inspector.files.scan import TEST_RUN_MAP, Unreadable
from inspector.index import Index
from inspector.index.recorded_files import Lying, Recorded
from inspector.library import reader
from inspector.model.common_head import common_head
from inspector.testruns import results
from inspector.testruns.node_id import TestId, parse
from inspector.testruns.results import NOTHING, OUTCOMES, LastRun, Outcomes
from inspector.testruns.unused import Unused, unused
from inspector.web.rendering import context
from inspector.web.rendering.memo import once

FIRST = 8
"""Failing tests that stand first in the list; the page of the tests has all."""

_COMPARED = 200
"""Failing tests without a recording for which the nearest one is looked for."""

_NUMBER = re.compile(r"([0-9]{1,18})")

SIGNS = {"failed": "✗", "error": "✗", "passed": "✓", "xpassed": "✓", "xfailed": "✗", "skipped": "–"}


class Line(NamedTuple):
    """A test on a page, and where it leads to."""

    tested: LastRun
    name: TestId
    href: str
    """The address of its story, or of its recording; empty where nothing of it is here."""
    last: str = ""
    """The exchange that it recorded or read last, where that is known."""
    gone: tuple[str, ...] = ()
    """Recordings that it used and that are no more."""
    nearest: str = ""
    """Where nothing of it is here: the test with recordings whose id is most like its own; empty where none is."""


@dataclass(frozen=True, slots=True)
class FirstView:
    """The failing tests: the first of them, how many there are, and how many tests."""

    lines: tuple[Line, ...]
    failing: int
    total: int


@dataclass(frozen=True, slots=True)
class AllTests:
    at: float
    counts: tuple[tuple[str, int], ...]
    """How many tests ended how."""
    failing: tuple[Line, ...]
    missed: tuple[Line, ...]
    """Failing tests whose requests found no recording."""
    lost: tuple[Line, ...]
    unused: tuple[Unused, ...]
    others: tuple[Line, ...]
    """Those that have recordings here and do not fail."""

    @property
    def bar(self) -> list[tuple[str, int, float, float]]:
        """The outcomes as a bar: each with its number, where it begins, and its width, in hundredths of all."""
        total = sum(number for _, number in self.counts) or 1
        ends = list(accumulate((number for _, number in self.counts), initial=0))
        return [
            (outcome, number, 100 * begin / total, 100 * number / total)
            for (outcome, number), begin in zip(self.counts, ends, strict=False)
        ]


def init(app: Flask) -> None:
    app.extensions["outcomes"] = _Kept()
    app.jinja_env.filters["run_at"] = _run_at
    app.jinja_env.globals |= {
        "outcome_of": outcome_of,
        "outcome_signs": SIGNS,
        "failing_first": failing_first,
        "failing_tests": lambda: len(known().failing),
    }


def _run_at(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M UTC")


# ---------------------------------------------------------------- the maps


@dataclass(slots=True)
class _Kept:
    """The maps as they were read last. They are looked at again when a page asks."""

    key: object = None
    outcomes: Outcomes = NOTHING
    lock: threading.Lock = field(default_factory=threading.Lock)

    def current(self, roots: Roots, index: Index) -> Outcomes:
        lying = index.called(TEST_RUN_MAP.removesuffix(".json"))
        key = (results.stamp(roots), tuple(lying), index.last_change() if lying else 0)
        with self.lock:
            if key != self.key:
                self.outcomes = results.load(roots, [_of_file(roots, index, one) for one in lying])
                self.key = key
            return self.outcomes


def known() -> Outcomes:
    """What is known of the tests of what is served; the same for all of a page."""
    outcomes: Outcomes | None = g.get("outcomes")
    if outcomes is None:
        outcomes = g.outcomes = once("outcomes", None, _current)
    return outcomes


def _current() -> Outcomes:
    library = context.library()
    return current_app.extensions["outcomes"].current(library.roots, library.index)  # type: ignore[no-any-return]


def _of_file(roots: Roots, index: Index, lying: Lying) -> Outcomes:
    """A map that lies among the recordings, as artifacts bring it. Its paths begin at a repository that is not here:
    what lies here is told by the ends of the paths."""
    if lying.size > results.MAX_SIZE:
        return NOTHING
    try:
        found = results.read(reader.original(roots, lying.path))
    except (OSError, ValueError, Unreadable):
        return NOTHING
    wanted = {path for test in found.tests.values() for path in (*test.recordings, *test.lost)}
    wanted |= {missed.cassette for test in found.tests.values() for missed in test.missed if missed.cassette}
    here: dict[str, list[str]] = {}
    for path in index.like(_stem(path) for path in wanted):
        here.setdefault(path.rpartition("/")[2], []).append(path)
    places = {path: _nearest(path, here.get(path.rpartition("/")[2], ())) for path in wanted}
    return results.with_paths(found, places.get)


def _stem(path: str) -> str:
    name = path.rpartition("/")[2]
    return name.rpartition(".")[0] or name


def _nearest(path: str, here: Sequence[str]) -> str | None:
    """Of some paths the one whose end agrees most with a path's, unless several do."""
    alike = sorted(((_agreeing(path, other), other) for other in here), reverse=True)
    if not alike or (len(alike) > 1 and alike[0][0] == alike[1][0]):
        return None
    return alike[0][1]


def _agreeing(one: str, other: str) -> int:
    pairs = zip(reversed(one.split("/")), reversed(other.split("/")), strict=False)
    return next((number for number, (a, b) in enumerate(pairs) if a != b), min(one.count("/"), other.count("/")) + 1)


# ---------------------------------------------------------------- beside a group


def outcome_of(kind: str, id: str, paths: Iterable[str] = ()) -> LastRun | None:
    """How the test of a group ended, told by its id, or by the recordings that it used."""
    outcomes = known()
    if kind == "folder" or not outcomes.tests:
        return None
    return outcomes.of(id if kind == "test" else "", [id, *paths] if kind == "file" else paths)


def failing_first() -> FirstView:
    """The failing tests for the beginning of the list: those of the last run first."""
    failing = known().failing
    return FirstView(tuple(_lines(failing[:FIRST], context.library().index)), len(failing), len(known().tests))


def _lines(tests: Sequence[LastRun], index: Index) -> list[Line]:
    """Tests with what is here of them."""
    if not tests:
        return []
    here = index.tests(name for test in tests for name in (test.id, test.key))
    used = {path for test in tests for path in (*test.recordings, *test.lost)}
    there, recorded = index.there(used), index.recordings(used)
    lines = [_line(test, here, there, recorded) for test in tests]
    alone = [line for line in lines if line.tested.is_failing and not line.href]
    near = _nearest_tests([line.tested.id for line in alone[:_COMPARED]], index)
    return [line._replace(nearest=near[line.tested.id]) if line.tested.id in near else line for line in lines]


def _nearest_tests(ids: Sequence[str], index: Index) -> dict[str, str]:
    """By test, the one with recordings whose id begins most like its own: of the same function, else of its file."""
    names = sorted(index.group_names("test")) if ids else []
    found = {}
    for id in ids:
        at = bisect_left(names, id)
        near = max(names[max(at - 1, 0) : at + 1], key=lambda name: common_head(name, id), default="")
        if near and parse(near).file == parse(id).file:
            found[id] = near
    return found


def _line(test: LastRun, here: dict[str, int], there: set[str], recorded: dict[str, Recorded]) -> Line:
    last = _last(test, recorded)
    name = next((name for name in (test.id, test.key) if name in here), None)
    href = context.group_url("test", name) if name else context.path_url(last.path) if last else ""
    gone = tuple(path for path in (*test.recordings, *test.lost) if path not in there)
    return Line(test, parse(test.id), href, last.uid if last else "", gone)


def last_exchange(test: LastRun) -> str:
    """The id of the exchange that a test recorded or read last; empty where that is unknown."""
    last = once("last", test.id, lambda: _last(test, context.library().index.recordings(test.recordings)))
    return last.uid if last else ""


def _last(test: LastRun, recorded: Mapping[str, Recorded]) -> Recorded | None:
    return next((recorded[path] for path in reversed([*test.recordings]) if path in recorded), None)


def place_of(id: str) -> str:
    """The address of what a test used, by its id, where the recordings do not name it; empty where that is unknown."""
    test = known().of(id)
    return _lines([test], context.library().index)[0].href if test else ""


# ---------------------------------------------------------------- all of them


def _natural(id: str) -> list[tuple[int, int, str]]:
    """In which ``test_case_2`` stands before ``test_case_10``."""
    return [(0, int(part), "") if part.isdecimal() else (1, 0, part) for part in _NUMBER.split(id)]


def tests_view(outcomes: Outcomes, index: Index) -> AllTests:
    lines = _lines(sorted(outcomes.tests.values(), key=lambda test: _natural(test.key)), index)
    failing = [line for line in lines if line.tested.is_failing]
    counted = Counter(test.outcome for test in outcomes.tests.values())
    return AllTests(
        at=outcomes.at,
        counts=tuple((outcome, counted[outcome]) for outcome in OUTCOMES if counted[outcome]),
        failing=tuple(failing),
        missed=tuple(line for line in failing if line.tested.missed),
        lost=tuple(line for line in lines if line.gone),
        unused=tuple(unused(outcomes, index.recordings().values() if outcomes.tests else ())),
        others=tuple(line for line in lines if line.href and not line.tested.is_failing),
    )
