"""The list as a window, and the search field: what their addresses answer."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from inspector import search
from inspector.index.conditions import marks_around
from inspector.search import FIELDS
from inspector.search.examples import EXAMPLES
from inspector.web.help.tables import GRAMMAR
from inspector.web.list.group_views import ROWS as ROWS_OF_A_GROUP
from inspector.web.list.list_paging import GROUPS, ORDERED
from inspector.web.list.list_paging import LINES as LINES_OF_A_WINDOW
from inspector.web.test_runs.marks_view import asking
from tests.web.pages import HTMX, Page, Shelf, message, parse, recording, resolved

TESTS = GROUPS + 45
NOON = 1_700_000_000


def uids(page: Page) -> list[str]:
    return [one["data-uid"] or "" for _, one in page.having("data-uid")]


def queries(page: Page, name: str, value: str | None = None) -> list[str]:
    """The queries of the links that have an attribute, or have it with a value."""
    found = [one["href"] or "" for _, one in page.having(name) if value is None or one[name] == value]
    return [parse_qs(urlsplit(address).query).get("q", [""])[0] for address in found]


def step(page: Page, name: str) -> str | None:
    """Where the link of a class leads to."""
    return next((resolved("/", one["href"] or "") for _, one in page.having("href") if one.get("class") == name), None)


def write(shelf: Shelf, name: str, age: int, **of: object) -> None:
    file = shelf.path / f"{name}.json"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(recording(test_id=f"tests/x.py::test_{name}", **of))  # type: ignore[arg-type]
    os.utime(file, (NOON - age, NOON - age))


@pytest.fixture(scope="module")
def long(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shelf]:
    """More tests than two windows hold, some of one moment; the first is the newest."""
    shelf = Shelf(tmp_path_factory.mktemp("long"))
    for number in range(TESTS):
        write(shelf, f"t{number:03}", age=number // 7 * 60, chunks=["x"] * (number % 40) or None)
    shelf.refresh()
    yield shelf
    shelf.close()


def names(shelf: Shelf, page: Page) -> list[str]:
    known = {row.uid: row.path.removesuffix(".json") for row in shelf.rows}
    return [known[uid] for uid in uids(page)]


EVERYTHING = [f"t{number:03}" for number in range(TESTS)]

# ---------------------------------------------------------------- windows


@pytest.mark.parametrize("query", ["", "sort:changed", "sort:events", "test:x sort:changed-asc", "lamp"])
@pytest.mark.parametrize(("first", "onward"), [("", "later"), ("before=end", "earlier")])
def test_the_windows_leave_nothing_out_and_repeat_nothing(long: Shelf, query: str, first: str, onward: str) -> None:
    address: str | None = f"/?q={query}&{first}"
    seen: list[list[str]] = []
    while address:
        page = long.page(address)
        seen.append(names(long, page))
        assert len(seen[-1]) <= max(GROUPS, ORDERED)
        address = step(page, onward)
    if onward == "earlier":
        overlap = len(seen[-1]) + sum(map(len, seen[:-1])) - TESTS  # at the top a window is full again
        seen = [seen[-1][: len(seen[-1]) - overlap], *reversed(seen[:-1])] if overlap else seen[::-1]
    told = [name for window in seen for name in window]
    assert sorted(told) == EVERYTHING
    if query == "":
        assert told == EVERYTHING


def test_a_link_to_a_place_shows_that_place(long: Shelf) -> None:
    first = long.page("/")
    later = long.page(step(first, "later") or "")
    assert step(later, "start") == "/"
    assert not step(first, "earlier")
    assert names(long, later)[0] == EVERYTHING[GROUPS]
    assert names(long, long.page(step(later, "earlier") or "")) == EVERYTHING[:GROUPS]
    assert names(long, long.page(step(first, "end") or ""))[-1] == EVERYTHING[-1]
    key = keys(later)[3]
    assert names(long, long.page(f"/?from={key}"))[0] == EVERYTHING[GROUPS + 3]


def test_a_place_that_is_none_shows_some_place(shelf: Shelf) -> None:
    for number in range(3):
        write(shelf, f"t{number:03}", age=number)
    shelf.refresh()
    for nonsense in ("x", "1", "-", "9" * 19 + "-" + "0" * 16, "0-0123456789abcdef", "-1-zz", "end"):
        for name in ("from", "before", "after", "at"):
            assert names(shelf, shelf.page(f"/?{name}={nonsense}")), (name, nonsense)
            assert names(shelf, shelf.page(f"/?q=sort:events&{name}={nonsense}")), (name, nonsense)


def keys(page: Page) -> list[str]:
    return [one["data-key"] or "" for _, one in page.having("data-key")]


@pytest.mark.parametrize("query", ["", "sort:changed"])
def test_the_window_around_an_exchange_holds_it(long: Shelf, query: str) -> None:
    uid = next(row.uid for row in long.rows if row.path == "t070.json")
    shown = names(long, long.page(f"/?q={query}&at={uid}"))
    at = shown.index("t070")
    assert shown == EVERYTHING[70 - at : 70 - at + len(shown)]
    assert 5 < at < len(shown) - 5


@pytest.mark.parametrize("query", ["", "sort:changed"])
def test_a_place_stays_when_what_stood_there_moves_or_goes(shelf: Shelf, query: str) -> None:
    for number in range(30):
        write(shelf, f"t{number:03}", age=number // 2 * 60)
    shelf.refresh()
    places = keys(shelf.page(f"/?q={query}"))
    rest = names(shelf, shelf.page(f"/?q={query}&from={places[11]}"))
    assert rest[0] == "t011"
    write(shelf, "t011", age=-600)
    shelf.refresh()
    assert names(shelf, shelf.page(f"/?q={query}&from={places[11]}")) == rest[1:]
    shelf.remove("t013.json")
    found = names(shelf, shelf.page(f"/?q={query}&from={places[13]}"))
    assert found in (rest[3:], rest[1:2] + rest[3:])  # its neighbour of the same moment may come first
    assert found[-1] == "t029"


def test_the_last_window_stays_when_its_end_goes(shelf: Shelf) -> None:
    for number in range(4):
        write(shelf, f"t{number:03}", age=number * 60)
    shelf.refresh()
    last = keys(shelf.page("/"))[-1]
    assert len(uids(shelf.page(f"/?after={last}"))) == 4
    shelf.remove("t003.json")
    assert len(uids(shelf.page(f"/?from={last}"))) == 3


def test_a_page_holds_a_few_hundred_rows(shelf: Shelf) -> None:
    for test in range(45):
        for number in range(9):
            asks = [message(f"{test} {number}?")]
            write(shelf, f"{test:03}/{number}", age=test * 60, messages=asks, model=f"m{test}")
            file = shelf.path / f"{test:03}/{number}.json"
            file.write_text(file.read_text().replace(f"test_{test:03}/{number}", f"test_{test:03}"))
    shelf.refresh()
    seen: list[str] = []
    address: str | None = "/"
    while address:
        page = shelf.page(address)
        assert len(uids(page)) < LINES_OF_A_WINDOW + 2 * ROWS_OF_A_GROUP
        seen += [text for _, one in page.having("data-key") if (text := one["data-key"])]
        address = step(page, "later")
    assert len(seen) == len(set(seen)) == 45
    middle = next(row.uid for row in shelf.rows if row.path == "020/8.json")
    around = uids(shelf.page(f"/?at={middle}"))
    assert middle in around
    assert len(around) < LINES_OF_A_WINDOW + 2 * ROWS_OF_A_GROUP


def test_only_the_first_window_knows_the_newest(long: Shelf) -> None:
    first = long.page("/")
    newest = next(one["data-newest"] for _, one in first.having("data-newest"))
    assert newest in uids(first)
    later = long.page(step(first, "later") or "")
    assert [one["data-newest"] for _, one in later.having("data-newest")] == [""]


# ---------------------------------------------------------------- large groups

LINES = 150


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shelf]:
    """One file of many exchanges, with one beside it whose name goes on."""
    shelf = Shelf(tmp_path_factory.mktemp("log"))
    for name, lines in (("log.jsonl", LINES), ("log.jsonl.jsonl", 2)):
        (shelf.path / name).write_text("".join(line(number) for number in range(lines)))
    shelf.refresh()
    yield shelf
    shelf.close()


def line(number: int) -> str:
    asked = {"model": "claude-x", "messages": [{"role": "user", "content": f"line {number}"}]}
    reply = {"type": "message", "role": "assistant", "content": [{"type": "text", "text": f"ok {number}"}]}
    request = {"method": "POST", "path": "/v1/messages", "headers": {}, "body": asked}
    return json.dumps({"request": request, "response": {"status": 200, "headers": {}, "body": reply}}) + "\n"


def test_the_rest_of_a_large_group_opens_in_place(log: Shelf) -> None:
    rows = [row.uid for row in log.rows if row.path == "log.jsonl"]
    assert len(rows) == LINES
    page = log.page("/?q=line")
    assert f"{LINES - ROWS_OF_A_GROUP} more" in page.text
    (address,) = [resolved("/", one["href"] or "") for _, one in page.having("data-open")]
    opened = log.page(address or "")
    assert [uid for uid in uids(opened) if uid in rows] == rows, "in the order of their story, where they stand"
    assert "q=line" in (address or "")
    assert not opened.having("data-open")


def test_the_exchange_that_is_open_stands_in_its_group(log: Shelf) -> None:
    uid = next(row.uid for row in log.rows if row.entry == LINES - 20)
    assert uid not in uids(log.page("/"))
    assert uid in uids(log.page(f"/?at={uid}"))
    assert uid in uids(log.page(f"/?q=line&at={uid}"))
    assert uid not in uids(log.page(f"/?q=nowhere&at={uid}"))


# ---------------------------------------------------------------- hits


def test_a_row_says_where_the_words_were_found(shelf: Shelf) -> None:
    asks = [message("You keep the fog bell.", "system"), message("Is it <b>fog</b>?")]
    first = shelf.put("a.json", recording("No fog.", asks))
    more = [*asks, message("No fog.", "assistant"), message("And now?")]
    later = shelf.put("b.json", recording("Clear.", more))
    page = shelf.page("/?q=fog")
    assert uids(page) == [first]
    html = shelf.client.get("/?q=fog").text
    assert html.count("<mark>fog</mark>") == 2, "two excerpts of an exchange, escaped"
    assert "&lt;b&gt;" in html
    assert "also in 1 later" in page.text
    assert [one["href"] for _, one in page.having("data-uid")] == [f"./e/{first}?q=fog#hit"]
    assert later in uids(shelf.page("/?q=fog+sort:changed")), "in an order every exchange stands for itself"
    assert uids(shelf.page("/?q=in:reply+clear")) == [later]


def test_a_tool_that_fails_twice_with_the_same_words_is_found_twice(shelf: Shelf) -> None:
    def failing(number: int) -> list[dict[str, object]]:
        call = {"id": f"call_{number}", "type": "function", "function": {"name": "ring", "arguments": "{}"}}
        result = message("no rope on the clapper", "tool", tool_call_id=f"call_{number}")
        return [message(None, "assistant", tool_calls=[call]), result]

    asked = [message("Ring the bell.")]
    once = [*asked, *failing(1)]
    between = [*once, message("Again?", "assistant"), message("Yes.")]
    twice = [*between, *failing(2)]
    first = shelf.put("a.json", recording("Again?", once))
    shelf.put("b.json", recording("Once more.", between))
    second = shelf.put("c.json", recording("It is broken.", twice))
    page = shelf.page("/?q=clapper")
    assert uids(page) == [first, second]
    assert "also in 2 later" in page.text


# ---------------------------------------------------------------- what is wrong with a query


@pytest.mark.parametrize(
    ("query", "mended"),
    [
        ("modle:gpt-4o lamp", "lamp model:gpt-4o"), ("is:issu", "is:issue"), ("(lit OR dark", "(lit OR dark)"),
        ("-is:refusl", "-is:refusal"), ("sort:tokns lamp", "lamp sort:tokens"), ("in:repl lit", "in:reply lit"),
        ("tokens:many", None), ("lit OR", None),
    ],
)  # fmt: skip
def test_a_link_mends_a_query(samples: Shelf, query: str, mended: str | None) -> None:
    page = samples.page(f"/?q={query}")
    assert [one for _, one in page.having("role") if one["role"] == "alert"]
    if mended is None:
        assert "did you mean" not in page.text
    else:
        assert "did you mean" in page.text
        offered = queries(page, "data-search")[0]
        assert sorted(offered.split()) == sorted(mended.split())
        assert "X-Query" not in samples.client.get("/", query_string={"q": offered}).headers


def test_a_name_that_no_recording_has(samples: Shelf) -> None:
    page = samples.page("/?q=model:gtp-4o+-is:error")
    assert "no model here is gtp-4o; did you mean gpt-4o" in page.text
    assert "Nothing matches." in page.text
    (mended,) = [one["href"] or "" for _, one in page.having("data-search") if "gpt-4o" in (one["href"] or "")]
    assert "-is%3Aerror" in mended
    assert uids(samples.page(resolved("/", mended) or ""))


def test_words_that_only_names_have(samples: Shelf) -> None:
    assert uids(samples.page("/?q=test_tool_round_trip+-nothing")), "whole words of names are found as what was said is"
    page = samples.page("/?q=ool_round_tri")
    assert "Nothing matches." in page.text
    offered = [one["href"] or "" for _, one in page.having("data-search") if "test%3Aool" in (one["href"] or "")]
    assert offered
    assert uids(samples.page(resolved("/", offered[0]) or ""))


SHOWN = [*(form for form, _ in GRAMMAR), *(query for _, query in EXAMPLES), *(field.example for field in FIELDS)]


def test_what_the_help_shows_is_understood(samples: Shelf) -> None:
    page = samples.page("/help")
    for query in SHOWN:
        assert query in page.text
        assert "X-Query" not in samples.client.head(f"/?{urlencode({'q': query})}").headers, query


def test_half_a_query_is_told_apart(samples: Shelf) -> None:
    assert samples.client.get("/?q=is:od").headers["X-Query"] == "wrong"
    assert "X-Query" not in samples.client.get("/?q=model:nosuchmodel").headers


# ---------------------------------------------------------------- suggestions


def offered(shelf: Shelf, typed: str) -> dict[str, str]:
    """What is suggested, with the query that it leads to."""
    page = parse(shelf.client.get("/suggest", query_string={"q": typed}).text)
    queries = [one["data-query"] or "" for _, one in page.having("data-query")]
    return {query.removeprefix(typed[: typed.rfind(" ") + 1]).strip(): query for query in queries}


@pytest.mark.parametrize(
    ("typed", "suggested", "query"),
    [
        ("mod", "model:", "model:"), ("lamp mod", "model:", "lamp model:"),
        ("model:4o", "model:=gpt-4o", "model:=gpt-4o "), ("-is:iss", "-is:issue", "-is:issue "),
        ("refu", "is:refusal", "is:refusal "), ("(is:iss", "is:issue", None), ("has:im", "has:image", "has:image "),
        ("tokens:", "tokens:>10k", "tokens:>10k "), ("in:", "in:result", "in:result "),
        ("sort:tok", "sort:tokens", "sort:tokens "), ("is:cut", 'is:"token limit"', 'is:"token limit" '),
    ],
)  # fmt: skip
def test_what_is_suggested(samples: Shelf, typed: str, suggested: str, query: str | None) -> None:
    found = offered(samples, typed)
    match = next((text for text in found if text.lstrip("(") in (suggested, suggested.replace(":=", ":"))), None)
    assert match is not None, found
    if query is not None:
        assert found[match].replace(":=", ":") == query.replace(":=", ":")


def test_nothing_is_suggested_for_what_is_whole_or_nothing(samples: Shelf) -> None:
    assert "is:issue" not in offered(samples, "is:issue")
    assert not offered(samples, "nosuchfield:x")
    assert not offered(samples, "model:" + "x" * 5_000)


def test_suggestions_count_what_the_rest_of_the_query_finds(shelf: Shelf) -> None:
    for number in range(3):
        shelf.put(f"{number}.json", recording(f"reply {number}", model="one", test_id=f"t{number}"))
    shelf.put("x.json", recording("reply 0", model="one-x", test_id="tx"))
    text = shelf.client.get("/suggest", query_string={"q": "model:on"}).text
    assert text.count('role="option"') == 2
    assert ">3<" in text
    assert "model:=one" in text, "one is a part of one-x"
    narrowed = parse(shelf.client.get("/suggest", query_string={"q": '"reply 0" model:on'}).text)
    assert "3" not in narrowed.text
    assert "1" in narrowed.text


# ---------------------------------------------------------------- facets


def facet_links(shelf: Shelf, query: str) -> dict[str, dict[str, str]]:
    """Of each value, the queries that its links lead to."""
    page = parse(shelf.client.get("/facets", query_string={"q": query}, headers=HTMX).text)
    links: dict[str, dict[str, str]] = {}
    name = ""
    for tag, one in page.tags:
        if tag != "a":
            continue
        leads = parse_qs(urlsplit(one["href"] or "").query).get("q", [""])[0]
        way = {"Leave these out": "not", "No longer leave these out": "in"}.get(one["title"] or "", "or")
        if one["class"] == "value":
            name = leads
            links[name] = {"only": leads}
        else:
            links[name][way] = leads
    return links


def test_facets_lead_to_what_they_count(samples: Shelf) -> None:
    page = parse(samples.client.get("/facets").text)
    assert "<html" in samples.client.get("/facets").text
    leads = queries(page, "class", "value")
    assert len(leads) > 20
    index = samples.keeper.library.index
    counts = [int(text) for text in page.text.split() if text.isdigit()]
    with marks_around(asking(samples.app)):
        for query in leads:
            assert index.totals(search.where(query)).exchanges in counts, query


def test_values_are_exchanged_added_and_left_out(shelf: Shelf) -> None:
    for number, model in enumerate(("one", "two", "three", "two")):
        shelf.put(f"{number}.json", recording(model=model, test_id=f"t{number}"))
    plain = facet_links(shelf, "lamp")
    assert "lamp model:two" in plain
    assert plain["lamp model:two"]["not"] == "lamp -model:two"
    chosen = facet_links(shelf, "model:one lamp")
    assert chosen["lamp"] == {"only": "lamp", "not": "lamp -model:one"}, "it is on: once more takes it off"
    assert chosen["model:two lamp"]["or"] == "(model:one OR model:two) lamp"
    both = facet_links(shelf, "(model:one OR model:two) lamp")
    assert "model:one lamp" in both
    without = facet_links(shelf, "lamp -model:two")
    assert any(ways.get("in") == "lamp" for ways in without.values())


def test_the_orders_are_links(samples: Shelf) -> None:
    page = samples.page("/?q=model:gpt-4o+sort:tokens")
    assert {"model:gpt-4o", "model:gpt-4o sort:size"} <= set(queries(page, "data-search"))


def test_chips_come_off_one_by_one(samples: Shelf) -> None:
    page = samples.page('/?q=lamp+model:gpt-4o+-is:odd+(has:image+OR+"a+b")')
    assert queries(page, "class", "chip") == [
        'model:gpt-4o -is:issue (has:image OR "a b")', 'lamp -is:issue (has:image OR "a b")',
        'lamp model:gpt-4o (has:image OR "a b")', "lamp model:gpt-4o -is:issue",
    ]  # fmt: skip


def test_who_opens_an_exchange_finds_the_list_around_it(long: Shelf) -> None:
    uid = next(row.uid for row in long.rows if row.path == "t070.json")
    page = long.page(f"/e/{uid}?q=lamp")
    list_address = next(one["hx-get"] or "" for _, one in page.having("hx-get") if one.get("id") == "list")
    pane = long.client.get(resolved(f"/e/{uid}", list_address) or "", headers={**HTMX, "HX-Target": "div#list"})
    assert uid in uids(parse(pane.text))


def test_without_a_file(tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    shelf = Shelf(empty)
    assert shelf.client.get("/facets").status_code == 200
    assert shelf.client.get("/suggest?q=m").status_code == 200
    shelf.close()
