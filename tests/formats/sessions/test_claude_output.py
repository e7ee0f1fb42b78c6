"""What ``claude -p`` prints: the samples' story, what is counted when, and what an end says."""

from __future__ import annotations

import json
from typing import Any

import pytest

from inspector import formats
from inspector.decode import decoder
from inspector.formats.reading.source import Source
from inspector.model import Exchange
from tests.making import SAMPLES, library

OUTPUTS = SAMPLES / "other" / "claude-output"
FILES = sorted(OUTPUTS.iterdir())


def read(*lines: dict[str, Any]) -> tuple[Exchange, ...]:
    told = ({"session_id": "s", "parent_tool_use_id": None, **line} for line in lines)
    return formats.read(Source("out.jsonl", b"".join(json.dumps(line).encode() + b"\n" for line in told))).exchanges


def says(id: str, text: str, **message: Any) -> dict[str, Any]:
    content = [{"type": "text", "text": text}]
    return {"type": "assistant", "message": {"id": id, "role": "assistant", "content": content, **message}}


def test_a_stream_is_a_story_with_its_agent() -> None:
    shelf = library(OUTPUTS / "night.jsonl")
    shelf.refresh()
    first, second, agent, unread, end = sorted(shelf.index.rows(), key=lambda row: row.entry)
    assert (first.parent, second.parent, unread.parent) == (None, first.id, second.id)
    assert (agent.parent, agent.is_called, agent.asked) == (first.id, True, "What sits on the fog bell?")
    assert (end.sent, end.parent, unread.odd) == (0, unread.id, "problem")
    assert {row.sdk for row in (first, agent, second)} == {"claude-code 2.1.285"}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_text_and_call_is_there_once(path: Any) -> None:
    """As a script finds them in the lines."""
    text = path.read_text(encoding="utf-8")
    whole = [json.loads(line) for line in text.splitlines()] if path.suffix == ".jsonl" else json.loads(text)
    lines = whole if isinstance(whole, list) else [{**whole, "message": {"content": [{"text": whole["result"]}]}}]
    replies = ("assistant", "result") if len(lines) == 1 else ("assistant",)
    blocks = [block for line in lines if line["type"] in replies for block in line["message"]["content"]]
    calls = map(decoder.decode, formats.read(Source(path.name, path.read_bytes())).exchanges)
    parts = [part for call in calls for reply in call.replies for part in reply.parts]
    assert sorted(str(getattr(part, "id", None) or getattr(part, "content", None)) for part in parts) == sorted(
        block.get("id") or block["text"] for block in blocks
    )


def test_output_is_counted_where_the_response_ends() -> None:
    started = {"input_tokens": 9, "cache_read_input_tokens": 3, "output_tokens": 1}
    delta = {"type": "message_delta", "delta": {"stop_reason": "end_turn"}, "usage": {"output_tokens": 7}}
    counted = read(says("m1", "Rung.", usage=started), {"type": "stream_event", "event": delta})
    uncounted = read(says("m1", "Rung.", usage=started, stop_reason=None))
    whole = read(says("m1", "Rung.", usage=started, stop_reason="end_turn"))
    usages = [decoder.decode(one).usage for (one,) in (counted, uncounted, whole)]
    assert [usage and (usage.input_tokens, usage.output_tokens) for usage in usages] == [(12, 7), (12, None), (12, 1)]


def test_an_error_at_the_end_is_one() -> None:
    ended = {"type": "result", "subtype": "error_during_execution", "is_error": True, "errors": ["the lamp is out"]}
    _, last = read(says("m1", "I light it."), {**ended, "num_turns": 1, "duration_api_ms": 1})
    call = decoder.decode(last)
    assert call.error is not None
    assert (call.error.type, call.error.message) == ("error_during_execution", "the lamp is out")


def test_what_is_no_line_is_said_with_how_many_there_are() -> None:
    data = json.dumps({**says("m1", "Rung."), "parent_tool_use_id": None}).encode() + b'\n7\nno json\n{"type":"bell"}\n'
    problems = [problem.why for one in formats.read(Source("o", data)).exchanges for problem in one.problems]
    assert problems == ["not understood: 2 of type no JSON object", "not understood: 1 of type bell"]
