"""What goes before, after and beside an exchange, on its page and on pages of their own."""

from __future__ import annotations

from typing import Any

import pytest

from inspector.web.compare.beside import COLUMNS
from inspector.web.story.story_paging import TURNS, WEIGHT
from tests.web.pages import Page, Shelf, message, recording, resolved

LAMP = [message("Is the lamp lit?")]
LIT = message("It is lit.", "assistant")


def _chat(*said: str) -> list[dict[str, Any]]:
    """Messages of the user and the assistant in turn."""
    return [message(text, "assistant" if number % 2 else "user") for number, text in enumerate(said)]


def _links(page: Page, part: str) -> list[str]:
    return [one["href"] or "" for tag, one in page.having("href") if tag == "a" and part in (one["href"] or "")]


def _told(page: Page) -> list[str]:
    return [one.removeprefix("x-turn-") for one in page.ids if one.startswith("x-turn-")]


def _words(page: Page) -> str:
    return " ".join(page.text.split())


def test_before_and_after_are_linked_across_tests(shelf: Shelf) -> None:
    first = shelf.put("a.json", recording("It is lit.", LAMP, test_id="t.py::test_first"))
    second = shelf.put("b.json", recording("Since dusk.", [*LAMP, LIT, message("Since?")], test_id="t.py::test_second"))
    page = shelf.page(f"/e/{second}")
    assert "Continues gpt-4o: It is lit. in test_first" in _words(page)
    assert f"../e/{first}#reply" in _links(page, first)
    assert "Continued in gpt-4o: Since? in test_second" in _words(shelf.page(f"/e/{first}"))
    assert _links(shelf.page(f"/e/{first}"), f"e/{second}")


def test_of_several_copies_the_one_of_the_same_test_is_gone_on_from(shelf: Shelf) -> None:
    for name in ("a", "b", "c"):
        shelf.put(f"{name}.json", recording("It is lit.", LAMP, test_id=f"t.py::test_{name}"))
    after = shelf.put("z.json", recording("Yes.", [*LAMP, LIT, message("Sure?")], test_id="t.py::test_b"))
    page = shelf.page(f"/e/{after}")
    assert "Continues gpt-4o: It is lit. 2 more recordings of that request" in _words(page)
    assert f"../e/{shelf.uid('b.json')}#reply" in _links(page, "#reply")


def test_other_instructions_are_said(shelf: Shelf) -> None:
    old, new = message("Be brief.", "system"), message("Be kind.", "system")
    shelf.put("a.json", recording("It is lit.", [old, *LAMP]))
    after = shelf.put("b.json", recording("Yes.", [new, *LAMP, LIT, message("Sure?")]))
    assert "Continues gpt-4o: It is lit. other instructions" in _words(shelf.page(f"/e/{after}"))


def test_messages_say_where_they_were_recorded(shelf: Shelf) -> None:
    first = shelf.put("a.json", recording("It is lit.", LAMP))
    other = shelf.put("b.json", recording("Since dusk.", [message("Another question")]))
    history = [*LAMP, LIT, message("Since?"), message("Since dusk.", "assistant"), message("?")]
    ours = shelf.put("c.json", recording("Hm.", [*history, message("By hand.", "assistant"), message("!")]))
    page = shelf.page(f"/e/{ours}")
    sources = [
        (one.get("href"), _first_word(page, one)) for _, one in page.having("class") if one["class"] == "recorded"
    ]
    assert sources == [(f"../e/{first}#reply", True), (f"../e/{other}#reply", False), (None, False)]
    assert page.text.count("from another recording") == 1
    assert page.text.count("written by the test") == 1


def _first_word(page: Page, attributes: dict[str, str | None]) -> bool:
    return (attributes["title"] or "").startswith("This is the reply that was recorded for what stands before it")


def test_no_claim_about_a_file_that_changed(shelf: Shelf) -> None:
    uid = shelf.put("a.json", recording("Yes.", [*LAMP, LIT, message("Sure?")]))
    (shelf.path / "a.json").write_text(recording("Yes.", [message("New"), *LAMP, LIT, message("Sure?")]))
    assert "written by the test" not in shelf.page(f"/e/{uid}").text


def test_the_same_request_is_grouped_by_its_answers(shelf: Shelf) -> None:
    uid = shelf.put("a.json", recording("Yes.", LAMP))
    assert "same request" not in shelf.page(f"/e/{uid}").text
    shelf.put("b.json", recording("Yes.", LAMP, test_id="t.py::test_b"))
    assert "recorded 1 more time, same reply: side by side" in _words(shelf.page(f"/e/{uid}"))
    shelf.put("c.json", recording("No.", LAMP, test_id="t.py::test_c"))
    shelf.put("d.json", recording("Who knows.", LAMP, model="gpt-5"))
    shelf.put("e.json", recording("Perhaps.", LAMP, model="gpt-6"))
    page = _words(shelf.page(f"/e/{uid}"))
    assert "recorded 2 more times, 1 with different replies · same prompt to 2 other models: side by side" in page
    beside = shelf.page(f"/e/{uid}/beside")
    assert "4 answers to the same prompt" in beside.text
    assert "recorded 2 times" in _words(beside)
    columns = [one for one in beside.ids if one.startswith("x-column-")]
    assert columns == [f"x-column-{shelf.uid(name)}" for name in ("a.json", "c.json", "d.json")]
    last = shelf.page(f"/e/{uid}/beside?from={shelf.uid('e.json')}")
    assert [one for one in last.ids if one.startswith("x-column-")] == [columns[0], f"x-column-{shelf.uid('e.json')}"]


def test_columns_are_walked_both_ways(shelf: Shelf) -> None:
    uid = shelf.put("a.json", recording("0", LAMP))
    for number in range(1, 9):
        shelf.put(f"b{number}.json", recording(str(number), LAMP, test_id=f"t.py::test_{number}"))
    seen: list[str] = []
    address: str | None = f"/e/{uid}/beside"
    pages = []
    while address:
        pages.append(address)
        page = shelf.page(address)
        columns = [one for one in page.ids if one.startswith("x-column-")]
        assert len(columns) <= COLUMNS
        seen += columns[1:]
        following = [one["href"] or "" for _, one in page.having("rel") if one["rel"] == "next"]
        address = resolved(address, following[0]) if following else None
    assert len(seen) == len(set(seen)) == 8
    back = [one["href"] or "" for _, one in page.having("rel") if one["rel"] == "prev"]
    assert resolved(pages[-1], back[0]) == pages[-2]


def test_ways_on_begin_where_they_differ(shelf: Shelf) -> None:
    uid = shelf.put("a.json", recording("It is lit.", LAMP))
    shelf.put("b.json", recording("At dusk.", [*LAMP, LIT, message("When?")]))
    shelf.put("c.json", recording("By me.", [*LAMP, LIT, message("By whom?")]))
    page = shelf.page(f"/e/{uid}/beside?of=ways")
    assert "2 continuations" in page.text
    assert "2 messages, the same in all" in page.text
    assert page.text.count("Is the lamp lit?") == 1, "in the title alone: what is the same is folded"
    assert {"When?", "By whom?", "At dusk.", "By me."} <= set(map(str.strip, page.texts))


@pytest.mark.parametrize("test", ["t.py::test_one", None])
def test_a_fork_stands_side_by_side_in_the_story(shelf: Shelf, test: str | None) -> None:
    shelf.put("a.json", recording("It is lit.", LAMP, test_id=test))
    shelf.put("b.json", recording("At dusk.", [*LAMP, LIT, message("When?")], test_id=test))
    end = shelf.put("c.json", recording("By me.", [*LAMP, LIT, message("By whom?")], test_id=test))
    shelf.put("other.json", recording("Fine.", [message("How are you?")], test_id=None))
    page = shelf.page("/t/t.py::test_one" if test else f"/e/{end}/story?from={shelf.uid('a.json')}")
    assert _told(page) == [shelf.uid(name) for name in ("a.json", "b.json", "c.json")]
    assert "2 continuations of 1 · Compare" in _words(page)
    assert len([one for _, one in page.having("class") if one["class"] == "column"]) == 2
    assert _links(page, f"e/{shelf.uid('a.json')}/beside?of=ways")


def test_the_same_prompt_is_told_once_in_a_story(shelf: Shelf) -> None:
    for number in range(3):
        shelf.put(f"{number}.json", recording(f"Answer {number}.", LAMP))
    page = shelf.page("/t/tests/test_lamp.py::test_lit[a]")
    shown = page.text.partition("3 answers to this prompt")
    assert shown[0].count("Is the lamp lit?") >= 1
    assert "Is the lamp lit?" not in shown[2].partition("</article>")[0]
    assert all(f"Answer {number}." in shown[2] for number in range(3))


def test_the_main_line_of_a_story_keeps_the_width_and_folds_what_goes_another_way(shelf: Shelf) -> None:
    said = ["Is the lamp lit?"]
    for number in range(6):
        shelf.put(f"main-{number}.json", recording(f"Answer {number}.", _chat(*said)))
        said += [f"Answer {number}.", f"And {number}?"]
    begin = _chat(*said[:3])
    copies = [shelf.put(f"z-{number}.json", recording("Answer 1.", begin)) for number in range(2)]
    other = shelf.put("z-other.json", recording("Ask the keeper.", begin))
    page = shelf.page("/t/tests/test_lamp.py::test_lit[a]")
    assert not [one for _, one in page.having("class") if one["class"] in ("column", "columns")]
    folds = [one["id"] for tag, one in page.having("id") if tag == "details" and one.get("class") == "branch"]
    assert folds == [f"x-copies-{copies[0]}", f"x-branch-{other}"]
    assert "also recorded: 2 × the same answer (7, 8)" in _words(page)
    assert "other answer (9): Ask the keeper." in _words(page)
    assert sorted(_told(page)) == sorted(row.uid for row in shelf.rows)
    assert page.text.count("And 0?") == 2, "the prompt of both answers is told once, and among the user's turns"


def test_columns_end_with_the_shortest_branch(shelf: Shelf) -> None:
    shelf.put("a.json", recording("It is lit.", LAMP))
    shelf.put("b.json", recording("At dusk.", [*LAMP, LIT, message("When?")]))
    shelf.put("b2.json", recording("Each day.", [*LAMP, LIT, *_chat("When?", "At dusk.", "Daily?")]))
    shelf.put("c.json", recording("By me.", [*LAMP, LIT, message("By whom?")]))
    shelf.put("c2.json", recording("By me.", [*LAMP, LIT, message("By whom?")]))
    page = shelf.page("/t/tests/test_lamp.py::test_lit[a]")
    assert len([one for _, one in page.having("class") if one["class"] == "column"]) == 2
    words = _words(page)
    assert words.index("By me.") < words.index("Each day."), "after the columns, as wide as the page"
    assert "also recorded: the same answer as 4 (5)" in words


def test_a_story_is_a_window_with_links_both_ways(shelf: Shelf) -> None:
    said: list[str] = []
    for number in range(2 * TURNS + 5):
        said.append(f"Question {number}")
        shelf.put(f"{number:03}.json", recording(f"Answer {number}", _chat(*said)))
        said.append(f"Answer {number}")
    uids = [row.uid for row in shelf.rows]
    address: str | None = "/t/tests/test_lamp.py::test_lit[a]"
    seen: list[str] = []
    while address:
        page = shelf.page(address)
        assert len(_told(page)) <= TURNS
        seen += _told(page)
        following = [one["href"] or "" for _, one in page.having("rel") if one["rel"] == "next"]
        before, address = address, resolved(address, following[0]) if following else None
    assert seen == uids
    back = [one["href"] or "" for _, one in page.having("rel") if one["rel"] == "prev"]
    assert _told(shelf.page(resolved(before, back[0]) or ""))[-1] == uids[2 * TURNS - 1]
    middle = shelf.page(f"/e/{uids[7]}")
    assert "8 / 45" in middle.text
    story = next(one["href"] or "" for _, one in middle.having("class") if one["class"] == "count")
    assert _told(shelf.page(resolved(f"/e/{uids[7]}", story) or ""))[0] == uids[7]
    assert len(_told(shelf.page("/t/tests/test_lamp.py::test_lit[a]?from=nonsense"))) == TURNS


def test_heavy_exchanges_make_a_shorter_page(shelf: Shelf) -> None:
    for number in range(4):
        shelf.put(f"{number}.json", recording("Long.", [message(f"{number}" + "x" * (WEIGHT // 2))]))
    assert len(_told(shelf.page("/t/tests/test_lamp.py::test_lit[a]"))) == 1


@pytest.mark.long
def test_the_story_of_any_exchange_has_an_address(samples: Shelf) -> None:
    for row in samples.rows:
        address = f"/e/{row.uid}/story"
        answer = samples.client.get(address)
        if answer.status_code == 302:
            answer = samples.client.get(resolved(address, answer.headers["Location"]) or "")
        assert answer.status_code == 200, row.path
        assert f"x-turn-{row.uid}" in answer.text, row.path
        assert samples.client.get(f"/e/{row.uid}/beside").status_code == 200
    assert samples.client.get("/e/0000000000000000/story").status_code == 404


def test_what_is_recorded_again_keeps_the_tools_that_it_called(samples: Shelf) -> None:
    """The same agent, in what two collectors of spans made of its run."""
    page = samples.page("/s/night-1")
    assert {f"x-turn-{row.uid}" for row in samples.rows if row.group_id == "night-1"} <= {*page.ids}
