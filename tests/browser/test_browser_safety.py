"""A hostile recording stays inert; nothing leaves; everybody can use it."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from driver import Open, Server, missing

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


def test_a_hostile_recording_does_nothing(server: Server, opens: Open) -> None:
    page = opens(server, "?q=test:bottles&show=400")
    rows = page.locator("#list .row")
    assert rows.count() >= 4
    for uid in [row.get_attribute("data-uid") for row in rows.all()]:
        page.locator(f"#x-{uid}").click()
        page.wait_for_function("uid => document.querySelector('#view').dataset.uid === uid", arg=uid)
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
        page.locator(".path a:not(.back)").first.click()
        page.wait_for_selector(".turn")
        inert(page)
    page.keyboard.press("?")
    page.wait_for_url("**/help")


def test_no_page_asks_strangers_or_breaks_the_policy(server: Server, opens: Open) -> None:
    """The witness counts requests to other origins, and what the console says of the policy."""
    page = opens(server)
    page.evaluate("document.addEventListener('securitypolicyviolation', e => console.error(e.violatedDirective))")
    exchanges, groups = addresses(page, server)
    assert len(exchanges) > 50
    assert len(groups) > 30
    tabs = [f"{one}{TABS[number % len(TABS)]}" for number, one in enumerate(exchanges)]
    for address in [*exchanges, *tabs, *groups]:
        page.evaluate(
            "address => htmx.ajax('GET', address, {target: '#detail', swap: 'innerHTML show:none'})", f"/{address}"
        )
        assert page.locator("#view").count() == 1, address
    inert(page)


def test_hostile_pages_opened_by_address(server: Server, opens: Open) -> None:
    page = opens(server, "?q=test:bottles")
    uids = [row.get_attribute("data-uid") for row in page.locator("#list .row").all()]
    for uid in uids:
        for tab in TABS:
            page.goto(f"{server.address}e/{uid}{tab}")
            inert(page)


# ---------------------------------------------------------------- axe

PLACES = {
    "list": "",
    "search": "?q=is:odd",
    "nothing found": "?q=xyzzyxyzzy",
    "wrong query": "?q=modle:x",
    "words found": "?q=lamp",
    "an order": "?q=sort:tokens&before=end",
    "filters": "facets?q=model:gpt-4o",
    "conversation": "h/{tools}",
    "stream": "h/{tools}/stream",
    "request": "h/{tools}/request",
    "response": "h/{tools}/response",
    "raw": "h/{tools}/raw",
    "hurl": "p/keeper.hurl",
    "markdown": "{markdown}",
    "hostile": "{hostile}",
    "story": "t/before_midnight",
    "help": "help",
    "error": "e/0123456789abcdef",
    "near": "t/tests/integration/responses",
}
FEWER = (
    "list",
    "search",
    "wrong query",
    "words found",
    "filters",
    "conversation",
    "stream",
    "raw",
    "markdown",
    "story",
    "help",
    "error",
)


@pytest.fixture(scope="session")
def axe() -> Any:
    try:
        from axe_playwright_python.sync_playwright import Axe
    except ImportError:
        missing("axe-playwright-python")
    return Axe()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1400, 390])
def test_axe_finds_nothing(server: Server, opens: Open, witness: Any, axe: Any, theme: str, width: int) -> None:
    witness.expected = "404"
    page = opens(server, color_scheme=theme, viewport={"width": width, "height": 900}, bypass_csp=True)
    exchanges = {
        name: re.findall(r'href="\./(e/[0-9a-f]{16})', page.request.get(f"{server.address}?q=test:{name}").text())[0]
        for name in ("before_midnight", "markdown", "bottles")
    }
    only = {} if theme == "light" else {"runOnly": ["color-contrast", "link-in-text-block"]}
    found = {}
    for name in PLACES if (width, theme) == (1400, "light") else FEWER:
        place = PLACES[name]
        address = place.replace("h/{tools}", exchanges["before_midnight"])
        address = address.format(markdown=exchanges["markdown"], hostile=exchanges["bottles"], tools="")
        page.goto(server.address + address)
        page.wait_for_selector("#list .row, #list .empty", state="attached")
        page.evaluate("for (const fold of document.querySelectorAll('#detail details')) fold.open = true")
        if name == "search":
            page.locator("#narrow summary:visible, #order summary:visible").first.click()
            page.locator("#q").focus()
            page.keyboard.press("End")
            page.keyboard.type(" mod")
            page.locator("#suggestions li").first.wait_for()
            page.keyboard.press("ArrowDown")
        result = axe.run(page, options={"resultTypes": ["violations"], **only})
        for violation in result.response["violations"]:
            nodes = [f"{node['html'][:160]} {node['any'][:1]}" for node in violation["nodes"][:3]]
            found.setdefault(f"{violation['id']}: {violation['help']}", {})[name] = nodes
    assert not found, json.dumps(found, indent=1)
