"""The files of the index: what the process that keeps it remembers, and what is asked for the tests that used them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from inspector.analysis.prefix_hash import unpacked
from inspector.index.columns import named
from inspector.index.read import Reading
from inspector.index.rows import FileRow
from inspector.model import jsonio

_SOME = 1_000


class Lying(NamedTuple):
    """A file of some name, with what tells whether it changed."""

    path: str
    size: int
    mtime: int


class Recorded(NamedTuple):
    """A recording, and the test that it says it belongs to."""

    path: str
    mtime: int
    """Nanoseconds."""
    test: str | None
    uid: str
    """Its last exchange."""
    total: int


class Replayed(NamedTuple):
    """An exchange as far as it matters for what replays it."""

    id: int
    uid: str
    entry: int
    path: str
    stem: str
    mtime: int
    """Nanoseconds."""
    format: str
    test: str | None
    group: int
    chain: int
    request: int
    odd: str
    status: int | None
    sdk: str
    started: int | None
    """Milliseconds since the epoch."""


class Told(NamedTuple):
    """An exchange with the keys of its messages."""

    id: int
    uid: str
    group: int
    prompt: tuple[int, ...]
    replies: tuple[int, ...]


class RecordedFiles(Reading):
    """Questions about recordings as files."""

    def known_files(self, below: str | None = None) -> Iterator[FileRow]:
        """Every known file, or those at and below a path, in the order of their paths; never many of them at once."""
        columns = ", ".join(FileRow._fields)
        condition, last, end = "", "", []
        if below is not None:
            yield from map(FileRow._make, self.all(f"SELECT {columns} FROM file WHERE path = ?", [below]))
            condition, last, end = "AND path < ?", f"{below}/", [f"{below}0"]  # 0 is the character after /
        some = f"SELECT {columns} FROM file WHERE path > ? {condition} ORDER BY path LIMIT {_SOME}"
        while rows := self.all(some, [last, *end]):
            yield from map(FileRow._make, rows)
            last = rows[-1][0]

    def naming(self) -> list[FileRow]:
        """The files that name others as lying beside them."""
        columns = ", ".join(FileRow._fields)
        return [*map(FileRow._make, self.all(f"SELECT {columns} FROM file WHERE named IS NOT NULL"))]

    def bare_below(self, folder: str, why_not: str) -> list[FileRow]:
        """The files of a folder, and those below it, that are an answer and no more, or for some reason are none."""
        columns, start = ", ".join(FileRow._fields), f"{folder}/" if folder else ""
        where = "inside IS NULL AND (format = 'bare' OR why = ?) AND substr(path, 1, ?) = ?"
        return [
            *map(FileRow._make, self.all(f"SELECT {columns} FROM file WHERE {where}", [why_not, len(start), start]))
        ]

    def note(self, key: str, value: str) -> None:
        """Remember a word, for other processes too."""
        with self._write_lock, self._failing():
            self._writer.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", [key, value])

    def noted(self, key: str) -> str | None:
        """What was noted last."""
        return next((value for (value,) in self.all("SELECT value FROM meta WHERE key = ?", [key])), None)

    def called(self, stem: str) -> list[Lying]:
        """The files of a name, without its ending."""
        sql = "SELECT path, size, mtime FROM file WHERE stem = ? COLLATE NOCASE ORDER BY path"
        return [Lying(*row) for row in self.all(sql, [stem])]

    def like(self, stems: Iterable[str]) -> list[str]:
        """The paths of files of some names, without their endings."""
        names = jsonio.dumps(sorted({*stems}))
        sql = "SELECT path FROM file WHERE stem COLLATE NOCASE IN (SELECT value FROM json_each(?)) ORDER BY path"
        return [path for (path,) in self.all(sql, [names])]

    def there(self, paths: Iterable[str]) -> set[str]:
        """Those of some paths that are known files."""
        sql = "SELECT path FROM file WHERE path IN (SELECT value FROM json_each(?))"
        return {path for (path,) in self.all(sql, [jsonio.dumps(sorted({*paths}))])}

    def tests(self, names: Iterable[str]) -> dict[str, int]:
        """Those of some tests that have exchanges, and how many."""
        sql = "SELECT name, total FROM list_group WHERE kind = 'test' AND name IN (SELECT value FROM json_each(?))"
        return dict(self.all(sql, [jsonio.dumps(sorted({*names}))]))

    def recordings(self, paths: Iterable[str] | None = None) -> dict[str, Recorded]:
        """Every recording, or those of some paths; in their order."""
        columns = f"file.path, file.mtime, {named('test_id')}, exchange.uid, count(*), max(exchange.entry)"
        which = "1" if paths is None else "file.path IN (SELECT value FROM json_each(?))"
        rows = self.all(
            f"SELECT {columns} FROM file JOIN exchange ON exchange.file = file.id "
            f"WHERE {which} GROUP BY file.id ORDER BY file.path",
            [] if paths is None else [jsonio.dumps(sorted({*paths}))],
        )
        return {row[0]: Recorded(*row[:5]) for row in rows}

    def replayed(self) -> list[Replayed]:
        """All exchanges."""
        rows = self.all(
            f"SELECT exchange.id, uid, entry, path, stem, exchange.mtime, {named('format')}, {named('test_id')}, "
            f"list_group, chain, request, odd, status, {named('sdk')}, started "
            "FROM exchange JOIN file ON file.id = exchange.file"
        )
        return [Replayed(*row) for row in rows]

    def told_together(self) -> Iterator[Told]:
        """The exchanges of tests, sessions and files that have several, group by group."""
        for id, uid, group, prompt, replies in self.all(
            "SELECT exchange.id, uid, list_group, prompt, replies FROM exchange "
            "JOIN list_row ON list_row.id = exchange.id JOIN list_group ON list_group.id = exchange.list_group "
            "WHERE list_group.kind <> 'folder' AND list_group.total > 1 AND collapsed_under IS NULL "
            "ORDER BY list_group, exchange.id"
        ):
            yield Told(id, uid, group, unpacked(prompt), unpacked(replies))

    def place_of(self, exchange: int, position: int) -> str:
        """Where a message of a prompt stands, such as ``system``; empty where that is not known."""
        found = self.all(
            "SELECT place FROM mention JOIN message_text ON message_text.message = mention.message "
            "WHERE exchange = ? AND position = ?",
            [exchange, position],
        )
        return found[0][0] if found else ""
