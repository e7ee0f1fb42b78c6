"""A real server, a real browser: what a person does."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.browser.driver import ARGUMENTS, CHROMIUMS, WAIT, Open, Server, Witness, missing, ready
from tests.making import SAMPLES


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
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
    shutil.copytree(SAMPLES, folder / "recordings", ignore=shutil.ignore_patterns("other"))
    server = Server(folder / "recordings", folder / "index.sqlite")
    server.wait_until_read()
    yield server
    server.stop()


@pytest.fixture
def live_server(tmp_path: Path, browser: Any) -> Iterator[Server]:
    """An empty directory to write into while it is watched."""
    (tmp_path / "run").mkdir()
    server = Server(tmp_path / "run", tmp_path / "index.sqlite")
    yield server
    server.stop()


@pytest.fixture
def witness() -> Witness:
    return Witness()


@pytest.fixture
def opens(browser: Any, witness: Witness) -> Iterator[Open]:
    """Opens a page of a server in a browser of its own; afterwards nothing may have gone wrong unseen."""
    contexts = []

    def open_page(server: Server, address: str = "", **options: Any) -> Any:
        settings = {"viewport": {"width": 1400, "height": 850}, "permissions": ["clipboard-read", "clipboard-write"]}
        context = browser.new_context(**{**settings, "base_url": server.address, **options})
        contexts.append(context)
        context.set_default_timeout(WAIT)
        page = context.new_page()
        witness.watch(page, server.address)
        page.goto(server.address + address)
        if options.get("java_script_enabled", True):
            ready(page)
        return page

    yield open_page
    for context in contexts:
        context.close()
    witness.verdict()
