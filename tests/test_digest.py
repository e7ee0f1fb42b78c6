from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from inspector.digest import digest, number, searched
from inspector.model import Blob, Message, Reasoning, Text, ToolCall, ToolResult

_CALL = ToolCall("call_1", "look", '{"a": 1, "b": 2}', {"a": 1, "b": 2})


def test_volatile_ids_and_the_order_of_keys_do_not_count() -> None:
    one = Message("assistant", (Text("x"), _CALL))
    two = Message("assistant", (Text("x"), ToolCall("call_2", "look", '{"b":2,"a":1}', {"b": 2, "a": 1})))
    assert digest(one) == digest(two)
    assert digest(Message("tool", (ToolResult("a", None, "r"),))) == digest(
        Message("tool", (ToolResult("b", None, "r"),))
    )


def test_what_was_said_counts() -> None:
    one = Message("user", (Text("x"),))
    for other in (replace(one, role="system"), replace(one, parts=(Text("y"),)), replace(one, parts=(_CALL,))):
        assert digest(one).key != digest(other).key


def test_reasoning_is_told_apart_and_still_recognised() -> None:
    plain, thought = Message("assistant", (Text("x"),)), Message("assistant", (Reasoning("hm"), Text("x")))
    assert digest(plain).key == digest(thought).key
    assert digest(plain).id != digest(thought).id


@given(st.text())
def test_any_text_has_a_number_that_sqlite_keeps(text: str) -> None:
    assert -(2**63) <= number(text) < 2**63


def test_everything_said_is_searched_but_not_bytes() -> None:
    text = searched(Message("user", (Text("words"), _CALL, Reasoning("hm"), Blob("image/png", "image", "QUJD", 3))))
    assert all(word in text for word in ("words", "look", "hm"))
    assert "QUJD" not in text
