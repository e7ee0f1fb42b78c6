"""The connections of one index: opening, creating, lending, closing; and SQLite's ways to fail."""

from __future__ import annotations

import contextlib
import queue
import secrets
import sqlite3
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from inspector.files.private import own_file, own_folder
from inspector.index.cache_place import APPLICATION_ID, cache_directory
from inspector.index.schema import SCHEMA_VERSION, script

_POOL = 8
_PATIENCE = 10.0
"""Seconds to wait for another process that holds the file."""


class IndexBroken(Exception):
    """SQLite cannot use the file: corrupt, gone, or its disk is full. The cure is to rebuild.

    `index` is the one that failed: by the time this is handled, another may have taken its place.
    """

    def __init__(self, why: str, index: Connections | None = None) -> None:
        super().__init__(why)
        self.index = index


class Connections:
    """An index in a file, or in memory where `file` is None. Safe to use from any thread.

    `of` names what the index is about: one that is about something else counts as broken. One that is not `searched`
    keeps no full text, and queries find no words in it.
    """

    def __init__(self, file: Path | None, of: str = "", *, searched: bool = True) -> None:
        self.file = file
        self.searched = searched
        self._of = of
        self._closed = False
        self._write_lock = threading.RLock()
        self._pool: queue.LifoQueue[sqlite3.Connection] = queue.LifoQueue(_POOL)
        self._held = threading.local()
        with self._failing():
            if file is not None:
                if file.parent == cache_directory():
                    own_folder(file.parent)
                own_file(file)
            self._writer = _patiently(lambda: self._connect(create=True))
            try:
                self._prepare()
                self._inode = file.stat().st_ino if file is not None else 0
            except BaseException:
                self._writer.close()
                raise

    def _prepare(self) -> None:
        _patiently(self._create)
        about = dict(self._writer.execute("SELECT key, value FROM meta").fetchall())
        if self._of and about["of"] != self._of:
            raise sqlite3.DatabaseError(f"it was made for {about['of'] or 'something else'}")
        self.epoch: str = about["epoch"]
        self._writer.execute("SELECT count(*) FROM message_text WHERE id = 0").fetchone()  # a corrupt file shows here

    def _connect(self, create: bool = False) -> sqlite3.Connection:
        if self.file is None:
            database = sqlite3.connect(":memory:", check_same_thread=False, isolation_level=None)
        else:
            mode = "rwc" if create else "rw"  # a file that was deleted must not come back empty
            address = f"{self.file.absolute().as_uri()}?mode={mode}"
            database = sqlite3.connect(
                address, uri=True, check_same_thread=False, isolation_level=None, timeout=_PATIENCE
            )
        try:
            if create and self.file is not None:
                self._claim(database)
            database.execute("PRAGMA synchronous = OFF")  # a cache: after a power cut it is rebuilt
            database.execute("PRAGMA foreign_keys = ON")
            database.execute("PRAGMA temp_store = MEMORY")
        except BaseException:
            database.close()
            raise
        return database

    def _claim(self, database: sqlite3.Connection) -> None:
        """Mark an empty file as ours before anything else stands in it, and begin the write-ahead log."""
        if not database.execute("PRAGMA page_count").fetchone()[0]:
            database.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        elif database.execute("PRAGMA application_id").fetchone()[0] != APPLICATION_ID:
            raise sqlite3.DatabaseError("it is not an index")
        database.execute("PRAGMA journal_mode = WAL")

    def _create(self) -> None:
        """Two processes may be here at once: the second finds everything done."""
        version = self._writer.execute("PRAGMA user_version").fetchone()[0]
        if version not in (0, SCHEMA_VERSION):
            raise sqlite3.DatabaseError("another version made it")
        if version == SCHEMA_VERSION:
            return
        try:
            self._writer.executescript(f"BEGIN IMMEDIATE; {script()}; PRAGMA user_version = {SCHEMA_VERSION};")
            about = [("epoch", secrets.token_hex(4)), ("of", self._of)]
            self._writer.executemany("INSERT OR IGNORE INTO meta VALUES (?, ?)", about)
            self._writer.execute("COMMIT")
        except BaseException:
            with contextlib.suppress(sqlite3.Error):
                self._writer.execute("ROLLBACK")
            raise

    def begin_with(self, file: Path) -> None:
        """Begin with what an index in a file says now, if it is about the same and of the same version; it stays as it
        is. Only for an index in memory that is empty."""
        address = f"{file.absolute().as_uri()}?mode=ro"
        with contextlib.suppress(sqlite3.Error), contextlib.closing(sqlite3.connect(address, uri=True)) as kept:
            version = kept.execute("PRAGMA user_version").fetchone()[0]
            is_ours = kept.execute("PRAGMA application_id").fetchone()[0] == APPLICATION_ID
            about = dict(kept.execute("SELECT key, value FROM meta").fetchall())
            if is_ours and version == SCHEMA_VERSION and about.get("of") == self._of:
                kept.backup(self._writer)

    def is_lost(self) -> bool:
        """Whether the file was deleted, or another one put in its place."""
        try:
            return self.file is not None and self.file.stat().st_ino != self._inode
        except OSError:
            return True

    def version(self) -> int:
        """A number that changes when another process wrote."""
        with self._write_lock, self._failing():
            return self._writer.execute("PRAGMA data_version").fetchone()[0]  # type: ignore[no-any-return]

    def all(self, sql: str, parameters: Sequence[Any] = ()) -> list[Any]:
        """Every row of a question."""
        with self._reading() as database:
            return database.execute(sql, parameters).fetchall()

    @contextlib.contextmanager
    def snapshot(self) -> Iterator[None]:
        """Within it, every question of this thread is answered from one state, whatever others write meanwhile."""
        with self._reading() as database:
            if database.in_transaction:  # one around it holds the state already, or this thread writes
                yield
                return
            database.execute("BEGIN")
            self._held.database = database
            try:
                yield
            finally:
                self._held.database = None
                database.execute("ROLLBACK")

    def close(self) -> None:
        """Close what is idle; a connection that another thread is using is closed when it comes back."""
        with self._write_lock:
            self._closed = True
            with contextlib.suppress(sqlite3.Error):
                self._writer.close()
        self._drain()

    def __del__(self) -> None:
        """An index that nobody holds any more is closed; one that could not be opened has nothing to close."""
        with contextlib.suppress(Exception):
            self.close()

    @contextlib.contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        held: sqlite3.Connection | None = getattr(self._held, "database", None)
        if held is not None:
            with self._failing():
                yield held
            return
        if self.file is None:
            with self._write_lock, self._failing():
                yield self._writer
            return
        with self._failing():
            database = self._borrowed()
            try:
                yield database
            finally:
                self._give_back(database)

    def _borrowed(self) -> sqlite3.Connection:
        try:
            return self._pool.get_nowait()
        except queue.Empty:
            return self._connect()

    def _give_back(self, database: sqlite3.Connection) -> None:
        try:
            self._pool.put_nowait(database)
        except queue.Full:
            database.close()
        if self._closed:
            self._drain()

    def _drain(self) -> None:
        with contextlib.suppress(queue.Empty, sqlite3.Error):
            while True:
                self._pool.get_nowait().close()

    @contextlib.contextmanager
    def _failing(self) -> Iterator[None]:
        """Whatever goes wrong with the file, in one word. A closed index never opens its file again."""
        if self._closed:
            raise IndexBroken("it was replaced", self)
        try:
            yield
        except (sqlite3.DatabaseError, OSError) as error:
            raise IndexBroken(str(error), self) from error


def _patiently(act: Any) -> Any:
    """SQLite does not wait its turn to begin a write-ahead log."""
    until = time.monotonic() + _PATIENCE
    while True:
        try:
            return act()
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > until:
                raise
            time.sleep(0.01)
