"""Whole queries, through files and the index."""

from __future__ import annotations

from pathlib import Path

import pytest

from inspector import search
from tests.making import chat, library, put


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", "ab"), ("alpha", "a"), ("-alpha", "b"), ('"alpha one"', "a"), ("model:4o", "ab"), ("alp", "a"),
        ("test:two", "b"), ("is:streamed", ""), ("-is:streamed", "ab"), ("alpha beta", ""), ("!!!", ""),
        ("is:empty", "b"), ('is:"cut off"', ""), ("-is:empty", "a"), ("model:models/gpt-4o", "ab"),
    ],
)  # fmt: skip
def test_what_a_query_finds(tmp_path: Path, query: str, found: str) -> None:
    put(tmp_path / "a.json", chat("alpha one", test="t.py::one"))
    put(tmp_path / "b.json", chat("beta", "", test="t.py::two"))
    shelf = library(tmp_path)
    shelf.refresh()
    assert "".join(sorted(row.path[0] for row in shelf.index.rows(search.where(query)))) == found
