from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector.decode.framing import frame_text, is_stream, sse
from inspector.model import Body, Event


def data_of(text: str) -> list[str | None]:
    return [event.raw if event.raw is not None else json.dumps(event.data) for event in sse.events(text)]


STREAM = ': hello\n\nevent: delta\nid: 7\ndata: {"a": 1}\n\ndata: one\ndata: two\n\nretry: 9\n\ndata: [DONE]\n\n'
EVENTS = [Event(0, {"a": 1}, "delta"), Event(1, None, None, "one\ntwo"), Event(2, None, None, "[DONE]")]


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_any_line_ending(ending: str) -> None:
    assert list(sse.events(STREAM.replace("\n", ending))) == EVENTS


@pytest.mark.parametrize(
    ("text", "data"),
    [  # the examples of the specification
        ("data: YHOO\ndata: +2\ndata: 10\n\n", ["YHOO\n+2\n10"]),
        (
            ": test\n\ndata: first event\nid: 1\n\ndata:second event\nid\n\ndata:  third\n\n",
            ["first event", "second event", " third"],
        ),
        ("data\n\ndata\ndata\n\n", ["", "\n"]),
        ("data:test\n\ndata: test\n\n", ["test", "test"]),
        # a stream that was cut before its last empty line
        ("data: cut", ["cut"]),
        ("event: alone\n\n", []),
        ("unknown: field\ndata: x:y\n\n", ["x:y", "unknown: field"]),
        ("\ufeffdata: after a mark\n\n", ["after a mark"]),
    ],
)
def test_fields(text: str, data: list[str]) -> None:
    assert data_of(text) == data


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('data: {"a":1}\ndata: {"b":2}\ndata: [DONE]\n\n', [(None, '{"a":1}'), (None, '{"b":2}'), (None, "[DONE]")]),
        ('event: x\ndata: {"a":1}\nevent: y\ndata: {"b":2}\n\n', [("x", '{"a":1}'), ("y", '{"b":2}')]),
        ('data: {"a":1}\nevent: x\n\n', [("x", '{"a":1}')]),
        ('data: {"a":\ndata: 1}\n\n', [(None, '{"a":1}')]),
        ('data: {"a":1}\ndata: {"b\n\n', [(None, '{"a":1}'), (None, '{"b')]),
        ("data: 1\ndata: 2\n\n", [(None, "1\n2")]),
        ('data: {"a":1}\n\n{"error":{"code":5}}', [(None, '{"a":1}'), (None, '{"error":{"code":5}}')]),
        ('data: {"a":1}\n\n{\n"error": 5\n}\n', [(None, '{"a":1}'), (None, '{"error":5}')]),
        ('data: {"a":1}\n\n<html>\n', [(None, '{"a":1}'), (None, "<html>")]),
        ('error: {"code":400}\n\ndata: [DONE]\n\n', [("error", '{"error":{"code":400}}'), (None, "[DONE]")]),
        ('error: {"error":"full"}\n\n', [("error", '{"error":"full"}')]),
        ("error: the context: full\n\n", [("error", '{"error":"the context: full"}')]),
    ],
)
def test_what_servers_write_that_is_no_event_stream(text: str, expected: list[tuple[str | None, str]]) -> None:
    assert sse.looks_like(text)
    events = list(sse.events(text))
    compact = (",", ":")
    found = [e.raw if e.raw is not None else json.dumps(e.data, separators=compact) for e in events]
    assert list(zip([event.name for event in events], found, strict=True)) == expected


def test_an_event_name_holds_for_one_event() -> None:
    assert [event.name for event in sse.events("event: a\ndata: 1\n\ndata: 2\n\nevent:\ndata: 3\n\n")] == [
        "a",
        None,
        None,
    ]


def test_unusual_separators_inside_of_data_do_not_end_a_line() -> None:
    assert [event.data for event in sse.events('data: "a\u2028b\u0085c"\n\n')] == ["a\u2028b\u0085c"]


@pytest.mark.parametrize(
    "text", ["data: x", "data:", ":", "event: x\n", "id: 1", "retry: 1", "\n\n: c", "\ufeffdata: 1"]
)
def test_what_looks_like_a_stream(text: str) -> None:
    assert sse.looks_like(text)
    assert is_stream(Body("text", text))


@pytest.mark.parametrize("text", ["", "{}", "database: x", '{"data": 1}', "HTTP/1.1 200", "see data: x"])
def test_what_does_not(text: str) -> None:
    assert not sse.looks_like(text)
    assert not is_stream(Body("text", text))


VALUES = st.recursive(st.none() | st.integers(-9, 9) | st.text(), lambda inner: st.lists(inner), max_leaves=5)


@given(st.lists(VALUES, min_size=1), st.sampled_from(["\n", "\r\n", "\r"]), st.booleans())
def test_what_is_written_is_read(values: list[object], ending: str, space: bool) -> None:
    gap = " " if space else ""
    text = "".join(f"data:{gap}{json.dumps(value)}{ending}{ending}" for value in values)
    assert [event.data for event in frame_text(text)] == values
    assert [event.number for event in frame_text(text)] == list(range(len(values)))


@given(st.text())
def test_nothing_raises(text: str) -> None:
    list(sse.events(text))
    list(frame_text(text))


@pytest.mark.parametrize("name", ["message_start", "content_block_delta", "response.output_text.delta", "message-end"])
def test_the_type_may_stand_in_the_name_alone(name: str) -> None:
    events = [*sse.events(f'event: {name}\ndata: {{"index": 0}}\n\n')]
    assert events == [Event(0, {"type": name, "index": 0}, name)]


@pytest.mark.parametrize("data", ['{"type": "ping"}', '{"choices": []}', '{"event_type": "x"}', "[1]", '"a"'])
def test_what_has_a_type_keeps_it(data: str) -> None:
    assert [*sse.events(f"event: message_start\ndata: {data}\n\n")] == [Event(0, json.loads(data), "message_start")]
    plain = '{"lamp": 1}'
    assert [*sse.events(f"event: update\ndata: {plain}\n\n")] == [Event(0, json.loads(plain), "update")]
