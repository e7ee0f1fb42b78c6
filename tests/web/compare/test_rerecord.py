"""The pages of what changed since an earlier state."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from inspector.web.compare import rerecord
from tests.web.pages import Page, Shelf, message, parse, recording

HOSTILE = '"><script>alert(1)</script>\u202e'


@pytest.fixture
def compared(shelf: Shelf, tmp_path: Path) -> Shelf:
    """Seven recordings: one answer changed, three settings alike, one only in its id, one new, one gone."""
    old = tmp_path / "old"
    old.mkdir()

    def both(name: str, before: str | None, after: str | None) -> None:
        if before is not None:
            (old / name).write_text(before, "utf-8")
        if after is not None:
            shelf.put(name, after)

    both("answer.json", _asked("Is it lit?", "It is lit."), _asked("Is it lit?", f"It is out. {HOSTILE}"))
    for number in range(3):
        before = recording("Aye.", [message(f"Ask {number}")]).replace('"stream": false', '"stream": false, "n": 1')
        both(f"setting{number}.json", before, recording("Aye.", [message(f"Ask {number}")]))
    both("noise.json", _asked("Fog?", "None."), _asked("Fog?", "None.").replace("rec-1", "rec-2"))
    both("new.json", None, _asked("What is new?", "The paint.", "tests/test_lamp.py::test_new"))
    both("gone.json", _asked("What is gone?", "The rust.", "tests/test_lamp.py::test_gone"), None)
    rerecord.compare_with(shelf.app, str(old))
    with shelf.app.app_context():
        one = rerecord.against()
        assert one
        one.fresh(shelf.keeper.library)
    return shelf


def _asked(said: str, reply: str, test: str = "tests/test_lamp.py::test_lit") -> str:
    return recording(reply, [message(said)], test_id=test)


def _members(page: Page) -> list[str]:
    return [its["data-review"] or "" for _, its in page.having("data-review")]


def test_kinds_stand_with_their_members(compared: Shelf) -> None:
    page = compared.page("/changes")
    assert "5 kinds of change: 1 answer changed, 3 requests changed with the same answer, 1 new, 1 gone, 1 noise" in (
        " ".join(page.text.split())
    )
    assert len(_members(page)) == 7
    assert "n 1 → absent" in page.text
    links = [its.get("href") or "" for tag, its in page.tags if tag == "a"]
    assert f"./compare/{compared.uid('answer.json')}/before" in links
    assert f"./e/{compared.uid('new.json')}" in links


def test_many_kinds_come_in_pages(compared: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rerecord, "_KINDS", 2)
    address: str | None = "/changes"
    kinds: list[str] = []
    while address:
        page = compared.page(address)
        assert "7 changes since" in page.text
        kinds += [its["id"] or "" for _, its in page.tags if its.get("class") == "change-kind"]
        address = next(
            (f"/{its['href'][2:]}" for _, its in page.tags if its.get("rel") == "next" and its["href"]), None
        )
    assert len(kinds) == len({*kinds}) == 5


def test_a_page_has_room_for_so_many_members_and_leads_to_the_others(
    compared: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rerecord, "FEW", 1)
    monkeypatch.setattr(rerecord, "_ROOM", 2)
    page = compared.page("/changes")
    assert len(_members(page)) == 5, "the answer, one setting that there is room for, and one of every other kind"
    (others,) = (its["href"] or "" for _, its in page.tags if its.get("rel") == "next")
    assert "all 3" in page.text
    assert len(_members(compared.page(f"/{others[2:]}"))) == 3


def test_the_list_says_how_many_there_are_of_each_verdict(compared: Shelf) -> None:
    assert "What changed: 1 answer, 3 request, 1 new, 1 gone, 1 noise" in " ".join(compared.page("/").text.split())


def test_an_exchange_stands_beside_what_it_was(compared: Shelf) -> None:
    page = compared.page(f"/compare/{compared.uid('answer.json')}/before")
    assert "lit" in page.text
    assert "out." in page.text
    assert not page.inline_scripts
    assert not [its for tag, its in page.tags if tag == "script" and not (its.get("src") or "").startswith("../")]
    again = [its.get("href") or "" for tag, its in page.tags if tag == "a" and "only=1" in (its.get("href") or "")]
    assert again
    assert all("/before?" in address for address in again)


@pytest.mark.parametrize("name", ["new.json", "missing"])
def test_what_has_no_other_side_says_so(name: str, compared: Shelf) -> None:
    uid = compared.uid(name) if name != "missing" else "0" * 16
    answer = compared.client.get(f"/compare/{uid}/before")
    assert answer.status_code == 404
    assert "new" in answer.text or "no such exchange" in answer.text


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("verdict:answer", ["answer.json"]),
        ("verdict:request", ["setting0.json", "setting1.json", "setting2.json"]),
        ("is:changed", ["answer.json", "new.json", "noise.json", "setting0.json", "setting1.json", "setting2.json"]),
        ("-is:changed", ["same.json"]),
        ("verdict:same", ["same.json"]),
        ("verdict:new OR verdict:noise", ["new.json", "noise.json"]),
    ],
)
def test_queries_ask_for_verdicts(query: str, names: list[str], compared: Shelf, tmp_path: Path) -> None:
    (tmp_path / "old" / "same.json").write_text(_asked("Same?", "Same."), "utf-8")
    compared.put("same.json", _asked("Same?", "Same."))
    rerecord.compare_with(compared.app, str(tmp_path / "old"))
    compared.page("/changes")
    _wait(compared)
    found = compared.page(f"/?q={query.replace(' ', '+')}")
    rows = sorted(its["data-uid"] or "" for _, its in found.having("data-uid"))
    assert rows == sorted(compared.uid(name) for name in names)


def _wait(shelf: Shelf) -> None:
    with shelf.app.app_context():
        one = rerecord.against()
        assert one
        one.fresh(shelf.keeper.library)


def test_without_an_earlier_state_nothing_has_a_verdict(shelf: Shelf) -> None:
    shelf.put("a.json", recording())
    assert not shelf.page("/?q=is:changed").having("data-uid")
    assert "against" in [its.get("name") for tag, its in shelf.page("/changes").tags if tag == "input"]


def test_the_list_marks_what_changed(compared: Shelf) -> None:
    page = compared.page("/")
    badges = [its.get("class") or "" for tag, its in page.tags if "verdict-" in (its.get("class") or "")]
    assert sorted(badge.rpartition("-")[2] for badge in badges) == ["answer", "new", *["request"] * 3]


def test_a_change_that_changes_is_another(compared: Shelf) -> None:
    """What was viewed is remembered by what it said."""

    def prints() -> dict[Any, Any]:
        return {its["data-review"]: its["data-print"] for _, its in compared.page("/changes").having("data-review")}

    before = prints()
    uid = compared.uid("answer.json")
    compared.put("answer.json", _asked("Is it lit?", "Nobody knows."))
    after = prints()
    assert {id for id in before if before[id] != after.get(id)} == {uid}


def test_the_page_narrows_as_the_list_does(compared: Shelf) -> None:
    assert _members(compared.page("/changes?q=verdict:answer")) == [compared.uid("answer.json")]
    assert "Nothing of it is found" in compared.page("/changes?q=model:nobody").text
    assert "there is no field" in compared.page("/changes?q=lamp:1").text


def test_another_state_is_chosen_on_the_page(compared: Shelf, tmp_path: Path) -> None:
    """A revision, or what is served too; a path of this machine is none of both."""
    own = {"Origin": "http://localhost"}
    answer = compared.client.post("/changes", data={"against": str(tmp_path)}, headers=own)
    assert answer.status_code == 303
    with compared.app.app_context():
        one = rerecord.against()
    assert one
    assert one.given == f"git:{tmp_path}"
    assert one.fresh(compared.keeper.library) is None
    assert "git" in compared.client.get("/changes").text
    assert compared.client.post("/changes", data={"against": " "}, headers=own).status_code == 422


def test_what_is_served_too_is_no_part_of_the_later_state(shelf: Shelf) -> None:
    for folder, reply in (("old", "Lit."), ("new", "Out.")):
        (shelf.path / folder).mkdir()
        shelf.put(f"{folder}/a.json", _asked("Is it lit?", reply))
    shelf.client.post("/changes", data={"against": "old"}, headers={"Origin": "http://localhost"})
    _wait(shelf)
    page = parse(shelf.client.get("/changes").text)
    assert _members(page) == [shelf.uid("new/a.json")]
