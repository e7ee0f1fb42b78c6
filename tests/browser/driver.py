"""The server and the witness that the browser tests use."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NoReturn
from urllib.error import HTTPError

import pytest

from tests.making import wait_until

CHROMIUMS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--renderer-process-limit=1",
]  # fmt: skip
"""One process draws all pages, one after the other: to start one for each costs as much again as the page."""
SIZE = {"width": 1280, "height": 560}
"""Of a page that asks for no other: what a frame costs grows with what it shows."""
WAIT = 30_000
"""Milliseconds after which something that should have happened counts as not happening."""


def missing(what: str) -> NoReturn:
    if os.environ.get("INSPECTOR_REQUIRE_BROWSER"):
        pytest.fail(f"no {what}, and INSPECTOR_REQUIRE_BROWSER is set", pytrace=False)
    pytest.skip(f"no {what}")


# ---------------------------------------------------------------- servers


class Server:
    """`inspector serve` on a directory, as somebody starts it."""

    def __init__(self, path: Path, index: Path) -> None:
        self.path = path
        self._index = index
        self._written: set[str] = set()
        self._process: subprocess.Popen[str] | None = None
        self.port = 0
        self.start()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}/"

    def start(self) -> None:
        command = [sys.executable, "-m", "inspector", "serve", str(self.path), "--port", str(self.port)]
        self._process = subprocess.Popen(
            [*command, "--index", str(self._index)],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env={**os.environ, "XDG_CACHE_HOME": str(self._index.parent / "cache")},  # `open` finds it nowhere else
        )
        said = ""
        assert self._process.stdout is not None
        for line in self._process.stdout:
            said += line
            if match := re.search(r"http://127\.0\.0\.1:(\d+)/", line):
                self.port = int(match[1])
                return
        raise AssertionError(f"the server did not start:\n{said}")

    def stop(self) -> None:
        if self._process is None:
            return
        self._process.send_signal(signal.SIGINT)
        try:
            self._process.wait(60)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
            raise
        finally:
            if self._process.stdout is not None:
                self._process.stdout.close()
            self._process = None

    def wait_until_read(self) -> None:
        """Until everything that lies there is in the list."""
        wait_until(self._is_read, WAIT / 1000)

    def empty(self) -> None:
        """Take everything away that lies there, until nobody who asks sees it; start again if somebody stopped it."""
        self._written.clear()
        for path in self.path.iterdir():
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        if self._process is None:
            self.start()
        wait_until(lambda: "No recordings here yet." in self._page(), WAIT / 1000)

    def _page(self, address: str = "") -> str:
        with urllib.request.urlopen(self.address + address) as answer:
            return str(answer.read().decode())

    def _is_read(self) -> bool:
        page = self._page()
        return "<progress" not in page and 'data-total="0"' not in page and all(map(self._is_known, self._written))

    def _is_known(self, name: str) -> bool:
        try:
            return bool(self._page(f"p/{name}"))
        except HTTPError:
            return False

    def write(self, name: str, text: str) -> None:
        """Write a file as a program does that has it whole: in one go."""
        self._written.add(name)
        file = self.path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")


def served(path: Path) -> Iterator[Server]:
    """A server on a directory of which everything is read; for fixtures."""
    server = Server(path, path.parent / "index.sqlite")
    server.wait_until_read()
    yield server
    server.stop()


# ---------------------------------------------------------------- pages


@dataclass
class Witness:
    """What a browser noticed and nobody sees: errors in the console, requests to strangers."""

    errors: list[str] = field(default_factory=list)
    strangers: list[str] = field(default_factory=list)
    expected: str = r"$^"
    """Errors that the test itself brings about."""

    def watch(self, page: Any, own: str | tuple[str, ...]) -> None:
        page.on("console", lambda message: self._said(message) if message.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: self.errors.append(f"thrown: {error}"))
        page.on("request", lambda request: self._asked(request.url, own))

    def _said(self, message: Any) -> None:
        self.errors.append(f"{message.type}: {message.text} ({message.location.get('url')})")

    def _asked(self, url: str, own: str | tuple[str, ...]) -> None:
        if not url.startswith(own) and not url.startswith("data:"):
            self.strangers.append(url)

    def verdict(self) -> None:
        unexpected = [error for error in self.errors if not re.search(self.expected, error)]
        assert not unexpected, unexpected
        assert not self.strangers, self.strangers


class Tabs:
    """Pages in one profile of a browser, which costs less than half of a profile for each: scripts, fonts and processes
    stay, what pages store is forgotten. A page that wants its profile otherwise gets one of its own."""

    def __init__(self, browser: Any) -> None:
        self._browser = browser
        self._shared = self._profile()
        self._kept = self._shared.new_page()  # and with it the process that draws: what its pages compiled stays
        self._own: list[Any] = []

    def _profile(self, **options: Any) -> Any:
        permissions = ["clipboard-read", "clipboard-write"]
        settings = {"viewport": SIZE, "permissions": permissions}
        profile = self._browser.new_context(**{**settings, **options})
        profile.set_default_timeout(WAIT)
        return profile

    @property
    def pages(self) -> list[Any]:
        """Those that a test has open."""
        profiles = [self._shared, *self._own]
        return [page for profile in profiles for page in profile.pages if page != self._kept]

    def open(self, **options: Any) -> Any:
        if not options:
            return self._shared.new_page()
        self._own.append(self._profile(**options))
        return self._own[-1].new_page()

    def close(self) -> None:
        """Close the pages of a test, and forget what they stored."""
        for profile in self._own:
            profile.close()
        self._own.clear()
        self._shared.clear_cookies()
        for page in self._shared.pages:
            if page == self._kept:
                continue
            origin = page.evaluate("self.origin")
            session = self._shared.new_cdp_session(page)
            session.send("Storage.clearDataForOrigin", {"origin": origin, "storageTypes": "local_storage,indexeddb"})
            page.close()


Open = Callable[..., Any]


def copied(page: Any, pattern: str = "") -> str:
    """What the clipboard holds, once it begins with what matches a pattern."""
    texts: list[str] = [""]

    def matches() -> bool:
        texts[0] = str(page.evaluate("navigator.clipboard.readText()"))
        return re.match(pattern, texts[0], re.DOTALL) is not None

    wait_until(matches, WAIT / 1000)
    return texts[0]


STATE = """() => ({
  at: location.href,
  open: document.querySelector('#view')?.dataset.uid,
  marked: [...document.querySelectorAll('#list [aria-current]')].map((line) => line.id || line.textContent),
  focused: document.activeElement?.outerHTML.slice(0, 200),
  asking: [...document.querySelectorAll('.htmx-request')].map((one) => one.id || one.tagName),
  live: document.querySelector('#live')?.dataset.state,
  asked: performance.getEntriesByType('resource').slice(-6)
    .map((one) => `${one.name} ${one.responseStatus} ${Math.round(one.startTime)}+${Math.round(one.duration)}`),
  at_ms: Math.round(performance.now()),
})"""
"""What explains that something did not come about."""


def stands(page: Any) -> str:
    """Where a page stands, a line each."""
    try:
        return "\n".join(f"{name}: {value}" for name, value in page.evaluate(STATE).items())
    except Exception as error:  # of playwright: the page is closed or does not answer, which says it too
        return str(error)


def until(page: Any, condition: str, arg: Any = None) -> None:
    """Until an expression of `arg` holds; asked now and then, for to ask in each frame makes it draw each frame."""
    try:
        page.wait_for_function(f"arg => {condition}", arg=arg, polling=30)
    except Exception as error:
        error.add_note(f"not so: {condition}, for {arg!r}")
        raise


def follow(link: Any) -> None:
    """Go where a link or a form leads, in a page without scripts: until that is read whole."""
    with link.page.expect_navigation(wait_until="load"):
        link.click()


def frames(page: Any) -> None:
    """Until what was done shows: two frames later all that was asked for is laid out, and the page heard of it."""
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")


def ready(page: Any) -> None:
    """Until the page's scripts run and its connection stands."""
    page.wait_for_selector("#live[data-state=on]", state="attached")
