"""The columns of an exchange: how the values of a `Row` are kept, and the SQL that follows from that.

A column is one line of `inspector.index.rows.Row`: its name, and its type from here. The tables, what is written into
them and what is read from them are made from those lines. What is written comes from where the exchange lies
(`Placed`), or else from the field of the same name in its summary.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Annotated, Any, NamedTuple, get_type_hints

from inspector.analysis.exchange_summary import Summary
from inspector.analysis.prefix_hash import chain, packed, unpacked
from inspector.index.names import Names


def named(column: str) -> str:
    """The name that a column of `exchange` stands for, as SQL."""
    return f"(SELECT text FROM name WHERE name.id = exchange.{column})"


GROUP_ID = (
    f"CASE exchange.group_kind WHEN 'test' THEN {named('test_id')} WHEN 'session' THEN {named('session')} "
    "ELSE file.path END"
)

PARENT = (
    "CASE WHEN exchange.continues IS NULL AND exchange.called_from IS NULL THEN NULL ELSE (SELECT earlier.id "
    "FROM exchange AS own JOIN known_as ON known_as.name = coalesce(own.continues, own.called_from) "
    "JOIN exchange AS earlier ON earlier.id = known_as.exchange WHERE own.id = exchange.id AND earlier.id <> own.id "
    "AND (own.continues IS NOT NULL OR earlier.list_group = own.list_group) "
    "ORDER BY earlier.file <> own.file, earlier.list_group <> own.list_group, earlier.id LIMIT 1) END"
)
"""The exchange that one names as what it goes on from: of several, as copied sessions have, the nearest."""

FROM = (
    "exchange JOIN list_row ON list_row.id = exchange.id JOIN file ON file.id = exchange.file "
    "JOIN list_group ON list_group.id = exchange.list_group"
)
"""The tables that a row comes from."""


class Placed(NamedTuple):
    """Where an exchange lies: what the index knows of it that its summary does not."""

    id: int
    uid: str
    file: int
    group_kind: str
    list_group: int
    mtime: int
    size: int
    format: str | None


def _as_it_is(value: Any, names: Names) -> Any:
    return value


def _keys(said: Any, names: Names) -> bytes:
    return packed(message.key for message in said)


MOST = 10**12
"""The largest count that is kept, of tokens, milliseconds or bytes: what a recording claims beyond it no provider
counted, and no sum of such counts is too large for SQLite."""


def _count(value: Any, names: Names) -> Any:
    return None if value is None else max(-MOST, min(value, MOST))


class Column(NamedTuple):
    """How a value is kept and read. Without a `type` it is only read."""

    type: str
    table: str = "exchange"
    select: str = "{table}.{name}"
    kept: Callable[[Any, Names], Any] = _as_it_is
    """What stands in the column for a value."""
    read: Callable[[Any], Any] | None = None
    """What a row has for what stands in the column."""
    of: str = ""
    """The field that the value comes from, if it is another."""


Whole = Annotated[int, Column("INTEGER NOT NULL")]
MaybeWhole = Annotated[int | None, Column("INTEGER")]
MaybeCount = Annotated[int | None, Column("INTEGER", kept=_count)]
"""A whole number that the recording claims."""
Flag = Annotated[bool, Column("INTEGER NOT NULL")]
Word = Annotated[str, Column("TEXT NOT NULL")]
Name = Annotated[str | None, Column("INTEGER", select=named("{name}"), kept=lambda value, names: names[value])]
"""A name that many exchanges share, which is kept once."""
AlwaysName = Annotated[str, Column("INTEGER NOT NULL", select=named("{name}"), kept=lambda value, names: names[value])]
GroupName = Annotated[
    str | None, Column("INTEGER", select=named("{name}"), kept=lambda value, names: names.group(value))
]
"""The same for a test or session, of which there are as many as exchanges."""
Listed = Annotated[str, Column("TEXT NOT NULL", "list_row")]
"""Text that only lists show."""
Keys = Annotated[tuple[int, ...], Column("BLOB NOT NULL", "list_row", kept=_keys, read=unpacked)]
"""Keys of messages, 8 bytes each."""
Chain = Annotated[
    int, Column("INTEGER NOT NULL", kept=lambda said, _: chain(message.key for message in said), of="prompt")
]

Continues = Annotated[int | None, Column("INTEGER", kept=lambda links, _: links.continues, of="links")]
CalledFrom = Annotated[int | None, Column("INTEGER", kept=lambda links, _: links.called_from, of="links")]


def columns_of(row: type) -> Mapping[str, Column]:
    """The columns of a class of rows by the names of their fields."""
    hints = get_type_hints(row, include_extras=True)
    return {name: hint.__metadata__[0] for name, hint in hints.items()}


class Table(NamedTuple):
    """What follows from the columns of a class of rows."""

    columns: Mapping[str, Column]

    @property
    def select(self) -> str:
        """What is read of an exchange, in the order of a row's fields."""
        return ", ".join(column.select.format(table=column.table, name=name) for name, column in self.columns.items())

    def reads(self) -> Iterator[tuple[int, Callable[[Any], Any]]]:
        """The places in a row whose values are not what stands in the column, with what makes them of it."""
        for at, column in enumerate(self.columns.values()):
            if column.read is not None:
                yield at, column.read

    def kept(self, table: str) -> dict[str, Column]:
        """The columns of a table; every table has the exchange's own number."""
        own = {name: column for name, column in self.columns.items() if column.type and column.table == table}
        return (
            own
            if "id" in own
            else {"id": Column("INTEGER PRIMARY KEY REFERENCES exchange (id) ON DELETE CASCADE"), **own}
        )

    def create(self, table: str) -> str:
        columns = ", ".join(f"{name} {column.type}" for name, column in self.kept(table).items())
        return f"CREATE TABLE IF NOT EXISTS {table} ({columns})"

    def insert(self, table: str) -> str:
        names = [*self.kept(table)]
        return f"INSERT INTO {table} ({', '.join(names)}) VALUES ({', '.join('?' * len(names))})"

    def values(self, table: str) -> Callable[[Placed, Summary, Names], Sequence[Any]]:
        """What makes the values that `insert` takes."""
        sources = [
            ((column.of or name) in Placed._fields, column.of or name, column.kept)
            for name, column in self.kept(table).items()
        ]

        def values(placed: Placed, summary: Summary, names: Names) -> Sequence[Any]:
            return [kept(getattr(placed if is_placed else summary, field), names) for is_placed, field, kept in sources]

        return values
