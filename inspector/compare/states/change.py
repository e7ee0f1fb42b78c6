"""What changed between two states: each exchange with a verdict, and the kinds of change that they are of."""

from __future__ import annotations

from typing import Any, NamedTuple

from inspector.compare.verdict import QUIET, VERDICTS
from inspector.index import Row


class What(NamedTuple):
    """One thing that changed: its kind, and what it was and is, where words can say it."""

    kind: str
    before: str = ""
    after: str = ""


NOISE = "ids and times"
"""The kind of what says nothing new: ids, times, headers, how a stream was cut into chunks."""

NAME = "file name"
"""The kind of an exchange that is the same in another file."""


class Detail(NamedTuple):
    """One difference between two exchanges, short enough to be kept for each of thousands."""

    side: str
    """answer, request, noise"""
    part: str
    """What differs: reply, call, finish, setting, tool, …"""
    key: str
    """What names it: ``temperature``, ``get_weather.parameters.properties.city.type``; empty where it has no name."""
    place: str
    """Its anchor on the exchange's page; empty for none."""
    line: str
    """In words: ``temperature 0.7 → 0.2``."""
    values: tuple[tuple[str, Any], ...] = ()
    """What was and is there, as ``before`` and ``after``; what is not there is left out."""
    alike: tuple[str, str, str] = ("", "", "")
    """What tells it from others: all of it, all but the words of a text, and only where it is."""
    exact: str = ""
    """In words what all that are exactly alike have in common."""


class Change(NamedTuple):
    """An exchange that is new (it was not there before), gone (it is not there now), or another than it was."""

    before: Row | None
    after: Row | None
    what: tuple[What, ...] = ()
    verdict: str = ""
    details: tuple[Detail, ...] = ()
    """What differs and matters, in the order of the page; noise where there is nothing else."""
    of: str = ""
    """The id of its kind of change."""

    @property
    def kind(self) -> str:
        return "new" if self.before is None else "gone" if self.after is None else "changed"

    @property
    def row(self) -> Row:
        """The exchange as it is now, or as it last was."""
        row = self.after or self.before
        assert row is not None
        return row

    @property
    def is_quiet(self) -> bool:
        """Whether nobody said anything else."""
        return self.verdict in QUIET

    @property
    def first(self) -> str:
        """The first divergence, in a line: of what decided the verdict."""
        if self.kind != "changed":
            return self.kind
        decisive = [detail for detail in self.details if detail.side == self.verdict] or self.details
        return decisive[0].line if decisive else VERDICTS[self.verdict]


class Kind(NamedTuple):
    """Changes that are alike."""

    id: str
    title: str
    verdict: str
    changes: tuple[Change, ...]


class Unread(NamedTuple):
    """What of a state could not be read, so that nothing is said of it."""

    state: str
    """before, after"""
    path: str
    why: str
    hides: bool = False
    """Whether something may have changed in there: it is a recording in either state, and not the same in both."""


class Since(NamedTuple):
    """What changed since another state, which `name` says."""

    name: str
    changes: tuple[Change, ...]
    total: int
    """Exchanges that there were."""
    kinds: tuple[Kind, ...] = ()
    unread: tuple[Unread, ...] = ()
    same: int = 0
    """Exchanges that are the same."""
