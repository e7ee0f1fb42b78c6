from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from inspector.analysis.issues import KINDS, marks
from inspector.analysis.schema_check import breaks
from inspector.model import (
    Exchange,
    Message,
    ModelCall,
    Prompt,
    ProviderError,
    Refusal,
    Request,
    Response,
    Text,
    ToolCall,
    ToolDefinition,
    ToolResult,
)

_EXCHANGE = Exchange(entry=0, request=Request("POST", "http://x"), response=Response(200))
_SAID = Message("assistant", (Text("fine"),), finish_reason="stop")
_TOOL = ToolDefinition("function", "look", None, {"type": "object", "properties": {"at": {"type": "integer"}}})


def _kinds(**changes: Any) -> list[str]:
    call = ModelCall(protocol="x", provider=None, operation="chat", prompt=Prompt(), replies=(_SAID,))
    found = [mark.kind for mark in marks(_EXCHANGE, replace(call, **changes))]
    assert set(found) <= set(KINDS)
    return found


_LIMIT = replace(_SAID, finish_reason="length")
_HELPER = Prompt(messages=(Message("user", (Text("quota"),)),), settings={"max_tokens": 1})


def _errand(said: str) -> Prompt:
    return Prompt(messages=(Message("user", (Text(said),)),), settings={"max_tokens": 512})


_FAILED = Message("tool", (ToolResult("1", None, "it is dark\nno lamp", True),))


def _called(text: str, value: Any) -> Message:
    return Message("assistant", (ToolCall("1", "look", text, value),))


@pytest.mark.parametrize(
    ("changes", "kinds"),
    [
        ({}, []),
        ({"replies": ()}, ["empty"]),
        ({"streamed": True, "complete": False}, ["no end"]),
        ({"replies": (replace(_SAID, finish_reason="length"),)}, ["cut off"]),
        ({"replies": (_LIMIT,), "prompt": _HELPER}, []),
        ({"replies": (_LIMIT,), "prompt": _errand("Write a 5-10 word title for the following conversation: fog")}, []),
        ({"replies": (_LIMIT,), "prompt": _errand("What is the title of the book about the fog bell?")}, ["cut off"]),
        (
            {"replies": (replace(_SAID, finish_reason="length"),), "prompt": replace(_HELPER, tools=(_TOOL,))},
            ["cut off"],
        ),
        ({"replies": (replace(_SAID, finish_reason="content_filter"),)}, ["filtered"]),
        ({"replies": (Message("assistant", (Refusal("no"),)),)}, ["refusal"]),
        ({"replies": (_called('{"at":', None),)}, ["bad arguments"]),
        ({"replies": (_called('{"at":"x"}', {"at": "x"}),), "prompt": Prompt(tools=(_TOOL,))}, ["bad arguments"]),
        ({"replies": (_called('{"at":1}', {"at": 1}),), "prompt": Prompt(tools=(_TOOL,))}, []),
        ({"prompt": Prompt(messages=(_called("{}", {}),))}, ["no result"]),
        ({"prompt": Prompt(messages=(Message("assistant", (ToolCall("1", "seek", "{}", {}, "server"),)),))}, []),
        ({"replies": (Message("assistant", (ToolCall("1", "sums", "4 + 4", None, "custom"),)),)}, []),
        ({"prompt": Prompt(messages=(Message("tool", (ToolResult("9", None, "r"),)),))}, ["no call"]),
        ({"prompt": Prompt(messages=(_called("{}", {}), _FAILED))}, ["tool failed"]),
        ({"prompt": Prompt(messages=(_called("{}", {}), _FAILED, _SAID, Message("user", (Text("go on"),))))}, []),
        ({"replies": (Message("assistant", (ToolResult("1", "look", {"code": 7}, True),)),)}, ["tool failed"]),
        (
            {
                "prompt": Prompt(
                    messages=(Message("tool", (ToolResult("9", None, "r"),)),),
                    settings={"previous_response_id": "resp_1"},
                )
            },
            [],
        ),
        ({"operation": "other", "streamed": True, "complete": False}, []),
        ({"prompt": Prompt(messages=(_called("{}", {}), Message("tool", (ToolResult("1", None, "r"),))))}, []),
    ],
)
def test_what_is_odd(changes: dict[str, Any], kinds: list[str]) -> None:
    assert _kinds(**changes) == kinds


def test_a_tool_that_nobody_ran_yet_misses_no_result() -> None:
    call = ModelCall(
        protocol="x", provider=None, operation="execute_tool", prompt=Prompt(messages=(_called("{}", {}),)), replies=()
    )
    assert [mark.kind for mark in marks(_EXCHANGE, call)] == ["no result"]
    assert not marks(replace(_EXCHANGE, sent=False, response=None), call)


def test_a_status_that_is_no_failure_is_not_named_as_one() -> None:
    for status, why in ((101, "closed"), (429, "429 closed")):
        error = ProviderError(None, "closed", status, None)
        call = ModelCall(protocol="x", provider=None, operation="chat", prompt=Prompt(), replies=(_SAID,), error=error)
        assert [mark.why for mark in marks(_EXCHANGE, call)] == [why]


@pytest.mark.parametrize(
    "schema", [None, 7, {"type": 7}, {"required": "x"}, {"properties": []}, {"enum": {}}, {"items": 1}]
)
def test_a_hostile_schema_judges_nothing(schema: Any) -> None:
    assert not list(breaks({"a": [1]}, schema))
