"""What holds for every protocol and every input."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector.decode import decoder
from inspector.decode.conservation import NOT_UNDERSTOOD
from inspector.model import Body, ModelCall, Problem, Reasoning, Text, ToolCall
from inspector.output import otel_json
from tests.decode.protocols.samples.every import SAMPLES
from tests.decode.protocols.samples.sample import Sample, exchange

every_sample = pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: f"{sample.protocol}-{len(sample.stream)}")

ANYTHING = (
    None,
    True,
    False,
    0,
    -1,
    2.5,
    10**30,
    "",
    "x",
    "0",
    [],
    [None],
    [[]],
    ["x"],
    [1],
    {},
    {"x": None},
    {"type": 1},
)
"""Every JSON type, empty and not."""


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield path
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in items:
        yield from places(item, (*path, key))


def replaced(value: Any, path: tuple[Any, ...], new: Any) -> Any:
    if not path:
        return new
    value = copy.deepcopy(value)
    place = value
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = new
    return value


_SAYS_WHERE = re.compile(re.escape(NOT_UNDERSTOOD) + r"(?!(?:.*[^\w.])?[A-Z]\w*(?:Error|Exception)\b).+")
"""A place, in words of our own: no exception's name."""


def raised(call: ModelCall) -> list[Problem]:
    """The problems that are more than that something at a place is not understood."""
    return [problem for problem in call.problems if not _SAYS_WHERE.match(problem.why)]


def reads(call: ModelCall, sample: Sample, body: Body, request: Any) -> None:
    """Nothing raised, which `decode` would tell as a problem, and the result can be printed."""
    assert raised(call) == []
    json.dumps(otel_json.exchange_json({}, exchange(sample.url, request, body), call))


@pytest.mark.long
@every_sample
def test_any_type_at_any_place_of_a_request_is_read(sample: Sample) -> None:
    body = Body("value", sample.whole)
    for path in places(sample.request):
        for thing in ANYTHING:
            request = replaced(sample.request, path, thing)
            reads(decoder.decode(exchange(sample.url, request, body)), sample, body, request)


@pytest.mark.long
@every_sample
def test_any_type_at_any_place_of_an_answer_is_read(sample: Sample) -> None:
    for path in places(sample.whole):
        for thing in ANYTHING:
            body = Body("value", replaced(sample.whole, path, thing))
            reads(decoder.decode(exchange(sample.url, sample.request, body)), sample, body, sample.request)


@pytest.mark.long
@every_sample
def test_any_type_at_any_place_of_an_event_is_read(sample: Sample) -> None:
    events = list(sample.stream)
    for index, event in enumerate(events):
        for path in places(event):
            for thing in ANYTHING:
                body = Body("chunks", [*events[:index], replaced(event, path, thing), *events[index + 1 :]])
                reads(decoder.decode(exchange(sample.url, sample.request, body)), sample, body, sample.request)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@given(request=JSON, answer=JSON, url=st.sampled_from([sample.url for sample in SAMPLES] + ["http://[", "x", "//"]))
def test_any_json_at_all_is_read(request: Any, answer: Any, url: str) -> None:
    for body in (Body("value", answer), Body("chunks", [answer, answer])):
        call = decoder.decode(exchange(url, request, body))
        assert raised(call) == []


# ---------------------------------------------------------------- pieces

Pieces = list[tuple[str, list[str]]]

PIECES: st.SearchStrategy[Pieces] = st.lists(
    st.one_of(
        st.tuples(st.just("text"), st.lists(st.text("ab \n", max_size=3), max_size=4)),
        st.tuples(st.just("reasoning"), st.lists(st.text("cd \n", max_size=3), max_size=4)),
        st.tuples(st.just("call"), st.lists(st.text("ef", max_size=3), max_size=4)),
    ),
    max_size=5,
)


def meaning(pieces: Pieces) -> list[tuple[str, str]]:
    """Kinds and contents in order: nothing empty, neighbours of one kind together, calls each for itself."""
    parts: list[tuple[str, str]] = []
    for kind, texts in pieces:
        content = "".join(texts)
        if kind == "call":
            parts.append((kind, json.dumps({"x": content}, separators=(",", ":"))))
        elif content and parts and parts[-1][0] == kind:
            parts[-1] = (kind, parts[-1][1] + content)
        elif content:
            parts.append((kind, content))
    return parts


def parts_of(call: ModelCall) -> list[tuple[str, str]]:
    found = []
    for part in (part for reply in call.replies for part in reply.parts):
        match part:
            case Text(content):
                found.append(("text", content))
            case Reasoning(content):
                found.append(("reasoning", content))
            case ToolCall(_, _, arguments):
                found.append(("call", arguments))
    return found


def read_events(url: str, events: list[Any]) -> list[tuple[str, str]]:
    return parts_of(decoder.decode(exchange(url, {}, Body("chunks", events))))


def cut(text: str, at: int) -> list[str]:
    return [text[:at], text[at:]]


@given(pieces=PIECES, at=st.integers(0, 8))
def test_anthropic_pieces(pieces: Pieces, at: int) -> None:
    events: list[Any] = []
    for index, (kind, texts) in enumerate(pieces):
        start = {
            "text": {"text": ""},
            "reasoning": {"thinking": ""},
            "call": {"id": f"c{index}", "name": "f", "input": {}},
        }
        name, key = {"text": ("text", "text"), "reasoning": ("thinking", "thinking"), "call": ("tool_use", "")}[kind]
        events.append({"type": "content_block_start", "index": index, "content_block": {"type": name, **start[kind]}})
        if kind == "call":
            arguments = json.dumps({"x": "".join(texts)}, separators=(",", ":"))
            deltas = [{"type": "input_json_delta", "partial_json": piece} for piece in cut(arguments, at)]
        else:
            deltas = [{"type": f"{name}_delta", key: text} for text in texts]
        events += [{"type": "content_block_delta", "index": index, "delta": delta} for delta in deltas]
    assert read_events("http://x/v1/messages", events) == meaning(pieces)


@given(pieces=PIECES, at=st.integers(0, 8))
def test_interactions_pieces(pieces: Pieces, at: int) -> None:
    events: list[Any] = []
    for index, (kind, texts) in enumerate(pieces):
        if kind == "call":
            arguments = json.dumps({"x": "".join(texts)}, separators=(",", ":"))
            step = {"type": "function_call", "id": f"c{index}", "name": "f", "arguments": {}}
            events.append({"event_type": "step.start", "index": index, "step": step})
            deltas: list[Any] = [{"type": "arguments_delta", "arguments": piece} for piece in cut(arguments, at)]
        elif kind == "text":
            deltas = [{"type": "text", "text": text} for text in texts]
        else:
            deltas = [{"type": "thought_summary", "content": {"text": text}} for text in texts]
        events += [{"event_type": "step.delta", "index": index, "delta": delta} for delta in deltas]
    assert read_events("http://x/v1beta/interactions", events) == meaning(pieces)


@given(pieces=PIECES)
def test_gemini_pieces(pieces: Pieces) -> None:
    events: list[Any] = []
    for kind, texts in pieces:
        if kind == "call":
            parts: list[Any] = [{"functionCall": {"name": "f", "args": {"x": "".join(texts)}}}]
        else:
            parts = [{"text": text, "thought": kind == "reasoning"} for text in texts]
        events += [{"candidates": [{"content": {"parts": [part]}}]} for part in parts]
    assert read_events("http://x/v1beta/models/m:streamGenerateContent", events) == meaning(pieces)


@given(pieces=PIECES)
def test_ollama_pieces(pieces: Pieces) -> None:
    events: list[Any] = []
    for kind, texts in pieces:
        if kind == "call":
            call = {"function": {"name": "f", "arguments": {"x": "".join(texts)}}}
            events.append({"message": {"tool_calls": [call]}, "done": False})
        else:
            key = "content" if kind == "text" else "thinking"
            events += [{"message": {key: text}, "done": False} for text in texts]
    assert read_events("http://x/api/chat", events) == meaning(pieces)


@given(texts=st.lists(st.text(max_size=4), max_size=6), other=st.lists(st.text(max_size=4), max_size=6))
def test_two_choices_do_not_mix(texts: list[str], other: list[str]) -> None:
    events = [{"choices": [{"index": 1, "delta": {"content": text}}]} for text in other]
    events[1:1] = [{"choices": [{"index": 0, "delta": {"content": text}}]} for text in texts]
    call = decoder.decode(exchange("http://x/v1/chat/completions", {}, Body("chunks", events)))
    expected = [text for text in ("".join(texts), "".join(other)) if text]
    found = [part.content for reply in call.replies for part in reply.parts if isinstance(part, (Text, Reasoning))]
    assert found == expected
