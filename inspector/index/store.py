"""The one class that holds SQLite connections. SQL is written out where it is used."""

from __future__ import annotations

import contextlib
import queue
import secrets
import sqlite3
import threading
from array import array
from collections.abc import Iterator, Sequence
from importlib import resources
from pathlib import Path
from typing import Any, NamedTuple

from inspector import jsonio
from inspector.summary import Said, Summary

_FILE = "path, size, mtime, inode, format, state, why"
_KEPT_CHANGES = 5_000
_POOL = 8

Where = tuple[str, list[Any]]
"""An SQL condition on `exchange` and its parameters."""

_COLUMNS = (
    "uid, file, entry, group_kind, group_id, mtime, test_id, protocol, provider, operation, host, model, "
    "response_model, sent, streamed, events, status, finish, input_tokens, output_tokens, total_tokens, "
    "asked, replied, odd, fold, prompt, replies"
)
_ROW_COLUMNS = (
    "exchange.id, " + ", ".join(f"exchange.{name}" for name in _COLUMNS.split(", ")) + ", file.path, file.state"
)


class IndexBroken(Exception):
    """SQLite cannot use the file: corrupt, gone, or its disk is full. The cure is to rebuild."""


class FileRow(NamedTuple):
    """A file as the index knows it: `size`, `mtime` and `inode` tell whether it changed."""

    path: str
    size: int
    mtime: int
    inode: int
    format: str | None
    state: str
    why: str | None


class Row(NamedTuple):
    """An exchange as lists show it. `prompt` and `replies` are message keys."""

    id: int
    uid: str
    file: int
    entry: int
    group_kind: str
    group_id: str
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
    asked: str
    replied: str
    odd: str
    fold: str | None
    prompt: tuple[int, ...]
    replies: tuple[int, ...]
    path: str
    state: str


class GroupRow(NamedTuple):
    """A test, session or file with the exchanges that it has."""

    kind: str
    id: str
    mtime: int
    total: int


class Totals(NamedTuple):
    exchanges: int
    groups: int
    odd: int


class Overview(NamedTuple):
    """Counts over the whole index, each list most frequent first."""

    providers: list[tuple[str, int]]
    models: list[tuple[str, int]]
    odd: list[tuple[str, int]]


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


class Index:
    """An index in a file, or in memory where `file` is None. Safe to use from any thread."""

    def __init__(self, file: Path | None) -> None:
        self.file = file
        self._write_lock = threading.RLock()
        self._pool: queue.LifoQueue[sqlite3.Connection] = queue.LifoQueue(_POOL)
        with _broken():
            if file is not None:
                file.parent.mkdir(parents=True, exist_ok=True)
            self._writer = self._connect(create=True)
            self._create()
            self._inode = file.stat().st_ino if file is not None else 0
            self.epoch = str(self._writer.execute("SELECT value FROM meta WHERE key = 'epoch'").fetchone()[0])

    # ------------------------------------------------------------ connections

    def _connect(self, create: bool = False) -> sqlite3.Connection:
        if self.file is None:
            database = sqlite3.connect(":memory:", check_same_thread=False, isolation_level=None)
        else:
            mode = "rwc" if create else "rw"  # a file that was deleted must not come back empty
            address = f"{self.file.absolute().as_uri()}?mode={mode}"
            database = sqlite3.connect(address, uri=True, check_same_thread=False, isolation_level=None, timeout=10)
            database.execute("PRAGMA journal_mode = WAL")
        database.execute("PRAGMA synchronous = OFF")  # a cache: after a power cut it is rebuilt
        database.execute("PRAGMA foreign_keys = ON")
        database.execute("PRAGMA temp_store = MEMORY")
        return database

    def _create(self) -> None:
        if not self._writer.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
            schema = resources.files("inspector.index").joinpath("schema.sql").read_text(encoding="utf-8")
            self._writer.executescript(f"BEGIN IMMEDIATE; {schema}; COMMIT;")
            self._writer.execute("INSERT OR IGNORE INTO meta VALUES ('epoch', ?)", [secrets.token_hex(4)])
        self._writer.execute("SELECT count(*) FROM message WHERE rowid = 0").fetchone()  # a corrupt file shows here

    def is_lost(self) -> bool:
        """Whether the file was deleted, or another one put in its place."""
        try:
            return self.file is not None and self.file.stat().st_ino != self._inode
        except OSError:
            return True

    @contextlib.contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        if self.file is None:
            with self._write_lock, _broken():
                yield self._writer
            return
        with _broken():
            try:
                database = self._pool.get_nowait()
            except queue.Empty:
                database = self._connect()
            try:
                yield database
            finally:
                try:
                    self._pool.put_nowait(database)
                except queue.Full:
                    database.close()

    def close(self) -> None:
        with contextlib.suppress(sqlite3.Error):
            self._writer.close()
        while not self._pool.empty():
            with contextlib.suppress(sqlite3.Error):
                self._pool.get_nowait().close()

    def all(self, sql: str, parameters: Sequence[Any] = ()) -> list[Any]:
        with self._reading() as database:
            return database.execute(sql, parameters).fetchall()

    # ------------------------------------------------------------ writing

    def write(self, entries: Sequence[Entry], gone: Sequence[str] = ()) -> None:
        """Put files in the place of what was known of them, and take away those that are gone; one transaction."""
        with self._write_lock, _broken():
            self._writer.execute("BEGIN IMMEDIATE")
            try:
                if gone:
                    self._take_away(list(gone))
                if entries:
                    self._put(list(entries))
                self._writer.execute(
                    "DELETE FROM change WHERE number <= (SELECT max(number) FROM change) - ?", [_KEPT_CHANGES]
                )
                self._writer.execute("COMMIT")
            except BaseException:
                with contextlib.suppress(sqlite3.Error):
                    self._writer.execute("ROLLBACK")
                raise

    def _put(self, entries: list[Entry]) -> None:
        before = self._uids([entry.file.path for entry in entries])
        replaced: list[Entry] = []
        for entry in entries:
            if entry.file.state == "writing" and before[entry.file.path]:
                self._mark_growing(entry.file)
            else:
                replaced.append(entry)
        self._forget([entry.file.path for entry in replaced])
        next_file, next_exchange = self._next("file"), self._next("exchange")
        files: list[tuple[Any, ...]] = []
        rows: list[tuple[Any, ...]] = []
        said: list[tuple[int, tuple[Said, ...]]] = []
        for number, entry in enumerate(replaced, next_file):
            files.append((number, _stem(entry.file.path), *entry.file))
            for uid, kind, group, summary in entry.exchanges:
                exchange = next_exchange + len(rows)
                rows.append((exchange, uid, number, summary.entry, kind, group, entry.file.mtime, *_columns(summary)))
                said.append((exchange, (*summary.prompt, *summary.replies)))
        many = self._writer.executemany
        many(
            "INSERT INTO file (id, stem, path, size, mtime, inode, format, state, why) VALUES (?,?,?,?,?,?,?,?,?)",
            files,
        )
        many(f"INSERT INTO exchange VALUES ({', '.join('?' * 28)})", rows)
        self._say(said)
        self._report(entries, before)

    def _uids(self, paths: list[str]) -> dict[str, dict[str, str]]:
        """For each path, the exchanges that the index has of it: group by uid."""
        found: dict[str, dict[str, str]] = {path: {} for path in paths}
        for path, uid, group in self._writer.execute(
            "SELECT path, uid, group_id FROM exchange JOIN file ON file.id = file "
            "WHERE path IN (SELECT value FROM json_each(?))",
            [jsonio.dumps(paths)],
        ):
            found[path][uid] = group
        return found

    def _next(self, table: str) -> int:
        return self._writer.execute(f"SELECT coalesce(max(id), 0) + 1 FROM {table}").fetchone()[0]  # type: ignore[no-any-return]

    def _mark_growing(self, file: FileRow) -> None:
        """The file is being written: what was known of it stays until it is whole again."""
        self._writer.execute(
            "UPDATE file SET state = 'writing', size = ?, mtime = ?, inode = ? WHERE path = ?",
            [file.size, file.mtime, file.inode, file.path],
        )

    def _forget(self, paths: list[str]) -> None:
        self._writer.execute("DELETE FROM file WHERE path IN (SELECT value FROM json_each(?))", [jsonio.dumps(paths)])

    def _say(self, said: list[tuple[int, tuple[Said, ...]]]) -> None:
        self._writer.executemany(
            "INSERT INTO said VALUES (?, ?, ?)",
            [(exchange, position, one.id) for exchange, all in said for position, one in enumerate(all)],
        )
        new = {one.id: one for _, all in said for one in all if one.text}
        known = self._writer.execute(
            "SELECT id FROM message_docsize WHERE id IN (SELECT value FROM json_each(?))", [jsonio.dumps([*new])]
        )
        for (id,) in known.fetchall():
            del new[id]
        self._writer.executemany(
            "INSERT INTO message (rowid, text, role) VALUES (?, ?, ?)",
            [(one.id, one.text, one.role) for one in sorted(new.values())],  # in order, as FTS5 likes it
        )

    def _report(self, entries: list[Entry], before: dict[str, dict[str, str]]) -> None:
        """Note for the open pages what changed, and for old links what is gone."""
        changes: list[tuple[str, str, int]] = []
        gone: list[tuple[str, str, str, str]] = []
        there: list[str] = []
        for entry in entries:
            file, old = entry.file, before[entry.file.path]
            new = {uid: group for uid, _, group, _ in entry.exchanges}
            if file.state == "writing" and old:
                new = old
            changes += [(uid, group, int(uid not in old)) for uid, group in {**old, **new}.items()]
            gone += [(uid, file.path, _stem(file.path), old[uid]) for uid in old.keys() - new.keys()]
            there += new
            if not new and not old and file.state != "stranger":
                changes.append(("", "", 0))
        many = self._writer.executemany
        many("INSERT INTO change (uid, group_id, new) VALUES (?, ?, ?)", changes)
        many("INSERT OR REPLACE INTO gone VALUES (?, ?, ?, ?)", gone)
        self._writer.execute("DELETE FROM gone WHERE uid IN (SELECT value FROM json_each(?))", [jsonio.dumps(there)])

    def _take_away(self, paths: list[str]) -> None:
        before = self._uids(paths)
        changes = [(uid, group, 0) for old in before.values() for uid, group in old.items()]
        gone = [(uid, path, _stem(path), group) for path, old in before.items() for uid, group in old.items()]
        self._writer.executemany("INSERT OR REPLACE INTO gone VALUES (?, ?, ?, ?)", gone)
        self._writer.executemany("INSERT INTO change (uid, group_id, new) VALUES (?, ?, ?)", [*changes, ("", "", 0)])
        self._forget(paths)

    # ------------------------------------------------------------ reading

    def files(self) -> dict[str, FileRow]:
        """Every known file by its path."""
        rows = self.all(f"SELECT {_FILE} FROM file")
        return {row[0]: FileRow(*row) for row in rows}

    def files_below(self, path: str) -> dict[str, FileRow]:
        """The known files that are a path or lie below it."""
        low, high = f"{path}/", f"{path}0"  # 0 is the character after /
        rows = self.all(
            f"SELECT {_FILE} FROM file WHERE path = ? OR (path > ? AND path < ?)",
            [path, low, high],
        )
        return {row[0]: FileRow(*row) for row in rows}

    def files_in_state(self, *states: str) -> list[FileRow]:
        marks = ", ".join("?" * len(states))
        return [
            FileRow(*row)
            for row in self.all(
                f"SELECT {_FILE} FROM file WHERE state IN ({marks}) ORDER BY path",
                states,
            )
        ]

    def rows(self, where: Where = ("1", []), order: str = "exchange.id", limit: int = -1) -> list[Row]:
        """Exchanges that meet a condition."""
        condition, parameters = where
        found = self.all(
            f"SELECT {_ROW_COLUMNS} FROM exchange JOIN file ON file.id = exchange.file WHERE {condition} "
            f"ORDER BY {order} LIMIT ?",
            [*parameters, limit],
        )
        return [Row._make((*row[:26], _unpack(row[26]), _unpack(row[27]), *row[28:])) for row in found]

    def groups(self, where: Where, limit: int) -> list[GroupRow]:
        """Groups with exchanges that meet a condition, those that changed last first.

        Files that a checkout wrote within two seconds changed together: they stand by name.
        """
        condition, parameters = where
        found = self.all(
            "SELECT group_kind, group_id, max(exchange.mtime), count(*) FROM exchange "
            f"JOIN file ON file.id = exchange.file WHERE {condition} "
            "GROUP BY group_id ORDER BY max(exchange.mtime) / 2000000000 DESC, group_id LIMIT ?",
            [*parameters, limit],
        )
        return [GroupRow(*row) for row in found]

    def groups_like(self, kind: str, text: str) -> list[tuple[str, int]]:
        """Ids of up to fifty groups that hold a text, with their numbers of exchanges."""
        return self.all(
            "SELECT group_id, count(*) FROM exchange WHERE group_kind = ? AND instr(group_id, ?) > 0 "
            "GROUP BY group_id ORDER BY group_id LIMIT 50",
            [kind, text],
        )

    def rows_of_groups(self, where: Where, groups: list[str]) -> list[Row]:
        """The exchanges of some groups that meet a condition."""
        condition, parameters = where
        among = "exchange.group_id IN (SELECT value FROM json_each(?))"
        return self.rows((f"{among} AND ({condition})", [jsonio.dumps(groups), *parameters]))

    def totals(self, where: Where = ("1", [])) -> Totals:
        condition, parameters = where
        row = self.all(
            f"SELECT count(*), count(DISTINCT group_id), coalesce(sum(odd <> ''), 0) FROM exchange WHERE {condition}",
            parameters,
        )[0]
        return Totals(*row)

    def overview(self) -> Overview:
        """What there is: by provider, by model, and by kind of oddity."""
        odd: dict[str, int] = {}
        for kinds, number in self.all("SELECT odd, count(*) FROM exchange WHERE odd <> '' GROUP BY odd"):
            for kind in kinds.split(","):
                odd[kind] = odd.get(kind, 0) + number
        return Overview(self._counts("provider"), self._counts("model"), sorted(odd.items(), key=lambda item: -item[1]))

    def _counts(self, column: str) -> list[tuple[str, int]]:
        return self.all(
            f"SELECT {column}, count(*) FROM exchange WHERE {column} <> '' GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 12"
        )

    def count_files(self, state: str) -> int:
        return self.all("SELECT count(*) FROM file WHERE state = ?", [state])[0][0]  # type: ignore[no-any-return]

    def row(self, uid: str) -> Row | None:
        """The exchange of an address."""
        return next(iter(self.rows(("exchange.uid = ?", [uid]))), None)

    def gone(self, uid: str) -> Gone | None:
        """What is remembered of an exchange that is no longer there."""
        row = next(iter(self.all("SELECT path, stem, group_id FROM gone WHERE uid = ?", [uid])), None)
        return Gone(*row) if row else None

    def with_stem(self, prefix: str) -> list[Row]:
        """Exchanges whose file name begins with a prefix, also after a leading ``models-``."""
        like = prefix.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
        condition = "file.stem LIKE ? ESCAPE '\\' OR file.stem LIKE ? ESCAPE '\\'"
        return self.rows((condition, [like, f"models-{like}"]), "file.path, exchange.entry", 200)

    def with_path(self, path: str) -> list[Row]:
        """Exchanges of the files with a path, or whose path ends with it."""
        exact = self.rows(("file.path = ?", [path]), "exchange.entry")
        if exact:
            return exact
        tail = f"/{path}"
        return self.rows(("substr(file.path, -length(?)) = ?", [tail, tail]), "file.path, exchange.entry", 200)

    def changes(self, since: int) -> list[Change]:
        sql = "SELECT number, uid, group_id, new FROM change WHERE number > ? ORDER BY number"
        return [Change(number, uid, group, bool(new)) for number, uid, group, new in self.all(sql, [since])]

    def last_change(self) -> int:
        return self.all("SELECT coalesce(max(number), 0) FROM change")[0][0]  # type: ignore[no-any-return]

    def version(self) -> int:
        """A number that changes when another process wrote."""
        with self._write_lock, _broken():
            return self._writer.execute("PRAGMA data_version").fetchone()[0]  # type: ignore[no-any-return]


@contextlib.contextmanager
def _broken() -> Iterator[None]:
    try:
        yield
    except (sqlite3.DatabaseError, OSError) as error:
        raise IndexBroken(str(error)) from error


def _stem(path: str) -> str:
    name = path.rpartition("/")[2]
    return name.rpartition(".")[0] or name


def _columns(summary: Summary) -> tuple[Any, ...]:
    """The columns of `exchange` that come from its summary, in the order of the schema."""
    s = summary
    return (
        s.test_id, s.protocol, s.provider, s.operation, s.host, s.model, s.response_model, s.sent, s.streamed, s.events,
        s.status, s.finish, s.input_tokens, s.output_tokens, s.total_tokens, s.asked, s.replied, s.odd, s.fold,
        _pack(s.prompt), _pack(s.replies),
    )  # fmt: skip


def _pack(said: tuple[Said, ...]) -> bytes:
    return array("q", [message.key for message in said]).tobytes()


def _unpack(packed: bytes) -> tuple[int, ...]:
    return tuple(array("q", packed))
