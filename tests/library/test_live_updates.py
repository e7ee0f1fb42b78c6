from __future__ import annotations

import json
import threading
from pathlib import Path
from typing import Any

import pytest

from inspector.index import Index
from inspector.library import live_updates
from inspector.library.live_updates import Live
from tests.making import chat, library, put


def _parsed(event: str) -> tuple[str, str, Any]:
    lines = dict(line.split(": ", 1) for line in event.strip().splitlines())
    return lines["id"], lines["event"], json.loads(lines["data"])


def test_a_page_hears_what_changed(tmp_path: Path) -> None:
    shelf, news = library(tmp_path), Live()
    events = news.stream(lambda: shelf.index, "")
    id, name, _ = _parsed(next(events))
    assert (id, name) == (f"{shelf.index.epoch}:0", "hello")
    put(tmp_path / "a.json", chat())
    shelf.refresh()
    news.notify()
    _, name, told = _parsed(next(events))
    assert name == "changed"
    assert told == {"uids": [shelf.index.rows()[0].uid], "groups": ["tests/a.py::test_one"], "new": 1}


def test_a_page_that_was_away_is_told_to_look_again(tmp_path: Path) -> None:
    shelf, news = library(tmp_path), Live()
    id, _, _ = _parsed(next(news.stream(lambda: shelf.index, "")))
    assert _parsed(next(news.stream(lambda: shelf.index, id)))[1] == "hello"
    put(tmp_path / "a.json", chat())
    shelf.refresh()
    assert _parsed(next(news.stream(lambda: shelf.index, id)))[1:] == ("changed", {"all": True, "new": 0})
    assert _parsed(next(news.stream(lambda: shelf.index, "other:1")))[1] == "changed"


def test_a_rebuilt_index_is_news(tmp_path: Path) -> None:
    """The new index counts anew: numbers of the old one would hide everything that happens."""
    shelf, news = library(tmp_path), Live()
    put(tmp_path / "a.json", chat())
    shelf.refresh()
    events = news.stream(lambda: shelf.index, "")
    next(events)
    shelf.rebuild("a test")
    shelf.refresh()
    news.notify()
    id, _, told = _parsed(next(events))
    assert told["all"]
    assert id.startswith(shelf.index.epoch)
    put(tmp_path / "b.json", chat("new"))
    shelf.refresh()
    news.notify()
    assert _parsed(next(events))[2]["new"] == 1


def test_many_changes_are_one_event(tmp_path: Path) -> None:
    shelf, news = library(tmp_path), Live()
    events = news.stream(lambda: shelf.index, "")
    next(events)
    for number in range(250):
        put(tmp_path / f"{number}.json", chat(str(number)))
    shelf.refresh()
    news.notify()
    assert _parsed(next(events))[2] == {"all": True, "new": 250}


def test_silence_is_shown_to_be_alive_and_the_end_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live_updates, "HEARTBEAT", 0.01)
    index, news = Index(None), Live()
    events = news.stream(lambda: index, "")
    next(events)
    assert next(events).startswith(":")
    monkeypatch.setattr(live_updates, "HEARTBEAT", 60)
    threading.Timer(0.05, news.end).start()
    list(events)


def test_a_broken_index_ends_the_stream() -> None:
    index, news = Index(None), Live()
    index.close()
    assert list(news.stream(lambda: index, "")) == []
