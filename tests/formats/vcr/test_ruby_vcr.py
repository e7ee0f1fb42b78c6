from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector import formats
from inspector.formats import Recording
from inspector.formats.reading.source import Source
from inspector.model import Body
from tests.making import SAMPLES

FOLDER = SAMPLES / "other" / "ruby-vcr"
FOG = FOLDER / "spec" / "fixtures" / "vcr_cassettes" / "keeper_reports_the_fog.yml"


def read(data: bytes | str, path: str = "spec/fixtures/vcr_cassettes/chat/fog.yml") -> Recording:
    return formats.read(Source(path, data.encode() if isinstance(data, str) else data))


def test_ruby() -> None:
    recording = read(FOG.read_bytes())
    fog, ships = recording.exchanges
    assert (recording.format, recording.broken) == ("ruby-vcr", None)
    assert (fog.request.method, fog.request.url) == ("POST", "<LIGHT_API_BASE>/chat/completions")
    assert (fog.test_id, fog.started_at) == ("chat/fog", "2025-10-12T05:00:02Z")
    assert fog.response
    assert fog.response.body
    assert fog.response.body.value.rstrip().endswith("data: [DONE]")
    assert ships.request.body
    assert json.loads(ships.request.body.value)["messages"][0]["content"] == "Any ships?"
    assert ships.request.headers == (("Content-Type", "application/json"),)
    assert ships.response
    assert ships.response.status == 200
    assert ships.response.body
    assert ships.response.body.kind == "text"
    assert not any(one.problems for one in recording.exchanges)


def test_r() -> None:
    recording = read((FOLDER / "tests" / "testthat" / "_vcr" / "keeper-whitespace.yml").read_bytes())
    (wick,) = recording.exchanges
    assert wick.response
    assert wick.response.status == 200
    assert wick.started_at == "2025-10-13T14:06:53Z"
    assert wick.response.body
    assert wick.response.body.kind == "text"
    assert not wick.problems


def test_betamax() -> None:
    recording = read(
        (FOLDER / "tests" / "cassettes" / "keeper_betamax.json").read_bytes(), "tests/cassettes/steps.json"
    )
    (steps,) = recording.exchanges
    assert (recording.format, steps.test_id, steps.started_at) == ("ruby-vcr", "steps", "2025-10-14T07:00:00Z")
    assert steps.request.body
    assert "Count the steps." in steps.request.body.value
    assert steps.response
    assert steps.response.body
    assert "ninety-nine" in steps.response.body.value


@pytest.mark.parametrize(
    ("response", "status", "body"),
    [
        ({"status": {"code": 429, "message": "Wait"}, "body": {"string": "a"}}, 429, Body("text", "a")),
        (
            {"status": {"status_code": 201}, "body": {"encoding": "", "file": False, "string": "a"}},
            201,
            Body("text", "a"),
        ),
        ({"status": "200 OK", "body": "a"}, 200, Body("text", "a")),
        ({"status_code": 202, "body": "a"}, 202, Body("text", "a")),
        ({"status": 200, "body": {"encoding": "UTF-8", "string": ""}}, 200, None),
        ({"status": 200, "body": {"base64_string": "bGFt\ncA==\n"}}, 200, Body("text", "lamp")),
        ({"status": [], "headers": 7, "body": None}, None, None),
    ],
)
def test_responses(response: Any, status: int | None, body: Body | None) -> None:
    data = json.dumps({"http_interactions": [{"request": {"method": "get", "uri": "a"}, "response": response}]})
    (one,) = read(data).exchanges
    assert one.response
    assert (one.response.status, one.response.body) == (status, body)


@pytest.mark.parametrize(
    ("when", "moment"),
    [
        ("Sun, 12 Oct 2025 05:00:02 GMT", "2025-10-12T05:00:02Z"),
        ("2025-10-12 05:00:02 GMT", "2025-10-12T05:00:02Z"),
        ("2025-10-12T05:00:02", "2025-10-12T05:00:02Z"),
        ("lately", "2025-10-12T04:00:00Z"),
        (None, "2025-10-12T04:00:00Z"),
    ],
)
def test_times(when: str | None, moment: str) -> None:
    response = {"headers": {"Date": ["Sun, 12 Oct 2025 04:00:00 GMT"]}}
    entry = {"request": {"uri": "a"}, "response": response, "recorded_at": when}
    assert read(json.dumps({"http_interactions": [entry]})).exchanges[0].started_at == moment


@pytest.mark.parametrize(
    ("data", "format"),
    [
        ("http_interactions: []\nrecorded_with: VCR 6.4.0\n", "ruby-vcr"),
        ('{"http_interactions": [], "recorded_with": "betamax/0.9.0"}', "ruby-vcr"),
        ('{"recorded_with": "betamax/0.9.0", "http_interactions": []}', "ruby-vcr"),
        ("http_interactions:\n- a\n", None),
        ("# http_interactions:\na: 1\n", None),
    ],
)
def test_what_a_cassette_is(data: str, format: str | None) -> None:
    recording = read(data)
    assert (recording.format, recording.exchanges, recording.broken) == (format, (), None)


def test_a_bad_entry_among_good_ones() -> None:
    good = "- request: {method: get, uri: a}\n  response: {status: {code: 200}}\n"
    recording = read(f"http_interactions:\n{good}- request: {{uri: [}}\n{good}recorded_with: VCR 6.4.0\n")
    assert [bool(one.problems) for one in recording.exchanges] == [False, True, False]
    assert recording.broken is None


@given(st.integers(0, len(FOG.read_bytes())))
def test_a_cut_anywhere_shows_what_stands_before_it(at: int) -> None:
    data = FOG.read_bytes()
    second = data.index(b"\n- request:", data.index(b"recorded_at"))
    part = read(data[:at]).exchanges
    assert (at > second) <= (part[:1] == read(data).exchanges[:1])
    assert len(part) <= 2
    assert not any(one.problems for one in part[:1])
