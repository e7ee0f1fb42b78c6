"""Any file beside a good one costs the good one nothing: neither in the index, nor in a command."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from inspector.cli import main
from inspector.files.scan import ScannedFile
from inspector.index import Entry, FileRow
from inspector.library import reader
from tests.bad_files import BAD, chat_with, put_bad
from tests.making import chat, library, put

GOOD = "good.json"


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_is_said_to_be_one_and_the_good_one_is_read(tmp_path: Path, name: str) -> None:
    put(tmp_path / GOOD, chat("Is the fog bell ringing?"))
    put_bad(tmp_path, name)
    beside = library(tmp_path)
    beside.refresh()
    assert "Is the fog bell ringing?" in [row.asked for row in beside.index.rows()]
    files = beside.index.files()
    assert files[GOOD].state == "read"
    assert files[name].state in ("read", "unrecognised") or files[name].why
    for found in beside.roots.found():
        for path, recording in reader.recordings(beside.roots, found):
            assert recording.exchanges or path != GOOD


@pytest.fixture(scope="module")
def all_of_them(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("bad")
    put(folder / GOOD, chat("Is the fog bell ringing?", test="tests/good.py::test_bell"))
    for name in BAD:
        put_bad(folder, name)
    late = put(folder / "late.json", chat("In which year?"))
    os.utime(late, (10_413_792_000, 10_413_792_000))  # 2300: nanoseconds no longer fit
    return folder


@pytest.mark.parametrize(
    ("command", "more", "told"),
    [
        ("ls", [], "Is the fog bell ringing?"),
        ("ls", ["-q", "bell"], "Is the fog bell ringing?"),
        ("show", [], "Is the fog bell ringing?"),
        ("show", ["--format", "jsonl"], "Is the fog bell ringing?"),
        ("show", ["-q", "bell"], "Is the fog bell ringing?"),
        ("summary", [], "exchanges"),
        ("summary", ["--format", "json"], "exchanges"),
        ("summary", ["--format", "markdown"], "exchanges"),
    ],
)
def test_no_command_ends_with_a_traceback(
    all_of_them: Path, capfd: pytest.CaptureFixture[str], command: str, more: list[str], told: str
) -> None:
    assert _status(command, str(all_of_them), *more) == 0
    printed = capfd.readouterr().out
    assert told in printed
    assert "late.json" in printed or command == "summary" or "-q" in more


@pytest.mark.parametrize("where", ["-o", pytest.param("--single-file", marks=pytest.mark.long)])
def test_an_export_has_what_could_be_read(all_of_them: Path, tmp_path: Path, where: str) -> None:
    assert _status("export", str(all_of_them), where, str(tmp_path / "out")) == 0
    if where == "-o":
        assert "Is the fog bell ringing?" in (tmp_path / "out" / "index.html").read_text()


def _status(*arguments: str) -> object:
    """The exit status of a command; what it raises is raised."""
    with pytest.raises(SystemExit) as ended:
        main.main(list(arguments))
    return ended.value.code


# ---------------------------------------------------------------- what nobody thought of


def test_a_file_that_we_fail_at_is_listed_with_the_reason(tmp_path: Path, monkeypatch: Any) -> None:
    put(tmp_path / "a.json", chat("one"))
    put(tmp_path / "b.json", chat("two"))
    named_group = reader.named_group

    def failing(test_id: str | None, session: str | None, path: str) -> tuple[str, str]:
        if path == "a.json":
            raise LookupError("nobody thought of it")
        return named_group(test_id, session, path)

    monkeypatch.setattr(reader, "named_group", failing)
    beside = library(tmp_path)
    beside.refresh()
    assert [row.asked for row in beside.index.rows()] == ["two"]
    file = beside.index.files()["a.json"]
    assert (file.state, file.why) == ("broken", "not read: LookupError: nobody thought of it")


def test_a_value_that_the_index_cannot_keep_costs_its_own_file_alone(tmp_path: Path) -> None:
    """Whichever file tells a text first, it is found by all that say it."""
    for name in ("a.json", "b.json", "c.json"):
        put(tmp_path / name, chat("Who rang the fog bell?"))
    beside = library(tmp_path)
    known: set[int] = set()
    entries = [entry for found in beside.roots.found() for entry in reader.entries(beside.roots, found, known)]
    beside.index.write([_spoilt(entries[0]), *entries[1:]])
    files = beside.index.files()
    assert [files[name].state for name in ("a.json", "b.json", "c.json")] == ["broken", "read", "read"]
    assert (files["a.json"].why or "").startswith("not kept: ")
    assert [row.path for row in beside.index.rows()] == ["b.json", "c.json"]
    assert [text for (text,) in beside.index.all("SELECT text FROM message_text WHERE place = 'user'")] == [
        "Who rang the fog bell?"
    ]


def _spoilt(entry: Entry) -> Entry:
    ((uid, kind, group, summary),) = entry.exchanges
    return entry._replace(exchanges=((uid, kind, group, summary._replace(entry=2**70)),))


def test_counts_are_within_what_can_be_added_up(tmp_path: Path) -> None:
    for number in range(20):
        put(tmp_path / f"{number}.json", chat_with(usage={"prompt_tokens": 2**62, "total_tokens": 2**63}))
    beside = library(tmp_path)
    beside.refresh()
    assert beside.index.all("SELECT sum(total_tokens) > 0, count(*) FROM exchange") == [(1, 20)]


def test_times_and_inodes_that_no_database_takes_are_kept_as_far_as_they_go(tmp_path: Path) -> None:
    file = put(tmp_path / "a.json", chat())
    os.utime(file, ns=(2**64, 2**64))
    beside = library(tmp_path)
    beside.refresh()
    assert [row.mtime for row in beside.index.rows()] == [2**63 - 1]
    assert not beside.refresh().read, "it is known as it is"


def test_what_follows_a_bad_piece_of_a_long_file_is_told_beside_what_was_read(tmp_path: Path, monkeypatch: Any) -> None:
    put(tmp_path / "a.json", chat())
    beside = library(tmp_path)
    (found,) = beside.roots.found()
    row = FileRow(*found[:5], "x", "read", None)

    def pieces(*_: Any) -> Any:
        yield Entry(row, ())
        raise RecursionError("too deep")

    monkeypatch.setattr(reader, "_entries", pieces)
    first, last = reader.entries(beside.roots, ScannedFile(*found), set())
    assert first.file.state == "read"
    assert (last.file.state, last.exchanges) == ("broken", ())
