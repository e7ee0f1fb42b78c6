"""How files get into the index, and out of it. SQL is written out where it is used."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Mapping, Sequence
from itertools import groupby

from inspector.analysis.exchange_summary import Summary
from inspector.analysis.search_text import names as names_of
from inspector.index import distinct_messages
from inspector.index.columns import Placed
from inspector.index.conditions import Where
from inspector.index.connections import Connections
from inspector.index.names import Names
from inspector.index.rows import EXCHANGE, Entry, FileRow
from inspector.model import jsonio

_OF_THE_DATA = (
    OverflowError, TypeError, ValueError,
    sqlite3.DataError, sqlite3.IntegrityError, sqlite3.InterfaceError, sqlite3.ProgrammingError,
)  # fmt: skip
"""What SQLite makes of values that it cannot keep: the file that has them is at fault, and not the index."""

_KEPT_CHANGES = 5_000
_KEPT_GONE = 20_000

_TABLES = ("exchange", "list_row")
_VALUES = {table: EXCHANGE.values(table) for table in _TABLES}


class Writing(Connections):
    """One transaction at a time, by the one process that holds the lock."""

    def write(self, entries: Sequence[Entry], gone: Sequence[str] = ()) -> None:
        """Put files in the place of what was known of them, and take away those that are gone; one transaction. Where a
        value cannot be kept, each file has a transaction of its own, and the one with that value is listed as broken.
        """
        with self._write_lock, self._failing():
            try:
                self._transaction(entries, gone)
            except _OF_THE_DATA:
                self._transaction((), gone)
                for _, pieces in groupby(entries, lambda entry: entry.file.path):
                    self._put_alone(list(pieces))

    def _put_alone(self, pieces: list[Entry]) -> None:
        try:
            self._transaction(pieces, ())
        except _OF_THE_DATA as error:
            why = f"not kept: {type(error).__name__}: {error}"[:300]
            broken = pieces[-1].file._replace(state="broken", why=why, resume=None)
            self._transaction([Entry(broken, (), pieces[0].since)], ())
            with contextlib.suppress(*_OF_THE_DATA):  # others may say the same, and leave it to this file to tell it
                summaries = [summary for piece in pieces for _, _, _, summary in piece.exchanges]
                distinct_messages.tell(self._writer, summaries, Names(self._writer), searched=self.searched)

    def _transaction(self, entries: Sequence[Entry], gone: Sequence[str]) -> None:
        self._writer.execute("BEGIN IMMEDIATE")
        try:
            if gone:
                self._take_away(list(gone))
            if entries:
                self._put(list(entries))
            self._trim()
            self._writer.execute("COMMIT")
        except BaseException:
            with contextlib.suppress(sqlite3.Error):
                self._writer.execute("ROLLBACK")
            raise

    def keep_only(self, where: Where) -> None:
        """Take all exchanges away that do not meet a condition, and what only they said."""
        condition, parameters, _ = where
        with self._write_lock, self._failing():
            self._writer.execute(f"DELETE FROM exchange WHERE NOT ({condition})", parameters)
            unsaid = self._writer.execute("SELECT id FROM message WHERE id NOT IN (SELECT message FROM mention)")
            self._forget_messages([message for (message,) in unsaid.fetchall()])
            self._trim()
            self._writer.commit()

    def _trim(self) -> None:
        """Neither news nor memories pile up."""
        self._writer.execute("DELETE FROM change WHERE number <= (SELECT max(number) FROM change) - ?", [_KEPT_CHANGES])
        self._writer.execute("DELETE FROM gone WHERE rowid <= (SELECT max(rowid) FROM gone) - ?", [_KEPT_GONE])
        self._writer.execute("DELETE FROM list_group WHERE total = 0")

    def _put(self, entries: list[Entry]) -> None:
        since = {entry.file.path: entry.since for entry in reversed(entries)}  # of several pieces, the first
        before = self._uids(since)
        growing = [entry for entry in entries if _only_grows(entry) and before[entry.file.path]]
        others = [entry for entry in entries if not (_only_grows(entry) and before[entry.file.path])]
        whole = [entry for entry in others if not entry.since]
        self._mark_growing([entry.file for entry in growing])
        unsaid = self._forget([entry.file.path for entry in whole])
        self._insert(whole)
        for entry in others:
            if entry.since:
                unsaid += self._insert_more(entry)
        self._forget_messages(unsaid)
        self._report(entries, before)

    def _insert(self, entries: list[Entry]) -> None:
        next_file = self._next("file")
        files = [(number, _stem(entry.file.path), *entry.file) for number, entry in enumerate(entries, next_file)]
        self._writer.executemany(
            "INSERT INTO file (id, stem, path, size, mtime, inode, changed, format, state, why, inside, resume, named) "
            "VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?)",
            files,
        )
        self._insert_exchanges([(number, entry) for number, entry in enumerate(entries, next_file)])

    def _insert_more(self, entry: Entry) -> list[int]:
        """Put entries after those of a file that stay; the messages that nobody may say any more."""
        file = entry.file
        (number,) = self._writer.execute("SELECT id FROM file WHERE path = ?", [file.path]).fetchone()
        self._writer.execute(
            "UPDATE file SET size = ?, mtime = ?, inode = ?, changed = ?, format = ?, state = ?, why = ?, resume = ?, "
            "named = ? WHERE id = ?",
            [*file[1:8], file.resume, file.named, number],
        )
        unsaid = self._writer.execute(
            "SELECT DISTINCT message FROM mention JOIN exchange ON exchange.id = exchange "
            "WHERE file = ? AND entry >= ?",
            [number, entry.since],
        ).fetchall()
        self._writer.execute("DELETE FROM exchange WHERE file = ? AND entry >= ?", [number, entry.since])
        self._insert_exchanges([(number, entry)])
        return [message for (message,) in unsaid]

    def _insert_exchanges(self, entries: list[tuple[int, Entry]]) -> None:
        next_exchange = self._next("exchange")
        names = Names(self._writer)
        placed: list[tuple[Placed, Summary]] = []
        said: list[tuple[int, Summary, str]] = []
        for number, entry in entries:
            file = entry.file
            lone = len(entry.exchanges) == 1 and file.resume is None
            for uid, kind, group, summary in entry.exchanges:
                in_folder = kind == "file" and lone
                gathered = (
                    names.list_group("folder", _folder(file.path)) if in_folder else names.list_group(kind, group)
                )
                size = file.size if summary.size is None else summary.size
                id = next_exchange + len(placed)
                placed.append((Placed(id, uid, number, kind, gathered, file.mtime, size, file.format), summary))
                said.append((id, summary, _named(file.path, summary)))
        for table in _TABLES:
            values = _VALUES[table]
            self._writer.executemany(EXCHANGE.insert(table), [values(place, its, names) for place, its in placed])
        self._writer.executemany(
            "INSERT OR IGNORE INTO known_as VALUES (?, ?)",
            [(place.id, name) for place, its in placed for name in its.links.known_as],
        )
        distinct_messages.say(self._writer, said, names, searched=self.searched)

    def _uids(self, paths: Mapping[str, int]) -> dict[str, dict[str, str]]:
        """For each path, the exchanges that the index has of it from an entry on: group by uid."""
        found: dict[str, dict[str, str]] = {path: {} for path in paths}
        for path, uid, entry, group in self._writer.execute(
            "SELECT path, uid, entry, CASE group_kind WHEN 'test' THEN (SELECT text FROM name WHERE id = test_id) "
            "WHEN 'session' THEN (SELECT text FROM name WHERE id = session) ELSE path END "
            "FROM file JOIN exchange ON file.id = file WHERE path IN (SELECT value FROM json_each(?))",
            [jsonio.dumps([*paths])],
        ):
            if entry >= paths[path]:
                found[path][uid] = group
        return found

    def _next(self, table: str) -> int:
        return self._writer.execute(f"SELECT coalesce(max(id), 0) + 1 FROM {table}").fetchone()[0]  # type: ignore[no-any-return]

    def _mark_growing(self, files: list[FileRow]) -> None:
        """They are being written: what was known of them stays until they are whole again."""
        self._writer.executemany(
            "UPDATE file SET state = 'writing', why = ?, size = ?, mtime = ?, inode = ?, changed = ? WHERE path = ?",
            [(file.why, file.size, file.mtime, file.inode, file.changed, file.path) for file in files],
        )

    def _forget(self, paths: list[str]) -> list[int]:
        """Take files away with all that hangs on them; the messages that nobody may say any more."""
        among = [jsonio.dumps(paths)]
        unsaid = self._writer.execute(
            "SELECT DISTINCT message FROM file JOIN exchange ON exchange.file = file.id "
            "JOIN mention ON mention.exchange = exchange.id WHERE path IN (SELECT value FROM json_each(?))",
            among,
        ).fetchall()
        self._writer.execute("DELETE FROM file WHERE path IN (SELECT value FROM json_each(?))", among)
        return [message for (message,) in unsaid]

    def _report(self, entries: list[Entry], before: dict[str, dict[str, str]]) -> None:
        """Note for the open pages what changed, and for old links what is gone."""
        changes: list[tuple[str, str, int]] = []
        gone: list[tuple[str, str, str, str]] = []
        there: list[str] = []
        for entry in entries:
            file, old = entry.file, before[entry.file.path]
            new = {uid: group for uid, _, group, _ in entry.exchanges}
            if _only_grows(entry) and old:
                new = old
            changes += [(uid, group, int(uid not in old)) for uid, group in {**old, **new}.items()]
            gone += [(uid, file.path, _stem(file.path), old[uid]) for uid in old.keys() - new.keys()]
            there += new
            if not new and not old and file.state != "unrecognised":
                changes.append(("", "", 0))
        many = self._writer.executemany
        many("INSERT INTO change (uid, group_id, new) VALUES (?, ?, ?)", changes)
        many("INSERT OR REPLACE INTO gone VALUES (?, ?, ?, ?)", gone)
        self._writer.execute("DELETE FROM gone WHERE uid IN (SELECT value FROM json_each(?))", [jsonio.dumps(there)])

    def _take_away(self, paths: list[str]) -> None:
        before = self._uids(dict.fromkeys(paths, 0))
        changes = [(uid, group, 0) for old in before.values() for uid, group in old.items()]
        gone = [(uid, path, _stem(path), group) for path, old in before.items() for uid, group in old.items()]
        self._writer.executemany("INSERT OR REPLACE INTO gone VALUES (?, ?, ?, ?)", gone)
        self._writer.executemany("INSERT INTO change (uid, group_id, new) VALUES (?, ?, ?)", [*changes, ("", "", 0)])
        self._forget_messages(self._forget(paths))

    def _forget_messages(self, unsaid: list[int]) -> None:
        distinct_messages.forget(self._writer, unsaid, searched=self.searched)


def _only_grows(entry: Entry) -> bool:
    """Whether a file is being written and says nothing yet."""
    return entry.file.state == "writing" and not entry.exchanges


def _named(path: str, its: Summary) -> str:
    return names_of(path, its.test_id, its.session, its.model, its.response_model, its.provider, its.protocol)


def _folder(path: str) -> str:
    return (path.rpartition("/")[0] or ".") + "/"


def _stem(path: str) -> str:
    name = path.rpartition("/")[2]
    return name.rpartition(".")[0] or name
