"""Bodies without their recording: what is claimed, and as what it is read."""

from __future__ import annotations

import json
from typing import Any

import pytest

from inspector.formats import read
from inspector.formats.generic import bare
from inspector.formats.reading.file_bytes import HEAD
from inspector.formats.reading.source import Source
from inspector.model import Body, Exchange
from tests.making import SAMPLES as RECORDINGS

SAMPLES = RECORDINGS / "other" / "bare"

CHAT = {"object": "chat.completion", "choices": [{"index": 0, "message": {"role": "assistant", "content": "Lit."}}]}
CHUNK = {"object": "chat.completion.chunk", "choices": [{"index": 0, "delta": {"content": "Lit."}}]}
ASKED = {"model": "m", "messages": [{"role": "user", "content": "Lit?"}]}


def sniff(content: Any, path: str = "lamp.json") -> bool:
    data = content if isinstance(content, bytes) else (content if isinstance(content, str) else json.dumps(content))
    return bare.sniff(Source(path, data if isinstance(data, bytes) else data.encode()))


def exchanges(text: str | bytes, path: str = "lamp.json") -> tuple[Exchange, ...]:
    recording = read(Source(path, text if isinstance(text, bytes) else text.encode(), thorough=True))
    assert recording.format == "bare"
    return recording.exchanges


def lines(*values: Any) -> str:
    return "".join(json.dumps(value) + "\n" for value in values)


# ---------------------------------------------------------------- what is claimed


@pytest.mark.parametrize(
    "value",
    [
        CHAT, CHUNK, ASKED,
        {"choices": [{"text": "Lit."}]},
        {"object": "response", "output": []},
        {"type": "response.created", "response": {}},
        {"type": "message_start", "message": {}},
        {"type": "message", "role": "assistant", "model": "m", "content": []},
        {"type": "error", "error": {"type": "overloaded_error", "message": "Overloaded"}},
        {"error": {"code": 429, "message": "slow", "status": "RESOURCE_EXHAUSTED"}},
        {"candidates": [{"content": {"parts": []}}]},
        {"promptFeedback": {"blockReason": "SAFETY"}},
        {"usageMetadata": {}, "modelVersion": "m"},
        {"event_type": "interaction.created"},
        {"contentBlockDelta": {"delta": {"text": "Lit."}}},
        {"output": {"message": {"role": "assistant", "content": []}}, "stopReason": "end_turn"},
        {"chunk": {"bytes": "eyJ0eXBlIjoicGluZyJ9"}},
        {"id": "1", "type": "message-start", "delta": {}},
        {"id": "1", "finish_reason": "COMPLETE", "message": {"role": "assistant", "content": []}},
        {"event_type": "stream-start", "generation_id": "1"},
        {"model": "m", "created_at": "2026-02-01T21:00:00Z", "message": {"content": "Lit."}, "done": False},
        {"object": "list", "data": [{"object": "embedding", "embedding": [0.5]}]},
        {"object": "list", "data": [{"object": "model", "id": "m"}]},
        {"results": [{"index": 0, "relevance_score": 0.5}]},
        {"generation": "Lit.", "stop_reason": "stop"},
        {"id": "1", "model": "m", "usage": {"prompt_tokens": 1}},
        {"contents": [{"role": "user", "parts": [{"text": "Lit?"}]}]},
        {"messages": [{"role": "user", "content": [{"text": "Lit?"}]}], "inferenceConfig": {"maxTokens": 9}},
        {"model": "m", "input": "Lit?"},
        {"anthropic_version": "bedrock-2023-05-31", "messages": [{"role": "user", "content": "Lit?"}]},
    ],
    ids=lambda value: "-".join(value)[:50],
)  # fmt: skip
def test_values_of_models_are_claimed_in_every_framing(value: dict[str, Any]) -> None:
    assert sniff(value)
    assert sniff(json.dumps(value, indent=4))
    assert sniff([value, value])
    assert sniff(lines(value, value))
    assert sniff(json.dumps(value, indent=4) + "\n" + json.dumps(value))
    assert sniff(f"\ufeff  \n{json.dumps(value)}")
    assert sniff(f"HTTP/1.1 200 OK\r\nx: y\r\n\r\n{json.dumps(value)}")
    if "messages" not in value:
        assert sniff(f"event: x\ndata: {json.dumps(value)}\n\n") == (
            not {"contents", "input"} & value.keys()
        )  # no stream of events asks anything


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "{", "[]", "{}", "null", "[1, 2]", '"text"', "hello", "\x00\x01\x02\x03" * 8,
        '{"name": "lamp", "version": "1.0.0", "type": "module", "scripts": {"test": "x"}}',
        '{"compilerOptions": {"strict": true}, "include": ["src"]}',
        '{"data": [{"id": 1}], "error": null}',
        '{"error": "lamp not found"}',
        '{"error": {"message": "lamp not found"}, "lamp": 3}',
        '{"type": "object", "properties": {"message": {"type": "string"}}}',
        '{"messages": [{"role": "user", "content": "Lit?"}, {"role": "assistant", "content": "Lit."}]}',
        '{"messages": {"greeting": "Hello"}, "model": "m"}',
        '{"input": {"x": 1}, "output": {"y": 2}}',
        '{"choices": ["a", "b"], "question": "Lit?"}',
        '{"results": [{"passed": true}], "usage": {"memory": 3}}',
        '{"level": "info", "message": "started", "done": true}\n{"level": "info", "message": "x", "done": true}\n',
        '{"jsonrpc": "2.0", "id": 1, "result": {}}',
        "data: hello\n\ndata: world\n\n",
        'event: tick\ndata: {"lamp": "lit"}\n\n',
        "id: 1\ndata:\n  choices: 3\n",
        "on: push\njobs:\n  test:\n    runs-on: ubuntu-latest\n",
        '{"type":"user","message":{"role":"user","content":"Lit?"},"uuid":"1","sessionId":"2"}\n',
        '{"timestamp":"t","type":"response_item","payload":{"type":"message","role":"user"}}\n',
        '{"custom_id":"1","method":"POST","url":"/v1/responses","body":{"model":"m","input":"Lit?"}}\n',
        "HTTP/1.1 200 OK\r\ncontent-type: text/html\r\n\r\n<html>",
    ],
)  # fmt: skip
def test_others_are_not(text: str) -> None:
    assert not sniff(text)


def test_a_stranger_costs_its_first_bytes() -> None:
    class Counted:
        taken = 0

        def seek(self, at: int) -> None: ...

        def read(self, size: int = -1) -> bytes:
            self.taken += size
            return (b'{"choices": "none", "data": "' + b"x" * size)[:size]

    file = Counted()
    assert not bare.sniff(Source("big.json", file))  # type: ignore[arg-type]
    assert file.taken == HEAD


@pytest.mark.parametrize("indent", [None, 2])
def test_a_long_body_is_told_by_its_first_bytes(indent: int | None) -> None:
    long = {**CHAT, "choices": [{"index": 0, "message": {"role": "assistant", "content": "x" * 2 * HEAD}}]}
    assert sniff(json.dumps(long, indent=indent))
    assert sniff(f"data: {json.dumps(long)}\n\n")
    [exchange] = exchanges(json.dumps(long, indent=indent))
    assert exchange.response is not None
    assert exchange.response.body == Body("value", long)


# ---------------------------------------------------------------- as what it is read


def bodies_of(text: str | bytes) -> list[tuple[str, Any]]:
    return [
        (one.response.body.kind, one.response.body.value) if one.response and one.response.body else ("none", None)
        for one in exchanges(text)
    ]


@pytest.mark.parametrize(
    ("text", "bodies"),
    [
        (json.dumps(CHAT), [("value", CHAT)]),
        (json.dumps([CHUNK, CHUNK]), [("chunks", [CHUNK, CHUNK])]),
        (lines(CHUNK, CHUNK), [("chunks", [CHUNK, CHUNK])]),
        (lines(CHUNK, CHUNK).replace("\n", "\r\n\r\n"), [("chunks", [CHUNK, CHUNK])]),
        (lines(CHUNK) + "[DONE]\n" + lines(CHUNK), [("chunks", [CHUNK, "[DONE]", CHUNK])]),
        (lines(CHAT, CHAT), [("value", CHAT), ("value", CHAT)]),
        (lines(CHAT) + "oops\n" + lines(CHAT), [("value", CHAT), ("none", None), ("value", CHAT)]),
        (json.dumps(CHAT, indent=2) * 2, [("chunks", [CHAT, CHAT])]),
        (json.dumps(CHAT, indent=2) + ",\n" + json.dumps(CHAT), [("chunks", [CHAT, CHAT])]),
        (f"data: {json.dumps(CHUNK)}\n\n", [("text", f"data: {json.dumps(CHUNK)}\n\n")]),
    ],
    ids=["one", "array", "lines", "crlf", "done", "whole-lines", "bad-line", "in-a-row", "commas", "sse"],
)
def test_bodies(text: str, bodies: list[tuple[str, Any]]) -> None:
    assert bodies_of(text) == bodies


def test_lines_of_whole_answers_are_read_by_their_place() -> None:
    text = lines(CHAT, {**CHAT, "id": "2"}, ASKED)
    found = exchanges(text)
    assert [(one.entry, one.position) for one in found] == [
        (0, 0), (1, len(lines(CHAT))), (2, len(lines(CHAT, {**CHAT, "id": "2"}))),
    ]  # fmt: skip
    assert not any(one.several for one in found)


def test_a_stream_may_hold_several() -> None:
    for text in (lines(CHUNK, CHUNK), f"data: {json.dumps(CHUNK)}\n\n", json.dumps([CHUNK])):
        assert [one.several for one in exchanges(text)] == [True]


@pytest.mark.parametrize("events", [(CHAT,), (CHAT, CHAT), (CHUNK,), (CHUNK, CHUNK), (CHUNK, CHAT), (CHAT, CHUNK)])
def test_what_may_hold_several_is_alone_in_its_file(events: tuple[Any, ...]) -> None:
    """It is never one line of a file that is read in parts or on from there, so that its answers count from 0."""
    for text in (lines(*events), json.dumps(events), "".join(f"data: {json.dumps(one)}\n\n" for one in events)):
        recording = read(Source("lamp.json", text.encode()))
        if any(one.several for one in recording.exchanges):
            assert [one.position for one in recording.exchanges] == [None]
            assert recording.resume is None


@pytest.mark.parametrize(
    "text", [json.dumps(ASKED), json.dumps(ASKED, indent=2), lines(ASKED, ASKED), json.dumps([ASKED])]
)
def test_a_request_has_no_answer(text: str) -> None:
    for one in exchanges(text):
        assert (one.request.body, one.response, one.sent) == (Body("value", ASKED), None, True)


def test_headers_that_curl_prints_are_the_response_s() -> None:
    body = '{"error":{"message":"slow","type":"rate_limit_error"}}'
    [one] = exchanges(f"HTTP/2 429 \r\nretry-after: 3\r\nx-id: a:b\r\n\r\n{body}", "-")
    assert one.response is not None
    assert one.response.status == 429
    assert one.response.headers == (("retry-after", "3"), ("x-id", "a:b"))


@pytest.mark.parametrize(
    ("text", "why", "said"),
    [
        (lines(CHUNK, CHUNK)[:-20], "line 2 stops in the middle", "chunks"),
        (json.dumps([CHUNK, CHUNK])[:-20], "not complete JSON", "chunks"),
        (json.dumps(CHAT)[:-5], "not complete JSON", "value"),
        (f"data: {json.dumps(CHUNK)}\n\ndata: {json.dumps(CHUNK)[:-9]}", "in the middle of an event", "text"),
    ],
)
def test_what_stands_before_a_cut_is_read(text: str, why: str, said: str) -> None:
    recording = read(Source("lamp.json", text.encode()))
    assert why in (recording.broken or "")
    assert recording.truncated
    [one] = recording.exchanges
    assert one.response is not None
    assert one.response.body is not None
    assert one.response.body.kind == said
    assert "Lit." in str(one.response.body.value)


@pytest.mark.parametrize("name", ["fog-bell.chunks.txt", "oil.sse", "lens.eventstream", "gale.json", "asked.json"])
def test_no_cut_of_a_sample_raises(name: str) -> None:
    data = (SAMPLES / name).read_bytes()
    assert bare.sniff(Source(name, data))
    for end in range(0, len(data), max(len(data) // 40, 1)):
        read(Source(name, data[:end]))


def test_an_event_stream_is_its_chunks() -> None:
    [one] = exchanges((SAMPLES / "lens.eventstream").read_bytes(), "lens")
    assert one.response is not None
    assert one.response.body is not None
    assert one.response.body.kind == "chunks"
    assert [next(iter(chunk)) for chunk in one.response.body.value][:2] == ["messageStart", "contentBlockDelta"]
    assert one.problems == ()


@pytest.mark.parametrize("key", ["data", "chunk", "event", "payload", "message"])
@pytest.mark.parametrize("kept", [lambda value: value, json.dumps], ids=["parsed", "text"])
def test_events_that_a_logger_wrapped(key: str, kept: Any) -> None:
    """One a line, each with its time: one answer, and the raw view has what stands in the file."""
    wrapped = [{"ts": number, key: kept(CHUNK)} for number in range(3)]
    (exchange,) = exchanges(lines(*wrapped), "lamp.jsonl")
    assert exchange.response is not None
    assert exchange.response.body == Body("chunks", [CHUNK] * 3)
    assert exchange.raw == wrapped


def test_what_is_wrapped_and_no_event_is_not_claimed() -> None:
    assert not sniff(lines({"ts": 1, "data": {"lamp": "lit"}}, {"ts": 2, "event": "lit"}))
