"""A state is read once: with the index that a server keeps of it only what changed since is read, and full text is
kept only for who asks for words."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from inspector.compare.states.given import compared
from inspector.compare.states.state import state
from inspector.files.roots import roots_of
from inspector.index import Index, index_file
from inspector.library import reader
from inspector.library.library import Library
from inspector.library.progress import Progress
from tests.making import chat, put


def _quietly(progress: Progress) -> None:
    """Nobody wants to know."""


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    """A directory of which a server keeps an index, and one file that came since."""
    top = tmp_path / "now"
    for name in ("a", "b"):
        put(top / f"{name}.json", chat(f"Say {name}", "It is lit."))
    roots = roots_of(top)
    file = index_file(*(root.served for root in roots.all))
    file.parent.mkdir(parents=True, exist_ok=True)
    with closing(Index(file, roots.served)) as index:
        Library(roots, index).refresh()
    put(top / "c.json", chat("Say c", "It is out."))
    return top


@pytest.mark.parametrize("query", ["", "lit"])
def test_only_what_changed_since_a_server_read_it_is_read(
    kept: Path, query: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[str] = []
    entries = reader.entries

    def noted(roots: Any, found: Any, *rest: Any, **more: Any) -> Any:
        read.append(found.path)
        return entries(roots, found, *rest, **more)

    monkeypatch.setattr(reader, "entries", noted)
    with state(roots_of(kept), query, _quietly) as now:
        assert [row.path for row in now.rows] == ["a.json", "b.json", "c.json"]
        assert len(now.found) == (2 if query else 3)
    assert read == ["c.json"]


@pytest.mark.parametrize("query", ["", "lit"])
def test_words_are_kept_for_who_asks_for_them(tmp_path: Path, query: str) -> None:
    put(tmp_path / "a.json", chat("Say a", "It is lit."))
    with state(roots_of(tmp_path), query, _quietly) as now:
        assert now.known.searched is bool(query)
        assert len(now.rows) == len(now.found) == 1


def test_states_are_compared_from_a_kept_index_as_without(kept: Path, tmp_path: Path) -> None:
    put(tmp_path / "old" / "a.json", chat("Say a", "It was lit."))
    told = []
    for _ in range(2):
        with compared(str(tmp_path / "old"), str(kept), "", _quietly) as both:
            told.append([(change.verdict, change.row.path) for change in both.since.changes])
        index_file(kept).unlink(missing_ok=True)
    assert told[0] == told[1] == [("answer", "a.json"), ("new", "b.json"), ("new", "c.json")]
