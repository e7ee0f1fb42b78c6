"""A CI log in an exported page: the script finds there what the command line finds, and leads to the export's pages."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from inspector import export
from inspector.files.roots import roots_of
from tests.browser.driver import Tabs
from tests.making import chat, put
from tests.testruns.replay_misses.test_replay_misses import DRESSES, FILLER, HASH, MESSAGES, TEST, hard, soft


@pytest.fixture(scope="module")
def site(browser: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("log")
    put(folder / "recordings" / f"{HASH}.json", chat("Will it rain?", "No.", TEST))
    export.site(roots_of(folder / "recordings"), folder / "site", "", False, lambda _: None)
    return folder / "site"


@pytest.fixture
def page(tabs: Tabs, site: Path) -> Iterator[Any]:
    page, wrong = tabs.open(), []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda message: wrong.append(message.text) if message.type == "error" else None)
    page.goto((site / "log.html").as_uri())
    yield page
    assert not wrong


def test_the_script_reads_logs_as_the_command_does(page: Any) -> None:
    known = {"today", "genai", "with a body", "vcr", "old vcr", "vcr 9", "tool", "httpx"}
    cases = []
    for name, dress in product(sorted(known), DRESSES):
        for wrap, width in ((hard, 41), (soft, 80), (hard, 120)):
            lines = wrap(f"{FILLER}\n{MESSAGES[name][0]}\n\n", width)
            cases.append((f"{name} {dress} {width}", "\n".join(DRESSES[dress](lines, width)), MESSAGES[name][1]))
    script = "texts => texts.map((text) => FindLog.handles(text, FindLog.table(document.getElementById('find-log'))))"
    told = page.evaluate(script, [text for _, text, _ in cases])
    for (name, _, miss), one in zip(cases, told, strict=True):
        assert one["missed"] == [found for found in (miss.hash or miss.cassette,) if found], name
        assert one["some"], name


def test_a_log_leads_to_the_pages_of_the_export(page: Any) -> None:
    log = f"2026-11-21T10:00:00Z FAILED {TEST} - RuntimeError: Recording not found for request hash: {HASH}\n"
    page.fill("#log-text", log)
    page.click("#log-find")
    page.wait_for_selector("#log-found a")
    assert page.inner_text("#log-found h2 >> nth=1") == TEST
    page.click("#log-found section >> nth=1 >> a")
    page.wait_for_url("**/t/*.html")
    assert "Will it rain?" in page.inner_text("#detail")


def test_a_log_that_misses_nothing_says_so(page: Any) -> None:
    page.fill("#log-text", "All is well.")
    page.click("#log-find")
    page.wait_for_selector("text=No recorder misses")
