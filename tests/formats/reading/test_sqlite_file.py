"""SQLite databases are read as SQLite reads them, with what their logs have, and whatever they hold, nothing runs."""

from __future__ import annotations

import io
import sqlite3
import struct
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from inspector.formats.reading import sqlite_pages
from inspector.formats.reading.source import Source
from inspector.formats.reading.sqlite_file import NoDatabase, Row, SqliteFile
from inspector.formats.recording import read
from tests.making import examples


def opened(file: Path, data: bytes | None = None) -> SqliteFile:
    def beside(name: str) -> bytes:
        try:
            return (file.parent / name).read_bytes()
        except OSError:
            raise ValueError("nothing there") from None

    return Source(file.name, file.read_bytes() if data is None else data, beside=beside).sqlite


def rows(file: Path, table: str = "bells") -> list[Row]:
    return [*opened(file).rows(table)]


def made(file: Path, sql: str) -> Path:
    with closing(sqlite3.connect(file)) as connection:
        connection.executescript(f"PRAGMA synchronous = OFF; {sql}")
    return file


BELLS = """CREATE TABLE bells (name TEXT, weight INTEGER); INSERT INTO bells VALUES ('fog', 40), ('storm', NULL);"""


@pytest.mark.parametrize("size", [512, 4096, 65536])
def test_what_was_committed_to_the_log_is_read(tmp_path: Path, size: int) -> None:
    """As SQLite itself reads it, while its writer goes on; and no byte changes, beside it neither."""
    file = tmp_path / "log.db"
    with closing(sqlite3.connect(file, isolation_level=None)) as writer:
        writer.executescript(f"PRAGMA page_size = {size}; PRAGMA journal_mode = WAL; {BELLS}")
        writer.executemany("INSERT INTO bells VALUES (?, ?)", [("x" * 300, number) for number in range(40)])
        writer.execute("PRAGMA wal_checkpoint(RESTART)")
        writer.execute("DELETE FROM bells WHERE weight < 20")  # the log begins anew, before what is left of the old one
        writer.execute("BEGIN")
        writer.execute("INSERT INTO bells VALUES ('not committed', 1)")
        before = {one.name: one.read_bytes() for one in tmp_path.iterdir()}
        found = [(row["name"], row["weight"]) for row in rows(file)]
        assert {one.name: one.read_bytes() for one in tmp_path.iterdir()} == before
        writer.execute("ROLLBACK")
        assert found == writer.execute("SELECT name, weight FROM bells ORDER BY rowid").fetchall()


@given(data=st.data())
@examples(40, HealthCheck.function_scoped_fixture)
def test_a_log_that_is_cut_or_broken_ends_with_its_last_whole_transaction(tmp_path: Path, data: st.DataObject) -> None:
    file = tmp_path / "cut.db"
    if not file.exists():
        with closing(sqlite3.connect(file, isolation_level=None)) as writer:
            writer.executescript(f"PRAGMA page_size = 512; PRAGMA journal_mode = WAL; {BELLS}")
            for number in range(6):
                writer.execute("INSERT INTO bells VALUES ('more', ?)", (number,))
            (tmp_path / "kept").write_bytes((tmp_path / "cut.db-wal").read_bytes())
            (tmp_path / "base").write_bytes(file.read_bytes())
    log = bytearray((tmp_path / "kept").read_bytes())
    at = data.draw(st.integers(0, 63) | st.integers(0, len(log) - 1))
    if data.draw(st.booleans()):
        del log[at:]
    else:
        log[at] ^= 0x55
    (tmp_path / "cut.db-wal").write_bytes(log)
    file.write_bytes((tmp_path / "base").read_bytes())
    found = [row["weight"] for row in rows(file)]
    with closing(sqlite3.connect(tmp_path / "cut.db")) as sqlite:
        named = sqlite.execute("SELECT 1 FROM sqlite_master WHERE name = 'bells'").fetchall()
        known = sqlite.execute("SELECT weight FROM bells ORDER BY rowid").fetchall() if named else []
    assert found == [weight for (weight,) in known]


def test_views_triggers_and_computed_columns_do_not_run(tmp_path: Path) -> None:
    file = made(
        tmp_path / "hostile.db",
        """CREATE TABLE kept (name TEXT, twice TEXT GENERATED ALWAYS AS (name || zeroblob(100000000)) VIRTUAL);
        INSERT INTO kept (name) VALUES ('fog');
        CREATE VIEW bells AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n;""",
    )
    assert rows(file) == []
    assert rows(file, "kept") == [{"": 1, "name": "fog"}]
    assert opened(file).tables == {"kept": ("name",)}


def test_a_tree_that_leads_to_itself_ends(tmp_path: Path) -> None:
    """Of few bytes, rows without end."""
    file = made(tmp_path / "loop.db", f"PRAGMA page_size = 512; {BELLS}")
    with closing(sqlite3.connect(file)) as writer, writer:
        writer.executemany("INSERT INTO bells VALUES (?, ?)", [("x" * 100, number) for number in range(60)])
        (root,) = writer.execute("SELECT rootpage FROM sqlite_master WHERE name = 'bells'").fetchone()
    data = bytearray(file.read_bytes())
    page = (root - 1) * 512
    assert data[page] == 5  # a page that leads to others
    leaf = bytes(data[page + 8 : page + 12])
    for cell in range(int.from_bytes(data[page + 3 : page + 5], "big")):
        at = page + int.from_bytes(data[page + 12 + 2 * cell : page + 14 + 2 * cell], "big")
        data[at : at + 4] = root.to_bytes(4, "big") if cell % 2 else leaf
    with pytest.raises(NoDatabase):
        list(opened(file, bytes(data)).rows("bells"))


def test_a_table_is_read_up_to_what_is_broken(tmp_path: Path) -> None:
    file = made(tmp_path / "broken.db", f"PRAGMA page_size = 512; {BELLS}")
    with closing(sqlite3.connect(file)) as writer, writer:
        writer.executemany("INSERT INTO bells VALUES (?, ?)", [("x" * 100, number) for number in range(60)])
    whole = file.read_bytes()
    found: list[Row] = []
    with pytest.raises(NoDatabase):
        found += opened(file, whole[: len(whole) // 2 + 20]).rows("bells")
    assert 2 < len(found) < 60
    assert found == rows(file)[: len(found)]


@pytest.mark.parametrize("name", ['"; DROP TABLE bells; --', "select", "rowid"])
def test_names_are_only_names(tmp_path: Path, name: str) -> None:
    quoted = name.replace('"', '""')
    file = made(
        tmp_path / "named.db", f"""CREATE TABLE "{quoted}" ("{quoted}" TEXT); INSERT INTO "{quoted}" VALUES ('fog');"""
    )
    assert [row[name] for row in rows(file, name)] == ["fog"]


def test_what_is_no_database_has_no_tables(tmp_path: Path) -> None:
    file = tmp_path / "none.db"
    for data in (b"", b"SQLite format 3\0", b"SQLite format 3\0" + b"\xff" * 5000, b"SQLite format 2\0" + bytes(2000)):
        assert opened(file, data).tables == {}


class Counted(io.BytesIO):
    """A file that knows how much of it was read."""

    taken = 0

    def read(self, size: int | None = -1) -> bytes:
        data = super().read(size)
        self.taken += len(data)
        return data


def test_a_large_database_that_is_no_recording_is_not_read(tmp_path: Path) -> None:
    """Its first page and those that it leads to say what its tables are called, however many those are."""
    many = "".join(f"CREATE TABLE buoys_{number} (name TEXT, weight INTEGER);" for number in range(300))
    file = made(tmp_path / "large.db", f"PRAGMA page_size = 4096; {BELLS}{many}")
    content = Counted(file.read_bytes() + bytes(64 * 2**20))
    assert not read(Source("large.db", content)).format
    assert content.taken < 2**20
    database = Source("large.db", content).sqlite
    assert database.names(b"bells", b"buoys_299")
    assert not database.names(b"keepers")


def test_pages_of_a_description_that_lead_in_a_circle_end() -> None:
    page = b"\x05" + bytes(2) + b"\x00\x02" + bytes(3) + b"\x00\x00\x00\x02" + b"\x00\x00" * 2
    assert list(sqlite_pages.describing(4096, lambda at, size: (bytes(100) * (not at) + page).ljust(size, b"\0"))) == []


def test_a_log_whose_transactions_grow_and_shrink_puts_each_page_once() -> None:
    """What counts is the last page of each number, and how many pages the last transaction leaves."""
    log = struct.pack(">3I", 0x377F0682, 0, 512) + bytes(12)
    sums = sqlite_pages._summed("<", log, (0, 0))
    log += struct.pack(">2I", *sums)
    for number, count, filled in ((4, 4, b"a"), (1, 1, b"b"), (4, 4, b"c"), (1, 3, b"d")):
        head, page = struct.pack(">2I", number, count), filled * 512
        sums = sqlite_pages._summed("<", page, sqlite_pages._summed("<", head, sums))
        log += head + bytes(8) + struct.pack(">2I", *sums) + page
    image = bytearray(b"0" * 2048)
    sqlite_pages.apply_log(image, log)
    assert image == b"d" * 512 + b"0" * 1024


def test_a_description_that_is_no_text_is_no_database(tmp_path: Path) -> None:
    """SQLite quotes it in what it says of it."""
    data = (
        made(tmp_path / "bells.db", BELLS)
        .read_bytes()
        .replace(b"CREATE TABLE bells (name", b"CREATE TABLE bells \xff\xffame")
    )
    assert opened(tmp_path / "bells.db", data).tables == {}
    assert not read(Source("bells.db", data)).broken
