"""nock, WireMock, the dd-trace test agent, ReqLLM, the replays of Google's SDKs, Azure's test proxy, Gemini CLI."""

from __future__ import annotations

import base64
import gzip
import json
from typing import Any

import pytest

from inspector.formats import Recording, read
from inspector.formats.reading.source import Source
from inspector.model import Body, Exchange, ProviderError

PACKED = gzip.compress(b'{"fog": true}', mtime=0)
WAVE = b"RIFF\x24\0\0\0WAVEfmt \x10\0\0\0\1\0\1\0\0\0\0\1"


def b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def opened(format: str, value: Any, path: str = "a.json") -> Recording:
    recording = read(Source(path, value if isinstance(value, bytes) else json.dumps(value).encode()))
    assert (recording.format, recording.broken) == (format, None)
    return recording


def one(format: str, value: Any, path: str = "a.json") -> Exchange:
    [exchange] = opened(format, value, path).exchanges
    return exchange


def answer(exchange: Exchange) -> Body | None:
    assert exchange.response is not None
    return exchange.response.body


# ---------------------------------------------------------------- nock


def nock(**more: Any) -> Any:
    return [
        {"scope": "https://a.test:443", "method": "post", "path": "/v1?x=1", "status": 200, "rawHeaders": [], **more}
    ]


@pytest.mark.parametrize(
    ("kept", "is_binary", "body"),
    [
        ({"a": 1}, False, Body("value", {"a": 1})),
        ([{"a": 1}], False, Body("value", [{"a": 1}])),
        ("data: 1\n\n", False, Body("text", "data: 1\n\n")),
        (WAVE.hex(), True, Body("bytes", WAVE)),
        (WAVE.hex(), False, Body("bytes", WAVE)),
        (b"fog".hex(), True, Body("text", "fog")),
        ("deadbeef", False, Body("text", "deadbeef")),
        ("123456", False, Body("text", "123456")),
        ([PACKED.hex()[:20], PACKED.hex()[20:]], False, Body("text", '{"fog": true}')),
        (["fog", "bell"], False, Body("value", ["fog", "bell"])),
        ([], False, Body("value", [])),
        ("", False, None),
    ],
)
def test_nock_bodies(kept: Any, is_binary: bool, body: Body | None) -> None:
    assert answer(one("nock", nock(response=kept, responseIsBinary=is_binary))) == body
    if not is_binary:
        assert one("nock", nock(body=kept)).request.body == body


@pytest.mark.parametrize(
    ("scope", "url"),
    [
        ("https://a.test:443", "https://a.test/v1?x=1"),
        ("http://a.test:80", "http://a.test/v1?x=1"),
        ("http://a.test:443", "http://a.test:443/v1?x=1"),
        ("https://a.test:8443", "https://a.test:8443/v1?x=1"),
    ],
)
def test_nock_addresses(scope: str, url: str) -> None:
    request = one("nock", nock(scope=scope)).request
    assert (request.method, request.url) == ("POST", url)


def test_nock_headers_are_names_and_values_in_turn() -> None:
    exchange = one(
        "nock", nock(rawHeaders=["Date", "Fri, 20 Nov 2026 22:14:05 GMT", "Set-Cookie", "a", "Set-Cookie", "b"])
    )
    assert exchange.response is not None
    assert exchange.response.headers[1:] == (("Set-Cookie", "a"), ("Set-Cookie", "b"))
    assert exchange.started_at == "2026-11-20T22:14:05Z"


def test_a_torn_nock_file() -> None:
    whole = json.dumps(nock(response={"a": 1}) + nock(response={"b": 2})).encode()
    recording = read(Source("a.json", whole[:-60]))
    assert (recording.format, len(recording.exchanges), recording.truncated) == ("nock", 2, True)
    assert [len(exchange.problems) for exchange in recording.exchanges] == [0, 1]


@pytest.mark.parametrize(
    ("format", "value"),
    [
        ("nock", [None, *nock(), 7]),
        ("azure-test-proxy", {"Entries": [7, {"RequestUri": "u"}, []]}),
        ("wiremock", {"mappings": ["fog", {"request": {"urlPath": "/v1"}, "response": {}}, None]}),
        ("genai-replay", {"replay_id": "a", "interactions": [None, {"request": {}, "response": {}}, "fog"]}),
    ],
)
def test_one_bad_entry_costs_the_others_nothing(format: str, value: Any) -> None:
    exchanges = opened(format, value).exchanges
    assert [[problem.why for problem in exchange.problems] for exchange in exchanges] == [
        ["not understood: an object is expected"],
        [],
        ["not understood: an object is expected"],
    ]


# ---------------------------------------------------------------- WireMock


def mapping(request: Any = None, response: Any = None) -> Any:
    asked = {"urlPath": "/v1", "method": "POST", **(request or {})}
    return {"request": asked, "response": {"status": 200, **(response or {})}}


@pytest.mark.parametrize(
    ("patterns", "body"),
    [
        ([{"equalToJson": '{"a": 1}'}], Body("text", '{"a": 1}')),
        ([{"matchesJsonPath": "$.a"}, {"equalToJson": {"a": 1}}], Body("value", {"a": 1})),
        ([{"equalTo": "fog"}], Body("text", "fog")),
        ([{"binaryEqualTo": b64(PACKED)}], Body("text", '{"fog": true}')),
        ([{"contains": "fog"}], None),
        ([7, None], None),
        ("fog", None),
    ],
)
def test_what_wiremock_waits_for(patterns: Any, body: Body | None) -> None:
    assert one("wiremock", mapping({"bodyPatterns": patterns})).request.body == body


@pytest.mark.parametrize(
    ("response", "body"),
    [
        ({"body": "data: 1\n\n"}, Body("text", "data: 1\n\n")),
        ({"jsonBody": {"a": 1}}, Body("value", {"a": 1})),
        ({"base64Body": b64(PACKED)}, Body("text", '{"fog": true}')),
        ({"base64Body": "fog!"}, Body("text", "fog!")),
        ({}, None),
    ],
)
def test_what_wiremock_answers(response: Any, body: Body | None) -> None:
    exchange = one("wiremock", mapping({}, response))
    assert answer(exchange) == body
    assert bool(exchange.problems) == (response.get("base64Body") == "fog!")


def test_wiremock_says_what_is_not_in_the_file() -> None:
    [problem] = one("wiremock", mapping({}, {"bodyFileName": "a.json"})).problems
    assert problem.why == "kept in another file: __files/a.json (nothing lies beside this recording)"
    fault = one("wiremock", mapping({}, {"fault": "EMPTY_RESPONSE"})).response
    assert fault is not None
    assert fault.error == ProviderError(None, "EMPTY_RESPONSE", None, "EMPTY_RESPONSE")


def test_wiremock_addresses_and_headers() -> None:
    request = one(
        "wiremock",
        mapping(
            {
                "scheme": "https",
                "host": {"equalTo": "a.test"},
                "port": 8443,
                "queryParameters": {"q": {"equalTo": "a b"}},
                "headers": {"A": {"equalTo": "b"}, "C": {"absent": True}, "D": {"contains": "d"}},
            }
        ),
    ).request
    assert request.url == "https://a.test:8443/v1?q=a+b"
    assert request.headers == (("A", "b"), ("D", "d"))


def test_wiremock_in_yaml_and_several_in_a_file() -> None:
    text = b"mappings:\n"
    text += b"- request: {urlPath: /a, method: GET}\n  response: {status: 200}\n"
    text += b"- request: {urlPath: /b}\n  response: {status: 404}\n"
    recording = opened("wiremock", text, "m.yml")
    assert [exchange.request.url for exchange in recording.exchanges] == ["/a", "/b"]
    assert len(opened("wiremock", {"mappings": [mapping(), mapping()]}).exchanges) == 2
    assert one("wiremock", b"request:\n  url: /a\nresponse:\n  status: 200\ninsertionIndex: 1\n").request.url == "/a"


@pytest.mark.parametrize(
    "value",
    [
        {"request": {"url": "/v1", "method": "GET"}, "response": {"status": 200}},
        {"request": {"urlPath": "/v1"}},
        {"mappings": {"properties": {"url": {}}}},
        {"mappings": [{"url": "a"}]},
    ],
)
def test_not_wiremock(value: Any) -> None:
    assert read(Source("a.json", json.dumps(value).encode())).format != "wiremock"


# ---------------------------------------------------------------- the test agent of dd-trace


@pytest.mark.parametrize(
    ("kept", "body"),
    [
        ({"body": '{"a": 1}'}, Body("text", '{"a": 1}')),
        ({"body": {"a": 1}}, Body("value", {"a": 1})),
        ({"body": {"base64_string": b64(WAVE)}}, Body("bytes", WAVE)),
        ({"body": "base64:" + b64(WAVE)}, Body("bytes", WAVE)),
        ({"body": {"string": "fog"}}, Body("text", "fog")),
        ({"base64": "fog!"}, Body("text", "fog!")),
        ({}, None),
    ],
)
def test_ddapm(kept: Any, body: Body | None) -> None:
    exchange = one(
        "ddapm",
        {
            "request": {"method": "post", "url": "https://a.test/v1", "headers": {}, **kept},
            "response": {"status": {"code": 429, "message": "Slow"}, "headers": {"Content-Encoding": "gzip"}, **kept},
        },
    )
    assert (exchange.request.method, exchange.request.body) == ("POST", body)
    assert answer(exchange) == body
    assert exchange.response is not None
    assert exchange.response.status == 429


def test_not_ddapm() -> None:
    value = {"request": {"method": "POST", "url": "u"}, "response": {"body": {}, "is_streaming": False}}
    assert read(Source("a.json", json.dumps(value).encode())).format == "llama-stack"


# ---------------------------------------------------------------- ReqLLM


def req_llm(request: Any = None, **more: Any) -> Any:
    asked = {"method": "post", "url": "https://a.test/v1", "canonical_json": {"a": 1}, **(request or {})}
    return {"request": asked, "response": {"status": 200, "headers": {"date": ["x"]}, "body": None}, **more}


def test_req_llm_puts_the_pieces_of_a_stream_together_before_it_reads_them() -> None:
    data = "data: {}\n\ndata: ü\n\n".encode()
    pieces = [{"b64": b64(data[at : at + 1])} for at in range(len(data))]
    body = Body("text", data.decode())
    assert answer(one("req_llm", req_llm(chunks=pieces))) == body
    events = [{"type": "status", "value": 200}, *({"type": "data", **piece} for piece in pieces), {"type": "done"}]
    assert answer(one("req_llm", req_llm(events=events))) == body
    spoilt = one("req_llm", req_llm(chunks=[pieces[0], {"b64": "fog!"}, 7]))
    assert (answer(spoilt), len(spoilt.problems)) == (Body("text", "d"), 1)


def test_req_llm_bodies() -> None:
    assert one("req_llm", req_llm()).request.body == Body("value", {"a": 1})
    assert one("req_llm", req_llm({"body": {"b64": b64(b"{}")}})).request.body == Body("text", "{}")
    whole = req_llm(captured_at="2026-11-20T22:14:05Z", response={"status": 200, "body": {"a": 1}})
    assert answer(one("req_llm", whole)) == Body("value", {"a": 1})
    assert one("req_llm", whole).started_at == "2026-11-20T22:14:05Z"
    audio = req_llm(response={"status": 200, "body": {"b64": b64(WAVE)}})
    assert answer(one("req_llm", audio)) == Body("bytes", WAVE)


def test_a_session_of_req_llm() -> None:
    frames = [
        {"direction": "client", "event": {"a": 1}},
        {"direction": "server", "event": {"b": 2}},
        {"direction": 3},
        4,
    ]
    value = {"format": "responses_websocket_v1", "request": {"url": "wss://a.test/v1"}, "frames": frames}
    frames[2] = {"direction": "up"}
    exchange = one("req_llm", value)
    assert (exchange.request.method, exchange.request.url) == ("WEBSOCKET", "wss://a.test/v1")
    assert answer(exchange) == Body("frames", [("sent", {"a": 1}), ("received", {"b": 2})])


# ---------------------------------------------------------------- replays of the Google GenAI SDKs


@pytest.mark.parametrize(
    ("url", "response", "body"),
    [
        ("/m:generateContent", {"body_segments": [{"a": 1}]}, Body("value", {"a": 1})),
        ("/m:streamGenerateContent?alt=sse", {"body_segments": [{"a": 1}]}, Body("chunks", [{"a": 1}])),
        ("/m:x", {"bodySegments": [{"a": 1}, {"b": 2}]}, Body("chunks", [{"a": 1}, {"b": 2}])),
        ("/f", {"body_segments": [], "byte_segments": ["Zm9n", "4pu-"]}, Body("text", "fog⛾")),
        ("/f", {"byte_segments": ["Zm9n..."]}, Body("text", "Zm9n...")),
        ("/f", {}, None),
    ],
)
def test_replays(url: str, response: Any, body: Body | None) -> None:
    request = {"method": "post", "url": "{VERTEX_URL_PREFIX}" + url, "body_segments": [{"q": 1}]}
    value = {"replay_id": "models/test_fog/vertex", "interactions": [{"request": request, "response": response}]}
    exchange = one("genai-replay", value)
    assert answer(exchange) == body
    assert exchange.request.body == Body("value", {"q": 1})
    assert (exchange.test_id, exchange.provider) == ("models/test_fog/vertex", "gcp.vertex_ai")


# ---------------------------------------------------------------- Azure's test proxy


@pytest.mark.parametrize(
    ("kept", "mime_type", "body"),
    [
        ({"a": 1}, "application/json", Body("value", {"a": 1})),
        (["data: 1\n", "\n"], "text/event-stream", Body("text", "data: 1\n\n")),
        (b64(WAVE), "text/plain", Body("bytes", WAVE)),
        (b64(b"--x\r\nfog and foghorn"), "multipart/form-data; boundary=x", Body("text", "--x\r\nfog and foghorn")),
        ("AAAABBBBCCCCDDDD", "text/plain", Body("text", "AAAABBBBCCCCDDDD")),
        ("AAAABBBBCCCCDDDD", None, Body("text", "AAAABBBBCCCCDDDD")),
        (None, None, None),
    ],
)
def test_azure_bodies(kept: Any, mime_type: str | None, body: Body | None) -> None:
    headers = {"Content-Type": mime_type} if mime_type else {}
    entry = {"RequestUri": "https://a.test/v1", "RequestMethod": "POST", "RequestHeaders": headers, "RequestBody": kept}
    value = {
        "Entries": [{**entry, "StatusCode": 200, "ResponseHeaders": headers, "ResponseBody": kept}],
        "Variables": {},
    }
    exchange = one("azure-test-proxy", value)
    assert exchange.request.body == answer(exchange) == body


@pytest.mark.parametrize(
    ("path", "test_id"),
    [
        ("tests/recordings/test_fog.pytest_bell.json", "tests/test_fog.py::test_bell"),
        ("recordings/test_fog.pyTestFogtest_bell[a].json", "test_fog.py::TestFog::test_bell[a]"),
        ("recordings/node/fog/recording_rings_the_bell.json", None),
    ],
)
def test_azure_names_the_test(path: str, test_id: str | None) -> None:
    assert one("azure-test-proxy", {"Entries": [{"RequestUri": "u"}]}, path).test_id == test_id


# ---------------------------------------------------------------- Gemini CLI


def test_gemini_cli_is_read_by_lines() -> None:
    lines = (
        b'{"method":"generateContentStream","response":[{"a":1}]}\n\n{"method":"countTokens","response":{"b":2}}\nfog\n'
    )
    stream, count, bad = opened("gemini-cli", lines, "a.responses").exchanges
    assert (answer(stream), answer(count)) == (Body("chunks", [{"a": 1}]), Body("value", {"b": 2}))
    assert [exchange.position for exchange in (stream, count, bad)] == [
        0,
        lines.index(b"\n\n") + 2,
        lines.index(b"fog"),
    ]
    assert count.request.url == ":countTokens"
    assert bad.problems
    assert read(Source("a.responses", lines + b'{"method":')).truncated


def test_a_stub_that_only_describes_its_request_or_passes_it_on_says_so() -> None:
    described = [{"matchesJsonPath": "$.model"}]
    mapping = {
        "request": {"urlPath": "/v1/chat/completions", "method": "POST", "bodyPatterns": described},
        "response": {"proxyBaseUrl": "https://api.openai.com"},
    }
    assert [problem.why for problem in one("wiremock", mapping, "mappings/a.json").problems] == [
        "none is kept: it comes from https://api.openai.com",
        "only described, by matchesJsonPath",
    ]
