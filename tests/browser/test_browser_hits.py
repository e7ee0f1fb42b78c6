"""From a row of a search to the words on the page, and from one to the next."""

from __future__ import annotations

from typing import Any

from tests.browser.driver import Open, Server, until
from tests.web.pages import recording


def test_a_search_leads_to_its_words_and_n_walks_them(live_server: Server, opens: Open) -> None:
    long = "Keep the log. " * 400
    live_server.write("a.json", recording(f"The wick is trimmed. {long} The wick again.", test_id="tests/x.py::test_a"))
    page: Any = opens(live_server, "?q=wick")
    page.click("#list .row")
    page.wait_for_selector("#view mark.hit.current")
    assert page.evaluate("document.querySelector('mark.hit.current').id") == "hit"
    assert "1 of 2" in page.inner_text("#hits output")
    page.keyboard.press("n")
    until(page, "document.querySelector('#hits output').textContent === '2 of 2'")
    box = page.locator("mark.hit.current").bounding_box()
    assert 0 < box["y"] < page.viewport_size["height"] - box["height"]
    page.keyboard.press("n")
    until(page, "document.querySelector('#hits output').textContent === '1 of 2'")
    page.keyboard.press("Shift+N")
    until(page, "document.querySelector('#hits output').textContent === '2 of 2'")
    page.focus("#q")
    page.keyboard.press("n")
    assert page.inner_text("#hits output") == "2 of 2", "in a field it is a letter"
