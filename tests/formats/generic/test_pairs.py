"""Pairs of request and response as loggers of all kinds write them."""

from __future__ import annotations

import base64
import gzip
import json
from typing import Any

import pytest

from inspector.decode.decoder import decode
from inspector.formats import read
from inspector.formats.generic import pairs
from inspector.formats.reading.file_bytes import HEAD
from inspector.formats.reading.source import Source
from inspector.model import Body, Exchange, ProviderError, Request, Response, Text
from tests.making import SAMPLES as RECORDINGS

SAMPLES = RECORDINGS / "other" / "pairs"

ASKED = {"model": "m", "messages": [{"role": "user", "content": "Lit?"}]}
SAID = {"object": "chat.completion", "choices": [{"message": {"role": "assistant", "content": "Lit."}}]}
CHUNK = {"object": "chat.completion.chunk", "choices": [{"delta": {"content": "Lit."}}]}
URL = "http://localhost:8808/v1/chat/completions"
STREAM = f"data: {json.dumps(CHUNK)}\n\ndata: [DONE]\n\n"
BARE = Request("", "", (), Body("value", ASKED))
POST = Request("POST", URL, (("x-id", "1"),), Body("value", ASKED))
HTTP = {"method": "post", "url": URL, "headers": {"x-id": "1"}, "body": ASKED}


def exchanges(value: Any, path: str = "night.json") -> tuple[Exchange, ...]:
    text = value if isinstance(value, str) else json.dumps(value)
    recording = read(Source(path, text.encode(), thorough=True))
    assert recording.format == "pairs"
    assert recording.broken is None
    return recording.exchanges


def response(body: Body | None, status: int | None = None) -> Response:
    return Response(status, (), body)


WHOLE = Body("value", SAID)


@pytest.mark.parametrize(
    ("entry", "request_", "answer"),
    [
        ({"request": HTTP, "response": {"status": 200, "body": SAID}}, POST, response(WHOLE, 200)),
        ({"request": HTTP, "response": {"status_code": 200, "headers": {}, "body_raw": STREAM, "body": None}}, POST,
         response(Body("text", STREAM), 200)),
        ({"request": HTTP, "response": {"statusCode": "200 OK", "content": json.dumps(SAID)}}, POST,
         response(Body("text", json.dumps(SAID)), 200)),
        ({"request": HTTP, "response": {"status": 200, "body": [CHUNK, CHUNK]}}, POST,
         response(Body("chunks", [CHUNK, CHUNK]), 200)),
        ({"request": HTTP, "response": {"status": 200, "events": [{"event": "x", "data": json.dumps(CHUNK)}]}}, POST,
         response(Body("chunks", [CHUNK]), 200)),
        ({"request": HTTP, "response": {"status": 200, "chunks": [STREAM[:20], STREAM[20:]]}}, POST,
         response(Body("text", STREAM), 200)),
        ({"request": HTTP, "response": {"status": 200, "body": base64.b64encode(STREAM.encode()).decode(),
                                        "encoding": "base64"}}, POST, response(Body("text", STREAM), 200)),
        ({"request": HTTP, "response": {"status": 500}}, POST, response(None, 500)),
        ({"status": 200, "headers": {}, "body": STREAM}, Request("", ""), response(Body("text", STREAM), 200)),
        ({"status": 200, "headers": {}, "body": json.dumps(SAID)}, Request("", ""),
         response(Body("text", json.dumps(SAID)), 200)),
        ({"request": HTTP, "response": None}, POST, None),
        ({"req": HTTP, "res": {"status": 200, "body": SAID}}, POST, response(WHOLE, 200)),
        ({"request": ASKED, "response": SAID}, BARE, response(WHOLE)),
        ({"input": ASKED, "output": SAID}, BARE, response(WHOLE)),
        ({"input": json.dumps(ASKED), "output": json.dumps(SAID)}, Request("", "", (), Body("text", json.dumps(ASKED))),
         response(Body("text", json.dumps(SAID)))),
        ({"input": ASKED, "output": [CHUNK, CHUNK]}, BARE, response(Body("chunks", [CHUNK, CHUNK]))),
        ({"url": URL, "method": "POST", "request_headers": {"x-id": "1"}, "request_body": ASKED, "status": 200,
          "response_body": SAID}, POST, response(WHOLE, 200)),
        ({"model": "m", "messages": ASKED["messages"], "response": SAID, "model_parameters": {"temperature": 0}},
         Request("", "", (), Body("value", {**ASKED, "temperature": 0})), response(WHOLE)),
        ({"request": {"url": "http://lamp.test/oil", "method": "GET"}, "response": {"status": 200, "body": "four"}},
         Request("GET", "http://lamp.test/oil"), response(Body("text", "four"), 200)),
    ],
)  # fmt: skip
def test_shapes(entry: dict[str, Any], request_: Request, answer: Response | None) -> None:
    """The same whether there is one pair, a list of them, a list under a key, or one a line."""
    for text in (
        json.dumps(entry), json.dumps(entry, indent=2), json.dumps([entry]), json.dumps({"pairs": [entry]}, indent=1),
        json.dumps({"version": 1, "logs": [entry]}), json.dumps(entry) + "\n" + json.dumps(entry) + "\n",
    ):  # fmt: skip
        for one in exchanges(text):
            assert (one.request, one.response) == (request_, answer)
            assert one.raw == entry
            assert one.problems == ()


@pytest.mark.parametrize(
    "text",
    [
        "", "{", "[]", "{}", '{"request": 1, "response": 2}',
        '{"request": {"intent": "light"}, "response": {"speech": "ok"}}',
        '{"input": "2 + 2", "output": "4"}',
        '[{"input": {"lamp": 1}, "output": {"lit": true}}]',
        '{"scripts": {"request": "x"}, "response": null}',
        '{"messages": [{"role": "user", "content": "x"}], "model": "m"}',
        '{"input": {"model": "m", "messages": [{"role": "user"}]}, "output": {}, "traceId": "1", "spanContext": {}}',
        '{"custom_id": "1", "method": "POST", "url": "/v1/chat/completions", "body": {"model": "m"}}',
        '{"id": "1", "custom_id": "1", "response": {"status_code": 200, "body": {"choices": [{"message": {}}]}}}',
        '{"method": "generateContent", "response": {"candidates": [{"content": {}}]}}',
    ],
)  # fmt: skip
def test_others_are_not_claimed(text: str) -> None:
    assert not pairs.sniff(Source("night.json", text.encode()))


@pytest.mark.parametrize(
    ("more", "started_at", "duration"),
    [
        ({"timestamp": 1760000000}, "2025-10-09T08:53:20Z", None),
        ({"timestamp": 1760000000123}, "2025-10-09T08:53:20.123000Z", None),
        ({"timestamp": "2025-10-09T10:53:20+02:00"}, "2025-10-09T08:53:20Z", None),
        ({"startTime": 1760000000.5, "endTime": 1760000002.0}, "2025-10-09T08:53:20.500000Z", 1.5),
        ({"start_time": "2025-10-09T08:53:20Z", "end_time": "2025-10-09T08:53:21Z"}, "2025-10-09T08:53:20Z", 1.0),
        ({"ts": 1760000000, "latency_ms": 250}, "2025-10-09T08:53:20Z", 0.25),
        ({"duration": 250}, None, None),  # of what, nobody says
        ({"timestamp": "yesterday", "duration_ms": -1}, None, None),
    ],
)
def test_times_as_recorded(more: dict[str, Any], started_at: str | None, duration: float | None) -> None:
    [one] = exchanges({"request": HTTP, "response": {"status": 200, "body": SAID}, **more})
    assert (one.started_at, one.duration) == (started_at, duration)


def test_times_of_the_messages() -> None:
    asked, said = {**HTTP, "timestamp": 1760000000.0}, {"status": 200, "body": SAID, "timestamp": 1760000001.25}
    [one] = exchanges({"request": asked, "response": said})
    assert (one.started_at, one.duration) == ("2025-10-09T08:53:20Z", 1.25)


def test_a_failure_stands_in_place_of_the_response() -> None:
    [one] = exchanges({"request": HTTP, "response": None, "error": "no route to the skerry"})
    assert one.response == Response(error=ProviderError(None, "no route to the skerry", None, "no route to the skerry"))


def test_lines_are_read_by_their_place_and_one_bad_one_costs_no_other() -> None:
    good = json.dumps({"request": ASKED, "response": SAID})
    found = exchanges(f"{good}\n{{oops\n\n{json.dumps({'note': 1})}\n{good}\n")
    assert [(one.entry, one.position, bool(one.problems)) for one in found] == [
        (0, 0, False), (1, len(good) + 1, True), (3, 2 * len(good) - len(good) + 1 + 6 + 1 + 12, False),
    ]  # fmt: skip


def test_a_bad_entry_in_a_list() -> None:
    found = exchanges([{"request": ASKED, "response": {"status": 200, "body": "!", "encoding": "base64"}}] * 2)
    assert [bool(one.problems) for one in found] == [True, True]


def test_a_first_line_longer_than_the_head() -> None:
    long = {**ASKED, "messages": [{"role": "user", "content": "x" * 2 * HEAD}]}
    line = json.dumps({"request": {**HTTP, "body": long}, "response": {"status": 200, "body": SAID}}) + "\n"
    assert [one.position for one in exchanges(line * 2, "night.jsonl")] == [0, len(line)]
    assert len(exchanges({"calls": [json.loads(line)] * 2})) == 2


def test_a_truncated_file_is_read_to_its_cut() -> None:
    entry = {"request": ASKED, "response": SAID}
    for text in (json.dumps([entry, entry], indent=1), json.dumps(entry) + "\n" + json.dumps(entry)):
        recording = read(Source("night.json", text.encode()[:-30]))
        assert recording.truncated
        assert recording.exchanges[0].response == response(WHOLE)


def test_samples() -> None:
    assert [len(exchanges((SAMPLES / name).read_text())) for name in ("night-proxy.jsonl", "logged.json")] == [3, 2]
    asked, _ = exchanges((SAMPLES / "logged.json").read_text())
    assert (asked.session, asked.started_at, asked.duration) == ("night-watch", "2026-02-01T21:00:00Z", 1.5)


@pytest.mark.parametrize(
    ("asked", "answered"),
    [("prompt", "completion"), ("kwargs", "response"), ("args", "return"), ("sent", "received"), ("in", "out")],
)
@pytest.mark.parametrize("kept", [lambda value: value, json.dumps], ids=["parsed", "text"])
def test_halves_under_names_of_a_logger_s_own(asked: str, answered: str, kept: Any) -> None:
    entry = {"ts": "2026-03-02T08:00:00Z", asked: kept(ASKED), answered: kept(SAID)}
    for text in (json.dumps([entry]), json.dumps(entry), f"{json.dumps(entry)}\n{json.dumps(entry)}\n"):
        for exchange in exchanges(text):
            assert [decode(exchange).prompt.messages[0].parts, decode(exchange).replies[0].parts] == [
                (Text("Lit?"),),
                (Text("Lit."),),
            ]
            assert exchange.problems == ()


@pytest.mark.parametrize("key", ["error", "exception", "failure", "error_message", "errorMessage", "error_str"])
@pytest.mark.parametrize("kept", [lambda text: text, lambda text: {"message": text}], ids=["text", "object"])
def test_what_went_wrong_by_any_name(key: str, kept: Any) -> None:
    (exchange,) = exchanges([{"request": HTTP, "response": None, key: kept("No oil")}])
    assert exchange.response is not None
    assert exchange.response.error is not None
    assert exchange.response.error.message == "No oil"


def test_the_log_of_bedrock_s_calls() -> None:
    said = {"output": {"message": {"role": "assistant", "content": [{"text": "Lit."}]}}, "stopReason": "end_turn"}
    asked = {"messages": [{"role": "user", "content": [{"text": "Lit?"}]}]}
    logged = {"input": {"inputBodyJson": asked}, "output": {"outputBodyJson": said}, "modelId": "lamp", "region": "eu"}
    (exchange,) = exchanges(logged)
    assert [exchange.request.body, exchange.response] == [Body("value", asked), response(Body("value", said))]


USER = ASKED["messages"]
ASSISTANT = {"role": "assistant", "content": "Lit."}


@pytest.mark.parametrize(
    "entry",
    [
        {**ASKED, "response": "Lit."},
        {**ASKED, "completion": ASSISTANT, "temperature": 0},
        {**ASKED, "output": {"text": "Lit."}},
        {"model": "m", "prompt": USER, "answer": {"message": "Lit."}},
        {"model": "m", "prompt": "Lit?", "response": "Lit.", "latency_ms": 3},
        {"model": "m", "input": "Lit?", "output": "Lit."},
        {"model": "m", "input": {"messages": USER}, "output": "Lit."},
        {"request": ASKED, "response": "Lit."},
        {"request": ASKED, "response": {"content": [{"type": "text", "text": "Lit."}]}},
    ],
    ids=repr,
)
def test_calls_in_a_logger_s_own_words(entry: dict[str, Any]) -> None:
    call = decode(exchanges(json.dumps({**entry, "usage": {"prompt_tokens": 4}}) + "\n")[0])
    said = [part for message in (*call.prompt.messages, *call.replies) for part in message.parts]
    assert (said, call.problems) == ([Text("Lit?"), Text("Lit.")], ())
    assert "request" in entry or (call.usage is not None and call.usage.input_tokens == 4)


@pytest.mark.parametrize("error", ["slow down", {"message": "slow down", "type": "rate"}])
def test_an_error_beside_the_messages_is_the_answer(error: Any) -> None:
    call = decode(exchanges(json.dumps({**ASKED, "error": error}) + "\n")[0])
    assert call.error is not None
    assert (call.error.message, len(call.prompt.messages)) == ("slow down", 1)


@pytest.mark.parametrize("key", ["body_gzip_b64", "bodyGzipBase64", "rawBody", "body_text", "responseText", "sse"])
def test_bodies_under_other_names(key: str) -> None:
    packed = base64.b64encode(gzip.compress(STREAM.encode())).decode()
    (exchange,) = exchanges({"request": HTTP, "response": {"status": 200, key: packed if "ip" in key else STREAM}})
    (reply,) = decode(exchange).replies
    assert reply.parts == (Text("Lit."),)


def test_a_stream_as_its_lines() -> None:
    (exchange,) = exchanges({"request": HTTP, "response": {"status": 200, "body": STREAM.split("\n")}})
    assert decode(exchange).replies[0].parts == (Text("Lit."),)
