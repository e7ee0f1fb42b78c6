"""Several responses in one body become as many exchanges; one never becomes two."""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from typing import Any

import pytest

from inspector.decode import decoder
from inspector.decode.splitting import separated, split
from inspector.library.reader import read_unnamed
from inspector.model import Body, Exchange, Problem, Request, Response, Text
from tests.making import SAMPLES as RECORDINGS

SAMPLE = RECORDINGS / "other" / "bare" / "fog-bell.chunks.txt"


def exchange(body: Body, **more: Any) -> Exchange:
    return Exchange(entry=0, request=Request("", ""), response=Response(200, (), body), several=True, **more)


def chat(id: str, delta: dict[str, Any], finish: str | None = None, **more: Any) -> dict[str, Any]:
    choice = {"index": 0, "delta": delta, "finish_reason": finish}
    return {"id": id, "object": "chat.completion.chunk", "choices": [choice], **more}


def gemini(text: str, id: str, finish: str | None = None) -> dict[str, Any]:
    candidate = {"content": {"parts": [{"text": text}]}, **({"finishReason": finish} if finish else {})}
    return {"candidates": [candidate], "responseId": id, "modelVersion": "m"}


def invoked(value: Any) -> dict[str, Any]:
    return {"chunk": {"bytes": base64.b64encode(json.dumps(value).encode()).decode()}}


def again(text: str) -> dict[str, Any]:
    return {"id": "2", "choices": [{"message": {"role": "assistant", "content": text}, "finish_reason": "stop"}]}


ROLE = {"role": "assistant", "content": ""}
STOP = {"type": "message_stop"}
START = {"type": "message_start", "message": {"id": "msg", "role": "assistant", "content": []}}
CREATED = {"type": "response.created", "response": {"id": "resp", "output": []}}
COMPLETED = {"type": "response.completed", "response": {"id": "resp", "output": []}}
OLLAMA = {"model": "m", "message": {"content": "x"}, "done": False}
WHOLE = {"object": "chat.completion", "choices": [{"message": {"role": "assistant", "content": "x"}}]}
MESSAGE = {"type": "message", "role": "assistant", "content": []}
CUT = True
CASES: dict[str, tuple[list[Any], list[int], bool]] = {
    # name: chunks, sizes of the parts, whether the first was cut short
    "anthropic": ([START, STOP, START, STOP, START], [2, 2, 1], False),
    "anthropic retry": ([START, {"type": "ping"}, START, STOP], [2, 2], CUT),
    "anthropic retry at once": ([START, START, STOP], [1, 2], CUT),
    "anthropic with a ping first": ([{"type": "ping"}, START, STOP], [3], False),
    "invoke": ([invoked(START), invoked(STOP), invoked(START)], [2, 1], False),
    "responses": ([CREATED, COMPLETED, CREATED], [2, 1], False),
    "responses retry": ([CREATED, CREATED, COMPLETED], [1, 2], CUT),
    "responses queued": ([{"type": "response.queued"}, CREATED, COMPLETED, {"type": "response.queued"}], [3, 1], False),
    "chat": ([chat("1", ROLE), chat("1", {}, "stop"), chat("2", ROLE), chat("2", {}, "stop")], [2, 2], False),
    "chat, usage and end after it": (
        [chat("1", ROLE, "stop"), {"id": "1", "choices": [], "usage": {}}, "[DONE]", chat("2", ROLE)],
        [3, 1],
        False,
    ),
    "chat, a new id for each chunk": ([chat(str(id), ROLE if not id else {}) for id in range(9)], [9], False),
    "chat, a first chunk with an id of its own": ([chat("", ROLE), chat("1", {}), chat("1", {}, "stop")], [3], False),
    "chat, a last chunk with an id of its own": (
        [chat("1", ROLE), chat("1", ROLE, "stop"), chat("2", ROLE, "stop")],
        [3],
        False,
    ),
    "chat, usage with an id of its own": (
        [chat("1", ROLE, "stop"), {"id": "2", "choices": [], "usage": {}}],
        [2],
        False,
    ),
    "chat, two choices": ([chat("1", ROLE, "stop"), chat("1", ROLE)], [2], False),
    "completions": (
        [{"id": "1", "choices": [{"text": "a", "finish_reason": "stop"}]}, {"id": "2", "choices": [{"text": "b"}]}],
        [1, 1],
        False,
    ),
    "converse": ([{"messageStart": {}}, {"messageStop": {}}, {"metadata": {}}, {"messageStart": {}}], [3, 1], False),
    "cohere": ([{"type": "message-start"}, {"type": "message-end"}, {"type": "message-start"}], [2, 1], False),
    "cohere v1": (
        [{"event_type": "stream-start"}, {"event_type": "stream-end"}, {"event_type": "stream-start"}],
        [2, 1],
        False,
    ),
    "interactions": (
        [
            {"event_type": "interaction.created"},
            {"event_type": "interaction.completed"},
            {"event_type": "interaction.created"},
        ],
        [2, 1],
        False,
    ),
    "ollama": ([OLLAMA, {**OLLAMA, "done": True}, OLLAMA], [2, 1], False),
    "gemini": ([gemini("a", "1"), gemini("b", "1", "STOP"), gemini("c", "2")], [2, 1], False),
    "gemini goes on after its finish": (
        [gemini("a", "1", "STOP"), gemini("b", "1"), gemini("c", "1", "STOP")],
        [3],
        False,
    ),
    "whole ones": ([WHOLE, MESSAGE, {"object": "response", "output": []}], [1, 1, 1], False),
    "whole after a stream": ([START, STOP, WHOLE], [2, 1], False),
    "an error after a stream": ([START, {"type": "error", "error": {"message": "no"}}], [2], False),
    "the whole once more under another id": (
        [chat("1", {"content": "Fog "}), chat("1", {"content": "bell"}, "stop"), again("Fog bell")],
        [3],
        False,
    ),
    "another whole after a stream": (
        [chat("1", {"content": "Fog "}), chat("1", {"content": "bell"}, "stop"), again("Clear skies")],
        [2, 1],
        False,
    ),
    "nothing known": ([1, "x", None, [], {"a": 1}, {"choices": 3, "type": 4, "id": []}], [6], False),
    "none": ([], [], False),
}


@pytest.mark.parametrize("name", CASES)
def test_chunks(name: str) -> None:
    chunks, sizes, cut = CASES[name]
    parts = split(exchange(Body("chunks", chunks)))
    if len(sizes) < 2:
        assert parts == [exchange(Body("chunks", chunks))]
        return
    kept = [part.response.body for part in parts if part.response and part.response.body]
    assert [len(body.value) if body.kind == "chunks" else 1 for body in kept] == sizes
    assert [part.entry for part in parts] == list(range(len(sizes)))
    assert [bool(part.problems) for part in parts] == [cut, *[False] * (len(sizes) - 1)]


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("end", ["\n\n", "\r\n\r\n", "\r\r"])
def test_server_sent_events_are_split_where_chunks_are_and_keep_every_character(name: str, end: str) -> None:
    chunks, sizes, _ = CASES[name]
    text = "".join(f"data: {chunk if isinstance(chunk, str) else json.dumps(chunk)}{end}" for chunk in chunks)
    parts = split(exchange(Body("text", text)))
    bodies = [part.response.body.value for part in parts if part.response and part.response.body]
    assert "".join(bodies) == text
    assert [body.count("data: ") for body in bodies if body] == sizes


def test_json_lines() -> None:
    lines = [json.dumps(one) + "\n" for one in (OLLAMA, {**OLLAMA, "done": True}, OLLAMA)]
    parts = split(exchange(Body("text", "".join(lines))))
    assert [part.response.body for part in parts if part.response] == [
        Body("text", "".join(lines[:2])), Body("text", lines[2])
    ]  # fmt: skip


def test_only_what_may_hold_several_is_split() -> None:
    one = replace(exchange(Body("chunks", [WHOLE, WHOLE])), several=False)
    assert split(one) == [one]
    assert separated([one, one]) == (one, one)
    assert split(replace(exchange(Body("value", WHOLE)), response=None))[0].response is None


def test_problems_and_the_request_stay_with_the_first() -> None:
    known = Problem("file", "odd")
    asked = Request("POST", "https://x.test/v1", (), Body("value", {"model": "m"}))
    first, second = split(replace(exchange(Body("chunks", [WHOLE, WHOLE]), problems=(known,)), request=asked))
    assert (first.problems, first.request) == ((known,), asked)
    assert (second.problems, second.request.body) == ((), None)


def test_entries_are_counted_anew() -> None:
    twice = exchange(Body("chunks", [WHOLE, WHOLE]))
    assert [one.entry for one in separated([twice, twice])] == [0, 1, 2, 3]


def test_a_file_of_several_is_read_as_several() -> None:
    recording = read_unnamed("fog-bell", SAMPLE.read_bytes())
    calls = [decoder.decode(one) for one in recording.exchanges]
    said = ["".join(p.content for r in call.replies for p in r.parts if isinstance(p, Text)) for call in calls]
    assert said == ["The bell is", "The bell is rung twice.", "The fog has lifted."]
    assert [call.complete for call in calls] == [False, True, True]
    assert [one.entry for one in recording.exchanges] == [0, 1, 2]


@pytest.mark.parametrize(
    ("asked", "protocol"),
    [
        ({"model": "gpt-4o", "messages": [{"role": "user", "content": "Lit?"}]}, "openai.chat_completions"),
        ({"model": "claude-x", "messages": [{"role": "user", "content": "Lit?"}]}, "anthropic.messages"),
        ({"model": "gpt-4o", "messages": []}, None),
    ],
)
def test_a_request_alone_is_told_by_its_body(asked: dict[str, Any], protocol: str | None) -> None:
    call = decoder.decode(Exchange(entry=0, request=Request("", "", (), Body("value", asked)), response=None))
    assert (call.protocol, len(call.prompt.messages)) == (protocol, 1 if protocol else 0)
