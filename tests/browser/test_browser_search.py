"""Searching while one types, suggestions, filters, and a list that is longer than its window."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from inspector.web.list.list_paging import GROUPS
from tests.browser.driver import Open, Server, follow, frames, ready, served, until
from tests.web.pages import recording

TESTS = GROUPS + 80
FEW = 22


@pytest.fixture(scope="module")
def long(tmp_path_factory: pytest.TempPathFactory, browser: Any) -> Iterator[Server]:
    """More tests than three windows hold, the first of which is the newest."""
    yield from of_tests(tmp_path_factory.mktemp("long"), range(TESTS))


@pytest.fixture(scope="module")
def short(tmp_path_factory: pytest.TempPathFactory, browser: Any) -> Iterator[Server]:
    """As many as are seen at once."""
    yield from of_tests(tmp_path_factory.mktemp("short"), range(100, 100 + FEW))


def of_tests(folder: Path, numbers: range) -> Iterator[Server]:
    for number in numbers:
        write(folder / "recordings" / f"t{number:03}.json", number)
    yield from served(folder / "recordings")


def write(file: Path, number: int, age: int | None = None) -> None:
    file.parent.mkdir(exist_ok=True)
    model = "gpt-4o" if number % 2 else "gpt-4o-mini"
    file.write_text(recording(f"Reply {number}.", test_id=f"tests/x.py::test_{number:03}", model=model))
    age = 1_700_000_000 - 10 * (number if age is None else age)
    os.utime(file, (age, age))


def shown(page: Any, count: int) -> None:
    """Until so many exchanges are found."""
    until(page, "document.querySelector('#list').dataset.shown === String(arg)", count)


FIRST = """() => {
  const top = document.querySelector('#pane').getBoundingClientRect().top;
  const groups = [...document.querySelectorAll('.group')];
  const first = groups.find((group) => group.getBoundingClientRect().bottom > top + 8);
  if (!first) return [null, 0, null];
  return [first.querySelector('.function').textContent, first.getBoundingClientRect().top - top, first.dataset.key];
}"""


def first_on_screen(page: Any) -> tuple[str, float]:
    """The first group on screen, and how far from the top it stands."""
    name, top, _ = page.evaluate(FIRST)
    return name, top


def settled(page: Any) -> tuple[str, float]:
    """What is on screen, once the address says so."""
    page.wait_for_function(
        f"""() => {{
          const [, , key] = ({FIRST})();
          const from = new URLSearchParams(location.search).get('from');
          return from === null ? document.querySelector('#pane').scrollTop < 8 : from === key;
        }}""",
        polling=30,
    )
    return first_on_screen(page)


def to_the_end(page: Any) -> None:
    """Where the list ends, by its link: to scroll to it might load what it leads to, and take it away."""
    page.locator("#list .end").evaluate("link => link.click()")
    page.wait_for_selector("#list .later", state="detached")


def is_first(page: Any, name: str, top: float | None = None) -> None:
    """Until a group is the first on screen, and stands so far from the top."""
    page.wait_for_function(
        f"""([name, top]) => {{
          const [first, at] = ({FIRST})();
          return first === name && (top === null || Math.abs(at - top) < 1);
        }}""",
        arg=[name, top],
        polling=30,
    )


def groups(page: Any) -> Any:
    return page.evaluate("document.querySelectorAll('#list .group').length")


# ---------------------------------------------------------------- windows


def test_the_window_slides_while_one_scrolls(long: Server, opens: Open) -> None:
    page = opens(long)
    page.evaluate(  # what jumps while it is on screen
        """() => {
          window.jumps = [];
          let last = null;
          const look = () => {
            const groups = [...document.querySelectorAll('.group')];
            const on = new Map(groups.map((group) => [group.id, group.getBoundingClientRect().top]));
            const moves = last ? [...on].filter(([id]) => last.has(id)).map(([id, top]) => top - last.get(id)) : [];
            if (moves.some((move) => move > 5)) jumps.push(Math.max(...moves));
            last = on;
            requestAnimationFrame(look);
          };
          look();
        }"""
    )
    page.mouse.move(200, 500)
    seen: set[str] = set()
    while f"t{TESTS - 1}" not in seen and len(seen) < 400:
        page.mouse.wheel(0, 400)
        frames(page)
        is_end = not page.locator("#list .later").count()
        seen |= {f"t{name.removeprefix('test_')}" for name in page.locator(".group .function").all_inner_texts()}
        assert groups(page) <= GROUPS
        if is_end and first_on_screen(page)[0] >= "test_200":
            break
    assert {f"t{number:03}" for number in range(TESTS)} <= seen
    assert page.evaluate("jumps") == []


def test_a_place_is_kept_by_its_address(long: Server, opens: Open) -> None:
    page = opens(long)
    page.mouse.move(200, 500)
    while first_on_screen(page)[0] < "test_150":
        page.mouse.wheel(0, 500)
        frames(page)
    name, _ = settled(page)
    address = page.evaluate("location.search")
    assert "from=" in address
    page.reload()
    ready(page)
    is_first(page, name)
    is_first(opens(long, address), name)
    assert first_on_screen(opens(long, address, java_script_enabled=False))[0] == name
    page.locator(".group .row", has_text=f"Reply {int(name[-3:]) + 1}.").click()
    page.wait_for_selector(".timeline")
    page.go_back()
    page.wait_for_selector("#view.overview")
    is_first(page, name)
    page.mouse.move(200, 500)
    while first_on_screen(page)[0] != "test_000":
        page.mouse.wheel(0, -1500)
        frames(page)
    is_first(page, "test_000")
    until(page, "location.search === ''")


def test_keys_go_past_the_end_of_the_window(long: Server, opens: Open) -> None:
    page = opens(long)
    page.locator(".group .row", has_text=f"Reply {GROUPS - 3}.").click()
    until(page, "document.querySelector('.row[aria-current]')?.textContent.includes(arg)", f"Reply {GROUPS - 3}.")
    for number in range(GROUPS - 2, GROUPS + 2):
        page.keyboard.press("j")
        until(page, "document.querySelector('.row[aria-current]')?.textContent.includes(arg)", f"Reply {number}.")
    page.keyboard.press("G")
    until(page, "document.querySelector('.row[aria-current]')?.textContent.includes(arg)", f"Reply {TESTS - 1}.")
    page.locator(".group .row").first.click()
    before = page.locator(".group .row").first.inner_text()
    page.keyboard.press("k")
    until(page, "!document.querySelector('.row[aria-current]')?.innerText.includes(arg)", before)
    page.keyboard.type("gg")
    until(page, "document.querySelector('.row[aria-current]')?.textContent.includes(arg)", "Reply 0.")


def test_news_while_one_reads_further_down(live_server: Server, opens: Open) -> None:
    for number in range(GROUPS + 40):
        write(live_server.path / f"t{number:03}.json", number)
    live_server.wait_until_read()
    page = opens(live_server)
    shown(page, GROUPS + 40)
    to_the_end(page)
    name, top = settled(page)
    live_server.write("new.json", recording("The newest.", test_id="tests/x.py::test_new"))
    shown(page, GROUPS + 41)
    is_first(page, name, top)
    assert page.locator("#pill").inner_text() == "1 new ↑"
    page.locator("#pill").click()
    page.wait_for_selector(".row:has-text('The newest.')")
    until(page, "document.querySelector('#pane').scrollTop === 0")
    assert not page.locator("#pill").is_visible()
    to_the_end(page)
    page.locator("#follow").click()
    until(page, "document.querySelector('#view')?.textContent.includes('The newest.')")
    to_the_end(page)
    live_server.write("newer.json", recording("Newer still.", test_id="tests/x.py::test_newer"))
    until(page, "document.querySelector('#view')?.textContent.includes('Newer still.')")


# ---------------------------------------------------------------- typing


def test_it_finds_while_one_types_and_the_address_is_the_query(short: Server, opens: Open) -> None:
    page = opens(short)
    page.keyboard.press("/")
    page.keyboard.type("Reply 11")
    shown(page, 10)
    assert page.evaluate("location.search") == "?q=Reply+11"
    assert page.locator("mark").first.inner_text() == "Reply"
    until(page, "document.querySelector('#lead').textContent.startsWith('10 exchanges of')")
    page.keyboard.type("9")
    shown(page, 1)
    assert page.locator(".search [role=status]").inner_text() == "1 found"
    page.go_back()
    shown(page, FEW)
    assert page.locator("#q").input_value() == ""
    page.go_forward()
    shown(page, 1)
    assert page.locator("#q").input_value() == "Reply 119"
    page.locator(".search .clear").click()
    shown(page, FEW)
    assert page.evaluate("document.activeElement.id") == "q"
    page.keyboard.type("Reply 11")
    shown(page, 10)
    while page.evaluate("document.activeElement.id") == "q":  # first it closes the suggestions
        page.keyboard.press("Escape")
    assert page.locator("#q").input_value() == "Reply 11"
    shown(page, 10)


def test_an_older_answer_never_overwrites_a_newer_one(short: Server, opens: Open) -> None:
    page = opens(short)
    held: list[Any] = []

    def hold(route: Any) -> None:
        held.append(route) if "Reply+11" in route.request.url else route.continue_()

    page.route("**/?q=*", hold)
    page.locator("#q").fill("Reply 11")
    page.wait_for_selector(".search.busy")
    assert page.locator(".search .spinner").is_visible()
    page.locator("#q").fill("Reply 120")
    shown(page, 1)
    page.wait_for_selector(".search.busy", state="detached")
    for route in held:
        route.continue_()
    page.evaluate("() => fetch(location.href).then((answer) => answer.text())")  # what was asked before is answered
    frames(page)
    assert "q=Reply+120" in page.url
    assert page.locator(".chip", has_text="120").count()


def test_typing_beside_an_open_exchange_leaves_it_open(short: Server, opens: Open) -> None:
    page = opens(short)
    page.locator("#list .row", has_text="Reply 105.").click()
    page.wait_for_selector(".timeline")
    uid = page.locator("#view").get_attribute("data-uid")
    page.locator("#q").fill("Reply 11")
    shown(page, 10)
    assert page.url.endswith(f"/e/{uid}?q=Reply+11")
    assert page.locator("#view").get_attribute("data-uid") == uid
    page.reload()
    page.wait_for_selector("#list .row")
    shown(page, 10)
    page.locator("#q").press("Enter")
    page.wait_for_selector("#view.overview")
    assert page.url.endswith("/?q=Reply+11")


def test_half_a_query_is_no_error_until_one_rests(short: Server, opens: Open) -> None:
    page = opens(short)
    page.locator("#q").fill("Reply 11")
    shown(page, 10)
    page.locator("#q").fill("Reply 11 is:issu")
    option(page, "is:issue").wait_for()
    page.wait_for_timeout(1000)  # longer than it takes to say so where nothing is offered
    assert not page.locator("#wrong .query-error").count(), "what would complete it is offered"
    page.locator("#q").fill("Reply 11 nosuch:x")
    page.wait_for_selector("#wrong:has-text('there is no field nosuch:')")
    page.locator("#q").fill("Reply 11 is:isue")
    page.locator("#q").press("Enter")
    page.wait_for_selector("#wrong:has-text('did you mean issue?')")
    shown(page, 10)
    assert page.locator("#q").get_attribute("aria-describedby") == "wrong"
    page.locator("#wrong a").click()
    page.wait_for_url("**/?q=Reply+11+is%3Aissue")
    shown(page, 0)
    assert page.locator("#wrong").inner_text() == ""
    assert page.locator("#q").input_value() == "Reply 11 is:issue"


# ---------------------------------------------------------------- suggestions


def option(page: Any, text: str) -> Any:
    return page.locator("#suggestions [role=option]", has=page.locator(f"code:text-is('{text}')"))


def test_suggestions_by_keyboard(short: Server, opens: Open) -> None:
    page = opens(short)
    field = page.locator("#q")
    field.focus()
    page.keyboard.type("mod")
    option(page, "model:").wait_for()
    assert field.get_attribute("aria-expanded") == "true"
    assert field.get_attribute("aria-activedescendant") is None, "nothing is chosen by itself"
    page.keyboard.press("ArrowDown")
    active = field.get_attribute("aria-activedescendant")
    assert page.locator(f"#{active}").get_attribute("aria-selected") == "true"
    page.keyboard.press("Enter")
    assert field.input_value() == "model:"
    option(page, "model:gpt-4o-mini").wait_for()
    option(page, "model:=gpt-4o").wait_for()
    assert option(page, "model:gpt-4o-mini").locator(".number").inner_text() == str(FEW // 2)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    assert field.get_attribute("aria-activedescendant") is None, "back in the field"
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    assert field.input_value().strip() in ("model:=gpt-4o", "model:gpt-4o-mini")
    shown(page, FEW // 2)
    assert page.evaluate("document.activeElement.id") == "q"


def test_enter_searches_for_what_was_typed(short: Server, opens: Open) -> None:
    page = opens(short)
    page.locator("#q").focus()
    page.keyboard.type("model:gpt")
    option(page, "model:gpt-4o-mini").wait_for()
    page.keyboard.press("Escape")
    assert page.locator("#suggestions").is_hidden()
    assert page.locator("#q").input_value() == "model:gpt"
    page.keyboard.press("ArrowDown")
    option(page, "model:gpt-4o-mini").wait_for()
    page.keyboard.press("Enter")
    page.wait_for_url("**/?q=model%3Agpt")
    assert page.locator("#suggestions").is_hidden()
    page.keyboard.press("j")
    page.wait_for_selector(".row[aria-current]")


def test_suggestions_by_touch(short: Server, opens: Open) -> None:
    page = opens(short, viewport={"width": 390, "height": 800}, has_touch=True)
    page.locator("#q").tap()
    option(page, "model:").wait_for()
    field, box = page.locator("#q").bounding_box(), page.locator("#suggestions").bounding_box()
    assert box["y"] >= field["y"] + field["height"]
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 390
    option(page, "model:").tap()
    option(page, "model:gpt-4o-mini").tap()
    shown(page, FEW // 2)


def test_what_stands_behind_the_caret_stays(short: Server, opens: Open) -> None:
    page = opens(short)
    page.locator("#q").fill("model: Reply")
    page.evaluate("document.querySelector('#q').setSelectionRange(6, 6)")
    page.keyboard.press("ArrowDown")
    option(page, "model:gpt-4o-mini").click()
    assert page.locator("#q").input_value() == "model:gpt-4o-mini Reply"


# ---------------------------------------------------------------- filters


def test_filters_and_orders_beside_the_list(short: Server, opens: Open) -> None:
    page = opens(short)
    page.locator(".facet .value", has_text="gpt-4o-mini").click()
    shown(page, FEW // 2)
    assert page.locator("#q").input_value() == "model:gpt-4o-mini"
    page.wait_for_selector(".facet .on")
    page.locator(".facet li:not(.on)", has_text="gpt-4o").first.hover()
    page.locator(".facet li:not(.on) .way", has_text="or").first.click()
    shown(page, FEW)
    assert page.locator(".chip").count() == 1
    page.locator(".chip").click()
    page.wait_for_url(short.address)
    page.locator("#order summary").click()
    page.locator("#order a", has_text="Size").click()
    page.wait_for_url("**/?q=sort%3Asize")
    page.wait_for_selector("#list .row[data-key]")
    assert not page.locator("#list .group").count()
    page.go_back()
    page.wait_for_selector("#list .group")


def test_filters_on_a_narrow_screen(short: Server, opens: Open) -> None:
    page = opens(short, viewport={"width": 390, "height": 800})
    page.locator("#narrow summary").first.click()
    page.locator("#narrow .value", has_text="gpt-4o-mini").click()
    shown(page, FEW // 2)
    page.wait_for_selector("#narrow .on")


def test_without_javascript(long: Server, opens: Open) -> None:
    page = opens(long, java_script_enabled=False)
    page.locator("#q").fill("model:gpt-4o-mini")
    with page.expect_navigation():
        page.locator("#q").press("Enter")
    assert page.locator(".counts b").inner_text() == f"{TESTS // 2} exchanges"
    assert f"Reply {TESTS - 2}." in page.locator("#list .row").last.inner_text()
    follow(page.locator(".search .clear"))
    follow(page.locator("#list .later"))
    follow(page.locator("#list .earlier"))
    follow(page.locator("#list .end"))
    assert f"Reply {TESTS - 1}." in page.locator("#list .row").last.inner_text()
    follow(page.locator("#list .start"))
    follow(page.locator("#overview-facets a").first)
    follow(page.locator(".facet li:not(.on) .value", has_text="gpt-4o").first)
    assert page.locator(".chip").first.inner_text().startswith("model:=gpt-4o")
    follow(page.locator(".search .clear"))
    assert page.locator(".counts b").inner_text() == f"{TESTS} exchanges"
