"""All ways in which what recordings say gets out: pages, the index, commands, exports, what the server prints."""

from __future__ import annotations

import gzip
import os
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import suppress
from itertools import chain
from pathlib import Path
from typing import Any

from inspector.export.packing import unpacked
from inspector.output.copyas import FORMS
from inspector.web.app import Still, create_app
from tests.commands import run
from tests.making import library, wait_until

TABS = ("", "/stream", "/request", "/request?as=sent", "/response", "/response?as=sent", "/raw", "/tools", "/story",
        "/show.json", "/as")  # fmt: skip
COPIED = tuple(form.name for form in FORMS)
COMMANDS = (
    ("ls",), ("ls", "-q", "is:odd"), ("show",), ("show", "--format", "json"), ("show", "--format", "jsonl"),
    ("summary",), ("summary", "--format", "markdown"), ("summary", "--format", "json"),
)  # fmt: skip
WORDS = ("the", "key", "password", "is:odd", "issue:problem", "a")


def index(folder: Path, file: Path) -> bytes:
    """The bytes of an index while it is open, its journal too, and once it is closed."""
    shelf = library(folder, file)
    shelf.refresh()
    shelf.index.rows()
    pieces = [path.read_bytes() for path in file.parent.iterdir()]
    shelf.index.close()
    return b"".join([*pieces, *(path.read_bytes() for path in file.parent.iterdir())])


def pages(folder: Path, step: int = 1) -> Iterator[tuple[str, bytes]]:
    """The lists and what searches find, and of every `step`-th exchange its tabs and what may be copied of it."""
    shelf = library(folder)
    shelf.refresh()
    client = create_app(Still(shelf)).test_client()
    uids = [row.uid for row in shelf.index.rows()][::step]
    lists = ["/", "/?page=2", "/tests", "/counts", "/facets", *(f"/?q={word}" for word in WORDS)]
    tabs = (f"/e/{uid}{tab}" for uid in uids for tab in TABS)
    copies = (f"/e/{uid}/as/{name}" for uid in uids for name in COPIED)
    for address in chain(lists, tabs, copies):
        yield address, client.get(address).data
    shelf.index.close()


def printed(*arguments: str, given: bytes = b"") -> bytes:
    done = run(*arguments, given=given)
    assert done.returncode in (0, 1), (arguments, done.stderr[-500:])
    return done.stdout + done.stderr


def exported(folder: Path, out: Path) -> Iterator[tuple[str, bytes]]:
    """The files of a site and of a report in one file, unpacked."""
    printed("export", str(folder), "-o", str(out / "site"))
    for path in sorted((out / "site").rglob("*")):
        if path.is_file():
            yield path.name, _plain(path.read_bytes())
    printed("export", str(folder), "--single-file", str(out / "report.html"))
    page = (out / "report.html").read_bytes()
    yield "report.html", page
    yield from ((name, _plain(data)) for name, data in unpacked(page).items())


def _plain(data: bytes) -> bytes:
    return gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data


def served(folder: Path, cache: Path, asked: Sequence[str]) -> bytes:
    """What a server prints that answers some addresses, and what it answers."""
    log = cache / "printed"
    environment: dict[str, Any] = {**os.environ, "XDG_CACHE_HOME": str(cache), "PYTHONUNBUFFERED": "1"}
    with log.open("wb") as file:
        server = subprocess.Popen(
            [sys.executable, "-m", "inspector", "serve", str(folder), "--port", "0"],
            stdout=file, stderr=file, env=environment,
        )  # fmt: skip
    try:
        wait_until(lambda: b"http://" in log.read_bytes() or server.poll() is not None)
        address = log.read_bytes().partition(b"http://")[2].split()[0].decode().rstrip("/")
        answers = []
        for path in asked:
            with suppress(OSError), urllib.request.urlopen(f"http://{address}{path}") as answer:
                answers.append(answer.read())
    finally:
        server.send_signal(signal.SIGINT)
        server.wait()
    kept = [path.read_bytes() for path in cache.rglob("*") if path.is_file()]
    return b"".join([*answers, *kept])
