"""Habits of servers that speak OpenAI's protocols, each after a report of somebody whose viewer showed nothing."""

from __future__ import annotations

import json
from typing import Any

import pytest

from inspector.decode.conservation import NOT_UNDERSTOOD
from inspector.decode.decoder import decode
from inspector.model import Body, Citation, ModelCall, Part, Reasoning, Text, ToolCall, Usage
from tests.decode.protocols.openai.test_chat import answer, chunk, parts, whole
from tests.decode.protocols.openai.test_responses import ended, event
from tests.decode.protocols.openai.test_responses import said as message
from tests.decode.protocols.samples.sample import exchange

USAGE = Usage(11, 5, 16)


@pytest.mark.parametrize(
    "name",
    ["reasoning_content", "reasoning", "thinking", "thinking_content", "thought", "thoughts", "reason_content"],
)
def test_reasoning_by_any_name(name: str) -> None:
    call = answer(chunk({name: "Fog "}), chunk({name: "rises"}), chunk({"content": "Ring"}, "stop"))
    assert parts(call) == (Reasoning("Fog rises"), Text("Ring"))


@pytest.mark.parametrize(
    "counts",
    [
        {"prompt_tokens": 11, "completion_tokens": 5, "total_tokens": 16},
        {"input_tokens": 11, "output_tokens": 5, "total_tokens": 16, "prompt_tps": 21.5},
        {"promptTokens": 11, "completionTokens": 5, "totalTokens": 16},
        {"promptTokenCount": 11, "candidatesTokenCount": 5, "totalTokenCount": 16},
        {"prompt_tokens": 11.0, "completion_tokens": 5.0, "total_tokens": 16.0},
        {"prompt_tokens": "11", "completion_tokens": "5", "total_tokens": "16"},
    ],
)
def test_counts_in_any_words_and_place(counts: dict[str, Any]) -> None:
    for place in ("usage", "usage_metadata", "usageMetadata"):
        call = answer(whole({"content": "Ring"}, **{place: counts}))
        assert (call.usage, [one.why for one in call.problems if "prompt" in one.why]) == (USAGE, [])
    assert answer(whole({"content": "Ring", "usage": counts})).usage == USAGE
    assert answer(chunk({"content": "Ring"}), chunk({"usage": counts}, "stop")).usage == USAGE


def test_details_of_counts_in_the_words_of_responses() -> None:
    counts = {"prompt_tokens": 11, "input_tokens_details": {"cached_tokens": 8}}
    assert answer(whole({"content": "Ring"}, usage=counts)).usage == Usage(11, cache_read_input_tokens=8)


@pytest.mark.parametrize("place", ["tally", "meta"])
def test_counts_that_nobody_reads_are_said(place: str) -> None:
    call = answer(whole({"content": "Ring"}, **{place: {"inner": [{"prompt_tokens": 11, "output_tokens": 5}]}}))
    (problem,) = call.problems
    assert problem.why == f"{NOT_UNDERSTOOD}{place}.inner.prompt_tokens, {place}.inner.output_tokens"


ALMANAC = Citation(None, None, "http://w/", "Almanac", "Fog at noon")
FOUND = {"url": "http://w/", "title": "Almanac", "content": "Fog at noon"}


@pytest.mark.parametrize(
    "sources",
    [
        {"citations": [FOUND]},
        {"citations": ["http://w/"], "search_results": [{**FOUND, "date": "2026-01-01"}]},
        {"search_results": [{"url": "http://w/", "title": "Almanac", "snippet": "Fog at noon"}]},
        {"web_search": [{"link": "http://w/", "title": "Almanac", "content": "Fog at noon", "media": "Daily Fog"}]},
    ],
    ids=lambda sources: "+".join(sources),
)
def test_sources_beside_the_choices_or_in_the_message(sources: dict[str, Any]) -> None:
    beside = answer(whole({"content": "Fog"}, **sources))
    assert [part.citations for part in parts(beside) if isinstance(part, Text)] == [(ALMANAC,)]
    within = answer(whole({"content": "Fog", **sources}))
    assert [part.citations for part in parts(within) if isinstance(part, Text)] == [(ALMANAC,)]


def message_chunk(text: str, finish: str | None = None) -> dict[str, Any]:
    return {"id": "r", "choices": [{"index": 0, "message": {"content": text}, "finish_reason": finish}]}


@pytest.mark.parametrize("texts", [["Fog ", "and ", "bell"], ["Fog ", "Fog and ", "Fog and bell"]])
def test_messages_in_place_of_deltas(texts: list[str]) -> None:
    *first, last = texts
    assert parts(answer(*map(message_chunk, first), message_chunk(last, "stop"))) == (Text("Fog and bell"),)


def test_a_whole_that_says_something_else_is_said() -> None:
    call = answer(chunk({"content": "Fog and bell"}), message_chunk("Clear skies", "stop"))
    assert [problem.why for problem in call.problems] == [f"{NOT_UNDERSTOOD}text that the end of the stream lacks"]


def test_text_of_a_choice_beside_an_empty_delta() -> None:
    event = {"choices": [{"index": 0, "text": "Fog", "delta": {}, "finish_reason": "stop"}]}
    assert parts(answer(event)) == (Text("Fog"),)


def test_an_error_in_a_choice() -> None:
    broken = {"index": 0, "delta": {}, "finish_reason": "error", "error": {"code": 502, "message": "The lamp broke"}}
    call = answer(chunk({"content": "Fog"}), {"id": "r", "choices": [broken]})
    assert call.error is not None
    assert call.error.message == "The lamp broke"
    assert parts(call) == (Text("Fog"),)


def test_arguments_named_parameters() -> None:
    function = {"name": "ring", "parameters": {"times": 2}}
    expected = ToolCall("c", "ring", '{"times":2}', {"times": 2})
    assert parts(answer(whole({"tool_calls": [{"id": "c", "function": function}]}))) == (expected,)


def test_an_end_in_quotes() -> None:
    text = "".join(f"data: {json.dumps(one)}\n\n" for one in (chunk({"content": "Fog"}, "stop"), "[DONE]"))
    call = decode(exchange("http://x/v1/chat/completions", {}, Body("text", text)))
    assert parts(call) == (Text("Fog"),)
    assert call.complete


SSE = "".join(
    f"data: {json.dumps(one)}\n\n" for one in (chunk({"content": "Fog "}), chunk({"content": "bell"}, "stop"))
)


@pytest.mark.parametrize(
    "body",
    [
        Body("text", json.dumps(SSE)),
        Body("value", SSE),
        Body("value", [SSE[:40], SSE[40:]]),
        Body("text", json.dumps(json.dumps(whole({"content": "Fog bell"})))),
        Body("value", json.dumps(whole({"content": "Fog bell"}), indent=2)),
    ],
)
def test_a_body_that_is_a_text_of_json(body: Body) -> None:
    assert parts(decode(exchange("http://x/v1/chat/completions", {}, body))) == (Text("Fog bell"),)


# ---------------------------------------------------------------- Responses


def streamed(*events: Any) -> ModelCall:
    return decode(exchange("http://x/v1/responses", {}, Body("chunks", [*events, ended()])))


THINKS = event("output_item.added", item={"type": "reasoning", "id": "t", "summary": []})
BEGINS = event("output_item.added", item={"type": "message", "id": "a", "role": "assistant", "content": []})
PART = {"type": "output_text", "text": "Fog"}


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        ([THINKS, event("reasoning.delta", item_id="t", delta="Hm")], Reasoning("Hm")),
        ([THINKS, event("reasoning.delta", item_id="t", delta={"text": "Hm"})], Reasoning("Hm")),
        ([THINKS, event("reasoning_summary.delta", item_id="t", delta="Hm")], Reasoning("Hm")),
        ([THINKS, event("reasoning_summary.done", item_id="t", text="Hm")], Reasoning("Hm")),
        ([event("output_item.added", item=message("Fog"))], Text("Fog")),
        ([BEGINS, event("content_part.added", item_id="a", part=PART)], Text("Fog")),
        ([event("audio.transcript.delta", item_id="a", delta="Fog")], Text("Fog")),
    ],
)
def test_older_names_and_beginnings_that_are_all(events: list[Any], expected: Part) -> None:
    call = streamed(*events)
    assert (parts(call), call.problems) == ((expected,), ())


def test_a_beginning_that_pieces_follow() -> None:
    piece = event("output_text.delta", item_id="a", delta="Fog")
    assert parts(streamed(BEGINS, event("content_part.added", item_id="a", part=PART), piece)) == (Text("Fog"),)


@pytest.mark.parametrize("summary", ["Hm", ["Hm"], [{"text": "Hm"}]])
def test_a_summary_of_any_shape(summary: Any) -> None:
    body = {"object": "response", "status": "completed", "output": [{"type": "reasoning", "summary": summary}]}
    assert parts(decode(exchange("http://x/v1/responses", {}, Body("value", body)))) == (Reasoning("Hm"),)


def test_the_text_that_an_sdk_makes_of_the_items() -> None:
    body = {"object": "response", "status": "completed", "output": [], "output_text": "Fog"}
    assert parts(decode(exchange("http://x/v1/responses", {}, Body("value", body)))) == (Text("Fog"),)


def test_events_that_only_their_names_tell() -> None:
    text = 'event: response.output_text.delta\ndata: {"item_id": "a", "output_index": 0, "delta": "Fog"}\n\n'
    assert parts(decode(exchange("http://x/v1/responses", {}, Body("text", text)))) == (Text("Fog"),)


def test_code_that_comes_in_pieces_and_whole_is_said_once() -> None:
    item = {"type": "code_interpreter_call", "id": "k", "code": "", "outputs": None}
    call = streamed(
        event("output_item.added", item=item),
        event("code_interpreter_call_code.delta", item_id="k", delta="ring(2)"),
        event("output_item.done", item={**item, "code": "ring(2)"}),
    )
    assert call.problems == ()


def test_the_items_of_a_response_that_is_kept() -> None:
    asked = {"id": "a", "type": "message", "role": "user", "content": [{"type": "input_text", "text": "Is it lit?"}]}
    body = Body("value", {"object": "list", "data": [asked, message("Lit")]})
    call = decode(exchange("http://x/v1/responses/r/input_items", None, body))
    assert [(reply.role, reply.parts) for reply in call.replies] == [
        ("user", (Text("Is it lit?"),)),
        ("assistant", (Text("Lit"),)),
    ]
    assert call.problems == ()


def test_a_search_that_says_more_at_its_end_lacks_nothing() -> None:
    begun = {"type": "web_search_call", "id": "w", "action": {"type": "search", "query": "fog"}}
    done = {**begun, "action": {"type": "search", "query": "fog", "queries": ["fog"]}}
    assert streamed(event("output_item.added", item=begun), event("output_item.done", item=done)).problems == ()


RING = {"name": "ring", "arguments": '{"times": 2}'}


def test_a_call_that_is_said_in_both_forms_is_one_call() -> None:
    said = {"content": None, "function_call": RING, "tool_calls": [{"id": "a", "type": "function", "function": RING}]}
    expected = (ToolCall("a", "ring", RING["arguments"], {"times": 2}),)
    asked = {"model": "m", "messages": [{"role": "assistant", **said}]}
    assert decode(exchange("/v1/chat/completions", asked, None)).prompt.messages[0].parts == expected
    assert parts(answer(whole(said))) == expected
    pieces = [{"name": "ring", "arguments": ""}, {"arguments": '{"times"'}, {"arguments": ": 2}"}]
    call = {"index": 0, "id": "a", "type": "function"}
    chunks = [chunk({"function_call": piece, "tool_calls": [{**call, "function": piece}]}) for piece in pieces]
    assert parts(answer(*chunks)) == expected


def test_another_call_in_the_older_form_is_a_call_of_its_own() -> None:
    light = {"name": "light", "arguments": "{}"}
    said = {"content": None, "function_call": light, "tool_calls": [{"id": "a", "function": RING}]}
    assert [part.name for part in parts(answer(whole(said))) if isinstance(part, ToolCall)] == ["ring", "light"]
