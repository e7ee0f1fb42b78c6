"""The page that compares two exchanges."""

from __future__ import annotations

import json
from typing import Any

import pytest

from inspector.web import Settings
from tests.web.pages import HTMX, Page, Shelf, message, recording

TOOL = {
    "type": "function",
    "function": {"name": "ring", "parameters": {"type": "object", "properties": {"times": {"type": "integer"}}}},
}


def changed(text: str, *at: Any, to: Any) -> str:
    value = whole = json.loads(text)
    for key in at[:-1]:
        value = value[key]
    value[at[-1]] = to
    return json.dumps(whole)


def compared(shelf: Shelf, before: str, after: str, query: str = "") -> Page:
    ids = shelf.put("before.json", before), shelf.put("after.json", after)
    return shelf.page(f"/compare/{ids[0]}/{ids[1]}{query}")


def places(page: Page) -> list[str]:
    """Where links on the page itself lead to."""
    return [link[1:] for tag, its in page.tags if (link := its.get("href") or "").startswith("#") and tag == "a"]


def html(shelf: Shelf, query: str = "") -> str:
    return shelf.client.get(f"/compare/{shelf.uid('before.json')}/{shelf.uid('after.json')}{query}").text


def test_words_that_went_and_came_are_marked_and_named(shelf: Shelf) -> None:
    page = compared(shelf, recording("It has 128 experts."), recording("It has 16 experts."))
    text = html(shelf)
    assert "<del>128</del><ins>16</ins>" in text
    assert "reply: &#34;It has 128 experts.&#34; → &#34;It has 16 experts.&#34;" in text
    assert "Another answer" in page.text
    assert {"reply", "reply-p0", "reply-p0.1"} <= {*page.ids}


def test_sources_that_went_and_came_stand_below_the_words(shelf: Shelf) -> None:
    def citing(title: str) -> str:
        source = {"title": title, "url": "https://sea.example", "start_index": 0, "end_index": 2}
        answer = ("response", "body", "__data__", "choices", 0, "message", "annotations")
        return changed(recording("It is lit."), *answer, to=[{"type": "url_citation", "url_citation": source}])

    page = compared(shelf, citing("The log"), citing("<b>The map"))
    assert "reply-p0-cited" in places(page)
    assert "reply-p0-cited" in page.ids
    text = html(shelf)
    assert "<del>The log (https://sea.example)</del>" in text
    assert "<ins>&lt;b&gt;The map (https://sea.example)</ins>" in text


def test_every_difference_leads_to_its_place(shelf: Shelf) -> None:
    before = recording("One.", [message("Is it lit?"), message("Yes", "assistant"), message("Sure?")])
    after = recording("Two.", [message("Is it lit?"), message("No", "assistant"), message("Sure?"), message("Really?")])
    for key, values in (("tools", ([], [TOOL])), ("temperature", (0.7, 0.2)), ("stop", (["a b"], ["a b", "c"]))):
        before = changed(before, "request", "body", key, to=values[0])
        after = changed(after, "request", "body", key, to=values[1])
    page = compared(
        shelf, before, changed(after, "response", "body", "__data__", "choices", 0, "finish_reason", to="length")
    )
    assert [place for place in places(page) if place not in page.ids] == []
    assert len(page.ids) == len({*page.ids})
    assert "temperature 0.7 → 0.2" in page.text
    assert "tool ring added" in page.text
    assert "finish stop → length" in page.text


def test_what_is_the_same_at_the_beginning_is_folded(shelf: Shelf) -> None:
    same = [message(f"Question {number}?") for number in range(12)]
    page = compared(shelf, recording("A", [*same, message("old")]), recording("A", [*same, message("new")]))
    assert "12 messages the same" in page.text
    assert "Something else was asked, and the answer says the same" in page.text


@pytest.mark.parametrize(
    ("at", "to", "title"),
    [
        (("response", "body", "__data__", "id"), "rec-2", "Nothing but noise differs"),
        (("test_id",), "tests/test_lamp.py::test_lit[b]", "Nothing differs"),
        (("response", "body", "__data__", "choices", 0, "message", "content"), "No.", "Another answer"),
    ],
)
def test_the_page_says_what_it_amounts_to(shelf: Shelf, at: Any, to: Any, title: str) -> None:
    assert title in compared(shelf, recording(), changed(recording(), *at, to=to)).text


def test_recorded_text_is_text(shelf: Shelf) -> None:
    evil = "<img src=x onerror=alert(1)></pre><script>alert(2)</script> \u202e \x1b[31m"
    before = recording(f"a {evil}", [message(evil)], model=evil, test_id=f"t::{evil}")
    after = recording(f"b {evil} {evil}", [message(f"{evil} x")], model=f"{evil}x", test_id=f"t::{evil}")
    before = changed(before, "request", "body", evil, to={evil: evil})
    page = compared(shelf, before, after)
    assert page.inline_scripts == []
    assert "onerror" not in {name for _, attributes in page.tags for name in attributes}
    assert "\u202e" not in page.text
    assert "\x1b" not in page.text


def test_secrets_are_masked_and_differ_in_nothing(shelf: Shelf) -> None:
    first, second = (recording(f"The key is sk-{letter * 40}.") for letter in "ab")
    page = compared(shelf, first, second)
    assert "aaaa" not in html(shelf)
    assert "Nothing differs" in page.text


def test_a_view_is_in_the_address_and_a_part_of_a_page_comes_alone(shelf: Shelf) -> None:
    compared(shelf, recording("a " * 2000 + "x"), recording("a " * 2000 + "y"))
    assert 'data-view="two"' in html(shelf, "?view=two")
    assert 'data-view=""' in html(shelf, "?view=<b>")
    assert "the same …" in html(shelf, "?only=1")
    ids = shelf.uid("before.json"), shelf.uid("after.json")
    assert "<html" not in shelf.client.get(f"/compare/{ids[0]}/{ids[1]}", headers=HTMX).text
    assert shelf.client.get(f"/compare/{ids[0]}/0123456789abcdef").status_code == 404


def test_a_long_conversation_comes_in_pages(shelf: Shelf) -> None:
    old = [message(f"Question {number}?") for number in range(150)]
    new = [message(f"Question {number}, please?") for number in range(150)]
    page = compared(shelf, recording("A", old), recording("A", new))
    assert page.text.count("please") < 150
    assert [place for place in places(page) if place not in page.ids] == []
    second = html(shelf, "?from=60")
    assert f'{shelf.uid("before.json")}/{shelf.uid("after.json")}#m3-p0"' in second, "on the first page"
    following = next(its["href"] for _, its in page.tags if its.get("rel") == "next")
    assert following is not None
    assert "Question 61" in shelf.page("/" + following.replace("../", "")).text


def test_where_words_are_not_compared_any_more_the_page_says_so(shelf: Shelf) -> None:
    before = " ".join(f"w{number % 97}" for number in range(20_000))
    after = " ".join(f"w{number * 31 % 97}" for number in range(20_000))
    assert "too little in common" in compared(shelf, recording(before), recording(after)).text


def test_what_nobody_reads_is_compared_by_its_keys(shelf: Shelf) -> None:
    def plain(keeper: str) -> str:
        text = changed(recording(), "request", "url", to="https://lighthouse.example/keepers")
        text = changed(text, "request", "body", to={"night": 1})
        return changed(text, "response", "body", to={"keeper": keeper, "lamp": "lit"})

    page = compared(shelf, plain("Ada"), plain("Bo"))
    assert 'reply keeper: "Ada" → "Bo"' in page.text
    assert "reply.keeper" in page.ids


@pytest.mark.long
def test_the_samples_compare_with_each_other(samples: Shelf) -> None:
    rows = samples.rows
    for before, after in zip(rows[:60], rows[7:67], strict=True):
        page = samples.page(f"/compare/{before.uid}/{after.uid}")
        assert len(page.ids) == len({*page.ids}), f"{before.path} {after.path}"
        assert [place for place in places(page) if place not in page.ids] == [], f"{before.path} {after.path}"


def test_an_unmasked_page_compares_secrets(shelf: Shelf) -> None:
    shelf.put("before.json", recording(f"The key is sk-{'a' * 40}."))
    shelf.put("after.json", recording(f"The key is sk-{'b' * 40}."))
    open_shelf = Shelf(shelf.path, Settings(unmasked=True))
    ids = open_shelf.uid("before.json"), open_shelf.uid("after.json")
    assert "Another answer" in open_shelf.page(f"/compare/{ids[0]}/{ids[1]}").text
    open_shelf.close()


def test_vectors_that_point_elsewhere_have_a_place(shelf: Shelf) -> None:
    def embedded(first: float) -> str:
        text = changed(recording(), "request", "url", to="https://api.openai.com/v1/embeddings")
        text = changed(text, "request", "body", to={"model": "e", "input": "fog"})
        vector = {"embedding": [first, *([1.0] * 9)], "index": 0, "object": "embedding"}
        body = {"__type__": "x", "__data__": {"object": "list", "model": "e", "data": [vector]}}
        return changed(text, "response", "body", to=body)

    page = compared(shelf, embedded(1.0), embedded(-40.0))
    assert "Another answer" in page.text
    assert [place for place in places(page) if place not in page.ids] == []


def test_what_is_nested_deep_is_shown(shelf: Shelf) -> None:
    def deep(leaf: int) -> Any:
        value: Any = {"leaf": leaf}
        for level in range(400):
            value = {"down": [value], f"own{level}": leaf}
        return value

    before, after = (changed(recording(), "request", "body", "metadata", to=deep(leaf)) for leaf in (1, 2))
    page = compared(shelf, before, after)
    assert "more differences are not shown" in page.text
