"""What a report says, before anybody lays it out."""

from __future__ import annotations

from typing import NamedTuple

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


class Change(NamedTuple):
    """An exchange that is new (it was not there before), gone (it is not there now), or another than it was."""

    before: Row | None
    after: Row | None
    what: tuple[What, ...] = ()

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
        """Whether nobody said anything else: only ids and times, or the name of the file, are others."""
        return self.kind == "changed" and {what.kind for what in self.what} <= {NOISE, NAME}


class Since(NamedTuple):
    """What changed since another state, which `name` says."""

    name: str
    changes: tuple[Change, ...]
    total: int
    """Exchanges that there were."""


class Broken(NamedTuple):
    """A file that cannot be read, or not to its end."""

    path: str
    why: str


class Failing(NamedTuple):
    """A test that failed when it last ran, as the pytest plugin noted it, with the recorded exchanges that are its own,
    or that it used."""

    id: str
    message: str
    """How what went wrong begins."""
    rows: tuple[Row, ...]


class Report(NamedTuple):
    served: str
    query: str
    rows: tuple[Row, ...]
    """The exchanges that the query finds, by path and place in the file."""
    cached: dict[int, int]
    """Tokens of the input that came from a cache, by the number of the exchange, where that was recorded."""
    broken: tuple[Broken, ...]
    since: Since | None = None
    failing: tuple[Failing, ...] = ()
    """Of the last run of the tests, where one was noted. With a query those that have an exchange that it finds."""
