"""What a row of the list says."""

from __future__ import annotations

import pytest

from inspector.analysis.exchange_summary import model_name, summarise
from inspector.model import Exchange, Message, ModelCall, Prompt, Request, Response, Text, ToolCall, ToolResult

_EXCHANGE = Exchange(entry=0, request=Request("POST", "http://lantern.example/mcp"), response=Response(200))


def _call(*messages: Message, **changes: object) -> ModelCall:
    known = {"protocol": "x", "provider": None, "operation": "chat", "prompt": Prompt(messages=messages), "replies": ()}
    return ModelCall(**(known | changes))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("gemini-2.0-flash", "gemini-2.0-flash"),
        ("models/gemini-2.0-flash", "gemini-2.0-flash"),
        ("publishers/google/models/gemini-2.0-flash", "gemini-2.0-flash"),
        ("projects/p/locations/l/publishers/google/models/gemini-2.0-flash", "gemini-2.0-flash"),
        ("openai/gpt-4o", "openai/gpt-4o"),
        ("my-models/7", "my-models/7"),
        ("models/", "models/"),
        (None, None),
    ],
)
def test_a_model_goes_by_its_name_and_not_by_its_path(name: str | None, shown: str | None) -> None:
    assert model_name(name) == shown


def test_what_a_user_said_is_no_result_of_a_tool() -> None:
    asked = Message("user", (Text("How deep is it?"),))
    called = Message("assistant", (ToolCall("1", "read_gauge", "{}", {}),))
    result = Message("user", (ToolResult("1", None, "2.7"), Text("<system-reminder>Be brief.</system-reminder>")))
    assert summarise(_EXCHANGE, _call(asked, called, result)).asked == "How deep is it?"
    assert summarise(_EXCHANGE, _call(called, result)).asked.startswith("2.7"), "better than nothing"


@pytest.mark.parametrize("begins", ["<session_context>", "<local-command-stdout>", "This is the Gemini CLI."])
def test_what_a_user_said_is_not_what_an_agent_put_in(begins: str) -> None:
    asked = Message("user", (Text("How deep is it?"),))
    assert summarise(_EXCHANGE, _call(asked, Message("user", (Text(f"{begins} Mud."),)))).asked == "How deep is it?"


def test_what_a_tool_server_was_asked_for() -> None:
    listing = _call(operation="execute_tool", prompt=Prompt(settings={"method": "tools/list"}))
    assert summarise(_EXCHANGE, listing).asked == "tools/list"


def test_words_say_more_than_counts() -> None:
    counted = {"status": "ended", "request_counts": {"total": 3, "failed": 0}, "results": ["a"]}
    summary = summarise(_EXCHANGE, _call(summary=counted))
    assert summary.replied == "status ended, request_counts: total 3, failed 0, 1 result"
    spoken = (Message("assistant", (Text("one mile east"),)),)
    assert summarise(_EXCHANGE, _call(summary={"duration": 36.7}, replies=spoken)).replied == "one mile east"
