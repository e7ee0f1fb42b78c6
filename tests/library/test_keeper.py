from __future__ import annotations

import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from inspector.files.roots import roots_of
from inspector.index import IndexBroken
from inspector.library.keeper import Keeper
from tests.making import chat, put, wait_until

_SERVE = """
import sys, time
from pathlib import Path
from inspector.library.keeper import Keeper
from inspector.files.roots import roots_of
keeper = Keeper(roots_of(Path(sys.argv[1])), Path(sys.argv[2]))
keeper.start()
print(keeper.writes, flush=True)
time.sleep(60)
"""


@pytest.fixture
def other(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process that keeps the same directory, and came first."""
    put(tmp_path / "r" / "a.json", chat("one"))
    arguments = [sys.executable, "-c", _SERVE, str(tmp_path / "r"), str(tmp_path / "x.sqlite")]
    with subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        assert process.stdout.readline() == "True\n"
        yield process
        process.kill()


def _keeper(tmp_path: Path, said: list[str]) -> Keeper:
    return Keeper(roots_of(tmp_path / "r"), tmp_path / "x.sqlite", say=said.append)


def _asked(keeper: Keeper) -> list[str]:
    try:
        return sorted(row.asked for row in keeper.library.index.rows())
    except IndexBroken:
        return []


def test_the_second_follows_and_takes_over(tmp_path: Path, other: subprocess.Popen[str]) -> None:
    said: list[str] = []
    keeper = _keeper(tmp_path, said)
    keeper.start()
    assert not keeper.writes
    wait_until(lambda: _asked(keeper) == ["one"])
    put(tmp_path / "r" / "b.json", chat("two"))
    wait_until(lambda: _asked(keeper) == ["one", "two"])
    other.send_signal(signal.SIGKILL)
    other.wait()
    put(tmp_path / "r" / "c.json", chat("three"))
    wait_until(lambda: _asked(keeper) == ["one", "three", "two"])
    assert keeper.writes
    keeper.stop()
    assert said == []


def test_a_deleted_index_heals_in_both(tmp_path: Path, other: subprocess.Popen[str]) -> None:
    keeper = _keeper(tmp_path, [])
    keeper.start()
    wait_until(lambda: _asked(keeper) == ["one"])
    for name in ("x.sqlite", "x.sqlite-wal", "x.sqlite-shm"):
        (tmp_path / name).unlink(missing_ok=True)
    put(tmp_path / "r" / "b.json", chat("two"))
    wait_until(lambda: _asked(keeper) == ["one", "two"])
    assert not keeper.writes, "the lock outlives the index, so there is still one writer"
    keeper.stop()


def test_an_index_in_use_for_something_else_is_not_shown(tmp_path: Path, other: subprocess.Popen[str]) -> None:
    put(tmp_path / "else" / "z.json", chat("else"))
    said: list[str] = []
    keeper = Keeper(roots_of(tmp_path / "else"), tmp_path / "x.sqlite", say=said.append)
    keeper.start()
    wait_until(lambda: _asked(keeper) == ["else"])
    keeper.stop()
    assert "keeping it in memory" in said[0]


def test_a_corrupt_index_is_rebuilt_while_serving(tmp_path: Path) -> None:
    put(tmp_path / "r" / "a.json", chat("one"))
    said: list[str] = []
    keeper = _keeper(tmp_path, said)
    keeper.start()
    wait_until(lambda: _asked(keeper) == ["one"])
    broken = keeper.library.index
    keeper.recover(IndexBroken("disk image is malformed", broken))
    wait_until(lambda: keeper.library.index is not broken and _asked(keeper) == ["one"])
    healed = keeper.library.index
    keeper.recover(IndexBroken("it was replaced", broken))
    put(tmp_path / "r" / "b.json", chat("two"))
    wait_until(lambda: len(_asked(keeper)) == 2)
    assert keeper.library.index is healed, "a page that held the old index breaks nothing"
    keeper.stop()
    assert len(said) == 1


def test_where_nothing_can_be_written_it_is_kept_in_memory(tmp_path: Path) -> None:
    put(tmp_path / "r" / "a.json", chat("one"))
    (tmp_path / "x.sqlite").mkdir()
    said: list[str] = []
    keeper = _keeper(tmp_path, said)
    keeper.start()
    wait_until(lambda: _asked(keeper) == ["one"])
    keeper.stop()
    assert len(said) == 1
    assert "keeping it in memory" in said[0]
    shutil.rmtree(tmp_path / "x.sqlite")
    file = put(tmp_path / "file", b"")
    keeper = Keeper(roots_of(tmp_path / "r"), file / "x.sqlite", say=said.append)
    keeper.start()
    wait_until(lambda: _asked(keeper) == ["one"])
    keeper.stop()


def test_a_stopped_keeper_lets_the_next_one_write(tmp_path: Path) -> None:
    put(tmp_path / "r" / "a.json", chat("one"))
    for _ in range(3):
        keeper = _keeper(tmp_path, [])
        assert keeper.writes
        keeper.start()
        keeper.stop()
