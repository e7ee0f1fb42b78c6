"""What each field finds, beside a slow evaluation of the same queries over the decoded exchanges."""

from __future__ import annotations

import fnmatch
from collections import Counter
from collections.abc import Callable, Mapping
from functools import cache
from typing import NamedTuple

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from inspector import search
from inspector.analysis.exchange_summary import model_name
from inspector.analysis.features import HOLDS
from inspector.analysis.issues import KINDS, name_of
from inspector.analysis.search_text import TEXT_PLACES, names, pieces, thoughts
from inspector.decode import decoder
from inspector.index import Row
from inspector.index.conditions import marks_around
from inspector.library.library import Library
from inspector.model import Blob, FileRef, Message, Reasoning, Text, ToolCall, ToolResult, Uri
from inspector.redaction import mask
from inspector.search.full_text import Wanted, marker
from inspector.search.grammar import All, Any, Clause, Node, Not, all_of, any_of, none_of, write
from inspector.testruns.last_run import NOTHING
from inspector.testruns.replay_marks import Asked, replay_marks
from tests.making import SAMPLES, examples, library


class _Seen(NamedTuple):
    """An exchange as an evaluation that knows no SQL sees it."""

    row: Row
    texts: list[tuple[str, str]]
    tools: set[str]
    has: set[str]
    duration: int | None
    session: str | None


@cache
def _samples() -> tuple[Library, list[_Seen]]:
    shelf = library(SAMPLES)
    shelf.refresh()
    return shelf, [_seen(shelf, row) for row in shelf.index.rows()]


def _seen(shelf: Library, row: Row) -> _Seen:
    exchange = next(one for one in shelf.recording(row.path).exchanges if one.entry == row.entry)
    call = decoder.decode(exchange)
    system = [Message("system", call.prompt.system)] if call.prompt.system else []
    messages = [*system, *call.prompt.messages, *call.replies]
    texts = [(piece.place, piece.text) for message in messages for piece in pieces(message)]
    texts += [("reasoning", thoughts(message)) for message in messages]
    parts = [part for message in messages for part in message.parts]
    modalities = {part.modality for part in parts if isinstance(part, Blob | Uri)}
    has = {
        "tool_call": any(isinstance(part, ToolCall) for part in parts),
        "tool_result": any(isinstance(part, ToolResult) for part in parts),
        "reasoning": any(isinstance(part, Reasoning) for part in parts),
        "image": "image" in modalities,
        "audio": "audio" in modalities,
        "error": call.error is not None,
        "problem": bool(call.problems),
        "logprobs": any(isinstance(part, Text) and part.tokens for part in parts),
        "usage": call.usage is not None,
        "expectation": exchange.expectation is not None,
        "tool_error": any(isinstance(part, ToolResult) and part.is_error for part in parts),
        "citation": any(isinstance(part, Text) and part.citations for part in parts),
        "file": any(isinstance(part, FileRef) for part in parts) or bool(modalities - {"image", "audio", "video"}),
    }
    tools = {part.name for part in parts if isinstance(part, ToolCall) and part.name}
    duration = None if exchange.duration is None else round(exchange.duration * 1000)
    held = {name for name, there in has.items() if there}
    texts = [(where, mask.text(text)) for where, text in texts]
    named = (row.test_id, row.session, row.model, row.response_model, row.provider, row.protocol)
    texts.append(("name", names(row.path, *named)))
    return _Seen(row, texts, tools, held, duration, exchange.session)


def _is_named(name: str | None, value: str) -> bool:
    if not name:
        return False
    if value.startswith("=") and len(value) > 1:
        return name == value[1:]
    if "*" in value:
        escaped = "".join(f"[{c}]" if c in "[?" else c for c in value.lower())
        return fnmatch.fnmatchcase(name.lower(), escaped)
    return value.lower() in name.lower()


def _is_number(number: float | None, value: str, units: dict[str, float]) -> bool:
    def read(text: str) -> float:
        unit = text.lstrip("0123456789.")
        return float(text[: len(text) - len(unit)]) * units[unit.lower()]

    if number is None:
        return False
    low, dots, high = value.partition("..")
    if dots:
        return (not low or read(low) <= number) and (not high or number <= read(high))
    for sign, holds in _SIGNS.items():
        if value.startswith(sign):
            return holds(number, read(value[len(sign) :]))
    return number == read(value)


_SIGNS: dict[str, Callable[[float, float], bool]] = {
    ">=": lambda a, b: a >= b, "<=": lambda a, b: a <= b, ">": lambda a, b: a > b, "<": lambda a, b: a < b,
    "=": lambda a, b: a == b,
}  # fmt: skip
_COUNTS = {"": 1.0, "k": 1e3}
_SIZES = {"": 1.0, "k": 1e3, "b": 1.0, "kb": 1e3}
_TIMES = {"": 1e3, "ms": 1.0, "s": 1e3, "m": 6e4}


def _meets(seen: _Seen, node: Node) -> bool:
    match node:
        case Not(inner):
            return not _meets(seen, inner)
        case All(of):
            return all(_meets(seen, one) for one in of)
        case Any(of):
            return any(_meets(seen, one) for one in of)
        case Clause(None, value, place):
            made = marker([Wanted(value, None)])
            return made is not None and any(made.spans(text) for where, text in seen.texts if place in (None, where))
        case Clause(field, value, _):
            return _has_field(seen, field or "", value)


def _has_field(seen: _Seen, field: str, value: str) -> bool:
    row = seen.row
    if field in ("has", "is"):
        return value in seen.has if field == "has" else _is_in_state(row, value)
    if field == "status" and value.lower().endswith("xx"):
        return row.status is not None and row.status // 100 == int(value[0])
    if field in _UNITS:
        columns = {"tokens": "total_tokens", "input": "input_tokens", "output": "output_tokens"}
        number = seen.duration if field == "duration" else getattr(row, columns.get(field, field))
        return _is_number(number, value, _UNITS[field])
    known = {
        "model": [row.model, row.response_model],
        "test": [row.test_id],
        "session": [seen.session],
        "file": [row.path],
        "tool": [*seen.tools],
    }
    meant = (model_name(value) or value) if field == "model" else value
    return any(_is_named(name, meant) for name in known.get(field) or [getattr(row, field, None)])


def _is_in_state(row: Row, value: str) -> bool:
    infrastructure = row.collapsed_under is not None and row.collapsed_under != row.model
    states = {
        "issue": row.odd != "",
        "odd": row.odd != "",
        "streamed": row.streamed,
        "unsent": not row.sent,
        "infrastructure": infrastructure,
    }
    if value == "repeated":
        return bool(row.prompt) and _requests()[row.prompt, row.request] > 1
    if value == "duplicate":
        alike = [(other.row.test_id, other.row.file) for other in _samples()[1] if _is_alike(other.row, row)]
        return row.format == "llama-stack" and any(test == row.test_id and file != row.file for test, file in alike)
    return bool(states.get(value, value in map(name_of, row.marks)))


def _is_alike(other: Row, row: Row) -> bool:
    asked = (row.prompt, row.request, row.format)
    return bool(row.prompt and row.test_id) and asked == (other.prompt, other.request, other.format)


@cache
def _marks() -> Mapping[str, Mapping[str, str]]:
    return replay_marks(_samples()[0].index, Asked(NOTHING))


@cache
def _requests() -> Counter[tuple[tuple[int, ...], int]]:
    return Counter((seen.row.prompt, seen.row.request) for seen in _samples()[1])


_UNITS = {
    **dict.fromkeys(("status", "tokens", "input", "output", "events"), _COUNTS),
    "size": _SIZES,
    "duration": _TIMES,
}


_NUMBERS = st.sampled_from(
    ["0", ">0", ">=100", "<100", "<=17", "10..500", "..50", "200..", ">1k", "=0", "0.5k", "<1k", "5..3"]
)
_VALUES: dict[str, st.SearchStrategy[str]] = {
    "model": st.sampled_from(["gpt", "GPT-4", "=gpt-4o", "gpt*", "*mini", "*", "models/gemini", "llama", "c*u", "_"]),
    "provider": st.sampled_from(["openai", "=openai", "=open", "anthropic", "o*", "*o*", "*"]),
    "protocol": st.sampled_from(["openai", "chat", "openai.*", "gemini", "*"]),
    "operation": st.sampled_from(["chat", "=chat", "embeddings", "other", "models", "e*"]),
    "test": st.sampled_from(["keeper", "tests/*", "test_", "*]", "=x", "*"]),
    "session": st.sampled_from(["a", "1", "*", "night"]),
    "file": st.sampled_from(["*.json", "*.yaml", "har", "other/", "=nothing", ".jsonl", "tests/*"]),
    "tool": st.sampled_from(["get", "*", "get_*", "light", "weather", "=x", "_"]),
    "finish": st.sampled_from(["stop", "length", "tool*", "s*p", "*"]),
    "host": st.sampled_from(["api.openai.com", "localhost*", "*", "api", "127.0.0.1"]),
    "status": st.sampled_from(["200", "2xx", "4XX", "5xx", ">=400", "<300", "200..299"]),
    "has": st.sampled_from([*HOLDS]),
    "is": st.sampled_from(
        ["issue", "odd", "streamed", "unsent", "infrastructure", "repeated", "duplicate", *map(name_of, KINDS)]
    ),
    **dict.fromkeys(("tokens", "input", "output", "events"), _NUMBERS),
    "size": _NUMBERS | st.sampled_from([">2kb", "500b..3KB"]),
    "duration": st.sampled_from([">1", "<500ms", "1s..1m", "=0", "..2s", ">0.5s"]),
}
_WORDS = [
    "the",
    "light",
    "lamp",
    "keeper",
    "get_weather",
    "a",
    "light house",
    "oil",
    "is the",
    "Paris",
    "x",
    "0",
    "2",
    "火",
]
_CLAUSES = st.one_of(
    *(st.builds(Clause, st.just(field), values, st.none()) for field, values in _VALUES.items()),
    *[st.builds(Clause, st.none(), st.sampled_from(_WORDS), st.none() | st.sampled_from([*TEXT_PLACES]))] * 4,
)
_TREES: st.SearchStrategy[Node] = st.recursive(
    _CLAUSES,
    lambda inner: st.one_of(
        st.lists(inner, min_size=2, max_size=3).map(all_of),
        st.lists(inner, min_size=2, max_size=3).map(any_of),
        inner.map(none_of),
    ),
    max_leaves=5,
)


@examples(150)
@given(_TREES)
@example(Clause("is", "duplicate", None))
def test_the_index_finds_what_an_evaluation_finds(tree: Node) -> None:
    shelf, seen = _samples()
    with marks_around(_marks):
        found = {row.uid for row in shelf.index.rows(search.where(write(tree)))}
    meant = search.read(write(tree)).tree  # with the fields' own spelling of values
    assert found == {one.row.uid for one in seen if _meets(one, meant)}


@pytest.mark.parametrize(
    ("field", "value"),
    [(field, value) for field in ("has", "is") for value in search.BY_NAME[field].values]
    + [
        (field, value)
        for field in _VALUES
        if field not in ("has", "is")
        for value in ("*", "=*", "a", "0..", ">0", "2xx")
    ],
)
def test_a_negation_is_the_rest(field: str, value: str) -> None:
    """Also of what has no value at all."""
    shelf, seen = _samples()
    clause = Clause(field, value)
    try:
        with marks_around(_marks):
            found = {row.uid for row in shelf.index.rows(search.where(write(clause)))}
            rest = {row.uid for row in shelf.index.rows(search.where(write(Not(clause))))}
    except search.QueryError:
        return
    assert not found & rest
    assert found | rest == {one.row.uid for one in seen}
    if field in ("has", "is"):
        assert found == {one.row.uid for one in seen if _meets(one, clause)}


def test_the_samples_have_something_of_everything() -> None:
    """Or the law above says less than it seems."""
    _, seen = _samples()
    assert {name for one in seen for name in one.has} == {*HOLDS}
    assert {*KINDS} - {kind for one in seen for kind in one.row.odd.split(",")} <= {"no call"}
    assert {where for one in seen for where, _ in one.texts} == {*TEXT_PLACES}
    assert any(one.session for one in seen)
    assert any(one.duration for one in seen)
    assert any(not one.row.sent for one in seen)


def test_every_field_is_tried() -> None:
    assert {*_VALUES} | {"in", "sort", "changed", "format", "group", "verdict"} == {*search.BY_NAME}
