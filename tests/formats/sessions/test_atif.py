"""Trajectories in ATIF: the sample's story, what belongs to which response, what is no step."""

from __future__ import annotations

import json
from typing import Any

from inspector import formats
from inspector.decode import decoder
from inspector.formats.reading.source import Source
from inspector.model import Exchange, ToolCall, ToolResult
from tests.making import SAMPLES, library

TRAJECTORY = SAMPLES / "other" / "atif" / "trajectory.json"


def read(*steps: Any, **more: Any) -> tuple[Exchange, ...]:
    told = {"schema_version": "ATIF-v1.4", "session_id": "s", "agent": {"name": "a"}, "steps": steps, **more}
    return formats.read(Source("trajectory.json", json.dumps(told).encode())).exchanges


def test_a_trajectory_is_a_story_with_its_agent() -> None:
    shelf = library(TRAJECTORY)
    shelf.refresh()
    first, second, third, results, agent = sorted(shelf.index.rows(), key=lambda row: row.entry)
    assert [row.parent for row in (first, second, third, results)] == [None, first.id, second.id, third.id]
    assert not any(row.is_called for row in (first, second, third, results))
    assert (agent.parent, agent.is_called, agent.asked) == (first.id, True, "Who greased it?")
    assert [(row.input_tokens, row.output_tokens) for row in (first, second, third)] == [
        (800, 40),
        (880, 9),
        (None, None),
    ]
    assert [row.model for row in (first, second)] == ["gpt-5.2", "gpt-5.2-mini"]
    assert {row.sdk for row in (first, agent)} == {"skerry-agent 1.2.0", "keeper-agent 1.0"}


def test_every_call_stands_with_its_response_and_every_result_after_it() -> None:
    """As a script finds them in the steps."""
    told = json.loads(TRAJECTORY.read_text(encoding="utf-8"))
    steps = [step for one in (told, *told["subagent_trajectories"]) for step in one["steps"]]
    exchanges = [decoder.decode(one) for one in formats.read(Source("t", TRAJECTORY.read_bytes())).exchanges]
    replied = [part for one in exchanges for reply in one.replies for part in reply.parts]
    asked = [part for one in exchanges for message in one.prompt.messages for part in message.parts]
    calls = [call["tool_call_id"] for step in steps for call in step.get("tool_calls", ())]
    assert [part.id for part in replied if isinstance(part, ToolCall)] == calls
    assert [part.id for part in asked if isinstance(part, ToolResult)] == calls
    texts = [part.content for part in replied if type(part).__name__ == "Text"]
    assert texts == [step["message"] for step in steps if step["source"] == "agent"]


def test_what_was_copied_from_before_is_no_response() -> None:
    copied = {"source": "agent", "message": "I rang.", "is_copied_context": True}
    (one,) = read({"source": "user", "message": "Ring"}, copied, {"source": "agent", "message": "Rung."})
    assert [message.role for message in decoder.decode(one).prompt.messages] == ["user", "assistant"]


def test_what_is_no_step_is_said_with_how_many_there_are() -> None:
    (one,) = read({"source": "user", "message": "Ring"}, 7, "bell", {"source": "agent", "message": "Rung."})
    assert [problem.why for problem in one.problems] == ["not understood: 2 of type no step"]
