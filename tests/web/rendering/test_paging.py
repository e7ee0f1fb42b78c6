"""What is long comes in windows: every page is bounded, says what it leaves out, and nothing is ever out of reach."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from itertools import chain
from typing import Any

import pytest

from inspector.model import Message, Text
from inspector.web.exchange.body_views import MOST_SHOWN, PART
from inspector.web.exchange.timeline import Asked
from inspector.web.exchange.tool_views import TOOLS
from inspector.web.rendering.highlighting import markdown_html
from inspector.web.rendering.paging import PARTS, SLICES, WEIGHT, sliced, stretch, text_stretch, window
from tests.web.pages import Page, Shelf, message, recording, resolved

TURNS = 150
"""Questions of the long conversation: each with a call, its result and an answer."""


def call(number: int) -> dict[str, Any]:
    function = {"name": "look", "arguments": json.dumps({"n": number})}
    return {"id": f"c{number}", "type": "function", "function": function}


def turn(number: int) -> list[dict[str, Any]]:
    return [
        message(f"question {number}"),
        message(None, "assistant", tool_calls=[call(number)]),
        message(f"found {number}", "tool", tool_call_id=f"c{number}"),
        message(f"answer {number}", "assistant"),
    ]


LONG = [one for number in range(TURNS) for one in turn(number)] + [message("and the last thing?")]


@pytest.fixture(scope="module")
def long(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Shelf, str]]:
    """The long conversation, alone; nobody changes it."""
    shelf = Shelf(tmp_path_factory.mktemp("long"))
    yield shelf, shelf.put("long.json", recording(messages=LONG))
    shelf.close()


def pulls(page: Page, side: str) -> list[str]:
    return [one["href"] or "" for _, one in page.having("data-pull") if one["data-pull"] == side]


def walked(shelf: Shelf, address: str, side: str) -> Iterator[Page]:
    """The page of an address, and those that its links to what stands before or after it lead to."""
    while True:
        page = shelf.page(address)
        yield page
        links = pulls(page, side)
        if not links:
            return
        address = resolved(address, links[0]) or ""


def messages_on(page: Page) -> list[int]:
    return [int(one[1:]) for one in page.ids if re.fullmatch(r"m\d+", one)]


# ---------------------------------------------------------------- the arithmetic


@pytest.mark.parametrize("total", [0, 1, 9, 10, 11, 95])
def test_a_stretch_is_bounded_and_holds_what_is_asked_for(total: int) -> None:
    for number in (-5, 0, 4, 50, 94, 95, 10**19):
        first, last = stretch(total, 10, at=number)
        assert 0 <= first <= last <= total
        assert last - first <= 10
        assert not total or first <= min(max(number, 0), total - 1) < last
    begins = [0]
    while (last := stretch(total, 10, begin=begins[-1])[1]) < total:
        begins.append(last)
    assert len(begins) == max(-(-total // 10), 1)
    assert all(stretch(total, 10, end=end)[0] == end - 10 for end in begins[1:])
    assert stretch(total, 10, begin=3, end=10**19)[1] <= 103


def test_pages_of_a_text_are_whole_lines_and_leave_nothing_out() -> None:
    text = "".join(f"line {number}\n" for number in range(1000))
    at, pages = 0, []
    while at < len(text):
        first, last = text_stretch(text, 500, at)
        assert first == at
        pages.append(text[first:last])
        assert text_stretch(text, 500, None, last)[1] == last
        at = last
    assert "".join(pages) == text
    assert all(page.endswith("\n") and len(page) <= 500 for page in pages)
    assert text_stretch("x" * 1000, 500, 500) == (500, 1000), "a text without lines is cut anywhere"


def test_a_window_weighs_no_more_than_a_page_can_hold() -> None:
    held = {f"m{number}": Message("user", (Text("word " * 2000),)) for number in range(300)}
    slices = sliced(held)
    for asked in (Asked(), Asked(at="m150"), Asked(begins=("m10",)), Asked(ends=("m290",))):
        shown = window(slices, asked)
        assert 0 < len(shown.slices) <= SLICES
        assert sum(one.weight for one in shown.slices) <= WEIGHT
    assert not window(slices, Asked()).may_be_whole
    assert len(window(slices, Asked(whole=True)).slices) < 300


# ---------------------------------------------------------------- a long conversation


def test_a_long_conversation_opens_on_its_end(long: tuple[Shelf, str]) -> None:
    shelf, uid = long
    page = shelf.page(f"/e/{uid}")
    shown = messages_on(page)
    assert shown[-1] == len(LONG) - 1
    assert len(shown) <= SLICES
    assert "reply" in page.ids
    assert f"{shown[0]} messages before" in page.text
    assert not pulls(page, "after")


def test_it_opens_on_what_is_new(shelf: Shelf) -> None:
    shelf.put("a.json", recording("answer 149", LONG[:-2]))
    uid = shelf.put("b.json", recording(messages=LONG))
    page = shelf.page(f"/e/{uid}")
    assert "new in this exchange" in page.text
    assert messages_on(page)[-1] == len(LONG) - 1
    assert len(messages_on(page)) < 10


def test_windows_of_a_conversation_leave_nothing_out(long: tuple[Shelf, str]) -> None:
    shelf, uid = long
    back = [messages_on(page) for page in walked(shelf, f"/e/{uid}", "before")]
    assert sorted(chain.from_iterable(back)) == list(range(len(LONG)))
    forth = [messages_on(page) for page in walked(shelf, f"/e/{uid}?from=m0", "after")]
    assert list(chain.from_iterable(forth)) == list(range(len(LONG)))
    assert all(len(numbers) <= SLICES * 2 for numbers in back + forth), "a result stands beside its call"


@pytest.mark.parametrize("anchor", ["m0", "m3", "m302", "m303-p0", f"m{len(LONG) - 1}", "reply", "m302-p0"])
def test_every_place_has_an_address_that_needs_no_script(long: tuple[Shelf, str], anchor: str) -> None:
    shelf, uid = long
    assert anchor in shelf.page(f"/e/{uid}?at={anchor}").ids


def test_links_to_a_place_name_it_to_the_server(long: tuple[Shelf, str]) -> None:
    shelf, uid = long
    page = shelf.page(f"/e/{uid}?at=m8")
    links = [one["href"] or "" for _, one in page.having("data-copy-href")]
    assert links
    for link in (one for one in links if "#" in one):
        address, _, fragment = link.partition("#")
        assert f"at={fragment}" in address
    assert [one for _, one in page.having("href") if re.search(r"at=m8#m8$", one["href"] or "")]


def test_a_stretch_that_was_unfolded_can_be_asked_for_again(long: tuple[Shelf, str]) -> None:
    shelf, uid = long
    numbers = messages_on(shelf.page(f"/e/{uid}?from=m100&until=m340"))
    assert (numbers[0], numbers[-1]) == (100, 339)
    assert messages_on(shelf.page(f"/e/{uid}?from=m100&until=end"))[-1] == len(LONG) - 1


@pytest.mark.parametrize(
    "query", ["at=m9999", "at=<b>", "at=end", "from=end", "until=m0", "from=m50&until=m3", "from="]
)
def test_an_address_of_no_place(long: tuple[Shelf, str], query: str) -> None:
    shelf, uid = long
    assert messages_on(shelf.page(f"/e/{uid}?{query}"))


def test_all_of_it_where_that_is_safe(long: tuple[Shelf, str], shelf: Shelf) -> None:
    whole, uid = long
    assert "Show all" in whole.page(f"/e/{uid}").text
    assert messages_on(whole.page(f"/e/{uid}?all=1")) == list(range(len(LONG)))
    longer = shelf.put("longer.json", recording(messages=[message(f"say {number}") for number in range(3000)]))
    assert "Show all" not in shelf.page(f"/e/{longer}").text
    assert len(messages_on(shelf.page(f"/e/{longer}?all=1"))) <= SLICES * 10


def test_what_an_exchange_repeats_is_bounded_too(long: tuple[Shelf, str]) -> None:
    shelf, uid = long
    page = shelf.page(f"/e/{uid}/before?to=500")
    assert "messages before" in page.text
    assert len([one for one in page.ids if re.fullmatch(rf"{uid}-m\d+", one)]) <= SLICES


# ---------------------------------------------------------------- long messages


def test_parts_of_a_message(shelf: Shelf) -> None:
    parts = [{"type": "text", "text": f"part {number}"} for number in range(330)]
    uid = shelf.put("parts.json", recording(messages=[message(parts)]))
    seen: list[str] = []
    for page in walked(shelf, f"/e/{uid}?from=m0", "after"):
        here = [one for one in page.ids if re.fullmatch(r"m0-p\d+", one)]
        assert len(here) <= 4 * PARTS
        seen += here
    assert seen == [f"m0-p{number}" for number in range(330)]
    assert "parts 301 to 330 of 330" in shelf.page(f"/e/{uid}?at=m0-p320").text


def test_calls_of_a_reply_keep_the_results_of_the_exchange_after(shelf: Shelf) -> None:
    calls = [call(number) for number in range(330)]
    first = json.loads(recording(messages=[message("look everywhere")]))
    said = first["response"]["body"]["__data__"]["choices"][0]
    said["message"], said["finish_reason"] = message(None, "assistant", tool_calls=calls), "tool_calls"
    uid = shelf.put("a.json", json.dumps(first))
    results = [message(f"found {number}", "tool", tool_call_id=f"c{number}") for number in range(330)]
    shelf.put("b.json", recording(messages=[message("look everywhere"), said["message"], *results]))
    page = shelf.page(f"/e/{uid}?at=reply-p320")
    assert "reply-p320" in page.ids
    assert "reply-p0" not in page.ids
    assert "found 320" in page.text
    assert "parts before" in page.text


def test_tool_definitions(shelf: Shelf) -> None:
    tools = [{"type": "function", "function": {"name": f"tool_{number}"}} for number in range(100)]
    document = json.loads(recording())
    document["request"]["body"]["tools"] = tools
    uid = shelf.put("tools.json", json.dumps(document))
    for address in (f"/e/{uid}", f"/e/{uid}/request", f"/e/{uid}/tools"):
        assert "100 tool definitions" in shelf.page(address).text
        pages = [
            [one for one in page.ids if re.fullmatch(r"tool-\d+", one)] for page in walked(shelf, address, "after")
        ]
        assert max(map(len, pages)) <= TOOLS
        assert len(set(chain.from_iterable(pages))) == 100


def test_a_part_that_is_huge_is_paged(shelf: Shelf) -> None:
    text = "".join(f"line {number}\n" for number in range(40_000))
    uid = shelf.put("a.json", recording(text))
    pages = list(walked(shelf, f"/e/{uid}/part/reply-p0", "after"))
    shown = "".join("".join(one for one in page.texts if one.startswith("line ")) for page in pages)
    assert shown == text
    assert all(len(page.text) < PART * 2 for page in pages)
    assert len(list(walked(shelf, f"/e/{uid}/part/reply-p0?until={len(text)}", "before"))) == len(pages)


@pytest.mark.parametrize(
    "tab", ["raw", *(pytest.param(tab, marks=pytest.mark.long) for tab in ("request", "response"))]
)
def test_a_body_that_is_huge_is_paged(shelf: Shelf, tab: str) -> None:
    text = "".join(f"line {number}\n" for number in range(52_000))
    uid = shelf.put("a.json", recording(text, [message(text)]))
    page = shelf.page(f"/e/{uid}/{tab}")
    assert "characters after" in page.text
    assert "Show all" not in page.text
    assert len(shelf.page(f"/e/{uid}/{tab}?all=1").text) < MOST_SHOWN * 2
    assert "line 51999" in shelf.page(f"/e/{uid}/{tab}?until={10**9}").text
    second = shelf.page(resolved(f"/e/{uid}/{tab}", pulls(page, "after")[0]) or "")
    assert pulls(second, "before")
    assert pulls(second, "after")


def test_a_chunk_that_is_a_whole_answer_is_cut(shelf: Shelf) -> None:
    uid = shelf.put("a.json", recording("word " * 100_000))
    page = shelf.page(f"/e/{uid}/stream")
    assert "A whole response" in page.text
    assert "more characters" in page.text
    assert len(page.text) < 30_000


def test_what_would_keep_markdown_busy_is_plain() -> None:
    assert markdown_html("![" * 2000).startswith("<pre class='plain'>")
    assert "<a href='http://a.b'" in markdown_html("[a](http://a.b) " * 500)


def test_lines_of_json_are_laid_out(shelf: Shelf) -> None:
    document = json.loads(recording())
    document["request"]["url"] = "https://api.openai.com/v1/files/file-1/content"
    document["response"]["body"] = '{"custom_id":"a","n":1}\n{"custom_id":"b","n":2}\n'
    uid = shelf.put("a.json", json.dumps(document))
    assert '"custom_id": "b"' in shelf.page(f"/e/{uid}").text + shelf.page(f"/e/{uid}/response").text


def test_instructions_that_are_long_are_folded(shelf: Shelf) -> None:
    uid = shelf.put("a.json", recording(messages=[message("Be kind. " * 400, "system"), message("Hello?")]))
    page = shelf.page(f"/e/{uid}")
    assert "m0-p0-whole" in page.ids
    assert "3,600 characters" in page.text


def test_the_tab_of_a_stream_is_there_where_there_is_one(shelf: Shelf) -> None:
    whole, streamed = shelf.put("a.json", recording()), shelf.put("b.json", recording(chunks=["a", "b"]))
    tabs = [
        any("/stream" in (one["href"] or "") for _, one in shelf.page(f"/e/{uid}").having("href"))
        for uid in (whole, streamed)
    ]
    assert tabs == [False, True]
