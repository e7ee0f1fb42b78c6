"""The list as a tree of one line an exchange, and the keys of what is read."""

from __future__ import annotations

from typing import Any

from tests.browser.driver import WAIT, Open, Server, copied, frames, until
from tests.browser.test_browser_reading import at
from tests.making import wait_until


def _seen(page: Any, selector: str) -> int:
    """How many there are on the screen."""
    return page.evaluate(
        """selector => [...document.querySelectorAll(selector)].filter((one) => {
          const { top, bottom, height } = one.getBoundingClientRect();
          return one.checkVisibility() && height && top >= 0 && bottom <= innerHeight;
        }).length""",
        selector,
    )


def _top(page: Any) -> float:
    return page.evaluate("document.querySelector('#detail').scrollTop")


def test_the_list_is_a_tree_of_lines(server: Server, opens: Open) -> None:
    page = opens(server, viewport={"width": 1280, "height": 720})
    lines = _seen(page, "#list :is(.row, .tree-branch)")
    assert lines >= 26, "a first exchange stands in the line of its test, a first file in that of its folder"
    heights = page.evaluate("[...document.querySelectorAll('#list .row')].map((row) => row.offsetHeight)")
    assert max(heights) <= 24
    reaching = page.evaluate(
        """[...document.querySelectorAll('#list :is(.odd, .tokens, .dot, h2 .end, .fold > summary)')].filter((one) =>
          one.checkVisibility() && one.getBoundingClientRect().right > one.closest("#list").clientWidth).length"""
    )
    assert not reaching, "nothing reaches over the edge"
    branch = page.locator("#list .tree-branch.level-1").first
    rows = page.locator("#list .row:visible")
    before = rows.count()
    branch.click()
    wait_until(lambda: rows.count() < before, WAIT / 1000)
    assert branch.locator(".twist").get_attribute("aria-expanded") == "false"
    page.reload()
    until(page, "document.querySelector('#list .twist[aria-expanded=false]')")
    page.locator("#list .tree-branch.level-1").first.click()
    wait_until(lambda: rows.count() == before, WAIT / 1000)
    page.keyboard.press("H")
    assert not page.locator("#list .row:visible").count(), "a line a test"
    page.locator("#list .tree-branch.level-2 .dot[title]:visible").first.wait_for()  # what is folded has its dots
    until(page, "!document.querySelector('#list .row')")
    tops = page.evaluate("[...document.querySelectorAll('#list .brief')].map((one) => one.offsetTop)")
    assert len(tops) > len(set(tops)), "short names share a line"
    for _ in range(2):
        before = page.url
        page.keyboard.press("j")
        until(page, "location.href !== arg", before)
        page.wait_for_selector("#list h2 > a[aria-current=true]")
    page.keyboard.press("L")
    page.wait_for_selector("#list .row")
    page.keyboard.press("H")
    page.keyboard.press("H")
    until(page, "!document.querySelector('#list .row')")
    dots = page.locator("#list .tree-branch.level-1 .dots .dot:visible")
    wait_until(lambda: dots.count() > 40, WAIT / 1000)
    assert not page.locator("#list .tree-branch.level-2:visible").count()
    page.locator("#levels summary").click()
    page.locator("#levels [data-level=full]").click()
    page.wait_for_selector("#list .row")
    assert max(page.evaluate("[...document.querySelectorAll('#list .row')].map((row) => row.offsetHeight)")) > 40
    page.keyboard.press("H")
    page.goto(server.address + "?q=sort:tokens")
    numbers = [text.split()[0] for text in page.locator("#list .sorted").all_inner_texts()[:20]]
    assert numbers == sorted(numbers, key=lambda text: -int(text.replace(",", "")))
    assert page.locator("#list .row .of").first.inner_text()


def test_what_is_found_is_previewed_and_what_is_open_stands_out(server: Server, opens: Open) -> None:
    page = opens(server, viewport={"width": 1280, "height": 720})
    page.fill("#q", "fog bell")
    page.keyboard.press("Enter")
    page.keyboard.press("j")  # at once: it steps in what is found
    page.wait_for_url("**/e/*q=fog+bell*")
    page.goto(server.address)
    page.keyboard.press("/")
    page.keyboard.type("declines")
    page.wait_for_selector("#suggestions .of-test")  # the same test is not offered once more, as a clause
    assert not [one for one in page.locator("#suggestions code").all_inner_texts() if one.startswith("test:")]
    page.goto(server.address)
    page.keyboard.press("/")
    page.wait_for_selector("#suggestions [role=option]")
    offered = " ".join(page.locator("#suggestions [role=option]").all_inner_texts())
    assert "model:" in offered
    assert "Which exchanges took the most tokens?" in offered
    page.keyboard.type("lamp")
    page.wait_for_selector("#preview mark.hit")
    assert page.evaluate("document.activeElement.id") == "q"
    assert page.inner_text("#overview-title") == "Search: lamp"
    assert not page.locator("#narrowing").evaluate("one => one.open")
    assert "q=lamp" in page.url
    first = page.locator("#list .row").first.get_attribute("data-uid")
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    page.locator("#narrowing").evaluate("one => { one.open = true }")
    page.locator("#q").press("Enter")
    assert not page.locator("#narrowing").evaluate("one => one.open"), "the first of what was found is to be seen"
    page.keyboard.press("j")
    page.wait_for_url(f"**/e/{first}**")
    head = page.locator("#list .group:has(.row ~ .row) > h2 > a").first
    head.click()
    page.wait_for_selector("#list h2 > a[aria-current=true]")
    assert page.locator("#list [aria-current]").count() == 1
    page.reload()
    page.wait_for_selector("#list h2 > a[aria-current=true]")
    assert _seen(page, "#list h2 > a[aria-current=true]") == 1
    page.keyboard.press("j")
    page.wait_for_selector("#list .group .row[aria-current=true]")
    assert page.locator("#list [aria-current]").count() == 1


def test_keys_scroll_walk_and_keep_the_tab(server: Server, opens: Open) -> None:
    page = opens(server, "?q=test:tool_round_trip", viewport={"width": 1280, "height": 420})
    page.keyboard.press("j")
    until(page, "document.querySelector('#view')?.dataset.uid")
    first = page.evaluate("document.querySelector('#view').dataset.uid")
    at(page, first)
    for key in ("PageDown", "Home", " ", "Home", "End", "Home"):
        page.keyboard.press(key)
        wait_until(lambda moved=key != "Home": (_top(page) > 0) == moved)
    page.keyboard.press("J")
    page.keyboard.press("J")
    wait_until(lambda: _top(page) > 0)
    page.keyboard.press(".")
    frames(page)
    assert page.evaluate("document.querySelector('.new-line, .reply-block').getBoundingClientRect().top") < 420
    page.keyboard.press("y")
    assert copied(page, "http").endswith(f"/e/{first}")
    until(page, "document.querySelector('#toast').textContent === 'Link copied'")
    page.keyboard.press("5")
    page.wait_for_url("**/raw*")
    page.keyboard.press("j")
    until(page, "document.querySelector('#view').dataset.uid !== arg", first)
    page.wait_for_url("**/raw*")
    here = page.url
    page.keyboard.press("/")
    page.keyboard.type("jJ5")
    page.keyboard.press("Escape")
    page.keyboard.press("Control+2")
    frames(page)
    assert page.url.partition("?")[0] == here.partition("?")[0], "a field and a modifier keep keys to themselves"
    assert page.locator("#q").input_value() == "jJ5", "Escape leaves the field as it is"
