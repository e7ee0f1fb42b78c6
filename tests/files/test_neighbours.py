"""Bodies in files beside a recording: read below the served root only, and never listed twice."""

from __future__ import annotations

import hashlib
import json
import os
import zipfile
from pathlib import Path
from typing import Any

import pytest

from inspector.cli.gather import exchanges, rows
from inspector.files import neighbours
from inspector.files.roots import roots_of
from inspector.model.jsonio import dumps
from inspector.output.otel_json import exchange_json

URL = "https://api.openai.com/v1/chat/completions"
BODY = (
    b'data: {"object": "chat.completion.chunk", "model": "keeper", "choices": [{"index": 0, "delta": {"content": '
    b'"The bell."}, "finish_reason": "stop"}]}\n\ndata: [DONE]\n\n'
)
NAME = f"{hashlib.sha1(BODY).hexdigest()}.dat"


def har(file: str) -> bytes:
    asked = {"model": "keeper", "messages": [{"role": "user", "content": "What rang?"}]}
    request = {"method": "POST", "url": URL, "headers": [], "postData": {"text": json.dumps(asked)}}
    response = {"status": 200, "headers": [], "content": {"size": -1, "_file": file}}
    return json.dumps(
        {"log": {"creator": {"name": "Playwright"}, "entries": [{"request": request, "response": response}]}}
    ).encode()


def mapping(file: str) -> bytes:
    response = {"status": 200, "bodyFileName": file}
    return json.dumps({"request": {"urlPath": "/v1/chat/completions", "method": "POST"}, "response": response}).encode()


def put(top: Path, files: dict[str, bytes]) -> Path:
    for name, data in files.items():
        (top / name).parent.mkdir(parents=True, exist_ok=True)
        (top / name).write_bytes(data)
    return top


def shown(top: Path, query: str = "") -> list[dict[str, Any]]:
    return [exchange_json(*one[:3]) for one in exchanges(roots_of(top), query, lambda said: None)]


LAYOUTS = {
    "Playwright": {"a/chat.har": har(NAME), f"a/{NAME}": BODY},
    "Playwright, below": {"chat.har": har(f"bodies/{NAME}"), f"bodies/{NAME}": BODY},
    "WireMock": {"mappings/chat.json": mapping("bell.txt"), "__files/bell.txt": BODY},
    "WireMock, deeper": {"w/mappings/a/b/chat.json": mapping("c/bell.txt"), "w/__files/c/bell.txt": BODY},
}


@pytest.mark.parametrize("query", ["", "model:keeper"])
@pytest.mark.parametrize("files", LAYOUTS.values(), ids=LAYOUTS)
def test_the_body_is_the_answer_of_its_recording_alone(files: dict[str, bytes], query: str, tmp_path: Path) -> None:
    found = shown(put(tmp_path, files), query)
    assert [one["response"]["messages"][0]["parts"][0]["content"] for one in found[:1]] == ["The bell."]
    assert len(found) == 1


@pytest.mark.parametrize("files", [LAYOUTS[name] for name in ("Playwright", "Playwright, below", "WireMock, deeper")])
def test_in_an_archive_too(files: dict[str, bytes], tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "har.zip", "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    (one,) = shown(tmp_path)
    assert one["response"]["messages"][0]["parts"][0]["content"] == "The bell."
    assert len(rows(roots_of(tmp_path), "", lambda said: None).rows) == 1


def test_what_nobody_names_is_a_recording_of_its_own(tmp_path: Path) -> None:
    put(tmp_path, {"a/chat.har": har("other.dat"), f"a/{NAME}": BODY, "w/__files/bell.txt": BODY})
    assert len(shown(tmp_path)) == 3


@pytest.mark.parametrize(
    "name", ["../secret.txt", "a/../../secret.txt", "/etc/hostname", "..", ".", "", "b/../..", ".git/config", "a\0b",
             "..\\secret.txt", "node_modules/x.txt", "missing.txt", "leads-out.txt", "folder"],
)  # fmt: skip
def test_nothing_else_is_read(name: str, tmp_path: Path) -> None:
    hidden = ("secret.txt", "served/.git/config", "served/node_modules/x.txt", "served/folder/x")
    put(tmp_path, {"served/chat.har": har(name), **dict.fromkeys(hidden, b"SEAGULL")})
    os.symlink(tmp_path / "secret.txt", tmp_path / "served" / "leads-out.txt")
    (one,) = shown(tmp_path / "served")
    assert "SEAGULL" not in dumps(one)
    if name:
        assert any("kept in another file" in problem["why"] for problem in one["problems"])


def test_a_name_is_a_path_below_the_root() -> None:
    assert neighbours.named("a/b/c.har", "../d.json") == "a/d.json"
    assert neighbours.named("c.har", "./d.json") == "d.json"
    assert neighbours.named("c.har", "../d.json") is None
