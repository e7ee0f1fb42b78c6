"""The values that go into the index and come out of it."""

from __future__ import annotations

from typing import Any, NamedTuple

from inspector.analysis.exchange_summary import Summary

Where = tuple[str, list[Any]]
"""An SQL condition on `exchange` and its parameters. It is 0 or 1, never NULL."""

ALL: Where = ("1", [])

_CARRIERS = "exchange.id IN (SELECT exchange FROM said WHERE message IN ("
_CARRIED = "EXISTS (SELECT 1 FROM said WHERE said.exchange = exchange.id AND +said.message IN ("


def carriers(messages: str, parameters: list[Any]) -> Where:
    """The condition that an exchange says one of the messages that a question gives: those who carry them are gathered.
    See `near`."""
    return f"{_CARRIERS}{messages}))", parameters


def near(where: Where) -> Where:
    """The same condition asked of each exchange: better where only a few of them are looked at."""
    condition, parameters = where
    return condition.replace(_CARRIERS, _CARRIED), parameters


class FileRow(NamedTuple):
    """A file as the index knows it: `size`, `mtime`, `inode` and `changed` tell whether it changed."""

    path: str
    size: int
    mtime: int
    inode: int
    changed: int
    format: str | None
    state: str
    why: str | None
    inside: str | None = None
    """The archive that it lies in."""
    resume: str | None = None
    """Where reading goes on when lines are added: number, position, and a hash of what stands before."""


class Row(NamedTuple):
    """An exchange as lists show it. `prompt` and `replies` are message keys."""

    id: int
    uid: str
    file: int
    entry: int
    position: int | None
    group_kind: str
    group_id: str
    shelf: str
    mtime: int
    test_id: str | None
    protocol: str | None
    provider: str | None
    operation: str
    host: str
    model: str | None
    response_model: str | None
    sent: bool
    streamed: bool
    events: int
    status: int | None
    finish: str | None
    input_tokens: int | None
    output_tokens: int | None
    total_tokens: int | None
    size: int
    """Bytes."""
    duration: int | None
    """Milliseconds."""
    asked: str
    replied: str
    odd: str
    fold: str | None
    chain: int
    request: int
    prompt: tuple[int, ...]
    replies: tuple[int, ...]
    path: str
    state: str

    @property
    def marks(self) -> tuple[str, ...]:
        """The kinds of its marks."""
        return tuple(self.odd.split(",")) if self.odd else ()


class GroupRow(NamedTuple):
    """A test, session or file with the exchanges that it has, or a folder of files that hold one each.

    `total` and `odd` count those that a query found.
    """

    kind: str
    id: str
    mtime: int
    total: int
    odd: int
    number: int = 0
    """The index's own for it."""
    moment: int = 0


class Fold(NamedTuple):
    """What rows of a group are folded under, and how many there are."""

    label: str
    total: int
    odd: int


class Saying(NamedTuple):
    """That an exchange says a message."""

    exchange: int
    position: int
    """In the prompt; a reply's from a million on, that of reasoning negative."""
    message: int


class Totals(NamedTuple):
    exchanges: int
    groups: int
    odd: int


class Window(NamedTuple):
    """A stretch of a list. `before` and `after` say whether it goes on."""

    groups: tuple[GroupRow, ...]
    before: bool
    after: bool
    totals: Totals | None
    """None where counting would hold up the list."""


class Gone(NamedTuple):
    """An exchange that was here once."""

    path: str
    stem: str
    group_id: str


class Change(NamedTuple):
    number: int
    uid: str
    group_id: str
    new: bool


class Entry(NamedTuple):
    """A file with its exchanges, ready to be written."""

    file: FileRow
    exchanges: tuple[tuple[str, str, str, Summary], ...]
    """(uid, group kind, group id, summary)"""
    since: int = 0
    """The first entry that is told; what is known of those before it stays."""
