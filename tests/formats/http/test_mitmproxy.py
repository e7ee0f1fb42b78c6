from __future__ import annotations

import gzip
from typing import Any

import pytest

from inspector.formats import Recording, read
from inspector.formats.http import tnetstring
from inspector.formats.reading.source import Source
from inspector.model import Body, Exchange, ProviderError


def dumped(value: Any) -> bytes:
    """A value as a tagged netstring."""
    payload, tag = _dumped(value)
    return b"%d:%s%s" % (len(payload), payload, tag)


def _dumped(value: Any) -> tuple[bytes, bytes]:
    match value:
        case None:
            return b"", b"~"
        case bool():
            return str(value).lower().encode(), b"!"
        case int():
            return str(value).encode(), b"#"
        case float():
            return repr(value).encode(), b"^"
        case bytes():
            return value, b","
        case str():
            return value.encode(), b";"
        case list():
            return b"".join(map(dumped, value)), b"]"
    return b"".join(dumped(key) + dumped(item) for key, item in value.items()), b"}"


def flow(request: Any = None, response: Any = None, **more: Any) -> dict[str, Any]:
    asked = {"scheme": b"https", "host": "a.test", "port": 443, "path": b"/v1", "method": b"POST", **(request or {})}
    return {"response": response, "request": asked, "id": "1", "type": "http", "version": 21, "error": None, **more}


def opened(*flows: Any, rest: bytes = b"") -> Recording:
    recording = read(Source("a.mitm", b"".join(map(dumped, flows)) + rest))
    assert recording.format == "mitmproxy"
    return recording


def one(*arguments: Any, **more: Any) -> Exchange:
    [exchange] = opened(flow(*arguments, **more)).exchanges
    return exchange


@pytest.mark.parametrize(
    ("request_", "url"),
    [
        ({}, "https://a.test/v1"),
        ({"host": b"a.test", "scheme": b"http", "port": 80}, "http://a.test/v1"),
        ({"port": 8443}, "https://a.test:8443/v1"),
        ({"host": "10.0.0.7", "headers": [[b"Host", b"b.test:8080"]], "port": 8080}, "https://b.test:8080/v1"),
        ({"host": "10.0.0.7", "authority": b"b.test"}, "https://b.test/v1"),
        ({"host": "10.0.0.7", "port": 1234}, "https://10.0.0.7:1234/v1"),
        ({"host": "::1", "port": 1234}, "https://[::1]:1234/v1"),
        ({"headers": [[b"Host", b"localhost:8080"]]}, "https://a.test/v1"),
        ({"path": b"http://c.test/x"}, "http://c.test/x"),
        ({"method": b"CONNECT", "authority": b"a.test:443", "path": b""}, "a.test:443"),
        ({"host": None, "path": b"/v1"}, "/v1"),
    ],
)
def test_the_address_of_every_kind_of_proxy(request_: Any, url: str) -> None:
    assert one(request_).request.url == url


def test_a_flow_of_version_0_11() -> None:
    old = {
        b"version": [0, 11, 1],
        b"type": b"http",
        b"error": None,
        b"request": {
            b"method": b"GET", b"scheme": b"http", b"host": b"a.test", b"port": 80, b"path": b"/v1", b"content": b"",
            b"httpversion": [1, 1], b"headers": [[b"A", b"b"]], b"form_in": b"relative", b"timestamp_start": 1763762400,
        },
        b"response": {b"code": 200, b"msg": b"OK", b"content": b"fog", b"headers": [], b"timestamp_end": 1763762402.5},
    }  # fmt: skip
    [exchange] = opened(old).exchanges
    assert (exchange.request.method, exchange.request.url) == ("GET", "http://a.test/v1")
    assert exchange.request.headers == (("A", "b"),)
    assert exchange.response is not None
    assert (exchange.response.status, exchange.response.body) == (200, Body("text", "fog"))
    assert (exchange.started_at, exchange.duration) == ("2025-11-21T22:00:00Z", 2.5)


@pytest.mark.parametrize("name", ["content", "body"])
def test_content_is_unpacked_once_for_body_and_raw_view(name: str) -> None:
    exchange = one({}, {"status_code": 200, name: gzip.compress("fög".encode())}, comment="why", marked=":bell:")
    assert exchange.response is not None
    assert exchange.response.body == Body("text", "fög")
    assert exchange.raw["response"][name] == "fög"
    assert (exchange.raw["comment"], exchange.raw["marked"]) == ("why", ":bell:")


def test_content_that_was_passed_on_is_said_to_be_missing() -> None:
    exchange = one({"content": None}, {"status_code": 200, "content": None})
    assert [problem.where for problem in exchange.problems] == ["request body", "response body"]


def test_a_broken_connection_with_and_without_an_answer() -> None:
    error = {"msg": "Client disconnected.", "timestamp": 1.5}
    expected = ProviderError(None, "Client disconnected.", None, error)
    without, with_answer = one(error=error), one({}, {"status_code": 200, "content": b"fo"}, error=error)
    assert without.response is not None
    assert without.response.error == expected
    assert with_answer.response is not None
    assert with_answer.response.body == Body("text", "fo")
    assert with_answer.response.error == expected


MESSAGES = [[1, True, '{"a": 1}', 1.5, False], [2, False, b'{"b": 2}', 2.5, False], [1, False, b"fog", 3], ["short"], 7]
FRAMES = Body("frames", [("sent", {"a": 1}), ("received", {"b": 2}), ("received", "fog")])


def test_messages_of_a_websocket() -> None:
    session = {"messages": MESSAGES, "timestamp_end": 1763762410}
    exchange = one({"timestamp_start": 1763762400.0}, {"status_code": 101, "content": b""}, websocket=session)
    assert exchange.response is not None
    assert (exchange.response.status, exchange.response.body) == (101, FRAMES)
    assert exchange.duration == 10


def test_messages_that_were_a_flow_of_their_own() -> None:
    handshake = flow({}, {"status_code": 101, "content": b""}, metadata={"websocket": True}, version=7, id="h")
    session = {"type": "websocket", "version": 7, "messages": MESSAGES, "metadata": {"websocket_handshake": "h"}}
    lost = {**session, "metadata": {}}
    shaken, told, alone = opened(handshake, session, lost).exchanges
    assert shaken.response is not None
    assert shaken.response.body is None
    assert told.request.url == shaken.request.url
    assert told.response is not None
    assert (told.response.status, told.response.body) == (101, FRAMES)
    assert alone.request.url == ""
    assert alone.response is not None
    assert alone.response.body == FRAMES


def test_flows_that_are_no_http_are_listed() -> None:
    tcp = {
        "type": "tcp",
        "messages": [[True, b"hello", 1.5], [False, b"\xff\0", 2.5]],
        "server_conn": {"address": ["a", 9]},
    }
    dns = {"type": "dns", "request": {"questions": [{"name": "a.test"}]}, "response": None}
    raw, question = opened(tcp, dns).exchanges
    assert (raw.request.method, raw.request.url) == ("TCP", "tcp://a:9")
    assert raw.response is not None
    assert raw.response.body is not None
    assert raw.response.body.value[0] == ("sent", "hello")
    assert question.request.body == Body("value", {"questions": [{"name": "a.test"}]})
    assert question.response is None


def test_everything_before_a_cut_is_shown() -> None:
    whole = dumped(flow()) + dumped(flow({"path": b"/2"}))
    first = len(dumped(flow()))
    for end in range(first, len(whole)):
        recording = read(Source("a.mitm", whole[:end]))
        assert [exchange.request.url for exchange in recording.exchanges] == ["https://a.test/v1"]
        assert recording.truncated == (end > first)
        assert recording.broken == ("flow 2 stops in the middle" if end > first else None)


@pytest.mark.parametrize(
    ("rest", "why"),
    [
        (b"fog", "flow 2: no length at byte"),
        (b"4:1:a?]", "flow 2: no type b'?'"),
        (b"5:9:fog]", "goes on behind its end"),
        (b"9999999999999:", "no length"),
        (b"6:x:1234]", "no length"),
        (b"3:fog#", "not a number"),
        (b"9" * 12 + b":", "flow 2 stops in the middle"),
    ],
)
def test_what_is_no_flow(rest: bytes, why: str) -> None:
    recording = opened(flow(), rest=rest)
    assert len(recording.exchanges) == 1
    assert recording.broken is not None
    assert why in recording.broken


def test_depth_and_size_are_bounded() -> None:
    deep: Any = None
    for _ in range(2000):
        deep = [deep]
    with pytest.raises(tnetstring.NotTnetstring, match="levels deep"):
        tnetstring.value(dumped(deep), 0)
    with pytest.raises(tnetstring.NotTnetstring, match="items"):
        tnetstring.value(b"%d:%s]" % (3 * (tnetstring.MAX_ITEMS + 1), b"0:~" * (tnetstring.MAX_ITEMS + 1)), 0)


def test_odd_types_are_odd_and_not_fatal() -> None:
    odd = {
        "version": 21,
        "type": "http",
        "request": [1],
        "response": "fog",
        "error": 7,
        "websocket": 3,
        "metadata": None,
    }
    good = flow()
    recording = opened(odd, good, {**good, "request": {"headers": 7, "port": "x", "timestamp_start": "soon"}})
    assert len(recording.exchanges) == 3
    assert recording.broken is None


@pytest.mark.parametrize("data", [b"12:fog", b"15:5:fog,1:2;3:4~", b"21:4:fogs;7:version;~~~", b"2024:01:02 fog"])
def test_other_bytes_are_not_claimed(data: bytes) -> None:
    assert read(Source("a.mitm", data)).format != "mitmproxy"
