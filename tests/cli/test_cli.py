from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from inspector import __version__
from inspector.cli import gather
from inspector.files.roots import roots_of
from tests.commands import Done, run
from tests.making import SAMPLES, chat, put

_INSPECTOR = [sys.executable, "-m", "inspector"]


def _fails(done: Done, status: int, word: str) -> None:
    line = done.stderr.decode().splitlines()[-1]
    assert done.returncode == status, done
    assert line.startswith("inspector: ")
    assert word in line
    assert b"Traceback" not in done.stderr


def test_usage_errors_are_one_line(tmp_path: Path) -> None:
    for arguments, word in (
        (["serve", "/nowhere"], "does not exist"),
        (["/nowhere"], "does not exist"),
        (["show", "/nowhere"], "does not exist"),
        (["ls", str(SAMPLES), "-q", "modle:x"], "did you mean model"),
        (["show", "-", "-q", "x"], "standard input"),
        (["serve", str(SAMPLES), "--nonsense"], "nonsense"),
        (["serve", str(SAMPLES), "--index", __file__], "no index of ours"),
    ):
        done = run(*arguments)
        _fails(done, 2, word)
        assert len(done.stderr.splitlines()) == 1


def test_without_a_command_the_help_is_printed_line_by_line() -> None:
    for group in ((), ("index",)):
        told, asked = run(*group), run(*group, "--help")
        assert told.stderr + told.stdout == asked.stdout


def test_the_version_loads_nothing() -> None:
    said = "import sys; from inspector.__main__ import main; sys.argv[1:] = ['--version']; main()"
    done = subprocess.run([sys.executable, "-c", f"{said}; assert 'click' not in sys.modules"], capture_output=True)
    assert (done.stdout, done.stderr) == (f"inspector {__version__}\n".encode(), b"")
    assert run("--version").stdout == done.stdout


def test_nothing_to_read_is_status_1(tmp_path: Path) -> None:
    for command in ("show", "ls"):
        _fails(run(command, str(tmp_path)), 1, "no exchange found")
    put(tmp_path / "notes.txt", b"no recording")
    put(tmp_path / "bell.json", b'{"bell":')
    for command in (("show",), ("ls",), ("export", "-o", str(tmp_path.parent / "site"))):
        done = run(*command, str(tmp_path))
        assert b"1 file looked at, no recording among them; 1 file cannot be read" in done.stderr, command
    done = run("summary", str(tmp_path))
    _fails(done, 1, "1 file cannot be read")
    assert b"bell.json" in done.stdout
    for data in (b"", b"{", b"7", b"\xff\xfe"):
        _fails(run("show", "-", given=data), 1, "no exchange found")


@pytest.mark.parametrize("option", ["-o", "--single-file"])
def test_an_export_that_cannot_be_written_is_one_line(tmp_path: Path, option: str) -> None:
    file = put(tmp_path / "a.json", chat())
    _fails(run("export", str(file), option, str(file / "out")), 1, "could not be written")


@pytest.mark.parametrize("form", ["text", "json", "jsonl"])
def test_show_from_standard_input(form: str) -> None:
    done = run("show", "-", "--format", form, given=chat("asked", "answered"))
    assert done.returncode == 0
    assert b"answered" in done.stdout
    assert b"\x1b" not in done.stdout
    if form != "text":
        shown = json.loads(done.stdout)
        assert (shown[0] if form == "json" else shown)["recording"]["path"] == "-"


def test_a_query_shows_only_what_it_finds(tmp_path: Path) -> None:
    put(tmp_path / "a.json", chat("alpha"))
    put(tmp_path / "b.json", chat("beta"))
    shown = run("show", str(tmp_path), "-q", "beta", "--format", "jsonl").stdout
    assert [json.loads(line)["recording"]["path"] for line in shown.splitlines()] == ["b.json"]
    assert b"b.json" not in run("ls", str(tmp_path), "-q", "alpha").stdout


def test_a_reader_that_has_seen_enough(tmp_path: Path) -> None:
    done = subprocess.run(
        f"{sys.executable} -m inspector show {SAMPLES} | head -1", shell=True, capture_output=True, timeout=120
    )
    assert done.stderr == b""


def test_port_in_use() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        _fails(run("serve", str(SAMPLES), "--no-index", "--port", str(taken.getsockname()[1])), 2, "in use")


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM])
def test_the_end_comes_at_once_with_open_pages(tmp_path: Path, sign: signal.Signals) -> None:
    arguments = [*_INSPECTOR, str(SAMPLES), "--port", "0", "--index", str(tmp_path / "x.sqlite")]
    with subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout
        assert process.stderr
        process.stdout.readline()
        address = process.stdout.readline().split()[-1]
        pages = [urllib.request.urlopen(address + "live") for _ in range(5)]
        process.send_signal(sign)
        assert process.wait(timeout=120) == 0, "it does not wait for those who watch"
        assert process.stderr.read() == ""
        for page in pages:
            page.close()


def test_indexes_are_listed_and_removed(tmp_path: Path) -> None:
    _fails(run("index", "remove"), 2, "name a directory")
    _fails(run("index", "remove", str(tmp_path)), 1, "nothing was removed")
    theirs = put(tmp_path / "theirs.sqlite", b"SQLite format 3\0 of somebody else")
    _fails(run("index", "remove", str(theirs)), 1, "nothing was removed")
    assert theirs.exists()


def test_several_are_listed_together_and_their_index_is_removed(tmp_path: Path) -> None:
    from inspector.index import index_file

    put(tmp_path / "a" / "x.json", chat("alpha"))
    put(tmp_path / "b" / "y.json", chat("beta"))
    places = [str(tmp_path / "a"), str(tmp_path / "b"), str(tmp_path / "b" / "y.json")]
    done = run("ls", *places)
    assert [line.split()[-1] for line in done.stdout.decode().splitlines()] == ["a/x.json", "b/y.json"]
    assert done.stderr.decode() == f"inspector: {places[2]} lies within {places[1]}, and is shown there\n"
    shown = run("show", *places[:2], "-q", "beta", "--format", "jsonl").stdout
    assert json.loads(shown)["recording"]["path"] == "b/y.json"
    with subprocess.Popen([*_INSPECTOR, *places, "--port", "0"], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        assert process.stdout.readline() == f"Reading {places[0]}, {places[1]}\n"
        address = process.stdout.readline().split()[-1]
        page = urllib.request.urlopen(address).read().decode()
        process.terminate()
    assert "<title>a, b · inspector</title>" in page
    both = index_file(tmp_path / "b", tmp_path / "a")
    assert both.exists()
    assert b"removed" in run("index", "remove", *places[:2]).stdout
    assert not both.exists()


def test_of_very_many_files_that_cannot_be_read_the_first_are_named(tmp_path: Path) -> None:
    for number in range(gather._MOST_SAID + 3):
        put(tmp_path / f"{number}.json", b"")
    said: list[str] = []
    gather.rows(roots_of(tmp_path), "", said.append)
    assert [line.endswith("the file is empty") for line in said] == [True] * gather._MOST_SAID + [False]
    assert said[-1].startswith("3 files more")
