"""Items by whatever a server says of them: one reply, though it leaves out indices, changes ids, ends too early."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st

from inspector.decode.assembly.response import Assembly
from inspector.decode.protocols.openai import responses
from inspector.model import Event, Reasoning, Text, ToolCall

Said = list[tuple[str, str]]

ITEMS: st.SearchStrategy[Said] = st.lists(
    st.tuples(st.sampled_from(["reasoning", "message", "function_call"]), st.text("ab {}", min_size=1, max_size=6)),
    min_size=1,
    max_size=4,
)
IDENTITIES = ("index and id", "index alone", "id alone", "an id for each event", "an index that is early at the end")
ENDS = ("whole", "empty", "early", "none")

_DELTA = {
    "reasoning": "reasoning_text",
    "message": "output_text",
    "function_call": "function_call_arguments",
}


def item(kind: str, number: int, text: str) -> dict[str, Any]:
    if kind == "function_call":
        return {"type": kind, "id": f"i{number}", "call_id": f"c{number}", "name": "ring", "arguments": text}
    content = [{"type": "reasoning_text" if kind == "reasoning" else "output_text", "text": text}] if text else []
    return {"type": kind, "id": f"i{number}", "summary": [], "content": content}


def events(said: Said, at: int, identity: str, end: str) -> Iterator[dict[str, Any]]:
    """A stream of items, each with its text in two pieces."""
    event = 0

    def named(number: int, last: bool = False) -> dict[str, Any]:
        nonlocal event
        event += 1
        return {
            "index and id": {"output_index": number, "item_id": f"i{number}"},
            "index alone": {"output_index": number},
            "id alone": {"item_id": f"i{number}"},
            "an id for each event": {"output_index": number, "item_id": f"e{event}"},
            "an index that is early at the end": {"output_index": number + last, "item_id": f"i{number}"},
        }[identity]

    def about(number: int, raw: dict[str, Any], last: bool = False) -> dict[str, Any]:
        name = named(number, last)
        own = {key: value for key, value in raw.items() if key != "id"}
        return {**name, "item": {**own, "id": name["item_id"]} if "item_id" in name else own}

    for number, (kind, text) in enumerate(said):
        begun = item(kind, number, "")
        done = {"type": f"response.{_DELTA[kind]}.done"}
        key = "arguments" if kind == "function_call" else "text"
        told = {"empty": "", "early": text[:at]}.get(end, text)
        last = [
            {**done, **named(number, True), key: told},
            {"type": "response.output_item.done", **about(number, item(kind, number, told), True)},
        ]
        yield {"type": "response.output_item.added", **about(number, begun)}
        yield {"type": f"response.{_DELTA[kind]}.delta", **named(number), "delta": text[:at]}
        yield from last if end == "early" and kind != "function_call" else ()
        yield {"type": f"response.{_DELTA[kind]}.delta", **named(number), "delta": text[at:]}
        yield from last if end in ("whole", "empty") else ()


def completed(said: Said, left_out: int | None, end: str) -> dict[str, Any]:
    told = [item(kind, 100 + number, "" if end == "empty" else text) for number, (kind, text) in enumerate(said)]
    output = [one for number, one in enumerate(told) if number != left_out]
    return {"type": "response.completed", "response": {"object": "response", "status": "completed", "output": output}}


def reply(stream: list[dict[str, Any]]) -> Said:
    assembly = Assembly()
    for number, event in enumerate(stream):
        assembly.add(responses.deltas(Event(number, event)))
    found: Said = []
    for part in (part for one in assembly.replies() for part in one.parts):
        match part:
            case Text(content):
                found.append(("message", content))
            case Reasoning(content):
                found.append(("reasoning", content))
            case ToolCall(_, "ring", arguments):
                found.append(("function_call", arguments))
            case _:
                raise AssertionError(part)
    return found


@given(ITEMS, st.integers(0, 6), st.sampled_from(IDENTITIES), st.sampled_from(ENDS), st.booleans())
@example([("message", "ab")], 1, "index and id", "early", False)
@example([("reasoning", "a"), ("message", "b")], 1, "an index that is early at the end", "whole", True)
def test_items_are_the_same_by_whatever_name(said: Said, at: int, identity: str, end: str, whole: bool) -> None:
    stream = [*events(said, at, identity, end), *([completed(said, None, end)] if whole else [])]
    assert reply(stream) == said


@given(ITEMS, st.sampled_from(IDENTITIES[:3]), st.sampled_from(["whole", "none"]), st.booleans())
@example([("message", "ab")], "index alone", "none", True)
def test_items_of_which_nobody_says_that_they_begin(said: Said, identity: str, end: str, whole: bool) -> None:
    texts = [(kind, text) for kind, text in said if kind != "function_call"]  # a call is named where it begins
    stream = [event for event in events(texts, 1, identity, end) if event["type"] != "response.output_item.added"]
    assert reply([*stream, *([completed(texts, None, "whole")] if whole else [])]) == texts


@given(ITEMS, st.integers(0, 3), st.sampled_from(IDENTITIES))
def test_what_the_end_leaves_out_stays(said: Said, left_out: int, identity: str) -> None:
    said = [(kind, f"{text}{number}") for number, (kind, text) in enumerate(said)]
    kinds = [kind for kind, _ in said]
    missing = left_out % len(said)
    stream = [*events(said, 1, identity, "whole"), completed(said, missing, "whole")]
    if kinds.count(kinds[missing]) == 1:
        assert reply(stream) == said


@given(ITEMS)
def test_texts_counted_up_with_each_piece_are_one(said: Said) -> None:
    stream = list(events(said, 1, "index and id", "none"))
    assert reply([{**event, "content_index": number} for number, event in enumerate(stream)]) == said


def test_items_that_share_one_id_are_each_in_the_reply_once() -> None:
    """Gateways make up one id for all items of a kind, and say it again in the end that tells them all."""
    said = [("message", "One."), ("message", "Two."), ("function_call", "3"), ("function_call", "4")]
    items = [{**item(kind, 0, text), "id": kind} for kind, text in said]
    stream: list[dict[str, Any]] = []
    for number, one in enumerate(items):
        stream.append({"type": "response.output_item.added", "output_index": number, "item": one})
        stream.append({"type": "response.output_item.done", "output_index": number, "item": one})
    end = {"type": "response.completed", "response": {"object": "response", "status": "completed", "output": items}}
    assert reply([*stream, end]) == said


def test_two_calls_may_be_open_at_once() -> None:
    """llama.cpp begins all calls before the first one ends, and names them by their ids alone."""
    calls = [{"type": "function_call", "call_id": id, "name": "ring", "arguments": ""} for id in ("a", "b")]
    stream = [{"type": "response.output_item.added", "item": call} for call in calls]
    pieces = [("a", "1"), ("b", "2")]
    stream += [{"type": "response.function_call_arguments.delta", "item_id": id, "delta": text} for id, text in pieces]
    ends = [{**call, "arguments": text} for call, text in zip(calls, ("13", "24"), strict=True)]
    stream += [{"type": "response.output_item.done", "item": call} for call in ends]
    assert reply(stream) == [("function_call", "13"), ("function_call", "24")]
