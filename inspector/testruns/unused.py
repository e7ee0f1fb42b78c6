"""Recordings that no test used, as far as what ran can tell."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from inspector.index.recorded_files import Recorded
from inspector.testruns.node_id import parse
from inspector.testruns.results import Outcomes

NO_MORE = "test no longer exists"
"""Why nobody uses the recordings of a test that is not collected any more."""

_FOLDERS = ("recordings", "cassettes")


class Unused(NamedTuple):
    recorded: Recorded
    why: str


def unused(outcomes: Outcomes, recorded: Iterable[Recorded]) -> Iterator[Unused]:
    """The recordings that a run went without, although all that could have used them ran to its end after they were
    written."""
    seen = _seen(outcomes)
    for one in recorded:
        if one.path not in outcomes.by_path and (why := _why(outcomes, one, seen)):
            yield Unused(one, why)


def _why(outcomes: Outcomes, one: Recorded, seen: dict[str, float]) -> str:
    written = one.mtime / 1e9
    if one.test is None:
        return "no test opened it" if written <= seen.get(_kept_in(one.path), 0.0) else ""
    if tested := outcomes.of(one.test):
        has_passed = tested.outcome == "passed" and tested.recordings  # else it stopped early, or a server read them
        return "its test passed without it" if has_passed and written <= tested.at else ""
    test = parse(one.test)
    if test.base in outcomes.functions:  # it ran with other parameters
        return ""
    return NO_MORE if written <= outcomes.is_whole(test.file) else ""


def _seen(outcomes: Outcomes) -> dict[str, float]:
    """The folders of recordings all of whose tests ran, and when."""
    found: dict[str, float] = {}
    for path, tests in outcomes.by_path.items():
        folder = _kept_in(path)
        at = min(outcomes.is_whole(parse(test.id).file) for test in tests)
        found[folder] = min(at, found.get(folder, at))
    return found


def _kept_in(path: str) -> str:
    """The folder that a recorder keeps recordings in, with all below it."""
    folders = path.split("/")[:-1]
    at = next((at for at in reversed(range(len(folders))) if folders[at] in _FOLDERS), len(folders) - 1)
    return "/".join(folders[: at + 1])
