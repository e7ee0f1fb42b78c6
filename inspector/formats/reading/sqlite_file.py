"""A file read as a SQLite database: its tables and their rows, from a copy in memory. Nothing is written, beside it
neither, and what others commit meanwhile disturbs nobody.

What SQLite says of files that somebody else made is kept to (https://sqlite.org/security.html): no view, trigger or
function of theirs runs, and what a broken or hostile file makes of few bytes is bounded.
"""

from __future__ import annotations

import sqlite3
import weakref
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import cached_property
from typing import Any

from inspector.formats.reading import sqlite_pages
from inspector.formats.reading.file_bytes import FileBytes

MAGIC = b"SQLite format 3\0"
_SMALLEST = 512
"""Bytes of the smallest page."""
_WHOLE_PAGE = 4096
"""Bytes of a page that the description of a table fits in."""
_SMALL_FILE = 1024 * 1024
_STEPS = 10_000
"""Steps of SQLite's machine after which it is asked whether to go on."""
_MOST_STEPS, _STEPS_A_BYTE = 10_000_000, 20
_MORE = 16 * 1024 * 1024
"""Bytes that the rows of any file may have, and the more for what it has itself."""
_FAILED = (sqlite3.Error, UnicodeDecodeError)
"""What is raised for a broken file; its words may be quoted, which need not be UTF-8."""

Row = dict[str, Any]


class NoDatabase(ValueError):
    """What SQLite says of a file that it cannot read, or not to its end."""


class SqliteFile:
    """The tables of a database with what its write-ahead log has, read once for all who ask."""

    def __init__(self, file: FileBytes, path: str, beside: Callable[[str], bytes]) -> None:
        self._file = file
        self._log = f"{path.rpartition('/')[2]}-wal"
        self._beside = beside
        self._taken = self._room = 0

    def names(self, *words: bytes) -> bool:
        """Whether its tables may have what is called so, as far as the pages that describe them tell: nothing else of a
        large file is read. Of a small one, whose tables may all stand in its log, and of small pages, which a
        description may not fit in, that is not known without reading them."""
        if not self._file.head.startswith(MAGIC):
            return False
        size = _page_size(self._file.head)
        if size < _WHOLE_PAGE or not self._file.piece(_SMALL_FILE, 1):
            return True
        described = b"".join(sqlite_pages.describing(size, self._file.piece))
        return all(word in described for word in words)

    @cached_property
    def tables(self) -> dict[str, tuple[str, ...]]:
        """The columns of the tables that hold rows of their own; none where the file is no database."""
        if not self._file.head.startswith(MAGIC):
            return {}
        try:
            named = self._connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table'").fetchall()
            plain = [name for name, sql in named if isinstance(sql, str) and sql[:12].upper() == "CREATE TABLE"]
            return {name: self._columns(name) for name in plain}
        except _FAILED:
            return {}

    def _columns(self, table: str) -> tuple[str, ...]:
        """Those that are stored; what would be computed is not read."""
        about = self._connection.execute("SELECT name FROM pragma_table_info(?)", (table,))
        return tuple(name for (name,) in about)

    def rows(self, table: str, column: str = "", value: str | int = "") -> Iterator[Row]:
        """The rows of a table in their order, or those of which a column has a value; none where there is no such table
        or column. Their numbers are under an empty name. Raises `NoDatabase`, after the rows before that."""
        columns = self.tables.get(table, ())
        if not columns or (column and column not in (*columns, "rowid")):
            return
        names = ", ".join(map(_quoted, columns))
        only = f"WHERE {_quoted(column) if column in columns else column} = ?" if column else ""
        try:
            asked = f"SELECT rowid, {names} FROM {_quoted(table)} {only} ORDER BY rowid"  # noqa: S608  # names are quoted
            for row in self._connection.execute(asked, (value,) if column else ()):
                self._count(row)
                yield {**dict(zip(columns, row[1:], strict=True)), "": row[0] if isinstance(row[0], int) else 0}
        except (OverflowError, UnicodeEncodeError):  # a number or a text that no row can have
            return
        except _FAILED as error:
            raise NoDatabase(f"the table {table} cannot be read to its end: {error}") from None

    def found(self, table: str, column: str, value: str | int) -> Iterator[Row]:
        """The rows that a column leads to, for who wants one thing of the file. A small table is walked for them: in a
        broken one SQLite finds other rows where it looks them up, and what was found alone would differ from what is
        found among all."""
        if self._file.piece(_SMALL_FILE, 1):
            yield from self.rows(table, column, value)
        else:
            yield from (row for row in self.rows(table) if row.get("" if column == "rowid" else column) == value)

    def _count(self, row: tuple[Any, ...]) -> None:
        self._taken += sum(len(value) for value in row if isinstance(value, (str, bytes)))
        if self._taken > self._room:
            raise NoDatabase("its rows hold more than the file has bytes")

    @cached_property
    def _connection(self) -> sqlite3.Connection:
        image = bytearray(self._file.data)
        with suppress(ValueError):
            sqlite_pages.apply_log(image, self._beside(self._log))
        _readable(image)
        self._room = 4 * len(image) + _MORE
        connection = sqlite3.connect(":memory:", check_same_thread=False)
        weakref.finalize(self, connection.close)
        connection.deserialize(image)
        connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, max(len(image), _MORE))
        connection.text_factory = lambda data: data.decode("utf-8", "replace")
        for pragma in ("query_only = ON", "trusted_schema = OFF", "cell_size_check = ON"):
            connection.execute(f"PRAGMA {pragma}")
        connection.set_progress_handler(_Steps(_MOST_STEPS + _STEPS_A_BYTE * len(image)), _STEPS)
        return connection


class _Steps:
    """Of SQLite's machine, those that it may still do: more than all rows of such a file take."""

    def __init__(self, left: int) -> None:
        self._left = left

    def __call__(self) -> bool:
        """Whether it is to stop."""
        self._left -= _STEPS
        return self._left < 0


def _readable(image: bytearray) -> None:
    """Have SQLite take the bytes for a database without a log. Of one that stops too early the pages that are whole are
    read; the others are empty, which is an error only where somebody reads them."""
    image[18:20] = b"\x01\x01"
    size = _page_size(image)
    del image[len(image) // size * size :]
    missing = int.from_bytes(image[28:32], "big") * size - len(image)
    image += bytes(min(max(missing, 0), _MORE) // size * size)
    image[28:32] = (len(image) // size).to_bytes(4, "big")
    image[92:96] = image[24:28]


def _page_size(image: bytes | bytearray) -> int:
    size = int.from_bytes(image[16:18], "big")
    return 65536 if size == 1 else max(size, _SMALLEST)


def _quoted(name: str) -> str:
    doubled = name.replace('"', '""')
    return f'"{doubled}"'
