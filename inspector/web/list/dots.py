"""What a dot in the list says of a test or a branch: how it last ran, else whether something of it has issues."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from flask import Flask, g
from markupsafe import Markup

from inspector.index.rows import Below
from inspector.output.escape import visible
from inspector.output.plural import count
from inspector.web.list.group_views import GroupView
from inspector.web.test_runs.results_view import known, outcome_of

_ENDED = {"failed": "failed", "error": "failed", "passed": "passed", "xpassed": "passed"}
_LAST = "\U0010ffff"

_SAYING = Markup('<span class="dot is-{}" role="img" title="{}"></span>')
_NOTHING = Markup('<span class="dot is-none"></span>')

LEVELS = (
    ("files", "Files"),
    ("tests", "Tests, a line each"),
    ("lines", "Exchanges, a line each"),
    ("full", "Exchanges with all details"),
)
"""How much of the tree shows: what scripts call it, and what people read."""


class State(NamedTuple):
    """`kind` is what a dot looks like; `text` says it in words, and is empty where there is nothing to say."""

    kind: str
    """``failed``, ``error`` (the provider's), ``issue``, ``passed`` or ``none``."""
    text: str


class Ended(NamedTuple):
    """How many of some tests failed, and how many passed, when they last ran."""

    failed: int = 0
    passed: int = 0


def init(app: Flask) -> None:
    app.jinja_env.globals |= {
        "branch_state": branch_state,
        "dots": dots,
        "ended_below": ended_below,
        "state_of": state_of,
        "tree_levels": LEVELS,
    }


def state_of(group: GroupView) -> State:
    """What is known of a group; the same for all of its dots on a page."""
    states: dict[tuple[str, str], State] = g.setdefault("states", {})  # asked for once: each time takes a microsecond
    key = group.kind, group.id
    if (state := states.get(key)) is None:
        state = states[key] = _state(group)
    return state


def _state(group: GroupView) -> State:
    """How a test ended, with its issues in sight although it passed; without a result those alone."""
    tested = outcome_of(group.kind, group.id, [row.path for row in group.rows])
    ended = _ENDED.get(tested.outcome, "none") if tested else "none"
    said = [tested.outcome] if tested else []
    if group.odd:
        said.append(f"{count(group.odd, 'exchange')} with issues")
    if ended == "failed":
        return State("failed", ", ".join(said))
    if not tested and group.has_error:
        return State("error", "an exchange with an error")
    return State("issue" if group.odd else ended, ", ".join(said))


def dots(groups: Iterable[GroupView]) -> Markup:
    """One for each group below a branch; those that say something have their name with it."""
    return Markup("").join(_dot(group, state_of(group)) for group in groups)


def _dot(group: GroupView, state: State) -> Markup:
    if not state.text:
        return _NOTHING
    text = visible(f"{group.test.parameters or group.test.function}: {state.text}")
    return _SAYING.format(state.kind, text)


def branch_state(ended: Ended, below: Below | None) -> State:
    said = [f"{number:,} {word}" for number, word in ((ended.failed, "failed"), (ended.passed, "passed")) if number]
    if below and below.odd:
        said.append(f"{count(below.odd, 'exchange')} with issues")
    kind = "failed" if ended.failed else "issue" if below and below.odd else "passed" if ended.passed else "none"
    return State(kind, ", ".join(said))


def ended_below(path: str) -> Ended:
    """How the tests ended whose ids begin with a path."""
    if "tests_by_id" not in g:
        g.tests_by_id = _Sums.of(sorted((test.id, _ENDED.get(test.outcome, "")) for test in known().tests.values()))
    return g.tests_by_id.below(path)  # type: ignore[no-any-return]


class _Sums(NamedTuple):
    """Ids in order, and before each how many of those ahead of it failed and passed."""

    ids: Sequence[str]
    before: Sequence[Ended]

    @classmethod
    def of(cls, tests: Sequence[tuple[str, str]]) -> _Sums:
        before = [Ended()]
        for _, how in tests:
            failed, passed = before[-1]
            before.append(Ended(failed + (how == "failed"), passed + (how == "passed")))
        return cls([id for id, _ in tests], before)

    def below(self, path: str) -> Ended:
        first, last = (self.before[bisect_left(self.ids, end)] for end in (path, path + _LAST))
        return Ended(last.failed - first.failed, last.passed - first.passed)
