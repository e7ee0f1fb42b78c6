"""The values that go into the index and come out of it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any, NamedTuple

from inspector.analysis.exchange_summary import Summary
from inspector.index.columns import (
    GROUP_ID,
    PARENT,
    AlwaysName,
    CalledFrom,
    Chain,
    Column,
    Continues,
    Flag,
    GroupName,
    Keys,
    Listed,
    MaybeCount,
    MaybeWhole,
    Name,
    Table,
    Whole,
    Word,
    columns_of,
)


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
    named: str | None = None
    """The paths of files that it names as lying beside it, whether they do or not; a line each."""


class Row(NamedTuple):
    """An exchange as the index keeps it. A line is a column: see `inspector.index.columns`."""

    id: Annotated[int, Column("INTEGER PRIMARY KEY")]
    uid: Annotated[str, Column("TEXT NOT NULL UNIQUE")]
    """The 16 hex digits of its address."""
    file: Annotated[int, Column("INTEGER NOT NULL REFERENCES file (id) ON DELETE CASCADE")]
    entry: Whole
    position: MaybeWhole
    """Where it begins in its file, in bytes, if entries are lines."""
    group_kind: Word
    """test, session, file"""
    group_id: Annotated[str, Column("", select=GROUP_ID)]
    list_group: Annotated[str, Column("INTEGER NOT NULL REFERENCES list_group (id)", select="list_group.name")]
    """What lists gather it under: its test, its session, its file, or the folder of files that hold one each."""
    mtime: Whole
    """Of its file, in nanoseconds."""
    test_id: GroupName
    session: GroupName
    title: Name
    """What its session is called, where the recording says so beside it."""
    format: Name
    protocol: Name
    provider: Name
    operation: AlwaysName
    host: AlwaysName
    model: Name
    response_model: Name
    finish: Name
    collapsed_under: Name
    """What it is collapsed under in a list; None for most."""
    sent: Flag
    streamed: Flag
    events: Whole
    status: MaybeCount
    input_tokens: MaybeCount
    output_tokens: MaybeCount
    total_tokens: MaybeCount
    """As the provider counted, else input and output together."""
    cached_tokens: MaybeCount
    """Those of the input that came from a cache."""
    sdk: Name
    """What asked, and its version."""
    size: Whole
    """Bytes of its file, or of its own entry where a file holds several."""
    duration: MaybeCount
    """Milliseconds."""
    started: MaybeWhole
    """When it began, in milliseconds since 1970, where the recording says so."""
    has: Whole
    """Bits: what it holds, see `inspector.analysis.features`."""
    odd: Word
    """Kinds of marks, joined with commas."""
    chain: Chain
    """A hash of the prompt's message keys, see `inspector.analysis.prefix_hash`."""
    request: Whole
    """A hash of the whole request."""
    continues: Continues
    """A hash of the name of what it goes on from without repeating it."""
    called_from: CalledFrom
    """The same of what called it, for the first request of a helper."""
    asked: Listed
    replied: Listed
    findings: Listed
    """What checks found, see `inspector.checks.finding`."""
    prompt: Keys
    replies: Keys
    parent: Annotated[int | None, Column("", select=PARENT)]
    """The id of the exchange that the recording says it goes on from, or is called from."""
    path: Annotated[str, Column("", "file")]
    state: Annotated[str, Column("", "file")]

    @property
    def marks(self) -> tuple[str, ...]:
        """The kinds of its marks."""
        return tuple(self.odd.split(",")) if self.odd else ()

    @property
    def is_called(self) -> bool:
        """Whether a helper begins with it that another exchange called."""
        return self.continues is None and self.called_from is not None

    @property
    def is_alone(self) -> bool:
        """Whether it is the only one of its file and belongs to no test or session."""
        return self.list_group != self.group_id


EXCHANGE = Table(columns_of(Row))
_READS = tuple(EXCHANGE.reads())


def row_of(values: Iterable[Any]) -> Row:
    """A row of what `EXCHANGE.select` reads."""
    read = [*values]
    for at, reads in _READS:
        read[at] = reads(read[at])
    return Row._make(read)


class Order(NamedTuple):
    """An order of exchanges: a column of `exchange`, and whether the largest come first. Without a value comes last."""

    column: str
    descending: bool = True

    @property
    def nothing(self) -> int:
        """What stands for no value."""
        return -1 if self.descending else 1 << 62

    @property
    def sql(self) -> str:
        return f"ifnull(exchange.{self.column}, {self.nothing}) {'DESC' if self.descending else 'ASC'}"

    def rank(self, row: Row) -> Rank:
        """Where an exchange stands in the order."""
        value: int | None = getattr(row, self.column)
        return Rank(self.nothing if value is None else value, row.id)


class Rank(NamedTuple):
    """A place in an order: a value and, among those that have it, the index's own number of an exchange."""

    value: int
    id: int


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


class Below(NamedTuple):
    """What lists gather under names that begin alike."""

    groups: int
    exchanges: int
    odd: int
    """Exchanges with issues."""
    is_more: bool
    """Whether only the first of them were counted."""


class Collapsed(NamedTuple):
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
    """How many exchanges and groups there are, and how many of the exchanges are odd."""

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
    """That an exchange came or changed, in the order of the numbers."""

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
