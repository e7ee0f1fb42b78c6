"""A long conversation: what is from before opens by a link to it, and the outline says where one is."""

from __future__ import annotations

from typing import Any

from tests.browser.driver import Open, Server, until
from tests.web.pages import message, recording


def test_a_long_conversation_opens_on_what_is_new(live_server: Server, opens: Open) -> None:
    fog = "The fog is thick. " * 40
    said = [message(f"Strike {number}! {fog}", ("user", "assistant")[number % 2]) for number in range(11)]
    live_server.write("a.json", recording("Silence.", said, test_id="t.py::test_a"))
    more = [*said, message("Silence.", "assistant"), message("Why?")]
    live_server.write("b.json", recording("No rope.", more, test_id="t.py::test_a"))
    live_server.wait_until_read()
    page: Any = opens(live_server, "?q=test:test_a", viewport={"width": 1500, "height": 800})
    page.locator("#list .row", has_text="Why?").click()
    page.locator("#view .from-before", has_text="12 messages from before").wait_for()
    assert page.locator("#m12").is_visible()
    assert page.locator("#m3").is_hidden()
    page.locator(".outline a[aria-current]", has_text="No rope.").wait_for()

    page.locator(".outline a", has_text="Strike 4!").click()
    until(page, "document.querySelector(':target')?.id === 'm4'")
    page.locator("#m3").wait_for()  # a link to what is folded opens it
    page.locator(".outline a[aria-current]", has_text="Strike 4!").wait_for()
    top = page.evaluate("document.querySelector('#m4').getBoundingClientRect().top")
    stick = page.locator(".stick").bounding_box()
    assert stick["y"] + stick["height"] <= top, "the tabs stick, and cover no place that is led to"
    assert page.locator(".stick .tabs a").first.is_visible()
