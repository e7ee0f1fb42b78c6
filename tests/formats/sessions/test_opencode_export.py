"""What ``opencode export`` prints: the sample's story, its tokens, and what nobody knows."""

from __future__ import annotations

import json
from typing import Any

from inspector import formats
from inspector.decode import decoder
from inspector.formats.reading.source import Source
from inspector.model import Exchange, ToolCall, ToolResult
from tests.making import SAMPLES, library

SESSION = SAMPLES / "other" / "opencode-export" / "session.json"


def read(*messages: Any) -> tuple[Exchange, ...]:
    told = {"info": {"id": "ses_1", "time": {"created": 1}}, "messages": messages}
    return formats.read(Source("session.json", json.dumps(told).encode())).exchanges


def said(role: str, *parts: dict[str, Any]) -> dict[str, Any]:
    return {"info": {"id": f"msg_{role}", "role": role, "time": {"created": 1}}, "parts": parts}


def test_an_export_is_a_story() -> None:
    shelf = library(SESSION)
    shelf.refresh()
    first, second, failed = sorted(shelf.index.rows(), key=lambda row: row.entry)
    assert [row.parent for row in (first, second, failed)] == [None, first.id, second.id]
    assert {(row.session, row.title, row.provider, row.sdk) for row in (first, second, failed)} == {
        ("ses_fogbell", "The rope of the fog bell", "anthropic", "opencode 1.0.12")
    }
    assert (failed.asked, failed.replied, failed.marks) == (
        'Splice it. tide-table: {"note":"high water at four"}',
        "The lamp oil is used up.",
        ("error", "problem"),
    )


def test_tokens_calls_and_results_are_those_of_the_messages() -> None:
    """As a script finds them; what the cache holds is counted beside the rest."""
    messages = json.loads(SESSION.read_text(encoding="utf-8"))["messages"]
    counts = [one["info"]["tokens"] for one in messages if "tokens" in one["info"]]
    calls = [decoder.decode(one) for one in formats.read(Source("s", SESSION.read_bytes())).exchanges]
    assert [(one["input"] + one["cache"]["read"], one["output"], one["reasoning"]) for one in counts] == [
        (call.usage.input_tokens, call.usage.output_tokens, call.usage.reasoning_tokens) for call in calls if call.usage
    ]
    ids = [part["callID"] for one in messages for part in one["parts"] if part["type"] == "tool"]
    replied = [part for call in calls for reply in call.replies for part in reply.parts]
    asked = [part for call in calls for message in call.prompt.messages for part in message.parts]
    assert [part.id for part in replied if isinstance(part, ToolCall)] == ids
    assert [part.id for part in asked if isinstance(part, ToolResult)] == ids


def test_what_is_still_asked_or_run_waits_without_an_answer() -> None:
    def call(id: str, **state: Any) -> dict[str, Any]:
        return {"type": "tool", "callID": id, "tool": "ring", "state": {"input": {}, **state}}

    ended = call("a", status="completed", output="rung")
    _, last = read(said("user"), said("assistant", ended, call("b", status="running")))
    (message,) = decoder.decode(last).prompt.messages
    assert [part.id for part in message.parts if isinstance(part, ToolResult)] == ["a"]
    assert last.response is None


def test_types_that_nobody_knows_are_said_with_how_many_there_are() -> None:
    (one,) = read(
        said("keeper", {"type": "text", "text": "Ring"}), said("assistant", {"type": "bell"}, {"type": "bell"})
    )
    assert [problem.why for problem in one.problems] == [
        "not understood: 1 of type message of keeper",
        "not understood: 2 of type part bell",
    ]
