"""What axe finds on the pages, at both widths and in both themes: nothing."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from tests.browser.driver import Open, Server, missing

PLACES = {
    "list": "",
    "search": "?q=is:refusal",
    "nothing found": "?q=xyzzyxyzzy",
    "wrong query": "?q=modle:x",
    "words found": "?q=harpooner",
    "an order": "?q=sort:tokens+test:before_midnight",
    "filters": "facets?q=model:gpt-4o",
    "conversation": "h/{tools}",
    "stream": "h/{tools}/stream",
    "response": "h/{tools}/response",
    "raw": "h/{tools}/raw",
    "markdown": "{markdown}",
    "hostile": "{hostile}",
    "story": "t/before_midnight",
    "session": "s/7b1e5ce1-0000-4000-8000-00000000f09b",
    "side by side": "h/{tools}/beside",
    "compared": "compare/{one}/{other}",
    "two columns": "compare/{other}/{one}?view=two",
    "compare with": "compare/{one}?q=lamp",
    "variants": "matrix",
    "changes": "changes",
    "checks": "checks?all=1",
    "paste": "paste",
    "why": "why",
    "why compared": "why?what={one}",
    "test run": "tests",
    "help": "help",
    "manual": "help/formats",
    "keys and search": "",
    "error": "e/0123456789abcdef",
}
LISTS = ("list", "search", "nothing found", "wrong query", "words found", "an order")
FEWER = (
    "search",
    "wrong query",
    "words found",
    "filters",
    "conversation",
    "stream",
    "raw",
    "markdown",
    "story",
    "side by side",
    "compared",
    "variants",
    "why",
    "why compared",
    "help",
    "manual",
    "keys and search",
    "error",
)


@pytest.fixture(scope="session")
def axe() -> Any:
    try:
        from axe_playwright_python.sync_playwright import Axe
    except ImportError:
        missing("axe-playwright-python")
    return Axe()


@pytest.mark.long
@pytest.mark.parametrize(
    ("width", "theme", "places"),
    [
        pytest.param(1400, "light", tuple(PLACES), id="all, wide and light"),
        pytest.param(390, "dark", FEWER, id="all, narrow and dark"),
    ],
)
def test_axe_finds_nothing(
    server: Server, opens: Open, witness: Any, axe: Any, width: int, theme: str, places: tuple[str, ...]
) -> None:
    witness.expected = "404"
    page = opens(server, color_scheme=theme, viewport={"width": width, "height": 900}, bypass_csp=True)
    exchanges = {
        name: re.findall(r'href="\./(e/[0-9a-f]{16})', page.request.get(f"{server.address}?q=test:{name}").text())[0]
        for name in ("before_midnight", "markdown", "bottles")
    }
    only = {} if theme == "light" else {"runOnly": ["color-contrast", "link-in-text-block"]}
    found = {}
    for name in places:
        place = PLACES[name]
        address = place.replace("h/{tools}", exchanges["before_midnight"])
        one, other = (exchanges[test].removeprefix("e/") for test in ("before_midnight", "bottles"))
        address = address.format(
            markdown=exchanges["markdown"], hostile=exchanges["bottles"], tools="", one=one, other=other
        )
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
        if name == "keys and search":
            page.keyboard.press("?")
            page.locator("#quick-help[open]").wait_for()
        part = (
            "#quick-help" if name == "keys and search" else None if name in LISTS else "#detail"
        )  # the list is the same everywhere
        result = axe.run(page, context=part, options={"resultTypes": ["violations"], **only})
        for violation in result.response["violations"]:
            nodes = [f"{node['html'][:160]} {node['any'][:1]}" for node in violation["nodes"][:3]]
            found.setdefault(f"{violation['id']}: {violation['help']}", {})[name] = nodes
    assert not found, json.dumps(found, indent=1)
