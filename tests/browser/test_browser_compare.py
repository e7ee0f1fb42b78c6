"""Two exchanges are chosen in the list, compared, and walked through."""

from __future__ import annotations

from typing import Any

from tests.browser.driver import Open, Server, until
from tests.web.pages import recording


def _write(server: Server) -> None:
    server.write("a.json", recording("The lamp is lit tonight, and three bells ring.", test_id="tests/x.py::test_a"))
    server.write("b.json", recording("The lamp is out tonight, and four bells ring.", test_id="tests/x.py::test_b"))


def test_c_on_two_exchanges_compares_them_and_n_walks_what_differs(live_server: Server, opens: Open) -> None:
    _write(live_server)
    page: Any = opens(live_server)
    page.locator("#list .row").nth(1).wait_for()
    page.locator("#list .row").nth(0).focus()
    page.keyboard.press("c")
    page.locator("#list .pick:checked").wait_for(state="attached")
    page.locator("#list .row").nth(1).focus()
    page.keyboard.press("c")
    page.wait_for_url("**/compare/*/*")
    page.locator(".compare .spot").first.wait_for()
    assert page.locator("#list .pick:checked").count() == 0
    page.keyboard.press("n")
    until(page, "document.querySelector('#hits output').textContent === '1 of 2'")
    assert page.evaluate("location.hash") == "#reply-p0.1"
    page.keyboard.press("n")
    until(page, "document.querySelector('#hits output').textContent === '2 of 2'")
    assert page.evaluate("location.hash") == "#reply-p0.2"
    page.reload()
    assert page.locator(".spot:target").count() == 1
    for row in page.locator("#list .row").all():  # or by their boxes
        row.hover()
        page.locator(f"#pick-{row.get_attribute('data-uid')}").check()
    page.goto(live_server.address)
    assert page.locator("#list .pick:checked").count() == 2  # as long as the tab is
    page.locator("#picked button").first.click()
    page.wait_for_url("**/compare/*/*")
    page.locator(".compare .spot").first.wait_for()


def test_two_columns_where_there_is_room(live_server: Server, opens: Open) -> None:
    _write(live_server)
    page: Any = opens(live_server, viewport={"width": 1700, "height": 900})
    ids = page.evaluate("[...document.querySelectorAll('#list .row')].map((row) => row.dataset.uid)")
    address = f"{live_server.address}compare/{ids[0]}/{ids[1]}"
    page.goto(address)
    assert page.locator(".texts .was").first.is_visible()
    assert not page.locator(".texts .now del").first.is_visible()
    page.set_viewport_size({"width": 390, "height": 900})
    assert not page.locator(".texts .was").first.is_visible()
    assert page.locator(".texts .now del").first.is_visible()
    assert page.evaluate(
        "document.querySelector('#detail').scrollWidth <= document.querySelector('#detail').clientWidth"
    )
    page.goto(f"{address}?view=two")
    assert page.locator(".texts .was").first.is_visible()
