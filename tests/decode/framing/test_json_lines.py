from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector.decode.framing import frame, frame_text, is_stream, json_lines
from inspector.model import Body, Event

LINES = '{"a": 1}\n\n  [2]\nnot json\n{"b": 3}\n'
EVENTS = [Event(0, {"a": 1}), Event(1, [2]), Event(2, None, raw="not json"), Event(3, {"b": 3})]


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_any_line_ending(ending: str, mark: str) -> None:
    text = mark + LINES.replace("\n", ending)
    assert list(json_lines.events(text)) == EVENTS
    assert list(frame_text(text)) == EVENTS
    assert is_stream(Body("text", text))


@pytest.mark.parametrize("text", ['{"a": 1}', '{"a": 1}\n', "[1]", "", "{\n}\n", '{"a":\n1}', "x\n{}", "1\n2"])
def test_what_is_no_stream_of_lines(text: str) -> None:
    assert not is_stream(Body("text", text))
    assert len(list(frame_text(text))) == 1


def test_a_line_that_the_end_cuts_is_kept_raw() -> None:
    assert list(frame_text('{"a": 1}\n{"b": ')) == [Event(0, {"a": 1}), Event(1, None, raw='{"b": ')]


def test_separators_inside_of_a_text_do_not_end_a_line() -> None:
    assert list(frame_text('{"a": "x\u2028y\u0085z"}\n{"b": 1}')) == [
        Event(0, {"a": "x\u2028y\u0085z"}),
        Event(1, {"b": 1}),
    ]


OBJECTS = st.dictionaries(st.text(), st.text() | st.integers(-9, 9))


@given(st.lists(OBJECTS, min_size=2), st.sampled_from(["\n", "\r\n", "\r"]))
def test_what_is_written_is_read(values: list[dict[str, object]], ending: str) -> None:
    text = ending.join(json.dumps(value, ensure_ascii=False) for value in values)
    assert [event.data for event in frame_text(text)] == values
    assert is_stream(Body("text", text))


def test_other_bodies() -> None:
    assert list(frame(Body("chunks", [{"a": 1}, "[DONE]"]))) == [Event(0, {"a": 1}), Event(1, None, raw="[DONE]")]
    assert list(frame(Body("value", {"a": 1}))) == [Event(0, {"a": 1})]
    assert list(frame_text("just words")) == [Event(0, None, raw="just words")]
    assert [is_stream(body) for body in (None, Body("value", []), Body("chunks", []))] == [False, False, True]
