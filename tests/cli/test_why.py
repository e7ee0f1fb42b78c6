"""``inspector why``: what is proved, what is compared, and what is a guess."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from inspector.cli.why import why as command
from inspector.recorders import llama_stack_rules as rules
from tests.commands import Done, run
from tests.making import chat, library, put

TEST = "tests/integration/sky/test_weather.py::test_forecast[client-txt=openai/gpt-4o]"
RECORDED = json.loads(chat("Is it lit?", "Yes.", TEST))
URL = RECORDED["request"]["url"]


def why(what: str, folder: Path, given: str = "") -> Done:
    return run("why", what, folder, given=given.encode())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    put(tmp_path / f"tests/integration/sky/recordings/{rules.key(RECORDED)}.json", json.dumps(RECORDED).encode())
    return tmp_path


def key(**more: object) -> str:
    body = {**RECORDED["request"]["body"], **more}
    return str(rules.key({**RECORDED, "request": {**RECORDED["request"], "body": body}}))


def log(hash: str) -> str:
    model = RECORDED["request"]["body"]["model"]
    said = f"RuntimeError: Recording not found for request hash: {hash}\nModel: {model} | Request: POST {URL}\n"
    return f"____ test_forecast[client-txt=openai/gpt-4o] ____\n{said}FAILED {TEST} - RuntimeError\n"


def test_a_hash_is_proof(folder: Path) -> None:
    for done in (why(key(max_tokens=256), folder), why("-", folder, log(key(max_tokens=256)))):
        assert done.returncode == 0, done.stderr
        assert "proved: the request is that of tests/integration/sky/recordings/" in done.text
        assert "`max_tokens` 256 instead of absent" in done.text


def test_what_is_not_proved_is_called_a_guess(folder: Path) -> None:
    done = why("-", folder, log(key(max_tokens=256, temperature=0.7)))
    assert done.returncode == 0, done.stderr
    assert "proved:" not in done.text
    assert "a guess" in done.text
    assert TEST in done.text


def test_a_request_is_compared(folder: Path) -> None:
    request = {**RECORDED["request"], "body": {**RECORDED["request"]["body"], "max_tokens": 256}}
    done = why(json.dumps({**RECORDED, "request": request}), folder)
    assert done.returncode == 0, done.stderr
    assert "max_tokens absent → 256" in done.text
    assert "proved" not in done.text


@pytest.mark.parametrize("what", ["the fog", "0123456789abcdef"])
def test_what_nobody_understands_is_one_line(folder: Path, what: str) -> None:
    done = why(what, folder)
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1


def test_of_a_test_that_missed_nothing_that_is_said(folder: Path) -> None:
    done = CliRunner().invoke(command, [TEST, str(folder)])
    assert done.exit_code == 1
    assert TEST in done.output
    assert "pytest --inspector" in done.output


def test_where_a_hash_alone_proves_nothing_no_file_is_indexed(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    indexed = []
    monkeypatch.setattr("inspector.cli.why._index", lambda roots: indexed.append(roots) or library(folder).index)
    alone = CliRunner().invoke(command, [key(max_tokens=256, temperature=0.7), str(folder)])
    assert alone.exit_code == 0, alone.output
    assert "no file of this name is here" in alone.output
    assert "line 0" not in alone.output
    assert "inspector why" not in alone.output
    assert not indexed
    put(folder / "other" / f"{'ab' * 32}.yaml", b"- 1")
    named = CliRunner().invoke(command, ["ab" * 32, str(folder)])
    assert named.exit_code == 0, named.output
    assert indexed
