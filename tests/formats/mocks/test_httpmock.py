from __future__ import annotations

from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from inspector import formats
from inspector.decode.decoder import decode
from inspector.formats import Recording
from inspector.formats.reading.source import Source
from inspector.model import Body, Problem
from tests.making import SAMPLES

WATCH = SAMPLES / "other" / "httpmock" / "tests" / "cassettes" / "openai" / "night_watch" / "stream_and_audio.yaml"


def read(data: bytes | str, path: str = "tests/cassettes/openai/night_watch/a.yaml") -> Recording:
    return formats.read(Source(path, data.encode() if isinstance(data, str) else data))


def one(when: dict[str, Any], then: Any = None) -> Any:
    (made,) = read(
        yaml.safe_dump({"when": {"path": "/a", "method": "GET", **when}, "then": then}, sort_keys=False)
    ).exchanges
    return made


def test_the_sample() -> None:
    recording = read(WATCH.read_bytes())
    fog, audio, lamp = recording.exchanges
    assert (recording.format, recording.broken) == ("httpmock", None)
    assert fog.request.url == "/v1/chat/completions?api-version=2025-10-01%20preview&key=[REDACTED]"
    assert (fog.test_id, fog.hint) == ("openai::night_watch::a", "tests/cassettes/openai/night_watch/a.yaml")
    assert fog.response
    assert fog.response.body
    assert fog.response.body.value.endswith("data: [DONE]\n\n")
    assert audio.response
    assert audio.response.body
    assert audio.response.body.kind == "bytes"
    assert (lamp.request.method, lamp.request.body) == ("GET", None)
    assert lamp.response
    assert lamp.response.status == 404
    assert not any(made.problems for made in recording.exchanges)


@pytest.mark.parametrize(
    ("when", "url"),
    [
        ({}, "/a"),
        ({"query_param": None}, "/a"),
        ({"query_param": [{"name": "b", "value": "c&d=é"}]}, "/a?b=c%26d%3D%C3%A9"),
        ({"path": "/a?x=1", "query_param": [{"name": "b", "value": 2}]}, "/a?x=1&b=2"),
        ({"host": "light.test"}, "http://light.test/a"),
        ({"scheme": "https", "host": "light.test", "port": 8443}, "https://light.test:8443/a"),
        ({"path": 5, "query_param": 6}, "5"),
    ],
)
def test_addresses(when: dict[str, Any], url: str) -> None:
    assert one(when).request.url == url


@pytest.mark.parametrize(
    ("then", "body", "problems"),
    [
        ({"body": "a"}, Body("text", "a"), ()),
        ({"body": ""}, None, ()),
        ({"body": "bGFtcA==", "body_encoding": "base64"}, Body("text", "lamp"), ()),
        ({"body_base64": "bGFtcA=="}, Body("text", "lamp"), ()),
        ({"json_body": {"a": 1}}, Body("value", {"a": 1}), ()),
        (
            {"body": "?", "body_encoding": "base64"},
            Body("text", "?"),
            (Problem("response body", "not base64: Only base64 data is allowed"),),
        ),
        ({"status": "x", "header": 5, "body": {"b": 1}}, Body("value", {"b": 1}), ()),
    ],
)
def test_bodies(then: dict[str, Any], body: Body | None, problems: tuple[Problem, ...]) -> None:
    made = one({}, then)
    assert (made.response.body, made.problems) == (body, problems)


def test_the_delay_is_what_the_answer_took() -> None:
    assert one({}, {"status": 200, "delay": 1500}).duration == 1.5
    assert one({}, {"status": 200}).duration is None


@pytest.mark.parametrize(
    ("data", "format"),
    [
        ("# a\n---\nthen: {status: 200}\nwhen: {path: /a}\n", "httpmock"),
        ("when: soon\n", None),
        ("when: {path: /a}\nthen: {status: 200}\nelse: 1\n", None),
        ("whenever: 1\n", None),
    ],
)
def test_what_a_recording_is(data: str, format: str | None) -> None:
    assert (read(data).format, read(data).broken) == (format, None)


@pytest.mark.parametrize(
    "bad", ["when: {path: [}\n", "when: *nothing\n", "then: {status: 200}\n", "lamp\n", "when: 1\n"]
)
@pytest.mark.parametrize("at", [0, 1, 2])
def test_a_bad_document_among_good_ones(bad: str, at: int) -> None:
    good = "when:\n  path: /a\n  method: GET\nthen:\n  status: 200\n"
    parts = [good, good]
    parts.insert(at, bad)
    recording = read("---\n".join([*parts, good]))
    if recording.format is None:
        assert at == 0
        assert not bad.startswith(("when: {", "when: *", "then", "when: 1"))
        return
    assert recording.broken is None
    assert [bool(made.problems) for made in recording.exchanges] == [number == at for number in range(4)]


@given(st.integers(0, len(WATCH.read_bytes())))
def test_a_cut_anywhere_shows_what_stands_before_it(at: int) -> None:
    data = WATCH.read_bytes()
    whole, part = read(data).exchanges, read(data[:at])
    ends = [found + 1 for found in range(len(data)) if data.startswith(b"\n---\n", found)]
    before = sum(end < at for end in ends)
    assert part.exchanges[:before] == whole[:before]
    assert len(part.exchanges) <= before + 1
    assert not any(made.problems for made in part.exchanges[:before])


# ---------------------------------------------------------------- a bank of replies

BANK = SAMPLES / "other" / "httpmock" / "tests" / "bank" / "keeper.yaml"


def test_a_bank_keeps_what_was_answered() -> None:
    recording = read(BANK.read_bytes(), "tests/bank/groq.yaml")
    trim, lamp = recording.exchanges
    assert (recording.format, recording.broken) == ("httpmock", None)
    assert (trim.request.method, trim.request.url, trim.request.body) == ("POST", "/v1/messages", None)
    assert (trim.hint, trim.test_id) == ("anthropic", "anthropic::night_watch::trim")
    assert trim.response
    assert (trim.response.status, trim.response.headers) == (200, (("content-type", "application/json"),))
    call = decode(lamp)
    assert (call.provider, call.protocol, call.prompt.model) == ("aws.bedrock", "bedrock.converse", None)
    assert call.error


@pytest.mark.parametrize(
    ("data", "format"),
    [
        ("provider: groq\nencoder: POST /a\nthen: {status: 200}\n", "httpmock"),
        ("provider: groq\nencoder: 5\nthen: {status: 200, body: 6}\nsource: 7\n", "httpmock"),
        ("provider: groq\nencoder: POST /a\nthen: soon\n", None),
        ("provider: groq\nthen: {status: 200}\n", None),
        ("provider: groq\nregion: eu\n", None),
    ],
)
def test_what_a_bank_is(data: str, format: str | None) -> None:
    assert read(data).format == format
