"""Rollouts of Codex: what the sample says, and where a response ends."""

from __future__ import annotations

import json
from typing import Any

from inspector import formats
from inspector.decode import decoder
from inspector.formats.reading.source import Source
from inspector.model import ToolCall, ToolResult
from tests.making import SAMPLES, library

SESSION = "019c1e70-0000-7000-8000-0000000f0660"
SESSIONS = SAMPLES / "other" / "codex" / "sessions"
(ROLLOUT,) = (SESSIONS / "2026").rglob("*.jsonl")
OLDER = [*(SESSIONS / "2025").rglob("*.jsonl"), *SESSIONS.glob("*.json")]


def read(*items: dict[str, Any]) -> formats.Recording:
    lines = [{"type": "session_meta", "payload": {"id": "s", "cli_version": "1.0"}}, *items]
    return formats.read(Source("rollout.jsonl", b"".join(json.dumps(line).encode() + b"\n" for line in lines)))


def item(kind: str, **more: Any) -> dict[str, Any]:
    return {"type": "response_item", "payload": {"type": kind, **more}}


def said(role: str, text: str) -> dict[str, Any]:
    return item("message", role=role, content=[{"type": "input_text", "text": text}])


def counted(tokens: int) -> dict[str, Any]:
    info = {"last_token_usage": {"input_tokens": tokens, "output_tokens": 1}}
    return {"type": "event_msg", "payload": {"type": "token_count", "info": info}}


def test_tokens_are_those_of_each_response() -> None:
    """As a script counts them: those that are told last before the model is sent something."""
    told = [json.loads(line) for line in ROLLOUT.read_text(encoding="utf-8").splitlines()]
    counts = [one["payload"]["info"] for one in told if one["payload"].get("type") == "token_count"]
    words = ("input_tokens", "cached_input_tokens", "output_tokens", "reasoning_output_tokens")
    used = [tuple(one["last_token_usage"][word] for word in words) for one in (counts[0], counts[-1])]
    usages = [decoder.decode(one).usage for one in formats.read(Source("r", ROLLOUT.read_bytes())).exchanges]
    assert used == [
        (one.input_tokens, one.cache_read_input_tokens, one.output_tokens, one.reasoning_tokens)
        for one in usages
        if one is not None
    ]


def test_a_rollout_is_one_conversation() -> None:
    shelf = library(ROLLOUT.parent)
    shelf.refresh()
    first, second, last = sorted(shelf.index.rows(), key=lambda row: row.entry)
    assert {row.session for row in (first, second, last)} == {SESSION}
    assert (first.parent, second.parent, last.parent) == (None, first.id, second.id)
    assert [row.model for row in (first, second, last)] == ["gpt-5.2-codex"] * 3
    assert (last.odd, last.asked) == ("problem", "Light the other one.")


def test_a_response_ends_where_it_is_counted_or_answered() -> None:
    call = item("function_call", name="ring", arguments="{}", call_id="c")
    done = item("function_call_output", call_id="c", output="rung")
    exchanges = read(
        said("user", "Ring"), call, call, done, call, counted(7), call, said("assistant", "Rung")
    ).exchanges
    known = [decoder.decode(one) for one in exchanges]
    calls = [sum(isinstance(part, ToolCall) for reply in one.replies for part in reply.parts) for one in known]
    assert calls == [2, 1, 1]
    assert [one.usage and one.usage.input_tokens for one in known] == [None, 7, None]


def test_older_files_of_items_alone_are_the_same_conversation() -> None:
    for path in OLDER:
        first, second, *_ = formats.read(Source("r", path.read_bytes())).exchanges
        calls = decoder.decode(first), decoder.decode(second)
        assert isinstance(calls[0].replies[0].parts[-1], ToolCall)
        assert [part.id for part in calls[1].prompt.messages[0].parts if isinstance(part, ToolResult)]
        assert (first.known_as, bool(first.session)) == ((second.continues,), True)
        assert first.started_at is not None


def test_what_is_no_object_is_said() -> None:
    (one,) = formats.read(Source("r", b'{"type":"session_meta","payload":{"id":"s"}}\n7\nno json\n')).exchanges
    assert [problem.why for problem in one.problems] == ["not understood: 2 of type no JSON object"]
