"""Pairs of messages that a person would call the same, and pairs that only look alike."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector.analysis.fingerprint import digest
from inspector.model import FileRef, Json, Message, Part, Reasoning, Text, ToolCall, ToolResult, Unknown, Uri

ONE = "3f2a81c4-5b6d-4e7f-8a90-b1c2d3e4f5a6"
TWO = "90ab12cd-34ef-4a56-b789-0c1d2e3f4a5b"


def said(*parts: Part | str) -> Message:
    return Message("assistant", tuple(Text(part) if isinstance(part, str) else part for part in parts))


def told(response: Json) -> Message:
    return Message("tool", (ToolResult("call_1", None, response),))


def called(arguments: Json, sent: str = "…", name: str = "find") -> Message:
    return said(ToolCall("call_1", name, sent, arguments))


def hit(document: str, score: float | str, size: float = 44.0, words: str = "Llamas hum.") -> str:
    about = f"{{'filename': 'a.txt', 'document_id': '{document}', 'metadata_token_count': {size}}}"
    return f"[1] document_id: {document}, score: {score}, attributes: {about} cite as <|{document}|>\n{words}\n"


SAME = {
    "white space at the ends": (said("\n\nParis."), said("Paris. \n")),
    "a text in pieces": (said("Par", "", "is."), said("Paris.")),
    "reasoning between the pieces": (said("Par", Reasoning("hm"), "is."), said("Paris.")),
    "an empty text beside a call": (called({}), said("", *called({}).parts)),
    "blanks beside a call": (called({}), said("\n", *called({}).parts)),
    "the mark of a citation": (said("So <|file-0123456789ab|>."), said(f"So <|{ONE}|>.")),
    "no arguments": (called({}), called(None, "")),
    "null arguments": (called(None, "null"), called({}, "{}")),
    "the order of keys": (called({"a": 1, "b": 2}), called({"b": 2, "a": 1})),
    "arguments that are null": (called({"a": 1, "b": None}), called({"a": 1})),
    "whole numbers": (called({"a": 2.0}), called({"a": 2})),
    "blanks in arguments that are no JSON": (called(None, "{oops "), called(None, "{oops")),
    "JSON as text or value": (told('{"b": 1,\n "a": [2.0]}'), told({"a": [2], "b": 1})),
    "JSON of a string": (told('"ok"'), told("ok")),
    "a wrapped result": (told({"result": "ok"}), told("ok")),
    "a wrapped value": (told({"output": {"a": 1}}), told('{"a": 1}')),
    "nothing in a result": (told({"a": {"citations": None}}), told({"a": {}})),
    "UUIDs": (told(f"made {ONE}"), told(f"made {TWO}")),
    "ids of files": (told("file-0123456789ab"), told("file-Cn3MSNn72ENTiiq11Qda4A")),
    "ids of vector stores": (
        told('{"store": "vs_689a2b3c4d5e6f708192a3b4c5d6e7f8"}'),
        told('{"store":"vs_0a1b2c3d4e5f60718293a4b5c6d7e8f9"}'),
    ),
    "search hits": (told(hit(ONE, 0.012367040071919652)), told(hit("file-0123456789ab", "6.0451e-05", 53.0))),
    "search hits in JSON": (
        told([{"file_id": "file-0123456789ab", "relevance_score": 0.58522}]),
        told([{"file_id": "file-ba9876543210", "relevance_score": 0.58521}]),
    ),
    "ids in arguments": (called({"id": ONE}), called({"id": TWO})),
    "ids in arguments that are no JSON": (called(None, f"{{{ONE}"), called(None, f"{{{TWO}")),
    "ports of this machine": (told("at http://localhost:41234/mcp"), told("at http://localhost:58001/mcp")),
    "objects in memory": (told("<Tool object at 0x7f3c2a10>"), told("<Tool object at 0x10a4b8c90>")),
    "a picture's address": (said(Uri("http://127.0.0.1:41234/a.png")), said(Uri("http://127.0.0.1:58001/a.png"))),
    "unknown parts": (said(Unknown({"type": "x", "status": None})), said(Unknown({"type": "x"}))),
    "marks of a cache": (
        told([{"type": "x", "cache_control": {"type": "ephemeral"}}]),
        told([{"type": "x"}]),
    ),
}

OTHER = {
    "words": (said("Paris."), said("Paris!")),
    "white space inside": (said("a b"), said("ab")),
    "text before or after a call": (said("x", *called({}).parts), said(*called({}).parts, "x")),
    "text on both sides of a call": (said("a", *called({}).parts, "b"), said("ab", *called({}).parts)),
    "short names": (told("user_11111"), told("user_22222")),
    "numbered orders": (called({"order": "order-123"}), called({"order": "order-456"})),
    "words with hyphens": (told("file-descriptors"), told("file-transfer")),
    "long words": (told("run-configuration"), told("run-internationalisation")),
    "ids in prose": (said(f"Look up {ONE}"), said(f"Look up {TWO}")),
    "one id or two in arguments": (called([ONE, ONE]), called([ONE, TWO])),
    "one id or two": (told(f"{ONE} {ONE}"), told(f"{ONE} {TWO}")),
    "scores in prose": (said("score: 0.98765 (document_id)"), said("score: 0.98764 (document_id)")),
    "a score that is the answer": (told("F1 score: 0.98765"), told("F1 score: 0.91234")),
    "a rating": (told({"text": "good", "score": 4}), told({"text": "good", "score": 5})),
    "hits with other words": (told(hit(ONE, 0.01236)), told(hit(ONE, 0.01236, words="Llamas spit."))),
    "coordinates": (told("weather at 52.5200, 13.4050"), told("weather at 48.8575, 2.3514")),
    "the rounds of a loop": (told("5"), told("6")),
    "numbers as text": (called({"x": "5"}), called({"x": 5})),
    "fractions": (called({"x": 5.5}), called({"x": 5})),
    "truth": (called({"x": True}), called({"x": 1})),
    "none and nothing": (called([None]), called([])),
    "the name of a tool": (called({}, name="add"), called({}, name="sum")),
    "a result that has more": (told({"result": 1, "unit": "C"}), told(1)),
    "dates": (said("on 2024-01-31"), said("on 2024-02-01")),
    "times in results": (told("it is 21:33:20"), told("it is 21:33:27")),
    "ports that are chosen": (told("localhost:8080 is up"), told("localhost:9090 is up")),
    "hosts": (told("at 10.0.0.1:41234"), told("at 10.0.0.2:41234")),
    "constants": (told("0xdeadbeef at 0x7f3c2a10"), told("0xcafebabe at 0x7f3c2a10")),
    "attached files": (said(FileRef("file-0123456789ab")), said(FileRef("file-ba9876543210"))),
    "a call and its text": (called({"a": 1}), said('find{"a":1}')),
}


@pytest.mark.parametrize(("one", "other"), SAME.values(), ids=SAME.keys())
def test_the_same_was_said(one: Message, other: Message) -> None:
    assert digest(one).key == digest(other).key


@pytest.mark.parametrize(("one", "other"), OTHER.values(), ids=OTHER.keys())
def test_something_else_was_said(one: Message, other: Message) -> None:
    assert digest(one).key != digest(other).key


def test_what_was_left_out_still_has_its_own_id() -> None:
    """The text of a message is kept once by its id, and an id that it has must be found in it."""
    for name in ("UUIDs", "search hits", "ids in arguments", "ports of this machine", "the mark of a citation"):
        one, other = SAME[name]
        assert digest(one).id != digest(other).id
        assert digest(one) == digest(one)


@given(st.recursive(st.none() | st.booleans() | st.floats() | st.integers() | st.text(), st.lists) | st.text())
def test_any_result_has_a_key(response: Json) -> None:
    assert digest(told(response)) == digest(told(response))


@pytest.mark.parametrize("text", ["[" * 100_000, "[" * 900 + "]" * 900, '{"a": 1e999}', '"\ud800"', "file-" * 50_000])
def test_strange_results_are_text(text: str) -> None:
    assert digest(told(text)).key != digest(told(text + "x")).key
