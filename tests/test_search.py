from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector import search
from inspector.index import Index
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


@given(st.text(max_size=60) | st.text(alphabet='ab "-:*%_\\is\ud800', max_size=60))
def test_no_query_breaks_the_index(query: str) -> None:
    try:
        where = search.where(query)
    except search.QueryError:
        return
    _INDEX.rows(where)


_INDEX = Index(None)


@pytest.mark.parametrize("query", ["a " * 2000, "x" * 60_000, "model:" + "*" * 60_000, "is:od", "modle:x"])
def test_what_sqlite_would_fail_at_is_said(query: str) -> None:
    with pytest.raises(search.QueryError):
        search.where(query)
