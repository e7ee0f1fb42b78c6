"""Sessions of agents, whose requests repeat nothing: one conversation, its helpers, results beside their calls."""

from __future__ import annotations

import json
from pathlib import Path

from click.testing import CliRunner

from inspector.cli.show import show
from tests.making import SAMPLES
from tests.web.pages import Shelf

PROJECT = SAMPLES / "other" / "claude-code"
SESSION = "5a3c1e70-0000-4000-8000-00000000f0c5"
OLD = "5a3c1e70-0000-4000-8000-0000000001d5"


def said(shelf: Shelf, address: str) -> str:
    return " ".join(shelf.page(address).text.split())


def test_a_session_is_told_as_one_conversation() -> None:
    shelf = Shelf(PROJECT)
    words = said(shelf, f"/s/{SESSION}")
    assert "Order as the recordings link it" in words
    assert "2 threads The fog bell answers one stroke too late." in words
    assert words.count("1 failed, 7 passed: test_bell_in_fog") == 1, "beside its call, and not where it was sent"
    assert words.count("21:01:33 stroke, one second late like the others") == 1, "of the file that it is kept in"
    caller, helper, after = (words.index(text) for text in ("Every stroke", "helper (3, 2 exchanges)", "24.0 s later"))
    assert caller < helper < after, "folded where it was called"
    called = next(row for row in shelf.rows if row.asked.startswith("Look through horn.py"))
    caller_row = next(row for row in shelf.rows if row.replied.startswith("Every stroke"))
    assert "Called from" in said(shelf, f"/e/{called.uid}")
    beside = said(shelf, f"/e/{caller_row.uid}")
    assert "horn.py counts from the beginning of the blast" in beside, "the result that the next request brings"
    assert "earlier message" not in beside
    fork = said(shelf, f"/s/{OLD}")
    assert "1 fork" in fork
    assert "2 continuations of 1" in fork
    assert "helper (2, 2 exchanges): Count the jars" in fork


def test_a_session_is_called_by_its_title_or_by_what_the_user_asked_first(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)
    user = {"type": "user", "version": "2.1.0", "timestamp": "2026-01-01T20:00:00.000Z"}
    for name, asked in (("first", "Light it with sk-ant-api03-" + "a1B2" * 20), ("second", "Ring the bell")):
        line = {**user, "uuid": name, "sessionId": f"{name}-session", "message": {"role": "user", "content": asked}}
        shelf.put(f"{name}.jsonl", json.dumps(line) + "\n")
    words = said(shelf, "/")
    assert "session first-session Light it with " in words
    assert "session second-session Ring the bell" in words
    assert "a1B2" not in words
    title = {"type": "custom-title", "customTitle": "Bells", "sessionId": "second-session"}
    line = {**user, "uuid": "second", "sessionId": "second-session", "message": {"role": "user", "content": "Ring"}}
    shelf.put("second.jsonl", f"{json.dumps(line)}\n{json.dumps(title)}\n")
    assert "session second-session Bells" in said(shelf, "/?q=Ring")
    assert "session second-session Bells" in said(shelf, "/s/second-session")
    (bells,) = (row.uid for row in shelf.rows if row.path == "second.jsonl")
    for address in ("/?q=sort:changed", f"/e/{bells}"):
        assert "Bells" in said(shelf, address)
    told = CliRunner().invoke(show, [str(tmp_path), "--format", "json"]).stdout
    assert [one.get("title") for one in json.loads(told)] == [None, "Bells"]
