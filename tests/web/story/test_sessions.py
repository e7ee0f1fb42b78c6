"""Sessions of agents, whose requests repeat nothing: one conversation, its helpers, results beside their calls."""

from __future__ import annotations

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
