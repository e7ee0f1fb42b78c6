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
    assert b'name="what"' in shelf.client.get("/find").data
