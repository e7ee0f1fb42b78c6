"""What turns, hides or moves text stands as itself in nothing that is printed, and in no page: names of files too."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from inspector.web.app import Still, create_app
from tests.commands import run
from tests.making import chat, library, put
from tests.web.pages import message, recording

HIDDEN = "\x9b31m\x85\u202e\u2066\u200b\u200f\u2028\u206a\U000e0041\ufeff\x1b[2J\u061c"
RAW = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2066-\u206f\ufeff\U000e0000-\U000e007f]"
)
NAME = "fog\u202ebell\x9b\u200b.json"
KEY = "sk-" + "proj-Zy0wVu1tSr2qPo3nMl4kJi5hGf6eDc7bA8"
LOG = (
    "RuntimeError: Recording not found for request hash: 1234567890abcdef\n"
    f"Model: gpt-4o{HIDDEN} | Request: POST /v1{HIDDEN}\n"
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two states of recordings that say such characters, and whose names have them."""
    path = tmp_path_factory.mktemp("hidden")
    for state in ("old", "new"):
        said = f"Is it lit?{HIDDEN} {KEY}"
        put(path / state / NAME, recording(f"{state}{HIDDEN}", [message(said)], model=f"m{HIDDEN}").encode())
        put(path / state / "two.json", chat(f"Fog?{HIDDEN}", f"No.{HIDDEN}", f"tests/a.py::test_a[{HIDDEN}]"))
    return path


def test_nothing_prints_them(folder: Path) -> None:
    new = str(folder / "new")
    asked = json.dumps(
        {"url": f"https://x.example/v1{HIDDEN}", "body": {"model": HIDDEN, "messages": [message("Fog?")]}}
    )
    commands = [
        *(("show", new, "--format", form) for form in ("text", "json", "jsonl")),
        *(("ls", new, "--format", form) for form in ("text", "json", "paths")),
        *(("summary", new, "--format", form) for form in ("text", "json", "markdown")),
        *(("check", new, "--format", form) for form in ("text", "json", "sarif", "junit", "github")),
        *(("diff", str(folder / "old"), new, "--format", form) for form in ("text", "json", "markdown")),
        ("why", asked, new), ("why", LOG, new), ("check", new, "--write-baseline", str(folder / "known.json")),
    ]  # fmt: skip
    printed = {command: run(*command) for command in commands}
    assert not {command: done for command, done in printed.items() if RAW.search((done.stdout + done.stderr).decode())}
    assert not [command for command, done in printed.items() if not done.stdout + done.stderr]
    known = (folder / "known.json").read_text()
    assert RAW.search(known) is None
    assert NAME in {one["path"] for one in json.loads(known)["findings"]}


def test_no_page_has_them(folder: Path) -> None:
    shelf = library(folder / "new")
    shelf.refresh()
    client = create_app(Still(shelf)).test_client()
    uids = [row.uid for row in shelf.index.rows()]
    tabs = ("", "/stream", "/request", "/response", "/raw", "/story", "/show.json", "/as", "/as/json", "/beside")
    addresses = [
        "/",
        "/facets",
        "/matrix",
        "/checks",
        "/compare/" + "/".join(uids),
        *(f"/e/{uids[0]}{tab}" for tab in tabs),
    ]
    for address in addresses:
        text = client.get(address).text
        assert RAW.search(text) is None, address
        assert len(text) > 300, address
    shelf.index.close()
