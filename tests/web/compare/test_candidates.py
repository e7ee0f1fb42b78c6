"""What an exchange may be compared with, and what is said of answers side by side."""

from __future__ import annotations

import re

import pytest

from tests.web.compare.test_comparison import changed
from tests.web.pages import Page, Shelf, message, recording


@pytest.fixture
def several(shelf: Shelf) -> Shelf:
    shelf.put("own.json", recording("It is lit."))
    shelf.put("again.json", recording("It is not lit."))
    shelf.put("hot.json", changed(recording("Yes, it is."), "request", "body", "temperature", to=0.9))
    shelf.put("other.json", recording("Fog.", [message("What is outside?")], test_id="tests/test_fog.py::test_fog"))
    return shelf


def links(page: Page) -> list[str]:
    return [(its["href"] or "").replace("../", "") for tag, its in page.tags if tag == "a" and its.get("href")]


def test_repeats_and_other_ways_to_ask_are_offered(several: Shelf) -> None:
    own = several.uid("own.json")
    offered = links(several.page(f"/compare/{own}"))
    assert f"compare/{own}/{several.uid('again.json')}" in offered
    assert f"compare/{own}/{several.uid('hot.json')}" in offered
    assert f"compare/{own}/{several.uid('other.json')}" not in offered


def test_any_other_is_found_by_a_query(several: Shelf) -> None:
    own = several.uid("own.json")
    assert f"compare/{own}/{several.uid('other.json')}" in links(several.page(f"/compare/{own}?q=outside"))
    wrong = several.page(f"/compare/{own}?q=modle:x")
    assert [its["class"] for _, its in wrong.tags if its.get("role") == "alert" and its.get("class")] == ["query-error"]


def test_what_is_ticked_in_the_list_is_compared_without_scripts(several: Shelf) -> None:
    own, again, hot = (several.uid(f"{name}.json") for name in ("own", "again", "hot"))
    boxes = [its for tag, its in several.page("/").tags if tag == "input" and its.get("name") == "with"]
    assert {box["value"] for box in boxes} >= {own, again, hot}
    assert {box["form"] for box in boxes} == {"picked"}
    assert several.client.get(f"/compare?with={own}&with={again}").headers["Location"] == f"./compare/{own}/{again}"
    assert several.client.get(f"/compare?with={own}").headers["Location"] == f"./compare/{own}"
    three = several.client.get(f"/compare?with={own}&with={again}&with={hot}")
    assert f"compare/{own}/{hot}" in links(several.page(three.headers["Location"].removeprefix(".")))
    assert several.client.get("/compare").headers["Location"] == "./"
    assert several.client.get("/compare?with=//evil").headers["Location"] == "./compare/%2F%2Fevil"


def test_an_exchange_leads_there(several: Shelf) -> None:
    own = several.uid("own.json")
    assert f"compare/{own}" in links(several.page(f"/e/{own}"))


def test_answers_side_by_side_say_what_was_asked_otherwise(several: Shelf) -> None:
    page = several.page(f"/e/{several.uid('own.json')}/beside")
    assert "temperature absent → 0.9" in page.text
    assert 'reply: "It is lit." → "Yes, it is."' in page.text
    assert 'reply: "It is lit." → "It is not lit."' in page.text  # of the same request, too
    assert "Identical answers are merged" not in page.text
    assert f"compare/{several.uid('own.json')}/{several.uid('hot.json')}" in links(page)
    several.remove("hot.json")
    assert "temperature" not in several.page(f"/e/{several.uid('own.json')}/beside").text


def test_in_columns_the_words_are_marked_that_the_first_does_not_say(several: Shelf) -> None:
    told = several.client.get(f"/e/{several.uid('own.json')}/beside").text
    page = several.page(f"/e/{several.uid('own.json')}/beside")
    assert re.findall(r"<ins>(.*?)</ins>", told) == ["not ", "Yes, it is"]
    assert re.findall(r'class="spot"[^>]*>(<del>.*?</del>)', told) == ["<del>It is lit</del>"]
    ids = [its["id"] for _, its in page.having("id")]
    assert len(ids) == len({*ids}), "no two places have one name"
