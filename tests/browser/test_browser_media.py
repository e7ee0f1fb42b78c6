"""What is no text, looked at with a real browser: pictures, sources, probabilities."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.browser.driver import Open, Server, missing, until
from tests.web.pages import message, recording
from tests.web.rich import (
    PNG,
    SVG,
    WAV,
    answer,
    binary,
    cassette,
    cited,
    encoded,
    image,
    interaction,
    token,
)  # fmt: skip

SAID = "The lamp is **lit.** The keeper says so."
SOURCES = [
    cited("https://lamp.example/log", "The log", 0, 20),
    cited("javascript:bottleOpened=1", "Oil", 21, len(SAID)),
]
LIKELY = [token("The", -0.01, ("The", -0.01), ("A", -4.6)), token(" lamp", -1.2, (" fog", -0.9)), token("\n", -5.0)]
PARTS = [
    {"type": "text", "text": "What is this?"},
    image("image/png", PNG),
    image("image/svg+xml", SVG),
    {"type": "input_audio", "input_audio": {"data": encoded(WAV), "format": "wav"}},
    {"type": "image_url", "image_url": {"url": "https://light.example/a.png"}},
]
OTHERS = [
    interaction("GET", "https://light.example/", None, "<html><script>bottleOpened=1</script>"),
    interaction("POST", "https://light.example/x", binary(b"\0\xfe" * 300), binary(PNG)),
]


@pytest.fixture
def rich(live_server: Server) -> Server:
    live_server.write("cited.json", answer(SAID, annotations=SOURCES))
    live_server.write("likely.json", answer("The lamp\n", logprobs=LIKELY))
    live_server.write("media.json", recording(messages=[message(PARTS)]))
    live_server.write("test_others.yaml", cassette(*OTHERS))
    live_server.wait_until_read()
    return live_server


def test_a_picture_is_there_and_opens_in_a_tab_of_its_own(rich: Server, opens: Open) -> None:
    page = opens(rich, "p/media.json")
    until(page, "document.querySelector('.picture img')?.naturalWidth > 0")
    with page.context.expect_page() as opened:
        page.locator(".picture").click()
    opened.value.wait_for_load_state()
    assert opened.value.evaluate("document.contentType") == "image/png"
    assert page.locator("audio[controls]").count() == 1


def test_a_mark_leads_to_its_source(rich: Server, opens: Open) -> None:
    page = opens(rich, "p/cited.json")
    page.locator(".cite a").first.click()
    page.wait_for_selector("#reply-p0-s1:target")
    assert page.locator(".sources a").count() == 1, "an address of no web page is no link"


def test_alternatives_show_by_the_keyboard(rich: Server, opens: Open) -> None:
    page = opens(rich, "p/likely.json")
    page.locator(".switch-tokens").click()
    page.wait_for_selector(".token-text")
    tips = page.locator(".token-text .tip")
    assert not tips.first.is_visible()
    page.locator(".skip-tokens").focus()
    page.keyboard.press("Tab")
    assert tips.nth(0).is_visible()
    page.keyboard.press("Tab")
    assert not tips.nth(0).is_visible()
    assert "fog" in tips.nth(1).inner_text()
    page.mouse.move(0, 0)
    page.locator(".token-text .tok").nth(2).hover()
    assert tips.nth(2).is_visible()


@pytest.mark.long
@pytest.mark.parametrize(("width", "theme"), [(390, "dark")])
def test_axe_finds_nothing(rich: Server, opens: Open, theme: str, width: int) -> None:
    try:
        from axe_playwright_python.sync_playwright import Axe
    except ImportError:
        missing("axe-playwright-python")
    page = opens(rich, color_scheme=theme, viewport={"width": width, "height": 900}, bypass_csp=True)
    found: dict[str, Any] = {}
    for name in ("p/media.json", "p/cited.json", "p/likely.json?text=tokens", *others(page)):
        address, _, query = name.partition("?")
        page.goto(rich.address + address)
        page.wait_for_selector("#list .row", state="attached")
        if query:
            page.goto(f"{page.url}?{query}")
            page.locator(".token-text .tok").nth(1).focus()
        page.evaluate("for (const fold of document.querySelectorAll('#detail details')) fold.open = true")
        for violation in Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]:
            nodes = [f"{node['html'][:160]} {node['any'][:1]}" for node in violation["nodes"][:3]]
            found.setdefault(f"{violation['id']}: {violation['help']}", {})[name] = nodes
    assert not found, json.dumps(found, indent=1)


def others(page: Any) -> list[str]:
    """The addresses of what is no talk with a model, and one of their tabs."""
    page.wait_for_selector("#list .row", state="attached")
    uids = page.evaluate("[...document.querySelectorAll('.group:has(.fold) .row')].map(row => row.dataset.uid)")
    assert len(uids) == len(OTHERS)
    return [*(f"e/{uid}" for uid in uids), *(f"e/{uid}/request" for uid in uids)]
