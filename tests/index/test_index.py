from __future__ import annotations

import resource
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing
from pathlib import Path

import pytest

from inspector import search
from inspector.index import Index, IndexBroken, index_file, index_files
from inspector.index.cache_place import beside, is_ours, lock_file, remove, remove_unused
from inspector.library.library import Library
from tests.making import chat, contents, library, put


def test_two_processes_create_it_at_once(tmp_path: Path) -> None:
    file = tmp_path / "x.sqlite"
    code = f"from pathlib import Path; from inspector.index import Index; print(Index(Path({str(file)!r}), 'a').epoch)"
    running = [subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE) for _ in range(4)]
    said = {process.communicate(timeout=120)[0] for process in running}
    assert len(said) == 1
    assert all(process.returncode == 0 for process in running)


def test_threads_read_while_another_writes(tmp_path: Path) -> None:
    for number in range(40):
        put(tmp_path / "r" / f"{number}.json", chat(f"word{number}"))
    shelf = library(tmp_path / "r", tmp_path / "x.sqlite")
    failed: list[BaseException] = []
    ended = threading.Event()

    def read() -> None:
        while not ended.is_set():
            try:
                shelf.index.totals()
                shelf.index.rows(search.where("word7"))
            except BaseException as error:
                failed.append(error)
                return

    readers = [threading.Thread(target=read) for _ in range(6)]
    for thread in readers:
        thread.start()
    for _ in range(3):
        for number in range(40):
            put(tmp_path / "r" / f"{number}.json", chat(f"word{number}"), age=100 + number)
        shelf.refresh()
    ended.set()
    for thread in readers:
        thread.join()
    assert not failed
    shelf.index.close()


@pytest.mark.parametrize("kept", [True, False], ids=["in a file", "in memory"])
def test_a_snapshot_is_of_one_moment(tmp_path: Path, kept: bool) -> None:
    for number in range(3):
        put(tmp_path / "r" / f"{number}.json", chat(f"word{number}"))
    shelf = library(tmp_path / "r", tmp_path / "x.sqlite" if kept else None)
    shelf.refresh()
    put(tmp_path / "r" / "late.json", chat("late"))
    writer = threading.Thread(target=shelf.refresh)
    with closing(shelf.index) as index:
        with index.snapshot():
            before = index.totals()
            writer.start()
            if kept:
                writer.join()
            with index.snapshot():
                assert index.totals() == before
            assert len(index.rows()) == before.exchanges == 3
        writer.join()
        assert index.totals().exchanges == 4


def test_a_closed_index_never_opens_its_file_again(tmp_path: Path) -> None:
    index = Index(tmp_path / "x.sqlite")
    index.totals()
    index.close()
    with pytest.raises(IndexBroken) as caught:
        index.totals()
    assert caught.value.index is index
    with pytest.raises(IndexBroken):
        index.write(())


def test_a_deleted_file_is_lost_and_does_not_come_back_empty(tmp_path: Path) -> None:
    with closing(Index(tmp_path / "x.sqlite")) as index:
        assert not index.is_lost()
        remove(tmp_path / "x.sqlite")
        assert index.is_lost()
        with closing(Index(tmp_path / "x.sqlite")):
            assert index.is_lost()
    assert not Index(None).is_lost()


def test_garbage_in_the_middle_is_said_as_broken(tmp_path: Path) -> None:
    file = tmp_path / "x.sqlite"
    shelf = library(put(tmp_path / "r" / "a.json", chat()).parent, file)
    shelf.refresh()
    shelf.index.close()
    size = file.stat().st_size
    with open(file, "r+b") as opened:
        opened.seek(4096)
        opened.write(b"\xff" * (size - 4096))
    with pytest.raises(IndexBroken):
        Index(file).rows()


@pytest.mark.parametrize("content", [b"# not an index\n", b"SQLite format 3\0 but no more"])
def test_somebody_elses_file_is_left_alone(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "notes.sqlite"
    file.write_bytes(content)
    with pytest.raises(IndexBroken):
        Index(file)
    assert not is_ours(file)
    assert file.read_bytes() == content


def test_somebody_elses_database_is_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "theirs.sqlite"
    with closing(sqlite3.connect(file)) as theirs:
        theirs.execute("CREATE TABLE recordings (x)")
    before = file.read_bytes()
    with pytest.raises(IndexBroken, match="not an index"):
        Index(file)
    assert not is_ours(file)
    assert file.read_bytes() == before


def test_a_fresh_index_is_ours_before_anything_stands_in_it(tmp_path: Path) -> None:
    file = tmp_path / "x.sqlite"
    assert is_ours(file)
    with closing(Index(file)):
        assert is_ours(file)  # the rest may still be in the write-ahead log
    assert is_ours(file)


def test_an_index_of_something_else_or_of_another_version_is_broken(tmp_path: Path) -> None:
    file = tmp_path / "x.sqlite"
    Index(file, "/here").close()
    Index(file, "/here").close()
    with pytest.raises(IndexBroken, match="/here"):
        Index(file, "/there")
    with closing(sqlite3.connect(file)) as opened:
        opened.execute("PRAGMA user_version = 99")
    with pytest.raises(IndexBroken, match="version"):
        Index(file, "/here")


def test_a_full_disk_is_said_as_broken(tmp_path: Path) -> None:
    """A limit on the size of files stands for the disk: SQLite meets the same refusal."""
    recordings = put(tmp_path / "r" / "a.json", chat("long " * 200_000)).parent
    code = (
        "import signal, resource, sys; from pathlib import Path; sys.path.insert(0, sys.argv[3])\n"
        "from tests.making import library; from inspector.index import IndexBroken\n"
        "shelf = library(Path(sys.argv[1]), Path(sys.argv[2]))\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN); resource.setrlimit(resource.RLIMIT_FSIZE, (200000, 200000))\n"
        "try: shelf.refresh()\n"
        "except IndexBroken as error: print('broken', shelf.index.totals().exchanges)\n"
    )
    arguments = [str(recordings), str(tmp_path / "x.sqlite"), str(Path(__file__).parents[2])]
    done = subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, text=True, timeout=120)
    assert done.stdout == "broken 0\n", done.stderr
    assert resource.getrlimit(resource.RLIMIT_FSIZE) != (200000, 200000)


def test_what_nobody_says_any_more_leaves_the_full_text(tmp_path: Path) -> None:
    put(tmp_path / "a.json", chat("shared", "same"))
    put(tmp_path / "b.json", chat("shared", "other"))
    shelf = library(tmp_path)
    shelf.refresh()
    texts = _texts(shelf)
    assert texts == {"shared", "same", "other"}
    (tmp_path / "a.json").unlink()
    shelf.refresh()
    assert _texts(shelf) == {"shared", "other"}
    put(tmp_path / "b.json", chat("changed", "other"), age=20)
    shelf.refresh()
    assert _texts(shelf) == {"changed", "other"}


def _texts(shelf: Library) -> set[str]:
    """Of the messages, the names of the exchanges apart, which have one line for each file that is there."""
    texts = {text for _, text, *_ in contents(shelf.index)["messages"]}
    names = {text for text in texts if "\n" in text}
    assert {name.rpartition("\n")[2] for name in names} == {row.path for row in shelf.index.rows()}
    return texts - names


def test_what_is_gone_is_remembered_until_it_is_back(tmp_path: Path) -> None:
    file = put(tmp_path / "a.json", chat())
    shelf = library(tmp_path)
    shelf.refresh()
    uid = shelf.index.rows()[0].uid
    file.unlink()
    shelf.refresh()
    gone = shelf.index.gone(uid)
    assert gone is not None
    assert (gone.path, gone.stem) == ("a.json", "a")
    put(file, chat())
    shelf.refresh()
    assert shelf.index.gone(uid) is None
    assert shelf.index.row(uid) is not None


def test_changes_tell_new_from_changed(tmp_path: Path) -> None:
    shelf = library(tmp_path)
    put(tmp_path / "a.json", chat())
    shelf.refresh()
    (first,) = shelf.index.changes(0)
    assert first.new
    put(tmp_path / "a.json", chat("again"), age=30)
    shelf.refresh()
    (second,) = shelf.index.changes(first.number)
    assert not second.new
    assert second.uid == first.uid
    shelf.refresh()
    assert shelf.index.last_change() == second.number


def test_states_are_found_without_reading_every_file(tmp_path: Path) -> None:
    shelf = library(tmp_path)
    plan = shelf.index.all(
        "EXPLAIN QUERY PLAN SELECT path FROM file WHERE state <> 'read' AND state IN (?, ?) ORDER BY path", ["a", "b"]
    )
    assert any("file_state" in str(step) for step in plan)


def test_indexes_are_listed_and_removed(tmp_path: Path) -> None:
    file = index_file(tmp_path)
    Index(file).close()
    assert file in [about.path for about in index_files()]
    assert remove_unused(file)
    assert not any(path.exists() for path in (*beside(file), lock_file(file)))
    assert index_file(tmp_path / "a") != index_file(tmp_path / "b" / "a")


def test_the_name_of_an_index_may_come_from_any_bytes() -> None:
    assert index_file(Path("/tmp/\udcff")).name.encode()
