"""Marks that depend on other recordings, or on how tests ran, on the pages."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote, urljoin

import pytest

from inspector.testruns import results
from tests.making import chat
from tests.testruns.test_replay_marks import KEY, KEYED, TEST, using, whole
from tests.web.pages import Shelf


@pytest.fixture
def marked(shelf: Shelf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], str]:
    """A shelf with an orphan beside a recording that is used; what asks it."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    (tmp_path / ".git").mkdir()
    shelf.put("recordings/lit.json", chat("Is it lit?", test=TEST).decode())
    shelf.put("recordings/gone.json", chat("Is it gone?", test="tests/test_lamp.py::test_gone").decode())
    results.keep(whole(using(TEST, "shelf/recordings/lit.json")), tmp_path)
    return lambda address: " ".join(shelf.page(address).text.split())


def test_marks_are_found_and_shown_wherever_others_are(marked: Callable[[str], str], shelf: Shelf) -> None:
    assert "Is it gone?" in marked("/?q=is:orphan")
    assert "Is it lit?" not in marked("/?q=is:orphan")
    assert "Is it gone?" not in marked("/?q=-is:orphan")
    assert "orphan exclude" in marked("/facets").replace("exclude orphan", "exclude")
    [row] = [row for row in shelf.keeper.library.index.rows() if row.asked == "Is it gone?"]
    assert "orphan test no longer exists" in marked(f"/e/{row.uid}")
    assert "Is it gone?" in marked("/checks?rule=k905")


def test_a_story_without_what_no_replay_finds(shelf: Shelf) -> None:
    shelf.put(f"recordings/{KEY}", KEYED.decode())
    shelf.put(f"recordings/{64 * '0'}.json", chat("Is it dark?", test=TEST).decode())
    page = shelf.page(f"/t/{TEST}")
    [switch] = [tag["href"] or "" for _, tag in page.having("href") if "hide=unreachable" in (tag["href"] or "")]
    assert "Is it dark?" in page.text
    hidden = shelf.page(urljoin(f"/t/{quote(TEST)}", switch))
    assert "Is it dark?" not in hidden.text
    assert "Lit?" in hidden.text
    assert "Show unreachable" in hidden.text
