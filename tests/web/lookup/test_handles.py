from __future__ import annotations

import pytest

from tests.making import chat, put
from tests.web.pages import Shelf


@pytest.mark.parametrize(
    ("what", "address"),
    [
        ("tests/a.py::test_one", "t/tests/a.py%3A%3Atest_one"), ("test_one", "t/test_one"),
        ("sub/0123abcd.json", "p/sub/0123abcd.json"),
        ("0123abcd.json", "p/0123abcd.json"), ("0123ab", "h/0123ab"), ("h/0123ab", "h/0123ab"),
        ("t/nobody", "t/nobody"), ("nothing of this", "p/nothing%20of%20this"),
        ("//elsewhere.example", "p/?id=%2F%2Felsewhere.example"),
    ],
)  # fmt: skip
def test_what_somebody_has_in_hand(shelf: Shelf, what: str, address: str) -> None:
    put(shelf.path / "sub" / "0123abcd.json", chat())
    shelf.refresh()
    answer = shelf.client.get("/find", query_string={"what": what})
    assert (answer.status_code, answer.headers["Location"]) == (302, f"./{address}")


def test_an_id_leads_to_its_exchange(shelf: Shelf) -> None:
    uid = shelf.put("a.json", chat().decode())
    assert shelf.client.get("/find", query_string={"what": uid}).headers["Location"] == f"./e/{uid}"
    assert shelf.client.get("/find").headers["Location"] == "./"


def test_the_search_field_leads_to_what_a_query_names_outright(shelf: Shelf) -> None:
    """A test for five of the ways; words, and what several may mean, are searched."""
    put(shelf.path / "sub" / "0123abcd.json", chat())
    shelf.refresh()
    (row,) = shelf.rows
    for query, address in (
        (row.uid, f"e/{row.uid}"),
        ("0123abcd", "h/0123abcd"),
        ("sub/0123abcd.json", "p/sub/0123abcd.json"),
        ("a.py::test_one", "t/a.py%3A%3Atest_one"),
        (f"http://127.0.0.1:8808/prefix/e/{row.uid}/stream?at=3#c3", f"e/{row.uid}/stream?at=3#c3"),
        ("test_one", ""),
        ("lamp", ""),
        ("http://elsewhere.example/e/0123456789abcdef", ""),
    ):
        answer = shelf.client.get("/", query_string={"q": query})
        assert answer.headers.get("Location", "").removeprefix("./") == address, query
