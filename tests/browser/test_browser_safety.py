"""A hostile recording stays inert; nothing leaves; everybody can use it."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.browser.driver import Open, Server, until

TABS = ("", "/stream", "/request", "/response", "/raw")


def addresses(page: Any, server: Server) -> tuple[list[str], list[str]]:
    """The addresses of all exchanges, and those of their groups."""
    html = page.request.get(f"{server.address}?show=400").text()
    exchanges, groups = re.findall(r'href="\./(e/[0-9a-f]{16})"', html), re.findall(r'href="\./([tps]/[^"]+)"', html)
    return sorted(set(exchanges)), sorted(set(groups))


def inert(page: Any) -> None:
    assert page.evaluate(
        "window.bottleOpened === undefined && ({}).isAdmin === undefined && ({}).polluted === undefined"
    )
    assert (
        page.evaluate("document.querySelectorAll('iframe, object, embed, base, marquee, script:not([src])').length")
        == 0
    )


@pytest.mark.parametrize("which", [slice(1), pytest.param(slice(1, None), marks=pytest.mark.long)], ids=["one", "rest"])
def test_a_hostile_recording_does_nothing(server: Server, opens: Open, which: slice) -> None:
    page = opens(server, "?q=test:bottles&show=400")
    rows = page.locator("#list .row")
    assert rows.count() >= 4
    for uid in [row.get_attribute("data-uid") for row in rows.all()[which]]:
        page.locator(f"#x-{uid}").click()
        until(page, "document.querySelector('#view').dataset.uid === arg", uid)
        for tab in ("Stream", "Request", "Response", "Raw", "Conversation"):
            page.locator(".tabs a", has_text=tab).click()
            page.wait_for_selector(f".tabs a[aria-current=page]:has-text('{tab}')")
            page.evaluate("for (const fold of document.querySelectorAll('#detail details')) fold.open = true")
            for control in page.locator("#detail .md a, #detail .piece").all()[:3]:
                control.hover()
            inert(page)
        page.locator(".switch").click()
        page.wait_for_selector(".switch:has-text('as Markdown')")
        inert(page)
        page.locator(".title h1 a").first.click()
        page.wait_for_selector(".turn")
        inert(page)
    page.keyboard.press("?")
    page.locator("#quick-help[open]").wait_for()


@pytest.mark.long
def test_no_page_asks_strangers_or_breaks_the_policy(server: Server, opens: Open) -> None:
    """The witness counts requests to other origins, and what the console says of the policy."""
    page = opens(server)
    page.evaluate("document.addEventListener('securitypolicyviolation', e => console.error(e.violatedDirective))")
    exchanges, groups = addresses(page, server)
    assert len(exchanges) > 50
    assert len(groups) > 30
    tabs = [f"{one}{TABS[number % len(TABS)]}" for number, one in enumerate(exchanges)]
    for address in [*exchanges[::3], *tabs[1::3], *groups[::2]]:
        page.evaluate(
            "address => htmx.ajax('GET', address, {target: '#detail', swap: 'innerHTML show:none'})", f"/{address}"
        )
        assert page.locator("#view").count() == 1, address
    inert(page)


@pytest.mark.long
def test_hostile_pages_opened_by_address(server: Server, opens: Open) -> None:
    page = opens(server, "?q=test:bottles")
    uids = [row.get_attribute("data-uid") for row in page.locator("#list .row").all()]
    for number, uid in enumerate(uids):
        for tab in TABS[number % 2 :: 2]:
            page.goto(f"{server.address}e/{uid}{tab}")
            inert(page)
