"""Tests and their variants, as a table and on the page of a test."""

from __future__ import annotations

import json
from urllib.parse import quote

import pytest

from tests.web.pages import Page, Shelf, message, recording

BASE = "tests/test_lamp.py::test_lit"


@pytest.fixture
def lamps(shelf: Shelf) -> Shelf:
    for name, model, reply in (("a", "gpt-4o", "Yes."), ("b", "gpt-4o-mini", "Yes."), ("c", "o3", "It is lit.")):
        id = f"{BASE}[client-txt=openai/{model}]"
        shelf.put(f"{name}.json", recording(reply, test_id=id, model=model))
    shelf.put("d.json", recording(test_id="tests/test_fog.py::test_alone"))
    return shelf


def states(page: Page) -> list[str]:
    return [its["class"] or "" for _, its in page.tags if (its.get("class") or "").startswith("state ")]


def test_variants_stand_beside_each_other(lamps: Shelf) -> None:
    page = lamps.page("/matrix")
    assert states(page) == ["state state-first", "state state-same", "state state-other-words"]
    assert "1 test function" in page.text
    linked = [its["href"] for _, its in page.tags if (its.get("href") or "").startswith("./compare/")]
    assert f"./compare/{lamps.uid('a.json')}/{lamps.uid('c.json')}" in linked


def test_another_column_may_be_the_first(lamps: Shelf) -> None:
    page = lamps.page("/matrix?to=openai/o3")
    assert states(page) == ["state state-first", "state state-other-words", "state state-other-words"]


def test_a_query_narrows_them(lamps: Shelf) -> None:
    assert states(lamps.page("/matrix?q=-model:o3")) == ["state state-first", "state state-same"]
    assert "No test here is recorded" in lamps.page("/matrix?q=model:o3").text
    assert lamps.client.get("/matrix?q=modle:x").status_code == 200


def test_calls_are_told_from_words(lamps: Shelf) -> None:
    def calling(city: str, words: str) -> str:
        whole = json.loads(recording(test_id=f"{BASE}_calls[txt=p/{city}{words}]", model=f"{city}{words}"))
        call = {"id": "x", "type": "function", "function": {"name": "ring", "arguments": json.dumps({"at": city})}}
        answer = whole["response"]["body"]["__data__"]["choices"][0]
        answer["message"] = message(words, "assistant", tool_calls=[call])
        return json.dumps(whole)

    for name, (city, words) in {"e": ("A", "a"), "f": ("A", "b"), "g": ("B", "a")}.items():
        lamps.put(f"{name}.json", calling(city, words))
    assert states(lamps.page("/matrix?q=test:calls")) == [
        "state state-first", "state state-same-calls", "state state-other-calls",
    ]  # fmt: skip


def test_a_test_shows_its_variants(lamps: Shelf) -> None:
    page = lamps.page(f"/t/{BASE}[client-txt=openai/gpt-4o]")
    assert "2 variants of this test" in page.text
    assert states(page) == ["state state-same", "state state-other-words"]


def test_many_come_in_pages(shelf: Shelf) -> None:
    for number in range(45):
        for model in ("m1", "m2"):
            shelf.path.joinpath(f"{number}{model}.json").write_text(
                recording(test_id=f"t.py::test_{number:02}[{model}]", model=model)
            )
    shelf.refresh()
    page = shelf.page("/matrix")
    assert "1 to 40 of 45" in page.text
    following = next(its["href"] for _, its in page.tags if its.get("rel") == "next")
    assert "41 to 45 of 45" in shelf.page(f"/{following}".replace("/./", "/")).text


def test_names_of_tests_and_models_are_text(shelf: Shelf) -> None:
    evil = '"><img src=x onerror=alert(1)></a><script>alert(2)</script> \u202e \x1b[31m'
    for name, model in (("a", evil), ("b", f"{evil}2"), ("c", "javascript:alert(1)"), ("d", "%2e%2e/..\\x?y#z")):
        id = f"tests/{evil}.py::test_{evil}[{evil}-txt=p/{model}]"
        shelf.put(f"{name}.json", recording(f"Yes {model}", [message("Lit?")], test_id=id, model=model, **{evil: name}))
        shelf.put(f"{name}2.json", recording(model, [message("Lit?")], test_id=f"t.py::test_lit[{model}]", model=model))
    for address in ("matrix", "matrix?by=parameters", f"matrix?by={quote(evil)}", f"e/{shelf.uid('a.json')}/beside"):
        page = shelf.page(f"/{address}")
        assert "onerror=alert(1)" in page.text
        assert page.inline_scripts == []
        assert "onerror" not in {name for _, attributes in page.tags for name in attributes}
        assert not {"\u202e", "\x1b"} & {*page.text}
        links = [at for name, at in page.addresses() if name == "href"]
        assert not [at for at in links if at.lower().startswith("javascript:")]
    linked = [its["href"] or "" for _, its in shelf.page("/matrix").tags if (its.get("href") or "").startswith("./t/")]
    assert linked
    assert {shelf.client.get(at[1:]).status_code for at in linked} == {200}
