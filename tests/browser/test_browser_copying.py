"""Copying an exchange as something else, and places from a page that is only a file."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.browser.driver import Open, Server, copied, follow, until
from tests.making import chat, put


def test_one_click_copies_a_form(live_server: Server, opens: Open) -> None:
    live_server.write("a.json", chat("it's").decode())
    live_server.wait_until_read()
    page = opens(live_server)
    page.locator("#list .row").first.click()
    page.locator("#copy-as").click()
    page.locator("#copy-menu a", has_text="curl").click()
    copied(page, r"# The recording keeps no credentials.*it'\\''s")
    assert not page.locator("#copy-menu").is_visible()
    page.locator("#copy-as").click()
    page.wait_for_selector("#copy-menu a:focus")
    page.keyboard.press("Escape")
    page.wait_for_selector("#copy-as:focus")
    assert not page.locator("#copy-menu").is_visible()
    page.locator("#copy-as").click()
    page.locator("#copy-menu .all a").click()
    page.wait_for_selector("#as-httpx pre")
    page.locator("#as-httpx [data-copy-text]").click()
    copied(page, r"# The recording keeps no credentials: the header authorization.*httpx\.post")
    page.locator(".tabs a").first.click()
    page.locator("#m0 a.anchor").click()
    assert copied(page, "http").endswith("#m0")
    assert page.url.endswith("#m0"), "it is a link as well"


def test_without_scripts_it_is_a_page(live_server: Server, opens: Open) -> None:
    live_server.write("a.json", chat("it's").decode())
    live_server.wait_until_read()
    page = opens(live_server, java_script_enabled=False)
    follow(page.locator("#list .row").first)
    follow(page.locator("#copy-as"))
    assert "curl" in page.locator("#as-curl pre").inner_text()


def test_texts_are_copied_from_files(tmp_path: Path, browser: Any) -> None:
    put(tmp_path / "in" / "a.json", chat("Say *it*\n\n    now", "As `said`."))
    command = [sys.executable, "-m", "inspector", "export", str(tmp_path / "in"), "-o", str(tmp_path / "site")]
    subprocess.run(command, check=True, capture_output=True)
    page = browser.new_page()
    page.add_init_script("navigator.clipboard.writeText = text => { document.title = text; }")
    address = next((tmp_path / "site" / "e").glob("*.html")).as_uri()
    page.goto(address)
    for place, said in (("#reply-p0", "As said."), ("#m0-p0", "Say it")):
        page.locator(f"{place} [data-copy-near]").click(force=True)
        until(page, "document.title.startsWith(arg)", said)
    page.locator("#m0-p0 [data-copy-href]").click(force=True)
    until(page, "document.title === arg", f"{address}#m0-p0")
    page.goto(address.removesuffix(".html") + "/as.html")
    page.locator("#as-curl [data-copy-near]").click()
    until(page, "document.title.startsWith('# The recording keeps no credentials')")
    assert page.title().endswith("}'")
    page.close()
