from __future__ import annotations

import gzip
import json
import zlib
from typing import Any

import brotli
import pytest
import yaml
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from inspector import formats
from inspector.formats import Recording
from inspector.formats.reading.source import Source
from inspector.model import Body
from tests.making import SAMPLES

CASSETTES = SAMPLES / "other" / "vcr" / "tests" / "cassettes"
LAMP = CASSETTES / "test_keeper" / "TestKeeper.test_lamp[oil].yaml"
URL = "https://api.openai.com/v1/chat/completions"
ANSWER = '{"choices":[{"message":{"content":"Is the lamp lit? — Yes."}}]}'


def read(data: bytes | str, path: str = "tests/cassettes/test_a/test_b.yaml") -> Recording:
    return formats.read(Source(path, data.encode() if isinstance(data, str) else data))


def entry(body: Any = None, headers: Any = None, **more: Any) -> dict[str, Any]:
    return {
        "request": {"body": "{}", "headers": {}, "method": "POST", "uri": URL},
        "response": {"body": {"string": body}, "headers": headers or {}, "status": {"code": 200}, **more},
    }


def cassette(*entries: Any, **top: Any) -> str:
    return yaml.safe_dump({"interactions": list(entries), "version": 1, **top}, allow_unicode=True)


def test_the_sample() -> None:
    recording = read(LAMP.read_bytes(), "tests/cassettes/test_keeper/TestKeeper.test_lamp[oil].yaml")
    oil, stairs, bell = recording.exchanges
    assert (recording.format, recording.broken) == ("vcr", None)
    assert {one.test_id for one in recording.exchanges} == {"tests/test_keeper.py::TestKeeper::test_lamp[oil]"}
    assert oil.request.headers == (
        ("Accept", "application/json"),
        ("content-type", "application/json"),
        ("x-shift", "12:30"),
    )
    assert oil.started_at == "2025-10-09T20:00:00Z"
    assert oil.response
    assert oil.response.body
    assert "eleven nights" in oil.response.body.value
    assert stairs.request.body
    assert "on the stairs" in stairs.request.body.value
    assert stairs.response
    assert stairs.response.status == 200
    assert stairs.response.body
    assert stairs.response.body.kind == "text"
    assert bell.request.body
    assert bell.request.body.kind == "value"
    assert bell.response
    assert bell.response.body
    assert bell.response.body.value["modelVersion"] == "gemini-2.5-flash"
    assert not any(one.problems for one in recording.exchanges)


def test_before_version_1() -> None:
    recording = read((CASSETTES / "test_old_logbook.yaml").read_bytes())
    (old,) = recording.exchanges
    assert (recording.format, recording.broken) == ("vcr", None)
    assert (old.request.method, old.request.url) == ("POST", URL)
    assert old.request.headers == (("Accept-Encoding", "gzip, deflate"), ("Content-Type", "application/json"))
    assert old.request.body
    assert json.loads(old.request.body.value)["model"] == "gpt-4o-mini"
    assert old.response
    assert old.response.headers[1] == ("Content-Type", "application/json")
    assert old.started_at == "2025-10-10T06:00:00Z"


@pytest.mark.parametrize(("port", "url"), [(8080, "http://a:8080/b"), (80, "http://a/b"), (None, "http://a/b")])
def test_an_address_in_parts(port: int | None, url: str) -> None:
    request = {"host": "a", "path": "/b", "port": port, "protocol": "http", "method": "GET"}
    recording = read(yaml.safe_dump([{"request": request, "response": {}}], sort_keys=False))
    assert recording.exchanges[0].request.url == url


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (gzip.compress(ANSWER.encode(), mtime=0), ""),
        (zlib.compress(ANSWER.encode()), "deflate"),
        (zstandard.compress(ANSWER.encode()), ""),
        (brotli.compress(ANSWER.encode()), "br"),
        (ANSWER.encode(), "gzip"),
        (ANSWER, "gzip"),
        (ANSWER, ""),
    ],
)
def test_encodings_of_a_body(body: bytes | str, said: str) -> None:
    (one,) = read(cassette(entry(body, {"Content-Encoding": [said]}))).exchanges
    assert one.response
    assert one.response.body == Body("text", ANSWER)
    assert one.problems == ()


@pytest.mark.parametrize(
    ("kept", "body"),
    [
        ({"string": ""}, None),
        ({"string": None}, None),
        (None, None),
        ("text", Body("text", "text")),
        ({"encoding": None, "base64_string": "bGFtcA=="}, Body("text", "lamp")),
        ({"base64_string": "?"}, Body("text", "?")),
        ({"choices": []}, Body("value", {"choices": []})),
        ({"string": b"\xff\xfb\x90\x44\x80"}, Body("bytes", b"\xff\xfb\x90\x44\x80")),
    ],
)
def test_forms_of_a_body(kept: Any, body: Body | None) -> None:
    one = entry()
    one["response"]["body"] = one["request"]["body"] = kept
    (made,) = read(cassette(one)).exchanges
    assert made.response
    assert (made.request.body, made.response.body) == (body, body)


@pytest.mark.parametrize(
    ("parsed", "body"),
    [({"a": 1}, Body("value", {"a": 1})), ([], Body("value", [])), ("a", Body("value", "a")), (None, None)],
)
def test_parsed_bodies(parsed: Any, body: Body | None) -> None:
    one = entry()
    one["response"] |= {"body": None, "parsed_body": parsed}
    (made,) = read(cassette(one)).exchanges
    assert made.response
    assert made.response.body == body


@pytest.mark.parametrize(
    "data",
    [
        json.dumps({"interactions": [entry(ANSWER)], "version": 1}),
        json.dumps({"version": 1, "metadata": {"a": "b"}, "interactions": [entry(ANSWER)]}, indent=4),
        yaml.safe_dump({"interactions": [entry(ANSWER)]}),
        cassette(entry(ANSWER), metadata={"a": "b"}),
        "\ufeff" + cassette(entry(ANSWER)),
        cassette(entry(ANSWER)).replace("\n", "\r\n"),
        gzip.compress(cassette(entry(ANSWER)).encode(), mtime=0),
        cassette(entry(ANSWER), zebra=[1]),
    ],
)
def test_what_a_cassette_is(data: bytes | str) -> None:
    recording = read(data)
    assert (recording.format, recording.broken, len(recording.exchanges)) == ("vcr", None, 1)
    response = recording.exchanges[0].response
    assert response
    assert response.body == Body("text", ANSWER)


@pytest.mark.parametrize(
    ("data", "format"),
    [
        ("interactions: []\nversion: 1\n", "vcr"),
        ('{"interactions": [], "version": 1}', "vcr"),
        ("interactions: []\nfoo: 1\n", None),
        ("interactions:\n- a\n- b\n", None),
        ("interactions:\n- request: 1\n", None),
        ("interactions:\n- request: {path: a}\n", None),
        ("messages:\n- role: user\n", None),
        ("", None),
    ],
)
def test_what_is_none(data: str, format: str | None) -> None:
    recording = read(data)
    assert (recording.format, recording.exchanges, recording.broken) == (format, (), None)


@pytest.mark.parametrize(
    ("bad", "why"),
    [
        ("- request: {uri: [}\n", "not YAML"),
        ("- request: {uri: *nothing}\n", "not YAML: "),
        ("- &a {request: {uri: *a}}\n", "aliases unfold to too much"),
        (f"- request: {{uri: {'[' * 300}{']' * 300}}}\n", "nested more than 256 levels deep"),
        ("- lamp\n", "an interaction is a mapping"),
    ],
)
@pytest.mark.parametrize("at", [0, 1, 2])
def test_a_bad_entry_among_good_ones(bad: str, why: str, at: int) -> None:
    good = [yaml.safe_dump([entry(ANSWER)])] * 2
    recording = read("interactions:\n" + "".join([*good[:at], bad, *good[at:]]) + "version: 1\n")
    assert (recording.format, recording.broken, len(recording.exchanges)) == ("vcr", None, 3)
    assert [bool(one.problems) for one in recording.exchanges] == [number == at for number in range(3)]
    assert why in recording.exchanges[at].problems[0].why


def test_odd_entries_are_read_as_far_as_they_go() -> None:
    odd = [
        {"request": 1},
        {"request": {"uri": 2, "headers": 3, "method": []}, "response": {"status": "x", "headers": [4]}},
    ]
    first, second = read(cassette(entry(), *odd)).exchanges[1:]
    assert (first.request.url, first.response) == ("", None)
    assert second.request.url == "2"
    assert second.response
    assert second.response.status is None


@given(st.integers(0, len(LAMP.read_bytes())))
def test_a_cut_anywhere_shows_what_stands_before_it(at: int) -> None:
    data = LAMP.read_bytes()
    whole, part = read(data), read(data[:at])
    starts = [match for match in range(len(data)) if data.startswith(b"\n- request:", match)]
    before = [one for one, end in zip(whole.exchanges, [*starts[1:], len(data)], strict=True) if end <= at]
    assert part.exchanges[: len(before)] == tuple(before)
    assert len(before) <= len(part.exchanges) <= len(before) + 1
    assert not any(one.problems for one in part.exchanges)


@pytest.mark.parametrize("end", ['"', "fog\\u2", "'"])
def test_a_cut_is_said(end: str) -> None:
    recording = read(
        'interactions:\n- request:\n    uri: a\n    body: "How is the {end}'.replace("{end}", end).rstrip('"')
    )
    assert (recording.format, recording.truncated) == ("vcr", True)
    assert recording.broken == "not complete YAML: it ends in the middle of an entry"


def pairs(requests: Any, responses: Any) -> str:
    return yaml.safe_dump({"requests": requests, "responses": responses})


def test_requests_and_responses_in_a_list_each() -> None:
    asked, answered = entry(ANSWER)["request"], entry(ANSWER)["response"]
    recording = read(gzip.compress(pairs([asked, {**asked, "body": b"{}"}], [answered, answered]).encode()))
    one, two = recording.exchanges
    assert (recording.format, recording.broken, one.raw) == ("vcr", None, {"request": asked, "response": answered})
    assert (one.request.url, two.request.body, one.response) == (URL, Body("text", "{}"), two.response)
    assert read(pairs([asked, asked], [answered])).exchanges[1].response is None
    assert read(pairs([], [])).format == "vcr"


@pytest.mark.parametrize("text", ["requests:\n- uri: a\n", "requests: 2\nresponses: 3\n", "requests:\n  cpu: 1\n"])
def test_other_files_with_requests_are_no_cassettes(text: str) -> None:
    assert read(text).format is None


def test_a_cut_before_the_responses_shows_what_was_asked() -> None:
    data = pairs([entry()["request"], entry()["request"]], [])
    recording = read(data[: data.rindex("uri:") + 12])
    assert [one.request.url for one in recording.exchanges] == [URL, URL[:7]]
    assert not any(one.problems for one in recording.exchanges)


def test_a_websocket() -> None:
    frames = [{"kind": "message", "direction": "sent", "data": {"a": 1}}, {"kind": "close", "code": 1000}]
    (one,) = read(cassette(*frames)).exchanges
    assert one.response
    assert one.response.body == Body("frames", [("sent", {"a": 1})])


def test_a_grpc_call() -> None:
    call = {"request_sample": {"json": {"a": 1}, "raw": b"\1"}, "response_sample": {"json": {"b": 2}, "raw": b"\2"}}
    stream = {"request_stream": {"json": {"a": 1}}, "response_stream": {"chunks_json": [{"b": 2}]}}
    one, two = read(cassette(call, stream)).exchanges
    assert one.request.body == two.request.body == Body("value", {"a": 1})
    assert one.response
    assert one.response.body == Body("value", {"b": 2})
    assert two.response
    assert two.response.body == Body("chunks", [{"b": 2}])
