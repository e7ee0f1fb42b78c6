"""The page of what checks found: by rule, and one click from the exchange."""

from __future__ import annotations

import json

import pytest

from tests.checks.rule_samples import PAT, RANDOM, SAMPLES
from tests.making import put
from tests.web.pages import Page, Shelf


@pytest.fixture
def checked(shelf: Shelf) -> Shelf:
    """A recording for each rule that the index keeps findings of, and one that no rule finds anything in."""
    for code, (trips, _) in SAMPLES.items():
        if code[0] != "P":
            text = trips.document if isinstance(trips.document, str) else json.dumps(trips.document)
            put(shelf.path / code / trips.name, text.encode())
    put(shelf.path / "fine.json", json.dumps(SAMPLES["R401"][1].document).encode())
    shelf.refresh()
    return shelf


def _links(page: Page) -> list[str]:
    return [its["href"] or "" for _, its in page.tags if (its.get("href") or "").startswith("./e/")]


def test_findings_stand_by_rule(checked: Shelf) -> None:
    page = checked.page("/checks")
    shown = [id for id in page.ids if id.startswith("rule-") and not id.endswith("-name")]
    assert shown[:4] == ["rule-c101", "rule-c102", "rule-c103", "rule-f301"], "the worst first"
    assert "rule-e201" not in shown
    assert "rule-e201" in checked.page("/checks?all=1").ids


def test_each_line_leads_to_its_place(checked: Shelf) -> None:
    page = checked.page("/checks?rule=c101")
    uid = checked.uid("C101/lamp.json")
    assert _links(page) == [f"./e/{uid}#m0-p0", f"./e/{uid}#reply-p0"]
    assert {"m0-p0", "reply-p0"} <= {*checked.page(f"/e/{uid}").ids}
    (stream,) = _links(checked.page("/checks?rule=s502"))
    assert stream == f"./e/{checked.uid('S502/lamp.yaml')}/stream?at=4#c4"
    assert "c4" in checked.page(stream[1:].partition("#")[0]).ids


def test_every_place_is_one_of_its_page(checked: Shelf) -> None:
    for link in _links(checked.page("/checks?all=1")):
        address, _, place = link[1:].partition("#")
        page = checked.page(address)
        assert not place or place in page.ids, link


def test_a_query_narrows_them(checked: Shelf) -> None:
    assert checked.page("/checks?q=file:R401").ids.count("rule-r401") == 1
    assert "rule-c101" not in checked.page("/checks?q=file:R401").ids
    assert "Checks found nothing" in checked.page("/checks?q=file:fine").text
    assert checked.client.get("/checks?q=nosuch:x").status_code == 200


@pytest.mark.parametrize("asked", ["rule=X1", "rule=%00", "rule=C101&from=-5", "rule=C101&from=999999999999", "from=x"])
def test_an_address_that_means_nothing(asked: str, checked: Shelf) -> None:
    assert checked.client.get(f"/checks?{asked}").status_code == 200


def test_many_findings_come_in_pages(shelf: Shelf) -> None:
    document, _ = SAMPLES["R401"]
    for number in range(230):
        put(shelf.path / f"{number:03}.json", json.dumps(document.document).encode())
    shelf.refresh()
    assert len(_links(shelf.page("/checks"))) == 20
    first, second = shelf.page("/checks?rule=r401"), shelf.page("/checks?rule=r401&from=200")
    assert (len(_links(first)), len(_links(second))) == (200, 30)
    assert not {*_links(first)} & {*_links(second)}


def test_no_secret_is_on_it(checked: Shelf) -> None:
    html = checked.client.get("/checks?all=1").get_data(as_text=True)
    assert PAT[4:20] not in html
    assert RANDOM[:12] not in html
