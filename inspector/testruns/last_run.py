"""One test as it last ran, and all that is known of the tests of a repository."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import NamedTuple

from inspector.redaction.mask import text as without_secrets
from inspector.testruns.missed_request import MissedRequest
from inspector.testruns.node_id import parse

OUTCOMES = ("failed", "error", "passed", "xpassed", "xfailed", "skipped")
"""How a test ends. An error is one of its fixtures."""

MESSAGE_LINES, MESSAGE = 6, 800
"""Lines and characters that are kept of why a test failed."""


class LastRun(NamedTuple):
    """One test as it last ran."""

    key: str
    """Its id relative to the repository."""
    id: str
    """As pytest calls it, relative to the directory that it ran in."""
    outcome: str
    phase: str
    """The one that failed: setup, call, teardown; empty where none did."""
    message: str
    """How what went wrong begins."""
    duration: float
    """Seconds."""
    at: float
    """When the run was, in seconds since the epoch."""
    recordings: Mapping[str, str]
    """What it ``read`` or ``wrote`` (or both), by path, in the order in which it was last opened."""
    lost: tuple[str, ...] = ()
    """What it used in an earlier run and what was no longer there in this one, which failed."""
    missed: tuple[MissedRequest, ...] = ()
    """The requests that found no recording, as far as it failed for them."""
    unplayed: Mapping[str, Sequence[int]] = MappingProxyType({})
    """Entries of cassettes, counted from 0, that it had in hand and did not play, by path."""

    @property
    def is_failing(self) -> bool:
        return self.outcome in ("failed", "error")

    @property
    def function(self) -> str:
        """Its id without parameters."""
        return parse(self.id).base


@dataclass(frozen=True)
class Outcomes:
    """What is known of tests, by their ids relative to the repository. In a file, paths are relative to that too; what
    `load` gives has those of the index, and knows nothing of recordings that are not served."""

    tests: Mapping[str, LastRun]
    whole: Mapping[str, float]
    """Folders and files whose tests all ran, and when: what is not in the map there does not exist."""
    top: str = ""
    """The repository's place on the disk; empty where a map is to be read elsewhere."""

    @cached_property
    def at(self) -> float:
        """When the last run was."""
        return max((test.at for test in self.tests.values()), default=0.0)

    @cached_property
    def failing(self) -> tuple[LastRun, ...]:
        """The latest first."""
        return tuple(
            sorted((test for test in self.tests.values() if test.is_failing), key=lambda one: (-one.at, one.id))
        )

    @cached_property
    def by_path(self) -> dict[str, list[LastRun]]:
        """The tests that used a recording."""
        found: dict[str, list[LastRun]] = {}
        for test in self.tests.values():
            for path in test.recordings:
                found.setdefault(path, []).append(test)
        return found

    @cached_property
    def _by_id(self) -> dict[str, LastRun]:
        return {test.id: test for test in self.tests.values()} | dict(self.tests)

    @cached_property
    def functions(self) -> frozenset[str]:
        return frozenset(function for key, test in self.tests.items() for function in (test.function, parse(key).base))

    def of(self, id: str, paths: Iterable[str] = ()) -> LastRun | None:
        """The test of an id, or else the one that used some recordings; of several one that fails."""
        if found := self._by_id.get(id):
            return found
        using = {test.id: test for path in paths for test in self.by_path.get(path, ())}
        return max(using.values(), key=lambda test: (test.is_failing, test.at), default=None)

    def is_whole(self, file: str) -> float:
        """When all tests of a file ran; 0 for never."""
        return max((at for scope, at in self.whole.items() if is_below(file, scope)), default=0.0)


NOTHING = Outcomes({}, {})


def is_below(path: str, scope: str) -> bool:
    return not scope or path == scope or path.startswith(f"{scope}/")


def short(message: str) -> str:
    """Why a test failed, without secrets: the first lines."""
    lines = [line.rstrip() for line in without_secrets(message[: 20 * MESSAGE]).strip().splitlines()]
    return "\n".join(lines[:MESSAGE_LINES])[:MESSAGE]
