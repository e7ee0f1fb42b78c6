"""A new file until the open page shows it, in a real browser."""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.benchmarks.figure import Figure, percentile
from tests.benchmarks.served import serving

_ROUNDS = 40
_SAMPLES = Path(__file__).parent.parent / "recordings"
_ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]


@contextmanager
def chromium() -> Iterator[Any]:
    """A browser; None where there is none."""
    names = ("chromium", "chromium-browser", "google-chrome")
    found = next((path for path in map(shutil.which, names) if path), None)
    if found is None:
        yield None
        return
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=_ARGUMENTS)
        yield browser
        browser.close()


def figures() -> Iterator[Figure]:
    with tempfile.TemporaryDirectory() as folder, chromium() as browser:
        if browser is None:
            return
        root = Path(folder, "recordings")
        shutil.copytree(_SAMPLES, root)
        with serving(root) as (address, _):
            page = browser.new_page()
            page.goto(address)
            page.wait_for_selector("#live[data-state=on]")
            sample = next(root.rglob("de287569*.json")).read_text()
            taken = [_until_shown(page, root, sample, number) for number in range(_ROUNDS)]
            round_trip = [_round_trip(page) for _ in range(_ROUNDS)]
    base = percentile(round_trip, 0.5)
    for share, name in ((0.5, "median"), (0.95, "95th percentile")):
        what = f"a new file until the open page shows it, {name}"
        yield Figure(what, percentile(taken, share), "s", base, "fetch of the list")


def _until_shown(page: object, root: Path, sample: str, number: int) -> float:
    """Seconds from the closing of a new file until its words are in the page."""
    words = f"round {number} of the watch"
    target = root / f"{number:064x}.json"
    text = sample.replace("Lamp is lit.", f"{words}: lamp is lit.").replace("test_says_good_evening", f"test_{number}")
    waiting = f"() => document.querySelector('#list').textContent.includes('{words}')"
    target.write_text(text)
    began = time.perf_counter()
    page.wait_for_function(waiting, polling="raf")  # type: ignore[attr-defined]
    return time.perf_counter() - began


def _round_trip(page: object) -> float:
    began = time.perf_counter()
    page.evaluate("() => fetch(document.querySelector('#list').getAttribute('hx-get')).then((r) => r.text())")  # type: ignore[attr-defined]
    return time.perf_counter() - began
