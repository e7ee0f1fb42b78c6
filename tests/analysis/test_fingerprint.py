from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from inspector.analysis.fingerprint import digest, number
from inspector.model import Message, Reasoning, Text, ToolCall, ToolResult

_CALL = ToolCall("call_1", "look", '{"a": 1, "b": 2}', {"a": 1, "b": 2})


def test_volatile_ids_and_the_order_of_keys_do_not_count() -> None:
    one = Message("assistant", (Text("x"), _CALL))
    two = Message("assistant", (Text("x"), ToolCall("call_2", "look", '{"b":2,"a":1}', {"b": 2, "a": 1})))
    assert digest(one).key == digest(two).key
    assert digest(one).id != digest(two).id, "what is searched is how it was written"
    assert digest(Message("tool", (ToolResult("a", None, "r"),))) == digest(
        Message("tool", (ToolResult("b", None, "r"),))
    )


def test_what_was_said_counts() -> None:
    one = Message("user", (Text("x"),))
    for other in (replace(one, role="system"), replace(one, parts=(Text("y"),)), replace(one, parts=(_CALL,))):
        assert digest(one).key != digest(other).key


def test_reasoning_is_no_part_of_what_later_prompts_repeat() -> None:
    plain, thought = Message("assistant", (Text("x"),)), Message("assistant", (Reasoning("hm"), Text("x")))
    assert digest(plain) == digest(thought)


@given(st.text())
def test_any_text_has_a_number_that_sqlite_keeps(text: str) -> None:
    assert -(2**63) <= number(text) < 2**63
