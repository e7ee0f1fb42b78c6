"""What changed between two states, and by which kind."""

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
