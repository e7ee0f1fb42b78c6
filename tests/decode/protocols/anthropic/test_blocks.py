"""Particular cases of Anthropic's protocols."""

from __future__ import annotations

from typing import Any

import pytest

from inspector.decode.decoder import decode
from inspector.model import (
    Blob,
    Body,
    Citation,
    Json,
    ModelCall,
    Part,
    Reasoning,
    Refusal,
    Text,
    ToolCall,
    ToolResult,
    Unknown,
    Uri,
    Usage,
)
from tests.decode.protocols.samples.sample import PNG, exchange

MESSAGES = "https://api.anthropic.com/v1/messages"
START = {"type": "message_start", "message": {"type": "message", "role": "assistant", "content": []}}
STOP = {"type": "message_stop"}


def answer(*events: Json, url: str = MESSAGES) -> ModelCall:
    return decode(exchange(url, {}, Body("chunks", list(events))))


def parts(*events: Json) -> tuple[Part, ...]:
    return tuple(part for reply in answer(START, *events, STOP).replies for part in reply.parts)


def begun(index: int, **block: Any) -> Json:
    return {"type": "content_block_start", "index": index, "content_block": block}


def grown(index: int, kind: str, **delta: Any) -> Json:
    return {"type": "content_block_delta", "index": index, "delta": {"type": kind, **delta}}


def texts(index: int, *pieces: str) -> list[Json]:
    return [begun(index, type="text", text=""), *(grown(index, "text_delta", text=piece) for piece in pieces)]


WEB = {"type": "web_search_result_location", "url": "https://example.org", "title": "Sky", "cited_text": "wet"}


@pytest.mark.parametrize(
    ("location", "citation"),
    [
        (WEB, Citation(0, 4, "https://example.org", "Sky", "wet")),
        (
            {"type": "search_result_location", "source": "kb/1", "title": "Sky", "cited_text": "wet"},
            Citation(0, 4, "kb/1", "Sky", "wet"),
        ),
        (
            {"type": "char_location", "document_index": 0, "document_title": "Sky", "cited_text": "wet"},
            Citation(0, 4, None, "Sky", "wet"),
        ),
        (
            {"type": "page_location", "document_title": None, "start_page_number": 1, "cited_text": "wet"},
            Citation(0, 4, None, None, "wet"),
        ),
    ],
)
def test_a_citation_is_of_its_block(location: Json, citation: Citation) -> None:
    """In a request, in a whole answer, and in a stream, before the text or after it."""
    block = {"type": "text", "text": "rain", "citations": [location]}
    cited = (Text("rain", citations=(citation,)),)
    asked = decode(exchange(MESSAGES, {"messages": [{"role": "assistant", "content": [block]}]}, None))
    assert asked.prompt.messages[0].parts == cited
    (reply,) = answer({"type": "message", "content": [block]}).replies
    assert reply.parts == cited
    start, piece = texts(0, "rain")
    mark = grown(0, "citations_delta", citation=location)
    assert parts(start, mark, piece) == cited
    assert parts(start, piece, mark) == cited


def test_neighbouring_blocks_are_one_text_and_keep_their_citations() -> None:
    said = parts(*texts(0, "So "), *texts(1, "ra", "in"), grown(1, "citations_delta", citation=WEB), *texts(2, "."))
    assert said == (Text("So rain.", citations=(Citation(3, 7, "https://example.org", "Sky", "wet"),)),)


def test_a_citation_before_its_text_is_not_of_the_text_before_a_call() -> None:
    events = [*texts(0, "a"), begun(1, type="tool_use", id="c", name="f", input={})]
    cited = [begun(2, type="text", text=""), grown(2, "citations_delta", citation=WEB), *texts(2, "b")[1:]]
    first, _, last = parts(*events, *cited)
    assert isinstance(first, Text)
    assert isinstance(last, Text)
    assert (first.citations, len(last.citations)) == ((), 1)


def test_a_blocks_own_content_holds_where_no_pieces_follow() -> None:
    """Gateways send whole blocks at once."""
    call = begun(1, type="tool_use", id="c", name="f", input={"x": 1})
    empty = grown(1, "input_json_delta", partial_json="")
    assert parts(begun(0, type="text", text="a"), call, empty) == (Text("a"), ToolCall("c", "f", '{"x":1}', {"x": 1}))


def test_a_message_may_start_with_content() -> None:
    block = {"type": "tool_use", "id": "c", "name": "f", "input": {}}
    start = {"type": "message_start", "message": {"role": "assistant", "content": [block]}}
    (reply,) = answer(start, *texts(1, "a"), STOP).replies
    assert reply.parts == (ToolCall("c", "f", "{}", {}), Text("a"))


def test_a_compaction_is_one_part() -> None:
    block = {"type": "compaction", "content": "short"}
    assert parts(begun(0, type="compaction", content=None), grown(0, "compaction_delta", content="short")) == (
        Unknown(block),
    )
    assert parts(begun(0, **block)) == (Unknown(block),)


@pytest.mark.parametrize(
    ("block", "expected"),
    [
        ({"type": "fallback", "from": {"model": "a"}}, Unknown({"type": "fallback", "from": {"model": "a"}})),
        (
            {"type": "advisor_tool_result", "tool_use_id": "c", "content": {"type": "advisor_result", "text": "a"}},
            ToolResult("c", None, {"type": "advisor_result", "text": "a"}),
        ),
        (
            {"type": "search_result", "source": "s", "title": "t", "content": [{"type": "text", "text": "a"}]},
            Text("a", title="t · s"),
        ),
        ({"type": "audio", "source": {"type": "url", "url": "http://x/a"}}, Uri("http://x/a", None, "audio")),
        (
            {"type": "document", "source": {"type": "base64", "media_type": "application/pdf", "data": PNG}},
            Blob("application/pdf", "file", PNG, 8),
        ),
    ],
)
def test_blocks(block: Json, expected: Part) -> None:
    request = {"messages": [{"role": "user", "content": [block]}]}
    assert decode(exchange(MESSAGES, request, None)).prompt.messages[0].parts == (expected,)


def test_a_refusal_says_why() -> None:
    details = {"type": "refusal", "category": "bio", "explanation": "not this"}
    (reply,) = answer(
        START, {"type": "message_delta", "delta": {"stop_reason": "refusal", "stop_details": details}}
    ).replies
    assert (reply.parts, reply.finish_reason) == ((Refusal("not this"),), "content_filter")


@pytest.mark.parametrize(
    ("counts", "usage"),
    [
        ({"input_tokens": 2, "cache_creation": {"ephemeral_5m_input_tokens": 3}}, Usage(5, None, None, None, 3)),
        (
            {"input_tokens": 2, "cache_creation_input_tokens": 1, "cache_creation": {"ephemeral_5m_input_tokens": 3}},
            Usage(3, None, None, None, 1),
        ),
        ({"output_tokens": 4, "output_tokens_details": {"thinking_tokens": 3}}, Usage(None, 4, None, None, None, 3)),
    ],
)
def test_counts(counts: Json, usage: Usage) -> None:
    assert answer({"type": "message", "content": [], "usage": counts}).usage == usage


def test_a_gateways_end_is_an_end() -> None:
    lines = 'data: {"type": "content_block_delta", "delta": {"type": "text_delta", "text": "a"}}\n\ndata: [DONE]\n\n'
    assert decode(exchange("", {}, Body("text", lines))).complete


@pytest.mark.parametrize(
    ("url", "request_body", "first", "protocol"),
    [
        ("https://x/v1/projects/p/publishers/anthropic/models/m:rawPredict", {}, {}, "anthropic.messages"),
        ("https://x/v1/projects/p/publishers/mistralai/models/m:rawPredict", {}, {}, None),
        ("/anthropic/messages", {"max_tokens": 1, "messages": []}, {}, "anthropic.messages"),
        ("https://x/v1/threads/t/messages", {"role": "user", "content": "a"}, {"object": "thread.message"}, None),
        ("", {}, {"type": "ping"}, "anthropic.messages"),
        ("", {}, {"type": "error", "error": {"type": "api_error"}, "request_id": "req_011x"}, "anthropic.messages"),
        ("/v1/messages/count_tokens", {"messages": []}, {}, "anthropic.count_tokens"),
    ],
)
def test_recognised(url: str, request_body: Json, first: Json, protocol: str | None) -> None:
    found = decode(exchange(url, request_body, Body("value", first))).protocol
    assert found == protocol if protocol else not str(found).startswith("anthropic")


def test_vertex_has_the_model_in_its_address() -> None:
    url = "https://x/v1/projects/p/publishers/anthropic/models/m@1:streamRawPredict"
    assert decode(exchange(url, {"anthropic_version": "vertex-2023-10-16"}, None)).prompt.model == "m@1"


def test_a_proxy_that_gives_every_block_the_same_index() -> None:
    said = (
        *(begun(0, type="text", text=""), grown(0, "text_delta", text="Fog.")),
        *(begun(0, type="tool_use", id="c", name="ring", input={}), grown(0, "input_json_delta", partial_json="{}")),
        *(begun(0, type="text", text=""), grown(0, "text_delta", text="Rung.")),
        *(begun(0, type="thinking", thinking=""), grown(0, "thinking_delta", thinking="Hm")),
        *(begun(0, type="text", text="Still "), grown(0, "text_delta", text="fog.")),
    )
    expected = (Text("Fog."), ToolCall("c", "ring", "{}", {}), Text("Rung."), Reasoning("Hm"), Text("Still fog."))
    assert parts(*said) == expected


def test_events_that_only_their_names_tell() -> None:
    text = 'event: content_block_delta\ndata: {"index": 0, "delta": {"type": "text_delta", "text": "Fog"}}\n\n'
    call = decode(exchange(MESSAGES, {}, Body("text", text)))
    assert [reply.parts for reply in call.replies] == [(Text("Fog"),)]
