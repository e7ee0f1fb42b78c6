"""Sessions of Gemini CLI: what the samples say, in both forms, and how lines change what stands before."""

from __future__ import annotations

import json
from typing import Any

from inspector import formats
from inspector.decode import decoder
from inspector.formats.reading.source import Source
from inspector.index.rows import Row
from inspector.model import Exchange, ToolCall, ToolResult
from tests.making import SAMPLES, library

CHATS = SAMPLES / "other" / "gemini-session"
ABOUT = {"sessionId": "s", "projectHash": "h", "startTime": "2026-06-02T22:00:00.000Z"}
FILES = sorted(path for path in CHATS.rglob("*") if path.is_file())


def read(*lines: dict[str, Any]) -> tuple[Exchange, ...]:
    data = b"".join(json.dumps(line).encode() + b"\n" for line in (ABOUT, *lines))
    return formats.read(Source("chats/session-1.jsonl", data)).exchanges


def said(id: str, content: Any = "", **more: Any) -> dict[str, Any]:
    kind = "user" if id.startswith("u") else "gemini"
    return {"id": id, "type": kind, "content": content, **({} if kind == "user" else {"model": "m"}), **more}


def call(id: str, result: Any = None, **more: Any) -> dict[str, Any]:
    return {"id": id, "name": "ring", "args": {}, "result": result, "status": "success", **more}


def answered(id: str) -> list[dict[str, Any]]:
    return [{"functionResponse": {"id": id, "name": "ring", "response": {"output": "rung"}}}]


def told(exchange: Exchange) -> list[str]:
    """The calls and results of an exchange, by their ids, results first."""
    call = decoder.decode(exchange)
    parts = [part for message in (*call.prompt.messages, *call.replies) for part in message.parts]
    return [f"{type(part).__name__} {part.id}" for part in parts if isinstance(part, (ToolCall, ToolResult))]


def test_tokens_are_those_of_the_messages() -> None:
    """As a script counts them that takes each message as it was written last."""
    for path in FILES:
        text = path.read_text(encoding="utf-8")
        lines = json.loads(text)["messages"] if path.suffix == ".json" else map(json.loads, text.splitlines())
        last = {line["id"]: line["tokens"] for line in lines if line.get("tokens")}
        usages = (decoder.decode(one).usage for one in formats.read(Source("s", path.read_bytes())).exchanges)
        assert [
            (one["input"], one["output"] + one["thoughts"], one["thoughts"], one["cached"]) for one in last.values()
        ] == [
            (one.input_tokens, one.output_tokens, one.reasoning_tokens, one.cache_read_input_tokens)
            for one in usages
            if one is not None
        ]


def rows() -> list[Row]:
    shelf = library(CHATS)
    shelf.refresh()
    return sorted(shelf.index.rows(), key=lambda row: (row.path, row.entry))


def test_a_session_is_a_story_with_its_agent_and_what_was_rewound() -> None:
    agent, *main = [row for row in rows() if row.path.endswith(".jsonl")]
    first, second, rewound, last, results = main
    assert {row.session for row in (agent, *main)} == {"4f0c6a52-0000-4000-8000-00000000f06b"}
    assert [row.parent for row in main] == [None, first.id, second.id, second.id, last.id]
    assert (agent.parent, agent.is_called) == (first.id, True)
    assert [row.asked for row in (first, rewound, last)] == [
        "Ask the bell keeper how often the fog bell rang.",
        "Ring it once more.",
        "Write the tally into the log.",
    ]
    assert (results.odd, results.sent) == ("problem", True)


def test_a_result_stands_once_whether_a_message_holds_it_or_not() -> None:
    response = said("g1", toolCalls=[call("a", answered("a")), call("b", answered("b"))])
    first, second = read(said("u1", "Ring"), response, said("u2", answered("a")), said("g2", "Rung"))
    assert told(first) == ["ToolCall a", "ToolCall b"]
    assert sorted(told(second)) == ["ToolResult a", "ToolResult b"]


def test_what_came_of_a_call_without_a_result_is_told() -> None:
    response = said("g1", toolCalls=[call("a", status="cancelled"), call("b", status="executing")])
    _, last = read(said("u1", "Ring"), response)
    assert told(last) == ["ToolResult a", "ToolResult b"]
    assert decoder.decode(last).replies == ()


def test_a_line_that_repeats_a_message_takes_its_place() -> None:
    (one,) = read(said("u1", "Ring"), said("g1", "R"), {"$set": {"lastUpdated": "…"}}, said("g1", "Rung", tokens=None))
    (text,) = decoder.decode(one).replies[0].parts
    assert getattr(text, "content", None) == "Rung"


def test_only_what_is_new_of_a_history_is_asked_anew() -> None:
    summary = {"$set": {"messages": [said("u9", "<state_snapshot>Rung.</state_snapshot>"), said("u2", "Again")]}}
    _, second = read(said("u1", "Ring"), said("g1", "Rung"), said("u2", "Again"), summary, said("g2", "Rung again"))
    texts = [message.parts[0] for message in decoder.decode(second).prompt.messages]
    assert [getattr(text, "content", "") for text in texts] == ["Again", "<state_snapshot>Rung.</state_snapshot>"]


def test_what_is_no_message_is_said_with_how_many_there_are() -> None:
    data = json.dumps(ABOUT).encode() + b'\n7\nno json\n{"type":"bell"}\n'
    (one,) = formats.read(Source("s.jsonl", data)).exchanges
    assert [problem.why for problem in one.problems] == [
        "not understood: 2 of type no JSON object",
        "not understood: 1 of type bell",
    ]
