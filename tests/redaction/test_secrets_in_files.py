"""What is masked on a page stands in no list or search result, no byte of the index, no export, no command's output."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from inspector import export
from inspector.files.roots import roots_of
from inspector.model import Body, Exchange
from tests.making import library, put
from tests.redaction.planted import Planted, all_planted

CHOSEN = list(all_planted(3))[::3]
"""A third of all kinds and places: the others differ from them in what they are put together of."""


def _content(body: Body | None) -> str:
    if body is None:
        return ""
    if isinstance(body.value, str):
        return body.value
    if body.kind == "chunks":
        return "".join(f"data: {json.dumps(chunk)}\n\n" for chunk in body.value)
    return json.dumps(body.value)


def har(exchanges: list[Exchange]) -> bytes:
    def entry(one: Exchange) -> dict[str, Any]:
        headers = [{"name": name, "value": value} for name, value in one.request.headers]
        request = {"method": "POST", "url": one.request.url, "headers": headers, "queryString": [], "cookies": []}
        request["postData"] = {"mimeType": "application/json", "text": _content(one.request.body)}
        response = one.response and _content(one.response.body)
        content = {"mimeType": "application/json", "text": response, "size": len(response or "")}
        answered = {"status": 200, "statusText": "", "headers": [], "cookies": [], "content": content}
        return {"startedDateTime": "2026-01-02T03:04:05Z", "time": 1, "request": request, "response": answered}

    log = {"version": "1.2", "creator": {"name": "lamp", "version": "1"}, "entries": list(map(entry, exchanges))}
    return json.dumps({"log": log}).encode()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Recordings of all that was planted, twenty to a file."""
    path = tmp_path_factory.mktemp("planted")
    for at in range(0, len(CHOSEN), 20):
        put(path / "r" / f"{at}.har", har([one.exchange for one in CHOSEN[at : at + 20]]))
    return path


def leaked(data: bytes) -> list[str]:
    return [one.id for one in CHOSEN if one.secret.encode() in data]


def test_the_recordings_hold_the_secrets(folder: Path) -> None:
    whole = b"".join(path.read_bytes() for path in (folder / "r").iterdir())
    assert len(leaked(whole)) > len(CHOSEN) / 2, "the others are spelled"


def test_no_byte_of_the_index_and_no_row_is_a_secret(folder: Path, tmp_path: Path) -> None:
    shelf = library(folder / "r", tmp_path / "index.sqlite")
    shelf.refresh()
    rows = shelf.index.rows()
    assert len(rows) == len(CHOSEN)
    assert leaked(repr(rows).encode()) == []
    shelf.index.close()
    assert leaked(b"".join(path.read_bytes() for path in tmp_path.iterdir())) == []


def test_no_command_prints_a_secret(folder: Path) -> None:
    for command in (["ls"], ["show", "--format", "jsonl"], ["show"], ["summary"]):
        done = subprocess.run(
            [sys.executable, "-m", "inspector", command[0], str(folder / "r"), *command[1:]],
            capture_output=True,
            check=True,
        )
        assert done.stdout
        assert leaked(done.stdout + done.stderr) == []


@pytest.mark.long
def test_no_file_of_an_export_holds_a_secret(folder: Path, tmp_path: Path) -> None:
    export.site(roots_of(folder / "r"), tmp_path / "site", "", False, lambda _: None)
    files = [path.read_bytes() for path in (tmp_path / "site").rglob("*") if path.is_file()]
    assert leaked(b"".join(gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data for data in files)) == []


def test_planted_is_told_apart() -> None:
    assert len({one.secret for one in CHOSEN}) == len(CHOSEN)
    assert isinstance(CHOSEN[0], Planted)
