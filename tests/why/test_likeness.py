"""A request beside what is recorded, and what its recorder looks at."""

from __future__ import annotations

import json
from hashlib import md5
from pathlib import Path
from typing import Any

import pytest

from inspector.files.roots import roots_of
from inspector.index import Index
from inspector.model import Body, Exchange, Request
from inspector.recorders import llama_stack_rules as rules
from inspector.recorders import polly_rules
from inspector.testruns.missed_request import MissedRequest
from inspector.why.likeness import MOST, Compared, compared
from tests.making import chat, library, put

TEST = "tests/integration/sky/test_weather.py::test_forecast[client-txt=openai/gpt-4o]"
URL = "https://skerry.example/v1/chat/completions"
ENTRY = """\
- request:
    body: '{body}'
    headers: {{}}
    method: POST
    uri: {url}
  response:
    body: {{string: '{{"choices": [{{"index": 0, "message": {{"role": "assistant", "content": "Lit."}}}}]}}'}}
    headers: {{}}
    status: {{code: 200, message: OK}}
"""


def asked(said: str, url: str = URL, **more: Any) -> Exchange:
    body = {"model": "lamp", "messages": [{"role": "user", "content": said}], **more}
    return Exchange(entry=0, request=Request("POST", url, (), Body("value", body)), response=None)


def beside(folder: Path, request: Exchange) -> list[Compared]:
    return compared(roots_of(folder), _index(folder), request)


def _index(folder: Path) -> Index:
    shelf = library(folder)
    shelf.refresh()
    return shelf.index


@pytest.fixture
def cassette(tmp_path: Path) -> Path:
    entries = "".join(
        ENTRY.format(body=json.dumps(asked(said).request.body.value), url=URL)  # type: ignore[union-attr]
        for said in ("Is it lit?", "Is there fog?", "Who rows?", "What of the bell?")
    )
    put(tmp_path / "tests/cassettes/test_lamp/test_lit.yaml", f"interactions:\n{entries}version: 1\n".encode())
    return tmp_path


def test_the_likest_stands_first_and_says_what_its_recorder_compares(cassette: Path) -> None:
    found = beside(cassette, asked("Is there fog?", f"{URL}?debug=1"))
    assert 1 <= len(found) <= MOST
    assert found[0].row.asked == "Is there fog?"
    assert found[0].fails == ("query",)
    assert "query" in found[0].cure
    assert any("url" in line for line in found[0].lines)


def test_what_matches_may_have_been_played_already(cassette: Path) -> None:
    first = beside(cassette, asked("Is it lit?", temperature=0.7))[0]
    assert first.fails == (), "VCR.py does not compare bodies by default"
    assert "already played" in first.words
    assert not first.cure
    assert any("temperature" in line for line in first.lines)


def test_a_key_differs_by_what_it_is_a_hash_of(tmp_path: Path) -> None:
    recorded = json.loads(chat("Is it lit?", "Yes.", TEST))
    put(tmp_path / f"tests/integration/sky/recordings/{rules.key(recorded)}.json", json.dumps(recorded).encode())
    request = recorded["request"]
    body = {**request["body"], "max_tokens": 256}
    same, other = (
        Exchange(
            entry=0, request=Request("POST", request["url"], (), Body("value", value)), response=None, test_id=TEST
        )
        for value in (request["body"], body)
    )
    assert [(one.fails, one.lines) for one in beside(tmp_path, same)] == [((), ())]
    [one] = beside(tmp_path, other)
    assert one.fails == ("key",)
    assert one.lines == ("max_tokens absent → 256",)
    assert one.cure


def test_nothing_is_compared_with_what_has_nothing_in_common(cassette: Path) -> None:
    request = Exchange(entry=0, request=Request("GET", "https://elsewhere/"), response=None)
    assert beside(cassette, request) == []


def test_a_request_is_not_compared_with_itself(cassette: Path) -> None:
    index = _index(cassette)
    row = index.rows()[0]
    found = compared(roots_of(cassette), index, asked(row.asked), row.uid)
    assert row.uid not in {one.row.uid for one in found}


def test_the_body_may_be_all_that_is_known(cassette: Path) -> None:
    found = beside(
        cassette, Exchange(entry=0, request=Request("", "", (), asked("Who rows?").request.body), response=None)
    )
    assert found[0].row.asked == "Who rows?"
    assert found[0].fails == ()


@pytest.mark.parametrize(
    ("file", "text", "fails", "says"),
    [
        ("tests/conftest.py", "def vcr_config():\n    return {'match_on': ['body']}", ("body",), "`vcr_config`"),
        ("pyproject.toml", "[tool.inspector]\nmatch-on = ['method', 'body']", ("body",), "[tool.inspector]"),
        ("pyproject.toml", "[tool.inspector]\nallow-playback-repeats = true", (), "[tool.inspector] it matches"),
        ("pyproject.toml", "[tool.inspector]\nmatch-on = 3", (), "the defaults of VCR.py"),
    ],
    ids=["fixture", "settings", "repeats", "settings that are none"],
)
def test_what_a_project_compares(cassette: Path, file: str, text: str, fails: tuple[str, ...], says: str) -> None:
    put(cassette / file, text.encode())
    first = beside(cassette, asked("Is it lit?", temperature=0.7))[0]
    assert first.fails == fails
    assert says in first.words
    assert ("unless it was already played" in first.words) == (says == "the defaults of VCR.py")


@pytest.mark.parametrize(
    ("mode", "says"),
    [
        ("none", "record mode none it is an error; in new_episodes it would be recorded"),
        ("once", "nothing new goes into a cassette that is there; in new_episodes it would be recorded"),
        ("new_episodes", "it is recorded"),
        ("all", "nothing is played"),
        ("lighthouse", "or record the request anew"),
        ("", "or record the request anew"),
    ],
)
@pytest.mark.parametrize("is_caught", [True, False], ids=["the run had it", "a fixture sets it"])
def test_the_record_mode_says_what_becomes_of_a_request_without_a_recording(
    cassette: Path, mode: str, says: str, is_caught: bool
) -> None:
    missed = None
    if is_caught:
        missed = MissedRequest(
            "VCR.py", "POST", URL, matched_by=("method", "body"), differs=("body",), record_mode=mode
        )
    else:
        config = f"def vcr_config():\n    return {{'match_on': ['method', 'body'], 'record_mode': {mode!r}}}"
        put(cassette / "tests/conftest.py", config.encode())
    request = asked("Is it lit?", temperature=0.7)
    first = compared(roots_of(cassette), _index(cassette), request, missed=missed)[0]
    assert first.fails == ("body",)
    assert says in first.cure


def polly(headers: bool) -> bytes:
    """An archive of Polly.js whose id is a hash of what it matches by."""
    url, text = f"{URL}?a=1", json.dumps(asked("Is it lit?").request.body.value)  # type: ignore[union-attr]
    identifiers: dict[str, Any] = {"method": "POST", "url": url, "body": text}
    if headers:
        identifiers["headers"] = {"x-fog": "thin"}
    hashed = md5(json.dumps(identifiers, sort_keys=True, separators=(",", ":")).encode()).hexdigest()
    request = {
        "method": "POST",
        "url": url,
        "headers": [{"name": "X-Fog", "value": "thin"}],
        "postData": {"text": text},
    }
    response = {"status": 200, "headers": [], "content": {"text": "{}", "mimeType": "application/json"}}
    entry = {"_id": hashed, "_order": 0, "request": request, "response": response, "startedDateTime": "2026-01-01"}
    return json.dumps({"log": {"version": "1.2", "creator": {"name": "Polly.JS"}, "entries": [entry]}}).encode()


@pytest.mark.parametrize("headers", [True, False], ids=["with headers", "without"])
def test_an_id_of_polly_tells_what_it_is_matched_by(tmp_path: Path, headers: bool) -> None:
    put(tmp_path / "recording.har", polly(headers))
    [one] = beside(tmp_path, asked("Is it lit?", f"{URL}?a=1"))
    assert one.matching.recorder is polly_rules
    assert ("headers" in one.matching.matched_by) == headers
    assert one.fails == (("headers",) if headers else ())
