from __future__ import annotations

import base64
import gzip
import json
from typing import Any

import pytest

from inspector.formats import Recording, read
from inspector.formats.reading.source import Source
from inspector.model import Body, Exchange, Problem, ProviderError

SSE = 'data: {"fog": "naïve – ≥ 9"}\n\n'
PACKED = gzip.compress(b'{"fog": true}', mtime=0)
PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\xff"


ALONE = "nothing lies beside this recording"


def har(*entries: Any, creator: str = "WebInspector", **log: Any) -> bytes:
    return json.dumps({"log": {"creator": {"name": creator}, **log, "entries": list(entries)}}).encode()


def opened(data: bytes, path: str = "a.har") -> Recording:
    recording = read(Source(path, data))
    assert recording.format == "har"
    return recording


def one(entry: Any, creator: str = "WebInspector", **log: Any) -> Exchange:
    [exchange] = opened(har(entry, creator=creator, **log)).exchanges
    return exchange


def answered(content: Any, creator: str = "WebInspector", **response: Any) -> Exchange:
    return one({"request": {}, "response": {"status": 200, "content": content, **response}}, creator)


def coded(data: bytes) -> dict[str, str]:
    return {"text": base64.b64encode(data).decode(), "encoding": "base64"}


@pytest.mark.parametrize(
    ("content", "creator", "body", "why"),
    [
        ({"text": SSE}, "Firefox", Body("text", SSE), []),
        (coded(SSE.encode()), "WebInspector", Body("text", SSE), []),
        (coded(PACKED), "Polly.JS", Body("text", '{"fog": true}'), []),
        (coded(PNG), "Charles", Body("bytes", PNG), []),
        ({"text": "no base64!", "encoding": "base64"}, "x", Body("text", "no base64!"), ["not base64"]),
        ({"text": PACKED.decode("latin-1")}, "mitmproxy", Body("text", '{"fog": true}'), []),
        ({"text": PNG.decode("latin-1")}, "x", Body("bytes", PNG), []),
        ({"text": "fog 1"}, "x", Body("text", "fog 1"), []),
        ({"text": "x^2 is no zlib stream"}, "x", Body("text", "x^2 is no zlib stream"), []),
        ({"text": "GIF8 is how they begin"}, "x", Body("text", "GIF8 is how they begin"), []),
        ({"text": "caf\xe9"}, "mitmproxy", Body("text", "caf\xe9"), []),
        ({"text": "caf\xc3\xa9", "mimeType": "text/event-stream"}, "mitmproxy", Body("text", "café"), []),
        ({"text": "\xc3\xa9", "mimeType": "text/plain; charset=utf-8"}, "mitmproxy", Body("text", "\xc3\xa9"), []),
        ({"text": "\xc3\xa9", "mimeType": "application/json"}, "mitmproxy", Body("text", "\xc3\xa9"), []),
        ({"text": "caf\xc3\xa9"}, "Firefox", Body("text", "caf\xc3\xa9"), []),
        ({"size": 123456}, "x", None, ["not saved by the recorder (123,456 bytes)"]),
        ({"size": 12, "text": ""}, "x", None, ["not saved by the recorder (12 bytes)"]),
        ({"size": 0}, "x", None, []),
        ({"comment": "Response bodies are not included."}, "Firefox", None, ["not saved by the recorder: Response"]),
        ({"size": 9, "_file": "1a2b.json"}, "Playwright", None, [f"kept in another file: 1a2b.json ({ALONE})"]),
        ({"text": {"fog": 1}}, "x", Body("value", {"fog": 1}), []),
        ("fog", "x", None, []),
    ],
)  # fmt: skip
def test_a_body_in_every_form(content: Any, creator: str, body: Body | None, why: list[str]) -> None:
    exchange = answered(content, creator)
    assert exchange.response is not None
    assert exchange.response.body == body
    assert len(exchange.problems) == len(why)
    assert all(said in problem.why for said, problem in zip(why, exchange.problems, strict=True))


@pytest.mark.parametrize(
    ("posted", "body"),
    [
        ({"text": '{"model": "m"}'}, Body("text", '{"model": "m"}')),
        ({"text": "", "params": []}, None),
        ({"params": [{"name": "a", "value": "b c"}, {"name": "d"}, 7]}, Body("text", "a=b+c&d=")),
        (
            {"mimeType": "multipart/form-data; boundary=x", "params": [{"name": "file", "fileName": "fog.wav"}]},
            Body("value", {"file": "fog.wav"}),
        ),
        ({"text": PACKED.decode("latin-1")}, Body("text", '{"fog": true}')),
        (coded(b'{"model": "m"}'), Body("text", '{"model": "m"}')),
        (None, None),
        ([1], None),
    ],
)
def test_what_was_posted(posted: Any, body: Body | None) -> None:
    request = one({"request": {"method": "POST", "url": "https://a.test/v1", "postData": posted}}).request
    assert (request.method, request.url, request.body) == ("POST", "https://a.test/v1", body)


@pytest.mark.parametrize(
    ("response", "error"),
    [
        ({"status": 0, "content": {}, "_error": "net::ERR_ABORTED"}, "net::ERR_ABORTED"),
        ({"status": 0, "content": {}, "_error": None}, None),
        ({"status": 0, "content": {"size": 0, "mimeType": "x-unknown"}}, None),
        ({}, None),
        (None, None),
    ],
)
def test_status_0_is_no_answer(response: Any, error: str | None) -> None:
    exchange = one({"request": {}, "response": response})
    assert exchange.problems == ()
    if error is None:
        assert exchange.response is None
    else:
        assert exchange.response is not None
        assert exchange.response.status is None
        assert exchange.response.error == ProviderError(None, error, None, error)


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        ({"startedDateTime": "2026-11-20T23:14:05.25+01:00", "time": 1250}, ("2026-11-20T22:14:05.250000Z", 1.25)),
        ({"startedDateTime": "2026-11-20T22:14:05.1234567Z", "time": 0}, ("2026-11-20T22:14:05.123456Z", 0.0)),
        ({"startedDateTime": "yesterday", "time": -1}, (None, None)),
        ({"startedDateTime": None, "time": "12"}, (None, None)),
        ({"time": True}, (None, None)),
        ({"time": 10**400}, (None, None)),
    ],
)  # fmt: skip
def test_times_are_those_that_were_recorded(entry: Any, expected: tuple[str | None, float | None]) -> None:
    exchange = one({"request": {}, **entry})
    assert (exchange.started_at, exchange.duration) == expected


def test_messages_of_a_websocket() -> None:
    messages = [
        {"type": "send", "opcode": 1, "data": '{"type": "a"}'},
        {"type": "receive", "opcode": 2, "data": base64.b64encode(b'{"type": "b"}').decode()},
        {"type": "receive", "opcode": 1, "data": "fogs"},
        {"type": "receive", "opcode": 2, "data": "fog!"},
        {"type": "receive", "opcode": 2, "data": base64.b64encode(PNG).decode()},
        {"type": "error", "opcode": -1, "data": "net::ERR_FOG"},
        None,
    ]
    exchange = one({"request": {}, "response": {"status": 101}, "_webSocketMessages": messages})
    assert exchange.response is not None
    assert exchange.response.body is not None
    assert exchange.response.body.kind == "frames"
    *frames, picture = exchange.response.body.value
    assert frames == [("sent", {"type": "a"}), ("received", {"type": "b"}), ("received", "fogs"), ("received", "fog!")]
    assert picture[1]["binary"]["mime_type"] == "image/png"
    assert exchange.problems == (
        Problem("websocket", "not a message: net::ERR_FOG"),
        Problem("websocket", "not a message: None"),
    )


def test_polly_names_the_test() -> None:
    assert one({"request": {}}, "Polly.JS", _recordingName="keeper/counts jars").test_id == "keeper/counts jars"
    assert one({"request": {}}).test_id is None


def test_a_torn_file_shows_what_stands_before_the_tear() -> None:
    data = har(*({"request": {"url": f"https://{name}.test/"}, "response": {"status": 200}} for name in "abc"))
    recording = opened(b"\xef\xbb\xbf" + data[: data.index(b"c.test") + 2])
    assert [exchange.request.url for exchange in recording.exchanges] == [
        "https://a.test/",
        "https://b.test/",
        "https://c.",
    ]
    assert recording.truncated
    assert recording.broken is not None
    assert [len(exchange.problems) for exchange in recording.exchanges] == [0, 0, 1]


def test_one_bad_entry_costs_the_others_nothing() -> None:
    recording = opened(har({"request": {"method": "A"}}, "fog", {"request": 1}, {"request": {"method": "B"}}))
    assert [exchange.request.method for exchange in recording.exchanges] == ["A", "", "", "B"]
    assert [bool(exchange.problems) for exchange in recording.exchanges] == [False, True, True, False]


@pytest.mark.parametrize("data", [b'{"log": {"version": "1.2"}}', b'{"log": {"entries": {}}}', b'{"log": [1]}', b"[]"])
def test_other_json_is_not_claimed(data: bytes) -> None:
    assert read(Source("a.har", data)).format != "har"
