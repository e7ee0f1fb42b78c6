"""Files of lines: indexed by place, read on where they grew."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from inspector import formats
from inspector.decode import decoder
from inspector.formats import recording
from inspector.formats.reading import file_bytes
from inspector.formats.reading.lines import Line
from inspector.formats.reading.source import Source
from inspector.library.library import Library
from inspector.web.list.routes import list_view
from tests.making import contents, library, put


def pair(said: str) -> bytes:
    """One line of a log of Claude Code's traffic."""
    url = "https://api.anthropic.com/v1/messages"
    body = {"model": "claude-sonnet-4", "messages": [{"role": "user", "content": said}]}
    reply = {"id": "m", "type": "message", "role": "assistant", "model": "claude-sonnet-4", "stop_reason": "end_turn"}
    answer = {**reply, "content": [{"type": "text", "text": said.upper()}], "usage": {}}
    request = {"timestamp": 1772000000.5, "method": "POST", "url": url, "headers": {}, "body": body}
    response = {"timestamp": 1772000001.5, "status_code": 200, "headers": {}, "body": answer}
    return json.dumps({"request": request, "response": response, "logged_at": "2026-03-01T21:14:07Z"}).encode() + b"\n"


@pytest.fixture
def shelf(tmp_path: Path) -> Iterator[Library]:
    made = library(tmp_path / "r", tmp_path / "x.sqlite") if (tmp_path / "r").mkdir() is None else None
    assert made is not None
    yield made
    made.index.close()


@pytest.fixture
def decoded(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is decoded from here on."""
    seen: list[str] = []
    decode = decoder.decode

    def counting(exchange: formats.Exchange, **how: bool) -> object:
        seen.append(exchange.request.body.value["messages"][0]["content"] if exchange.request.body else "?")
        return decode(exchange, **how)

    monkeypatch.setattr(decoder, "decode", counting)
    return seen


def log(shelf: Library) -> Path:
    return shelf.roots.all[0].path / "log.jsonl"


def asked(shelf: Library) -> list[str]:
    return [row.asked for row in shelf.index.rows(order="exchange.entry")]


def is_as_new(shelf: Library) -> bool:
    fresh = library(shelf.roots.all[0].path)
    fresh.refresh()
    return contents(fresh.index) == contents(shelf.index)


def test_only_new_lines_are_read(shelf: Library, decoded: list[str]) -> None:
    put(log(shelf), pair("one") + b"\n" + pair("two"))
    shelf.refresh()
    decoded.clear()
    with log(shelf).open("ab") as file:
        file.write(pair("three") + pair("four"))
    shelf.refresh("log.jsonl")
    assert decoded == ["three", "four"]
    assert asked(shelf) == ["one", "two", "three", "four"]
    assert is_as_new(shelf)


def test_a_line_that_is_being_written(shelf: Library) -> None:
    whole, half = pair("one"), pair("two")
    put(log(shelf), whole + half[:60], age=0)
    shelf.refresh()
    (file,) = shelf.index.files().values()
    assert (file.state, asked(shelf)) == ("writing", ["one"]), "what is whole is shown at once"
    put(log(shelf), whole + half, age=0)
    assert shelf.settle() is not None
    assert asked(shelf) == ["one", "two"]
    put(log(shelf), whole + half + pair("three")[:-1], age=60)
    shelf.refresh()
    assert asked(shelf) == ["one", "two", "three"], "a last line needs no end of line"
    with log(shelf).open("ab") as more:
        more.write(b"\n" + pair("four"))
    shelf.refresh()
    assert asked(shelf) == ["one", "two", "three", "four"]
    assert is_as_new(shelf)


def test_a_cut_line_is_said_and_the_others_are_read(shelf: Library) -> None:
    put(log(shelf), pair("one") + b"{not json}\n" + pair("two") + pair("three")[:50])
    shelf.refresh()
    (file,) = shelf.index.files().values()
    assert (file.state, file.why) == ("broken", "line 4 stops in the middle")
    assert [row.odd for row in shelf.index.rows(order="exchange.entry")] == ["", "problem", ""]


@pytest.mark.parametrize("new", [b"x" * 2000 + b"\n" + pair("new"), pair("new"), pair("one") * 3])
def test_a_file_that_was_written_anew_is_read_anew(shelf: Library, new: bytes) -> None:
    put(log(shelf), pair("one") + pair("two"), 100)
    shelf.refresh()
    inode = os.stat(log(shelf)).st_ino
    put(log(shelf), new, 50)
    assert os.stat(log(shelf)).st_ino == inode
    shelf.refresh()
    assert is_as_new(shelf)


def test_an_exchange_is_opened_by_its_place(shelf: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    put(log(shelf), b"".join(map(pair, ["one", "two", "three"])))
    shelf.refresh()
    row = shelf.index.rows(order="exchange.entry")[1]
    assert row.position == len(pair("one"))
    monkeypatch.setattr(file_bytes, "MAX_SIZE", 10)  # nothing is read whole
    loaded = shelf.recording(row.path, Line(row.entry, row.position))
    assert [exchange.entry for exchange in loaded.exchanges] == [1]
    assert loaded.exchanges[0].request.body.value["messages"][0]["content"] == "two"


def test_a_large_file_comes_in_parts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = b"".join(pair(f"number {number}") for number in range(50))
    whole = formats.read(Source("log.jsonl", data))
    monkeypatch.setattr(recording, "_PART", len(data) // 7)
    put(tmp_path / "log.jsonl", data)
    with (tmp_path / "log.jsonl").open("rb") as file:
        parts = list(formats.in_parts(Source("log.jsonl", file)))
    assert 6 <= len(parts) <= 9
    assert [one for part in parts for one in part.exchanges] == list(whole.exchanges)
    made = library(tmp_path)
    made.refresh()
    assert asked(made) == [f"number {number}" for number in range(50)]


@pytest.mark.parametrize("step", [1, 3, 1000])
def test_lines_are_the_same_from_a_file_and_from_bytes(
    tmp_path: Path, step: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = b"\n  \r\n{}\n\n[1, 2]\r\n\xe2\x80\xa8\nlast"
    monkeypatch.setattr(file_bytes, "_STEP", step)
    put(tmp_path / "a", data)
    with (tmp_path / "a").open("rb") as file:
        from_file = Source("a", file)
        assert list(from_file.lines) == list(Source("a", data).lines)
        assert from_file.lines.resume is not None
        assert data[from_file.lines.resume.position :] == b"last"


def test_a_very_large_group_is_looked_at_in_part(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither a list nor a story takes all of a log of many thousands."""
    monkeypatch.setattr("inspector.index.read.MOST", 20)
    put(tmp_path / "log.jsonl", b"".join(pair(f"number {number}") for number in range(90)))
    put(tmp_path / "small.jsonl", pair("alone"))
    made = library(tmp_path)
    made.refresh()
    (group,) = [leaf.group for leaf in list_view(made.index, "", {}).leaves if leaf.group.id == "log.jsonl"]
    assert (group.total, group.hidden + len(group.rows)) == (90, 90)
    last = made.index.rows(order="exchange.entry DESC", limit=1)[0]
    near = made.index.rows_near(last, 6)
    assert [row.id for row in near] == [last.id - step for step in (6, 5, 4, 3, 2, 1, 0)]
    assert group.newest == last.uid
