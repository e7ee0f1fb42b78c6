"""The dialects of Chat Completions."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from inspector.decode.decoder import decode
from inspector.model import (
    Blob,
    Body,
    Citation,
    FileRef,
    ModelCall,
    Part,
    Reasoning,
    Refusal,
    Text,
    Token,
    ToolCall,
    ToolResult,
    Unknown,
    Usage,
)
from tests.decode.protocols.samples.sample import PNG, exchange
from tests.decode.protocols.test_protocol_laws import ANYTHING, places, raised, replaced

URL = "http://x/v1/chat/completions"


def answer(*events: Any, url: str = URL, status: int | None = None, request: Any = None) -> ModelCall:
    body = Body("value", events[0]) if len(events) == 1 else Body("chunks", list(events))
    return decode(exchange(url, request or {}, body, status))


def chunk(delta: Any = None, finish: str | None = None, **more: Any) -> dict[str, Any]:
    return {"id": "r", "choices": [{"index": 0, "delta": delta or {}, "finish_reason": finish}], **more}


def whole(message: Any, finish: str = "stop", **more: Any) -> dict[str, Any]:
    return {"id": "r", "choices": [{"index": 0, "message": message, "finish_reason": finish}], **more}


def parts(call: ModelCall) -> tuple[Part, ...]:
    (reply,) = call.replies
    assert call.problems == ()
    return reply.parts


LINK = {"url": "http://w/", "title": "Almanac", "start_index": 0, "end_index": 3}
CITED = Text("Wet", (), (Citation(0, 3, "http://w/", "Almanac"),))
TOKENS = {"content": [{"token": "Wet", "logprob": -1, "top_logprobs": [{"token": "Dry", "logprob": -2}]}]}
IMAGE = {"type": "image_url", "image_url": {"url": f"data:image/png;base64,{PNG}"}}


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        pytest.param({"reasoning_content": "Hm"}, (Reasoning("Hm"),), id="DeepSeek"),
        pytest.param({"reasoning": "Hm"}, (Reasoning("Hm"),), id="Groq"),
        pytest.param({"reasoning_text": "Hm"}, (Reasoning("Hm"),), id="Copilot"),
        pytest.param({"reasoning": "Hm", "reasoning_content": "Hm"}, (Reasoning("Hm"),), id="the same twice"),
        pytest.param(
            {"reasoning": "Hm", "reasoning_details": [{"type": "reasoning.text", "text": "Hm"}]},
            (Reasoning("Hm"),),
            id="OpenRouter",
        ),
        pytest.param(
            {
                "reasoning_details": [
                    {"type": "reasoning.summary", "summary": "Hm. ", "index": 0},
                    {"type": "reasoning.text", "text": "Oslo", "index": 1},
                    {"type": "reasoning.encrypted", "data": "x", "index": 2},
                ]
            },
            (Reasoning("Hm. Oslo"),),
            id="details alone",
        ),
        pytest.param(
            {"reasoning": "<think>\nHm</think>\n", "content": "Wet"}, (Reasoning("Hm"), Text("Wet")), id="Groq's tags"
        ),
        pytest.param(
            {
                "content": [
                    {"type": "thinking", "thinking": [{"type": "text", "text": "Hm"}]},
                    {"type": "text", "text": "We"},
                    {"type": "text", "text": "t"},
                    {"type": "reference", "reference_ids": [1]},
                ]
            },
            (Reasoning("Hm"), Text("Wet"), Unknown({"type": "reference", "reference_ids": [1]})),
            id="Mistral",
        ),
        pytest.param({"content": "", "refusal": "No"}, (Refusal("No"),), id="refusal"),
        pytest.param({"content": "Wet", "refusal": ""}, (Text("Wet"),), id="Snowflake"),
        pytest.param(
            {"content": "Wet", "annotations": [{"type": "url_citation", "url_citation": LINK}]},
            (CITED,),
            id="annotations",
        ),
        pytest.param({"content": "Wet", "annotations": [{"type": "url_citation", **LINK}]}, (CITED,), id="flat ones"),
        pytest.param(
            {"content": "Wet", "context": {"citations": [{"filepath": "a.md", "url": None, "content": "wet"}]}},
            (Text("Wet", (), (Citation(None, None, None, "a.md", "wet"),)),),
            id="Azure's own data",
        ),
        pytest.param(
            {
                "executed_tools": [{"index": 0, "type": "search", "arguments": '{"q":1}', "output": "wet"}],
                "content": "Wet",
            },
            (ToolCall(None, "search", '{"q":1}', {"q": 1}), ToolResult(None, "search", "wet"), Text("Wet")),
            id="Groq's tools",
        ),
        pytest.param({"images": [IMAGE]}, (Blob("image/png", "image", PNG, 8),), id="OpenRouter's images"),
        pytest.param(
            {"audio": {"id": "a", "transcript": "Wet", "data": "UklGRg=="}},
            (Text("Wet"), Blob("audio/wav", "audio", "UklGRg==", 4)),
            id="audio",
        ),
        pytest.param(
            {"tool_calls": [{"id": "c", "function": {"name": "f", "arguments": {"x": 1}}}]},
            (ToolCall("c", "f", '{"x":1}', {"x": 1}),),
            id="arguments as an object",
        ),
        pytest.param(
            {"tool_calls": [{"id": "c", "function": {"name": "f", "arguments": None}}]},
            (ToolCall("c", "f", ""),),
            id="no arguments",
        ),
        pytest.param(
            {"tool_calls": [{"id": "c", "type": "custom", "custom": {"name": "f", "input": "free"}}]},
            (ToolCall("c", "f", "free"),),
            id="custom tool",
        ),
        pytest.param(
            {"function_call": {"name": "f", "arguments": "{}"}}, (ToolCall(None, "f", "{}", {}),), id="function"
        ),
        pytest.param({"content": None, "tool_calls": None}, (), id="nothing"),
        pytest.param({"annotations": [{"type": "url_citation", **LINK}]}, (), id="sources of nothing"),
        pytest.param(
            {"content": "Wet", "annotations": [{"type": "url_citation", "url": "u", "start_index": 0, "end_index": 0}]},
            (Text("Wet", (), (Citation(None, None, "u", None),)),),
            id="a source without a stretch",
        ),
    ],
)
def test_messages(said: Any, expected: tuple[Part, ...]) -> None:
    """A message reads the same whole and as the delta of a stream."""
    assert parts(answer(whole(said))) == expected
    assert parts(answer(chunk({"role": "assistant"}), chunk(said), chunk({}, "stop"))) == expected


def test_a_tool_of_groq_comes_again_with_its_output() -> None:
    tool = {"index": 0, "type": "search", "arguments": "{}"}
    call = answer(
        chunk({"executed_tools": [tool]}),
        chunk({"reasoning": "Hm"}),
        chunk({"executed_tools": [{**tool, "output": "wet"}]}),
        chunk({"content": "Wet"}),
        chunk({"executed_tools": [{**tool, "output": "wet"}]}),
    )
    call_and_result = (ToolCall(None, "search", "{}", {}), Reasoning("Hm"), ToolResult(None, "search", "wet"))
    assert parts(call) == (*call_and_result, Text("Wet"))


def test_sound_comes_in_pieces_that_are_padded_one_by_one() -> None:
    pieces = [base64.b64encode(data).decode() for data in (b"a", b"bc", b"def")]
    call = answer(*(chunk({"audio": {"data": piece, "transcript": "x"}}) for piece in pieces))
    assert parts(call) == (Text("xxx"), Blob("audio/pcm", "audio", base64.b64encode(b"abcdef").decode(), 6))


def test_probabilities() -> None:
    tokens = (Token("Wet", -1.0, (("Dry", -2.0),)),)
    for event in (whole({"content": "Wet"}), chunk({"content": "Wet"}, "stop")):
        event["choices"][0]["logprobs"] = TOKENS
        assert parts(answer(chunk(), event)) == (Text("Wet", (), (), tokens),)


def test_probabilities_of_a_chunk_with_nothing_else() -> None:
    event = {"usage": None, **chunk({"content": "Wet"})}
    event["choices"][0]["logprobs"] = TOKENS
    (text,) = parts(answer(chunk(), event, chunk({}, "stop")))
    assert isinstance(text, Text)
    assert [token.text for token in text.tokens] == ["Wet"]


def test_probabilities_in_columns() -> None:
    event = whole({"content": "Wet"})
    event["choices"][0]["logprobs"] = {
        "tokens": ["We", "t"],
        "token_logprobs": [None, -1],
        "top_logprobs": [{}, {"s": -2}],
    }
    (text,) = parts(answer(event))
    assert isinstance(text, Text)
    assert text.tokens == (Token("t", -1.0, (("s", -2.0),)),)


# ---------------------------------------------------------------- Perplexity and others with two messages at once


def test_a_message_so_far_beside_the_delta_is_not_read() -> None:
    events = [chunk({"content": "We"}), chunk({"content": "t"}), chunk({"content": ""}, "stop")]
    for event, so_far in zip(events, ("We", "Wet", "Wet"), strict=True):
        event["choices"][0]["message"] = {"role": "assistant", "content": so_far}
    assert parts(answer(*events)) == (Text("Wet"),)


def test_an_empty_delta_beside_the_whole_message_is_not_read() -> None:
    event = whole({"role": "assistant", "content": "Wet"})
    event["choices"][0]["delta"] = {"role": "assistant", "content": ""}
    assert parts(answer(event)) == (Text("Wet"),)


def test_sources_of_the_whole_answer() -> None:
    beside = {
        "citations": ["http://w/", "http://v/"],
        "search_results": [{"url": "http://w/", "title": "Almanac"}],
    }
    cited = (Citation(None, None, "http://w/", "Almanac"), Citation(None, None, "http://v/", None))
    assert parts(answer(whole({"content": "Wet"}, **beside))) == (Text("Wet", (), cited),)
    repeated = (chunk({"content": "We"}, **beside), chunk({"content": "t"}, **beside), chunk({}, "stop", **beside))
    assert parts(answer(*repeated)) == (Text("Wet", (), cited),)


# ---------------------------------------------------------------- tool calls in pieces


def piece(**call: Any) -> dict[str, Any]:
    return chunk({"tool_calls": [call]})


def function(arguments: Any = "", name: str | None = None) -> dict[str, Any]:
    return {"name": name, "arguments": arguments}


@pytest.mark.parametrize(
    "pieces",
    [
        pytest.param(
            [
                piece(index=0, id="a", function=function("", "f")),
                piece(index=0, id="", function=function('{"x":')),
                piece(index=0, id=None, function=function("1}")),
                piece(index=1, id="b", function=function('{"x":2}', "f")),
            ],
            id="by index",
        ),
        pytest.param(
            [
                piece(index=0, id="a", function=function('{"x":1}', "f")),
                piece(index=0, id="b", function=function('{"x":', "f")),
                piece(index=0, id="b", function=function("2}", "f")),
            ],
            id="one index for all",
        ),
        pytest.param(
            [
                piece(id="a", function=function('{"x":1}', "f")),
                piece(id="b", function=function('{"x":', "f")),
                piece(function=function("2}")),
            ],
            id="no index",
        ),
        pytest.param(
            [
                piece(index=0, id="a", function=function("", "f")),
                piece(index=1, id="b", function=function("", "f")),
                piece(index=0, function=function('{"x":1}')),
                piece(index=1, function=function('{"x":2}')),
                piece(index=1, id=None, type=None, function=function(None)),
            ],
            id="side by side",
        ),
    ],
)
def test_calls_in_pieces(pieces: list[Any]) -> None:
    expected = (ToolCall("a", "f", '{"x":1}', {"x": 1}), ToolCall("b", "f", '{"x":2}', {"x": 2}))
    assert parts(answer(*pieces)) == expected


# ---------------------------------------------------------------- usage

COUNTS = {"prompt_tokens": 9, "completion_tokens": 5, "total_tokens": 14}


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({"usage": COUNTS}, Usage(9, 5, 14)),
        ({"usage": {**COUNTS, "prompt_cache_hit_tokens": 4}}, Usage(9, 5, 14, 4)),
        ({"usage": {**COUNTS, "cached_tokens": 4, "reasoning_tokens": 2}}, Usage(9, 5, 14, 4, None, 2)),
        (
            {"usage": {**COUNTS, "cache_read_input_tokens": 4, "cache_creation_input_tokens": 3}},
            Usage(9, 5, 14, 4, 3),
        ),
        (
            {"usage": {**COUNTS, "prompt_tokens_details": {"cached_tokens": 0, "cache_write_tokens": 3}}},
            Usage(9, 5, 14, 0, 3),
        ),
        ({"x_groq": {"id": "q", "usage": COUNTS}}, Usage(9, 5, 14)),
        ({"x_groq": {"usage": {"prompt_tokens": 1}}, "usage": COUNTS}, Usage(9, 5, 14)),
        ({"timings": {"prompt_n": 5, "cache_n": 4, "predicted_n": 5}}, Usage(9, 5, None, 4)),
        ({"timings": {"prompt_n": 5, "predicted_n": 5}, "usage": COUNTS}, Usage(9, 5, 14)),
        ({"usage": None}, None),
    ],
)
def test_usage(more: Any, expected: Usage | None) -> None:
    assert answer(whole({"content": "Wet"}, **more)).usage == expected
    assert answer(chunk({"content": "Wet"}), {"choices": [], **more}).usage == expected


# ---------------------------------------------------------------- errors


@pytest.mark.parametrize(
    "events",
    [
        pytest.param([{"error": {"message": "no", "failed_generation": "{}", "status_code": 400}}], id="Groq"),
        pytest.param([{**chunk({"content": ""}, "error"), "error": {"code": 502, "message": "no"}}], id="OpenRouter"),
        pytest.param([{"error": {"message": "no", "code": 500}}, "[DONE]"], id="vLLM"),
        pytest.param([{"choices": [], "x_groq": {"id": "q", "error": "no"}}], id="Groq's own field"),
    ],
)
def test_an_error_in_a_stream_leaves_what_came_before(events: list[Any]) -> None:
    call = answer(chunk({"content": "We"}), *events)
    assert call.error is not None
    assert call.error.message == "no"
    assert parts(call) == (Text("We"),)


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({"error": {"message": "no"}}, "no"),
        ({"code": "invalid-argument", "error": "no"}, "no"),
        ({"object": "error", "message": "no", "type": "bad"}, "no"),
        ({"detail": "no"}, "no"),
        ({"error": {"code": 400, "message": "no", "metadata": {"raw": "x"}}}, "no"),
    ],
)
def test_an_error_instead_of_an_answer(body: Any, message: str) -> None:
    call = answer(body, status=400)
    assert call.protocol == "openai.chat_completions"
    assert call.error is not None
    assert (call.error.message, call.error.status) == (message, 400)
    assert call.replies == ()


# ---------------------------------------------------------------- recognition and what else there is


@pytest.mark.parametrize(
    ("url", "body", "request_body"),
    [
        ("/chat/completions", {}, {}),
        ("/chat/completions/r/messages", {}, {}),
        ("", {"choices": [{"message": {"content": "a"}}]}, {}),
        ("", {"choices": [{"delta": {}}]}, {}),
        ("", {"choices": [], "object": "chat.completion.chunk"}, {}),
        ("", {"choices": [], "object": "", "id": "", "prompt_filter_results": []}, {}),
        ("", [{"choices": [{"delta": {"content": "a"}}]}], {}),
        ("/v1/completions", {"choices": [{"text": "a"}]}, {"messages": []}),
        ("", {"object": "list", "data": [{"object": "chat.completion"}]}, {}),
    ],
)
def test_recognition(url: str, body: Any, request_body: Any) -> None:
    assert answer(body, url=url, request=request_body).protocol == "openai.chat_completions"


def test_a_list_of_chunks_is_a_stream() -> None:
    assert parts(answer([chunk({"content": "We"}), chunk({"content": "t"}, "stop")])) == (Text("Wet"),)


def test_text_in_place_of_a_message_is_read_once() -> None:
    event = chunk({"content": "Wet"})
    event["choices"][0]["text"] = "Wet"
    assert parts(answer(event)) == (Text("Wet"),)
    assert parts(answer({"choices": [{"index": 0, "text": "Wet"}]})) == (Text("Wet"),)


@pytest.mark.parametrize(
    ("data", "summary"),
    [
        ([{"object": "chat.completion", "id": "a"}], {"completions": ["a"]}),
        ([{"id": "m", "role": "user", "content": "Hi"}], {"messages": 1}),
    ],
)
def test_stored_completions(data: Any, summary: Any) -> None:
    assert answer({"object": "list", "data": data}).summary == summary


def test_what_an_assistant_said_before() -> None:
    said = {"role": "assistant", "content": "Wet", "images": [IMAGE], "audio": {"id": "a"}}
    said["reasoning_details"] = [{"type": "reasoning.text", "text": "Hm"}]
    (message,) = decode(exchange(URL, {"messages": [said]}, None)).prompt.messages
    image = Blob("image/png", "image", PNG, 8)
    assert message.parts == (Reasoning("Hm"), Text("Wet"), image, FileRef("a", None, "audio"))


@pytest.mark.long
def test_any_type_at_any_place_of_a_dialect_is_read() -> None:
    said = {
        "content": [{"type": "text", "text": "Wet", "annotations": [LINK]}, {"type": "thinking", "thinking": [{}]}],
        "reasoning_details": [{"type": "reasoning.text", "text": "Hm"}],
        "annotations": [{"type": "url_citation", "url_citation": LINK}],
        "context": {"citations": [{"title": "a"}]},
        "executed_tools": [{"index": 0, "type": "search", "arguments": "{}", "output": "wet"}],
        "audio": {"id": "a", "transcript": "Wet", "data": "UklGRg=="},
        "images": [IMAGE],
    }
    event = whole(
        said, citations=["u"], search_results=[{"url": "u"}], x_groq={"usage": COUNTS}, timings={"cache_n": 1}
    )
    event["choices"][0]["logprobs"] = {**TOKENS, "tokens": ["a"], "token_logprobs": [-1], "top_logprobs": [{"b": -2}]}
    for path in places(event):
        for thing in ANYTHING:
            changed = replaced(event, path, thing)
            assert raised(answer(changed)) == []
            later = answer(chunk(), changed, chunk({"content": "Dry"}))
            assert raised(later) == []


def test_the_mark_of_the_end_is_the_end_of_all_choices() -> None:
    begun = {"choices": [{"index": 1, "delta": {"content": "Dry"}, "finish_reason": None}]}
    assert not answer(chunk({"content": "Wet"}, "stop"), begun).complete
    assert answer(chunk({"content": "Wet"}, "stop"), begun, "[DONE]").complete
