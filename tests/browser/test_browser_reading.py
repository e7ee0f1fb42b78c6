"""Opening, reading, searching, copying; by mouse, by keyboard, on a phone, without JavaScript."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from tests.browser.driver import Open, Server, Witness, copied, follow, frames, ready, until

OPEN = "(document.querySelector('#view')?.dataset.uid ?? null)"
"""The id of the exchange that is open."""


def current(page: Any) -> str | None:
    return page.evaluate(OPEN)


def uid_of(page: Any, words: str) -> str:
    """The id of the first exchange in the list whose test has these words."""
    row = page.locator(f".group:has-text('{words}') .row").first
    while not row.count() and page.locator("#list .later").count():  # further down than this window
        page.evaluate("document.querySelector('#pane').scrollBy(0, 1500)")
        frames(page)
    return row.get_attribute("data-uid")


def at(page: Any, uid: str | None) -> None:
    """Until an exchange is open, and its row marked."""
    row = "document.getElementById(`x-${arg}`)"
    until(page, f"{OPEN} === arg && (!{row} || {row}.hasAttribute('aria-current'))", uid)


def path(page: Any) -> str:
    return page.evaluate("location.pathname + location.search + location.hash")


# ---------------------------------------------------------------- addresses


def test_opening_an_exchange_keeps_the_list_and_changes_the_address(few: Server, opens: Open) -> None:
    page = opens(few, viewport={"width": 1400, "height": 400})
    assert page.locator("#view.overview").count() == 1
    page.evaluate("document.querySelector('#pane').scrollTop = 100")
    uid = uid_of(page, "test_declines")
    page.locator(f"#x-{uid}").click()
    at(page, uid)
    assert path(page) == f"/e/{uid}"
    assert page.evaluate("document.querySelector('#pane').scrollTop") >= 100
    assert page.locator(f"#x-{uid}[aria-current]").count() == 1
    assert page.locator(".row[aria-current]").count() == 1
    assert page.locator(".tabs a[aria-current=page]").inner_text() == "Conversation"
    assert "inspector" in page.title()


def test_back_forward_and_reload_give_the_same_view(few: Server, opens: Open) -> None:
    page = opens(few)
    one, two = uid_of(page, "test_declines"), uid_of(page, "test_two_drafts")
    page.locator(f"#x-{one}").click()
    at(page, one)
    page.locator(f"#x-{two}").click()
    at(page, two)
    page.locator(".tabs a", has_text="Raw").click()
    page.wait_for_url(f"**/e/{two}/raw")
    page.wait_for_selector(".sheet")
    seen = page.locator("#view").inner_text()
    page.reload()
    ready(page)
    page.wait_for_selector("#list .row")
    assert page.locator("#view").inner_text() == seen
    page.go_back()
    page.wait_for_selector(".timeline")
    at(page, two)
    page.go_back()
    at(page, one)
    page.wait_for_selector(f"#x-{one}[aria-current]")
    page.go_back()
    at(page, None)
    page.wait_for_selector("#view.overview")
    assert page.evaluate("location.pathname") == "/"
    page.go_forward()
    at(page, one)
    assert page.locator("#list").count() == 1
    assert page.locator("#list .row").count() > 15


def test_everything_still_works_after_going_back(few: Server, opens: Open) -> None:
    page = opens(few)
    uid = uid_of(page, "test_declines")
    page.locator(f"#x-{uid}").click()
    at(page, uid)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.evaluate("window.kept = document.querySelector('#theme')")
    page.go_back()
    at(page, None)
    theme = page.evaluate("document.documentElement.dataset.theme")
    page.locator("#theme").click()
    assert page.evaluate("document.documentElement.dataset.theme") != theme
    page.locator("#theme").click()
    assert page.evaluate("[document.documentElement.dataset.theme, localStorage.getItem('inspector-theme')]") == [
        theme,
        None,
    ], "and it follows the system again"
    page.locator("#follow").click()
    assert page.locator("#follow").get_attribute("aria-pressed") == "true"
    page.locator("#follow").click()
    page.keyboard.press("j")
    until(page, "document.querySelector('#view').dataset.uid")
    assert page.locator("#live").get_attribute("data-state") == "on"
    assert [url for url in asked if url.partition("?")[0] == few.address][1:] == [], "the detail alone was fetched"
    assert page.evaluate("window.kept.isConnected")


def test_going_back_to_a_place_on_a_page(few: Server, opens: Open) -> None:
    page = opens(few)
    uid, other = uid_of(page, "before_midnight"), uid_of(page, "test_declines")
    page.locator(f"#x-{uid}").click()
    at(page, uid)
    page.locator(".message .anchor").first.click()
    until(page, "location.hash")
    where = path(page)
    page.locator(f"#x-{other}").click()
    at(page, other)
    page.go_back()
    at(page, uid)
    assert path(page) == where


def test_going_back_returns_to_where_one_was_reading(few: Server, opens: Open) -> None:
    page = opens(few, "t/before_midnight")
    page.wait_for_selector("#list .row")
    page.evaluate("document.querySelector('#detail').scrollTop = 700")
    until(page, "history.state?.top === document.querySelector('#detail').scrollTop")
    was = page.evaluate("document.querySelector('#detail').scrollTop")
    assert was > 300
    page.locator(".turn-head a").first.evaluate("element => element.click()")
    page.wait_for_selector(".tabs")
    until(page, "document.querySelector('#detail').scrollTop === 0")
    page.go_back()
    page.wait_for_selector(".turn")
    until(page, "document.querySelector('#detail').scrollTop === arg", was)
    page.reload()
    ready(page)
    until(page, "Math.abs(document.querySelector('#detail').scrollTop - arg) < 5", was)


@pytest.mark.parametrize("place", ["m1", *(pytest.param(at, marks=pytest.mark.long) for at in ("reply", "reply-p0"))])
def test_a_link_to_a_place_goes_there_and_marks_it(few: Server, opens: Open, place: str) -> None:
    page = opens(few)
    page.set_viewport_size({"width": 1400, "height": 420})
    uid = uid_of(page, "before_midnight")
    page.goto(f"{few.address}e/{uid}#{place}")
    page.wait_for_selector("#list .row")
    assert page.evaluate("document.querySelector(':target').id") == place
    assert page.locator(f"#{place}").evaluate("e => getComputedStyle(e).outlineStyle") == "solid"
    assert in_sight(page, place)
    page.wait_for_selector(f"#x-{uid}[aria-current]")
    assert in_sight(page, f"x-{uid}"), "its row is in sight too"


def in_sight(page: Any, id: str) -> bool:
    return page.evaluate(
        "id => { const box = document.getElementById(id).getBoundingClientRect();"
        " return box.top >= 0 && box.top < innerHeight }",
        id,
    )


def test_a_link_to_a_chunk(few: Server, opens: Open) -> None:
    page = opens(few)
    uid = uid_of(page, "test_night_report")
    page.goto(f"{few.address}e/{uid}/stream?at=120#c120")
    ready(page)
    assert page.evaluate("document.querySelector(':target').id") == "c120"
    assert in_sight(page, "c120")
    assert page.locator(".chunk.at").get_attribute("id") == "c120"
    page.locator("#c122 .no").click()
    until(page, "document.querySelector(':target')?.id === 'c122'")
    assert path(page) == f"/e/{uid}/stream?at=122#c122"
    assert in_sight(page, "c122")


def test_a_mark_leads_to_what_is_odd(few: Server, opens: Open) -> None:
    page = opens(few, "?q=is:odd")
    uid = uid_of(page, "test_arguments_that_are_not_json")
    page.locator(f"#x-{uid}").click()
    at(page, uid)
    page.locator(".tabs a", has_text="Raw").click()
    page.wait_for_selector(".sheet")
    page.locator(".marks a").first.click()
    until(page, "document.querySelector(':target')")
    assert in_sight(page, page.evaluate("document.querySelector(':target').id"))
    assert "q=is%3Aodd" in path(page)


@pytest.mark.parametrize("address", ["#%", "#%E0%A4%A", "#nothing"])
def test_an_address_that_is_nonsense(few: Server, opens: Open, address: str) -> None:
    page = opens(few, address)
    page.keyboard.press("j")
    until(page, "document.querySelector('#view').dataset.uid")


def test_control_click_opens_a_tab(few: Server, opens: Open) -> None:
    page = opens(few)
    row = page.locator("#list .row").first
    for options in ({"modifiers": ["ControlOrMeta"]}, {"button": "middle"}):
        with page.context.expect_page() as opened:
            row.click(**options)
        opened.value.wait_for_url(f"**/e/{row.get_attribute('data-uid')}")
        opened.value.close()
    assert path(page) == "/"
    assert current(page) is None


def test_a_download_and_the_json_are_no_part_of_the_page(few: Server, opens: Open) -> None:
    page = opens(few)
    uid = uid_of(page, "test_declines")
    page.locator(f"#x-{uid}").click()
    page.locator(".tabs a", has_text="Raw").click()
    page.wait_for_selector(".sheet")
    with page.expect_download() as download:
        page.locator("a[download]", has_text="the file as it is").click()
    assert json.loads(download.value.path().read_text())["test_id"].count("test_declines")
    page.locator("a", has_text="JSON of inspector show").click()
    page.wait_for_url("**/show.json")
    assert json.loads(page.locator("body").inner_text())["id"] == uid
    page.go_back()
    page.wait_for_selector(".sheet")


# ---------------------------------------------------------------- keys


def test_keys(few: Server, opens: Open) -> None:
    page = opens(few)
    rows = [row for row in page.locator("#list .row").all() if row.is_visible()]
    ids = [row.get_attribute("data-uid") for row in rows]
    end = page.request.get(f"{few.address}?before=end").text()
    ids.append(re.findall(r'data-uid="(\w+)"', re.sub(r"(?s)<details class=.fold.*?</details>", "", end))[-1])
    for key, expected in [("j", 0), ("j", 1), ("j", 2), ("k", 1), ("G", -1), ("j", -1)]:
        page.keyboard.press(key)
        at(page, ids[expected])
    page.keyboard.press("g")
    page.keyboard.press("g")
    at(page, ids[0])
    page.keyboard.press("k")
    at(page, ids[0])
    tabs = [link.get_attribute("href").rpartition("/")[2] for link in page.locator(".tabs a").all()]
    for key, tab in [("]", tabs[1]), ("]", tabs[2]), ("[", tabs[1]), ("[", tabs[0]), ("[", tabs[-1]), ("]", tabs[0])]:
        page.keyboard.press(key)
        page.wait_for_url(re.compile(f"/{tab}$"))
        until(page, "document.querySelector('.tabs a[aria-current=page]').href === location.href")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "q"
    page.keyboard.type("jk?[]Gggf")
    assert page.locator("#q").input_value() == "jk?[]Gggf"
    assert page.locator("#view").get_attribute("data-uid") == ids[0]
    assert page.locator("#follow").get_attribute("aria-pressed") == "false"
    while page.evaluate("document.activeElement.id") == "q":  # first it closes the suggestions
        page.keyboard.press("Escape")
    assert page.locator("#q").input_value() == "jk?[]Gggf"
    page.keyboard.press("f")
    assert page.locator("#follow").get_attribute("aria-pressed") == "true"
    page.keyboard.press("f")
    page.locator("#to-help").click()
    page.wait_for_url("**/help")
    assert page.locator("#detail h1").inner_text() == "Help"


@pytest.mark.parametrize(
    "below", ["help/searching", *(pytest.param(below, marks=pytest.mark.long) for below in ("", "help"))]
)
def test_keys_and_search_lie_an_overlay_away(few: Server, opens: Open, below: str) -> None:
    page = opens(few, below)
    page.locator("#theme").focus()
    page.keyboard.press("?")
    dialog = page.locator("dialog[open]")
    dialog.wait_for()
    assert dialog.get_attribute("aria-labelledby") == dialog.locator("h1").get_attribute("id")
    shown = dialog.inner_text()
    assert "previous and next tab" in shown
    assert "narrows the words after it to a place" in shown
    assert page.evaluate("document.querySelector('dialog').contains(document.activeElement)")
    before = path(page)
    for key in "jG/]":  # the page below lies still
        page.keyboard.press(key)
    assert path(page) == before
    page.keyboard.press("Escape")
    dialog.wait_for(state="detached")
    assert page.evaluate("document.activeElement.id") == "theme"
    page.keyboard.press("?")
    dialog.get_by_text("sort:tokens", exact=True).first.click()
    page.wait_for_url("**/?q=sort%3Atokens")
    assert not dialog.count()


def test_the_manual_leads_from_page_to_page(few: Server, opens: Open) -> None:
    page = opens(few)
    page.keyboard.press("?")
    page.get_by_role("link", name="The manual").click()
    page.get_by_role("link", name="Searching").click()
    page.locator("#detail h1", has_text="Searching").wait_for()
    page.get_by_role("navigation", name="On this page").get_by_text("Fields").click()
    page.wait_for_url("**/help/searching#fields")
    page.locator("#detail [rel=next]").click()
    page.locator("#detail h1", has_text="Keys and links").wait_for()
    page.go_back()
    page.locator("#detail h1", has_text="Searching").wait_for()


def test_keys_do_nothing_while_a_modifier_is_held(few: Server, opens: Open) -> None:
    page = opens(few)
    before = path(page)
    for modifier in ("Control", "Alt", "Meta"):
        for key in "jkfG]?/":
            page.evaluate(
                "([key, modifier]) => document.body.dispatchEvent(new KeyboardEvent('keydown',"
                " {key, bubbles: true, cancelable: true, [modifier]: true}))",
                [key, {"Control": "ctrlKey", "Alt": "altKey", "Meta": "metaKey"}[modifier]],
            )
    assert path(page) == before
    assert page.evaluate("document.activeElement.id") == "detail"
    assert page.locator("#follow").get_attribute("aria-pressed") == "false"
    assert current(page) is None


def test_enter_opens_the_row_that_has_the_focus(few: Server, opens: Open) -> None:
    page = opens(few)
    uid = page.locator("#list .row:visible").nth(3).get_attribute("data-uid")
    page.locator(f"#x-{uid}").focus()
    page.keyboard.press("Enter")
    at(page, uid)


# ---------------------------------------------------------------- search


def test_searching_and_taking_it_off_again(few: Server, opens: Open) -> None:
    page = opens(few)
    everything = page.locator("#list .row").count()
    page.keyboard.press("/")
    page.keyboard.type("model:gpt-4o is:issue")
    page.keyboard.press("Enter")
    page.wait_for_url("**/?q=model%3Agpt-4o+is%3Aissue")
    ready(page)
    found = page.locator("#list .row").count()
    assert 0 < found < everything
    assert page.locator(".chip").count() == 2
    page.locator("#list .row").first.click()
    page.wait_for_selector(".tabs")
    assert page.locator("#q").input_value() == "model:gpt-4o is:issue"
    assert page.locator("#list .row").count() == found
    page.reload()
    ready(page)
    page.wait_for_selector("#list .row")
    assert page.locator("#list .row").count() == found
    page.locator(".chip", has_text="is:issue").click()
    page.wait_for_url("**/?q=model%3Agpt-4o")
    assert page.locator("#list .row").count() > found
    page.locator(".chip").click()
    until(page, "!location.search.includes('q=')")
    assert page.locator("#list .row").count() == everything


def test_a_query_that_means_nothing(few: Server, opens: Open) -> None:
    page = opens(few, "?q=modle:x")
    assert "did you mean model:?" in page.locator("[role=alert]").inner_text()


# ---------------------------------------------------------------- theme and splitter


def test_the_theme_follows_the_system_until_it_is_chosen(few: Server, opens: Open) -> None:
    page = opens(few, color_scheme="dark")
    theme = "document.documentElement.dataset.theme"
    assert page.evaluate(theme) == "dark"
    dark = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.emulate_media(color_scheme="light")
    until(page, f"{theme} === 'light'")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") != dark
    page.locator("#theme").click()
    assert page.evaluate(theme) == "dark"
    page.reload()
    assert page.evaluate(theme) == "dark"
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == dark
    page.emulate_media(color_scheme="dark")
    page.emulate_media(color_scheme="light")
    assert page.evaluate(theme) == "dark"


def test_the_splitter(few: Server, opens: Open) -> None:
    page = opens(few)
    width = "document.querySelector('#pane').offsetWidth"
    box = page.locator("#splitter").bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, 400)
    page.mouse.down()
    page.mouse.move(600, 400, steps=4)
    page.mouse.up()
    assert abs(page.evaluate(width) - 600) < 12
    page.mouse.move(300, 400)
    assert abs(page.evaluate(width) - 600) < 12, "it is let go of"
    page.locator("#splitter").focus()
    before = page.evaluate(width)
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowRight")
    assert page.evaluate(width) == before - 24
    page.reload()
    assert page.evaluate(width) == before - 24
    for _ in range(40):
        page.keyboard.press("ArrowLeft")
    page.locator("#splitter").focus()
    for _ in range(40):
        page.keyboard.press("ArrowLeft")
    assert page.evaluate(width) >= 200


# ---------------------------------------------------------------- copying


def clipboard(page: Any, pattern: str = "") -> str:
    """What was copied, once that matches."""
    until(page, "document.querySelector('#toast').textContent")
    return copied(page, pattern)


def test_copying(few: Server, opens: Open) -> None:
    page = opens(few)
    uid = uid_of(page, "test_tool_round_trip")
    page.locator(f"#x-{uid}").click()
    at(page, uid)
    page.locator("[data-copy-link]", has_text="Copy link").click()
    assert clipboard(page) == f"{few.address}e/{uid}"
    call = page.locator(".call").first
    call.hover()
    call.locator("[data-copy-text]").click()
    copied = json.loads(clipboard(page, r"\{"))
    assert copied["name"] == call.locator(".label b").inner_text()
    assert set(copied) == {"id", "name", "arguments"}
    call.locator("[data-copy-href]").click()
    link = clipboard(page, "http")
    assert link == f"{few.address}e/{uid}#{call.get_attribute('id')}"
    part = page.locator(".part.text").first
    part.hover()
    part.locator("[data-copy-text]").click()
    said = clipboard(page, "(?!http)")
    page.goto(link)
    assert page.evaluate("document.querySelector(':target').id") == call.get_attribute("id")
    assert said.split()[0] in page.locator(".part.text").first.inner_text()


def test_a_secret_is_shown_when_asked_for(few: Server, opens: Open) -> None:
    page = opens(few, "p/keeper.hurl")
    page.locator("#detail .turn-head a").first.click()
    page.wait_for_selector(".tabs")
    page.locator(".tabs a", has_text="Request").click()
    page.wait_for_selector(".secret")
    assert "sk-example" not in page.content()
    page.locator(".secret").first.click()
    page.wait_for_selector(".revealed")
    assert "sk-example-0000-not-a-real-key-0000" in page.locator("#view").inner_text()
    page.reload()
    assert "sk-example" not in page.content()


def test_what_is_repeated_is_unfolded_when_asked_for(few: Server, opens: Open) -> None:
    page = opens(few, "t/before_midnight")
    fold = page.locator("details.unchanged").first
    fold.locator("summary").click()
    fold.locator(".message").first.wait_for()
    assert fold.locator(".message").count() > 0
    assert (
        page.evaluate("new Set([...document.querySelectorAll('[id]')].map(e => e.id)).size")
        == page.locator("[id]").count()
    )


# ---------------------------------------------------------------- a narrow screen


def test_one_pane_on_a_phone(few: Server, opens: Open) -> None:
    page = opens(few, viewport={"width": 390, "height": 800})
    assert page.locator("#pane").is_visible()
    assert not page.locator("#detail").is_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    uid = uid_of(page, "test_declines")
    page.locator(f"#x-{uid}").click()
    at(page, uid)
    assert page.locator("#detail").is_visible()
    assert not page.locator("#pane").is_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.locator(".back").click()
    page.wait_for_selector("#panes.at-list")
    assert page.locator("#pane").is_visible()
    assert not page.locator("#detail").is_visible()
    assert page.locator("#list").count() == 1
    assert path(page) == "/"
    page.go_back()
    at(page, uid)
    page.wait_for_selector("#panes.at-detail")
    page.keyboard.press("Escape")
    page.wait_for_selector("#panes.at-list")
    page.locator(f"#x-{uid}").click()
    page.wait_for_selector("#panes.at-detail")
    page.reload()
    ready(page)
    assert page.locator("#detail").is_visible()
    for tab in ("Stream", "Request", "Response", "Raw"):
        page.locator(".tabs a", has_text=tab).click()
        page.wait_for_selector(f".tabs a[aria-current=page]:has-text('{tab}')")
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, tab


# ---------------------------------------------------------------- without JavaScript


def test_without_javascript(few: Server, opens: Open, witness: Witness) -> None:
    page = opens(few, java_script_enabled=False)
    assert page.locator("#list .row").count() > 15
    for hidden in ("#theme", "#follow", "#splitter", "#live"):
        assert not page.locator(hidden).is_visible(), hidden
    group = page.locator(".group", has_text="test_tool_round_trip").first
    while not group.count():
        follow(page.locator(".later"))
    follow(group.locator(".row").first)
    assert page.locator(".message").count() > 1
    assert page.locator(".acts").first.is_hidden()
    for tab in ("Request", "Response", "Raw"):
        follow(page.locator(".tabs a", has_text=tab))
        assert page.locator(".tabs a[aria-current=page]").inner_text().startswith(tab)
    follow(page.locator(".title h1 a"))
    assert page.locator(".turn").count() >= 1
    follow(page.locator("#pane a", has_text="All exchanges"))
    page.locator("#q").fill("is:odd")
    with page.expect_navigation():
        page.locator("#q").press("Enter")
    assert page.locator(".chip").inner_text().startswith("is:issue")
    follow(page.locator("a[aria-label=Help]"))
    assert page.locator("h1").inner_text() == "Help"
