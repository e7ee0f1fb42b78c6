from __future__ import annotations

from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from inspector import formats
from inspector.formats import Recording
from inspector.formats.reading.source import Source
from inspector.formats.vcr.go_vcr import seconds
from inspector.model import Body
from tests.making import SAMPLES

FOLDER = SAMPLES / "other" / "go-vcr" / "keeper" / "testdata"
BELL = FOLDER / "TestKeeper" / "fog" / "bell.yaml"


def read(data: bytes | str, path: str = "keeper/testdata/TestKeeper/fog/bell.yaml") -> Recording:
    return formats.read(Source(path, data.encode() if isinstance(data, str) else data))


def test_the_sample() -> None:
    recording = read(BELL.read_bytes())
    bell, door = recording.exchanges
    assert (recording.format, recording.broken) == ("go-vcr", None)
    assert (bell.test_id, bell.started_at, bell.duration) == (
        "keeper.TestKeeper/fog/bell",
        "2025-10-15T21:00:00Z",
        1.757821875,
    )
    assert bell.response
    assert bell.response.status == 200
    assert door.request.url == "//api.openai.com/oauth/token"
    assert door.request.body == Body("text", "grant_type=keeper")
    assert door.response
    assert door.response.status == 401
    assert door.response.body
    assert "The door is locked." in door.response.body.value
    assert door.duration == pytest.approx(0.0985)
    assert not any(one.problems for one in recording.exchanges)


def test_the_first_version() -> None:
    recording = read((FOLDER / "TestFirstVersion.yaml").read_bytes())
    (one,) = recording.exchanges
    assert (recording.format, one.duration) == ("go-vcr", None)
    assert one.request.url == "https://api.openai.com/v1/chat/completions"


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("1.757821875s", 1.757821875),
        ("615.291833ms", 0.615291833),
        ("1m2.5s", 62.5),
        ("2h0m0s", 7200),
        ("1h15m30.918s", 4530.918),
        ("800µs", 0.0008),
        ("800us", 0.0008),
        ("42ns", 4.2e-08),
        (".5s", 0.5),
        (1_500_000_000, 1.5),
        ("0s", None),
        (0, None),
        (-1, None),
        ("", None),
        (None, None),
        (True, None),
        ("soon", None),
        ("1 s", None),
        ("-1s", None),
        ([], None),
        ("9" * 400 + "s", None),
    ],
)
def test_durations(written: Any, read: float | None) -> None:
    assert seconds(written) == (pytest.approx(read) if read is not None else None)


@pytest.mark.parametrize(
    ("data", "format"),
    [
        ("---\nversion: 2\ninteractions: []\n", "go-vcr"),
        ("---\nversion: 1\ninteractions: []\n", "vcr"),
        ("interactions:\n- request: {url: a, method: GET}\n  response: {code: 200}\n", "go-vcr"),
        ("interactions:\n- request: {uri: a, method: GET}\n  response: {}\n", "vcr"),
        ("interactions:\n- 1\n", None),
    ],
)
def test_what_a_cassette_is(data: str, format: str | None) -> None:
    assert (read(data).format, read(data).broken) == (format, None)


def test_odd_entries_are_read_as_far_as_they_go() -> None:
    good = {"request": {"url": "a", "method": "get", "headers": {"A": ["b", "c"]}}, "response": {"status": "200 OK"}}
    odd = [{"request": []}, {"request": {"url": 1, "form": 2}, "response": {"code": "x", "duration": {}}}, 7]
    recording = read(yaml.safe_dump({"version": 2, "interactions": [good, *odd]}))
    first, second, third, last = recording.exchanges
    assert first.response
    assert first.response.status == 200
    assert first.request.headers == (("A", "b"), ("A", "c"))
    assert (second.request.url, second.response) == ("", None)
    assert third.request.url == "1"
    assert last.problems[0].why == "not understood: an interaction is a mapping"


@given(st.integers(0, len(BELL.read_bytes())))
def test_a_cut_anywhere_shows_what_stands_before_it(at: int) -> None:
    data = BELL.read_bytes()
    part = read(data[:at]).exchanges
    assert (at > data.index(b"- id: 1")) <= (part[:1] == read(data).exchanges[:1])
    assert len(part) <= 2
    assert not any(one.problems for one in part)
