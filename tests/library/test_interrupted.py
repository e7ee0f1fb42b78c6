"""A first look at many files: how far it is, and what becomes of it when it is interrupted."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing, suppress
from pathlib import Path

import pytest

from inspector.files.roots import roots_of
from inspector.formats import recording
from inspector.index import Index
from inspector.library import library
from inspector.library.library import Library
from inspector.library.progress import Progress
from tests import making
from tests.library.test_lines import pair
from tests.making import chat, put, wait_until

_FILES = 800


def _known(index: Path) -> dict[str, int]:
    """The files in an index, with the numbers that they were given when they were read."""
    with suppress(sqlite3.Error), closing(sqlite3.connect(f"file:{index}?mode=ro", uri=True)) as database:
        return dict(database.execute("SELECT path, id FROM file").fetchall())
    return {}


def _children(process: int) -> list[int]:
    folder = Path(f"/proc/{process}/task")
    return [int(child) for task in folder.iterdir() for child in (task / "children").read_text().split()]


def _lives(process: int) -> bool:
    with suppress(OSError):
        return "\nState:\tZ" not in Path(f"/proc/{process}/status").read_text()
    return False


@pytest.mark.skipif(sys.platform != "linux", reason="looks at processes in /proc")
@pytest.mark.parametrize(
    "sign", [signal.SIGKILL, *(pytest.param(sign, marks=pytest.mark.long) for sign in (signal.SIGTERM, signal.SIGINT))]
)
def test_who_comes_next_goes_on_and_no_process_stays(tmp_path: Path, sign: signal.Signals) -> None:
    for number in range(_FILES):
        put(tmp_path / "r" / f"{number}.json", chat(f"number {number}"))
    index = tmp_path / "x.sqlite"
    command = [sys.executable, "-m", "inspector", "serve", str(tmp_path / "r"), "--port", "0", "--index", str(index)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
        wait_until(lambda: len(_known(index)) > 100)
        helpers = _children(process.pid)
        process.send_signal(sign)
    wait_until(lambda: not any(map(_lives, helpers)))
    read = _known(index)
    assert 0 < len(read) < _FILES
    assert helpers
    shelf = Library(roots_of(tmp_path / "r"), Index(index))
    assert len(shelf.refresh().read) == _FILES - len(read)
    assert read.items() <= _known(index).items(), "what was known was not read again"
    assert shelf.index.totals().exchanges == _FILES
    shelf.index.close()


@pytest.mark.skipif(sys.platform != "linux", reason="ends a group of processes")
@pytest.mark.parametrize(
    "where", [["-o", "site"], pytest.param(["--single-file", "report.html"], marks=pytest.mark.long)]
)
@pytest.mark.parametrize("sign", [signal.SIGINT, pytest.param(signal.SIGTERM, marks=pytest.mark.long)])
def test_an_export_that_is_interrupted_leaves_nothing(tmp_path: Path, where: list[str], sign: signal.Signals) -> None:
    for number in range(_FILES // 4):
        put(tmp_path / "r" / f"{number}.json", chat(f"number {number}"))
    out, scratch = tmp_path / "out", tmp_path / "scratch"
    out.mkdir()
    scratch.mkdir()
    command = [sys.executable, "-m", "inspector", "export", str(tmp_path / "r"), *where]
    environment = {**os.environ, "TMPDIR": str(scratch)}
    with subprocess.Popen(
        command, cwd=out, stderr=subprocess.DEVNULL, start_new_session=True, env=environment
    ) as process:
        wait_until(lambda: any(out.rglob("e/*.html")))
        helpers = _children(process.pid)
        if sign == signal.SIGINT:
            os.killpg(process.pid, sign)  # as a terminal does
        else:
            process.send_signal(sign)  # as whoever runs it does
    assert process.returncode == 130
    assert os.listdir(out) == os.listdir(scratch) == []
    wait_until(lambda: not any(map(_lives, helpers)))


def test_a_large_log_goes_on_where_its_reading_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = b"".join(pair(f"number {number}") for number in range(60))
    put(tmp_path / "r" / "log.jsonl", data)
    monkeypatch.setattr(recording, "_PART", len(data) // 6)
    monkeypatch.setattr(library, "_BATCH_SECONDS", 0)
    shelf = making.library(tmp_path / "r", tmp_path / "x.sqlite")
    shelf._notify = lambda: shelf.end() if shelf.index.rows() else None  # as soon as the first piece is written
    shelf.refresh()
    first = len(shelf.index.rows())
    assert 0 < first < 60
    again = Library(shelf.roots, shelf.index)
    again.refresh()
    fresh = making.library(tmp_path / "r")
    fresh.refresh()
    assert making.contents(again.index) == making.contents(fresh.index)
    assert [row.id for row in again.index.rows()][:first] == list(range(1, first + 1)), (
        "what was known was not read again"
    )
    assert not again.refresh().read
    shelf.index.close()


@pytest.mark.parametrize(
    ("progress", "text"),
    [
        (Progress(0, 1), "reading 0 of 1 file"),
        (Progress(12, 100_000, 1.2), "reading 12 of 100,000 files"),
        (Progress(12_400, 100_000, 4.0), "reading 12,400 of 100,000 files · 3,100 a second · 28 s left"),
        (Progress(5, 100, 10), "reading 5 of 100 files · 0.5 a second · 3 min left"),
        (Progress(20, 100_000, 10), "reading 20 of 100,000 files · 2.0 a second · 13.9 h left"),
        (Progress(99, 100, 1), "reading 99 of 100 files · 99 a second · 1 s left"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_progress_in_words(progress: Progress, text: str) -> None:
    assert progress.text == text
    assert Progress.of(progress.noted) == progress


_LS = """
import sys
from inspector.cli import terminal
terminal._PATIENCE = 0
from inspector.cli import main
main(["ls", *sys.argv[1:]])
"""


@pytest.mark.skipif(sys.platform == "win32", reason="needs a terminal")
def test_a_terminal_shows_how_far_it_is_and_is_left_clean(tmp_path: Path) -> None:
    for number in range(700):
        put(tmp_path / f"{number}.json", chat(f"number {number}"))
    command = [sys.executable, "-c", _LS, str(tmp_path), "-q", "number"]
    ours, theirs = os.openpty()
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=theirs, timeout=120)
    shown = os.read(ours, 1 << 16).decode()
    os.close(ours)
    os.close(theirs)
    assert len(done.stdout.splitlines()) == 700
    assert "\r\x1b[Kreading " in shown
    assert " of 700 files" in shown
    assert shown.endswith("\r\x1b[K")
    assert subprocess.run(command, capture_output=True, timeout=120).stderr == b""
