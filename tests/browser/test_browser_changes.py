"""A re-record is looked at: an earlier state is chosen, changes are walked and viewed, and the page follows."""

from __future__ import annotations

from typing import Any

from tests.browser.driver import Open, Server
from tests.web.pages import message, recording

_HOSTILE = '"><img src=x onerror="document.title=1"><script>document.title=2</script>'


def _write(server: Server, folder: str, name: str, reply: str) -> None:
    text = recording(reply, [message(f"Ask {name}")], test_id=f"tests/x.py::test_{name}[{folder}]")
    server.write(f"{folder}/{name}.json", text)


def _compared(server: Server, opens: Open) -> Any:
    """The page of changes, with the state chosen in its field."""
    for name, before, after in (
        ("bell", "It rings.", f"It is silent. {_HOSTILE}"),
        ("lamp", "It is lit.", "It is out."),
        ("fog", "None.", "None."),
    ):
        _write(server, "old", name, before)
        _write(server, "new", name, after)
    page: Any = opens(server)
    page.locator("#list .row").nth(5).wait_for()
    page.goto(f"{server.address}changes")
    page.locator("#against").fill("old")
    page.locator("form.against button").click()
    page.locator(".change").first.wait_for()
    return page


def test_what_was_viewed_is_remembered_until_it_changes(live_server: Server, opens: Open) -> None:
    page = _compared(live_server, opens)
    bell = page.locator(".change", has_text="test_bell")
    bell.locator("input").check()
    page.locator(".change.is-viewed").wait_for()
    page.reload()
    page.locator(".change.is-viewed", has_text="test_bell").wait_for()
    assert page.locator(".change.is-viewed").count() == 1
    _write(live_server, "new", "bell", "Somebody stole it.")
    page.locator(".change:not(.is-viewed)", has_text="stole").wait_for()
    assert page.locator(".change.is-viewed").count() == 0


def test_a_change_leads_to_both_sides_and_nothing_in_it_runs(live_server: Server, opens: Open) -> None:
    page = _compared(live_server, opens)
    page.locator(".change", has_text="test_bell").locator(".change-head a").click()
    page.wait_for_url("**/compare/*/before")
    page.locator(".compare ins").first.wait_for()
    assert page.title() not in ("1", "2")
    page.locator("nav.path a", has_text="changes since").click()
    page.wait_for_url("**/changes")
    page.locator(".change").first.wait_for()


def test_the_page_follows_a_run_that_records_again(live_server: Server, opens: Open) -> None:
    page = _compared(live_server, opens)
    page.locator("#live[data-state=on]").wait_for()
    _write(live_server, "old", "fog", "None.")
    _write(live_server, "new", "fog", "Thick as porridge.")
    page.locator(".change", has_text="porridge").wait_for()
