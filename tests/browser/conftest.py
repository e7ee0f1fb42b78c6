"""A real server, a real browser: what a person does."""

from __future__ import annotations

import os
import re
import shutil
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.browser.driver import ARGUMENTS, CHROMIUMS, Open, Server, Tabs, Witness, missing, ready, served, stands
from tests.making import SAMPLES


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = f"{Path(__file__).parent}{os.sep}"
    for item in items:
        if str(item.path).startswith(here):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    try:
        from playwright.sync_api import Error, sync_playwright
    except ImportError:
        missing("playwright")
    with sync_playwright() as playwright:
        found = next((path for name in CHROMIUMS if (path := shutil.which(name))), playwright.chromium.executable_path)
        if not Path(found).exists():
            missing("Chromium")
        try:
            browser = playwright.chromium.launch(executable_path=found, args=ARGUMENTS)
        except Error as error:
            missing(f"Chromium that starts: {error}")
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory, browser: Any) -> Iterator[Server]:
    """The sample recordings; nobody changes them."""
    folder = tmp_path_factory.mktemp("samples")
    _copy(folder / "recordings", shutil.ignore_patterns("other"))
    yield from served(folder / "recordings")


def _copy(to: Path, left_out: Callable[[str, list[str]], Iterable[str]]) -> None:
    """The samples, all of one time: a list is in the order of times, and a checkout ends in another second than it
    began."""
    shutil.copytree(SAMPLES, to, ignore=left_out)
    then = time.time() - 3 * 86400  # told in days, the same to the end of a test
    for file in to.rglob("*"):
        os.utime(file, (then, then))


FEW = re.compile(
    "declines|two_drafts|before_midnight|night_report|arguments_that_are_not_json|integration/(agents|messages)"
)


@pytest.fixture(scope="session")
def few(tmp_path_factory: pytest.TempPathFactory, browser: Any) -> Iterator[Server]:
    """Some twenty of the samples, for what does not ask how many there are: such a list is drawn in half the time."""
    folder = tmp_path_factory.mktemp("few")
    _copy(folder / "recordings", _but_few)
    yield from served(folder / "recordings")


def _but_few(folder: str, names: list[str]) -> list[str]:
    """What is left out of a folder: the recordings of other tests."""
    recordings = [name for name in names if name.endswith(".json")]
    return ["other", *(name for name in recordings if not FEW.search(Path(folder, name).read_text()))]


@pytest.fixture(scope="session")
def watched(tmp_path_factory: pytest.TempPathFactory, browser: Any) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("watched")
    (folder / "run").mkdir()
    server = Server(folder / "run", folder / "index.sqlite")
    yield server
    server.stop()


@pytest.fixture
def live_server(watched: Server) -> Iterator[Server]:
    """An empty directory to write into while it is watched."""
    yield watched
    watched.empty()


@pytest.fixture
def witness() -> Witness:
    return Witness()


@pytest.fixture(scope="session")
def _tabs(browser: Any) -> Tabs:
    return Tabs(browser)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    """A test that fails says where its pages stand, which explains what did not come about."""
    report = yield
    if report.failed and call.when == "call" and (tabs := getattr(item, "funcargs", {}).get("tabs")):
        report.sections += [(f"page {page.url}", stands(page)) for page in tabs.pages]
    return report


@pytest.fixture
def tabs(_tabs: Tabs) -> Iterator[Tabs]:
    yield _tabs
    _tabs.close()


@pytest.fixture
def opens(tabs: Tabs, witness: Witness) -> Iterator[Open]:
    """Opens a page of a server; afterwards nothing may have gone wrong unseen."""

    def open_page(server: Server, address: str = "", **options: Any) -> Any:
        page = tabs.open(**options)
        witness.watch(page, server.address)
        page.goto(server.address + address)
        if options.get("java_script_enabled", True):
            ready(page)
        return page

    yield open_page
    witness.verdict()
