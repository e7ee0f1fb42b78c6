"""What a report says, before anybody lays it out."""

from __future__ import annotations

from typing import NamedTuple

from inspector.compare.states.change import Since
from inspector.index import Row


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
    broken: tuple[Broken, ...]
    since: Since | None = None
    failing: tuple[Failing, ...] = ()
    """Of the last run of the tests, where one was noted. With a query those that have an exchange that it finds."""
