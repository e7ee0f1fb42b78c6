"""xAI's chat over gRPC, as its messages are written down."""

from __future__ import annotations

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
    Text,
    Token,
    ToolDefinition,
    ToolResult,
    Unknown,
    Uri,
    Usage,
)
from tests.decode.protocols.samples.sample import PNG, exchange

URL = "/xai_api.Chat/GetCompletion"


def answer(*outputs: Any, url: str = URL, **more: Any) -> ModelCall:
    call = decode(exchange(url, {"model": "m"}, Body("value", {"outputs": list(outputs), **more})))
    assert call.problems == ()
    return call


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ({"text": "a"}, (Text("a"),)),
        ({"text": ""}, ()),
        ({"image_url": {"image_url": "http://i", "detail": "DETAIL_AUTO"}}, (Uri("http://i", None, "image"),)),
        ({"file": {"file_id": "f", "mime_type": "audio/wav"}}, (FileRef("f", "audio/wav", "audio"),)),
        ({"file": {"data": PNG, "mime_type": "image/png"}}, (Blob("image/png", "image", PNG, 8),)),
        ({"file": {"url": "http://f"}}, (Uri("http://f"),)),
        ({"novelty": 1}, (Unknown({"novelty": 1}),)),
    ],
)
def test_content(content: Any, expected: tuple[Part, ...]) -> None:
    prompt = decode(exchange(URL, {"messages": [{"role": "ROLE_USER", "content": [content]}]}, None)).prompt
    assert prompt.messages[0].parts == expected


@pytest.mark.parametrize(
    ("tool", "expected"),
    [
        ({"function": {"name": "f", "parameters": '{"x": 1}'}}, ToolDefinition("function", "f", None, {"x": 1})),
        ({"function": {"name": "f", "parameters": "{"}}, ToolDefinition("function", "f", None, None)),
        ({"web_search": {"enable": True}}, ToolDefinition("web_search", None, None, {"enable": True})),
        ({"x_search": {}}, ToolDefinition("x_search", None, None, None)),
    ],
)
def test_tools(tool: Any, expected: ToolDefinition) -> None:
    assert decode(exchange(URL, {"tools": [tool]}, None)).prompt.tools == (expected,)


def test_what_its_own_tools_answer_stands_between_the_replies() -> None:
    search = {"id": "c", "function": {"name": "web_search", "arguments": "{}"}}
    call = answer(
        {"index": 0, "message": {"role": "ROLE_ASSISTANT", "tool_calls": [search]}},
        {"index": 1, "message": {"role": "ROLE_TOOL", "content": "wet", "tool_calls": [search]}},
        {"index": 2, "message": {"role": "ROLE_ASSISTANT", "content": "Rain"}, "finish_reason": "REASON_STOP"},
        citations=["http://s"],
    )
    assert [reply.role for reply in call.replies] == ["assistant", "tool", "assistant"]
    assert call.replies[1].parts == (ToolResult("c", "web_search", "wet"),)
    assert call.replies[2].parts == (Text("Rain", citations=(Citation(None, None, "http://s", None),)),)


def test_citations_in_the_text_and_probabilities() -> None:
    cited = {"end_index": 4, "web_citation": {"url": "http://s"}}
    tokens = [{"token": "Rain", "top_logprobs": [{"token": "Snow", "logprob": -2}]}]
    message = {"role": "ROLE_ASSISTANT", "content": "Rain", "citations": [cited]}
    (reply,) = answer({"message": message, "logprobs": {"content": tokens}}).replies
    assert reply.parts == (
        Text("Rain", (), (Citation(0, 4, "http://s", None),), (Token("Rain", 0.0, (("Snow", -2.0),)),)),
    )


@pytest.mark.parametrize(
    ("counts", "usage"),
    [
        ({"prompt_tokens": 1, "completion_tokens": 2, "total_tokens": 3}, Usage(1, 2, 3)),
        (
            {"prompt_tokens": 1, "completion_tokens": 2, "reasoning_tokens": 4, "total_tokens": 7},
            Usage(1, 6, 7, None, None, 4),
        ),
        (
            {"prompt_tokens": 1, "completion_tokens": 6, "reasoning_tokens": 4, "total_tokens": 7},
            Usage(1, 6, 7, None, None, 4),
        ),
    ],
)
def test_counts(counts: Any, usage: Usage) -> None:
    assert answer(usage=counts).usage == usage


def test_the_shape_tells_where_there_is_no_address() -> None:
    assert answer({"message": {"content": "a"}}, url="").protocol == "x_ai.grpc"
    assert answer({"message": {"content": "a"}}, url="http://x/other").protocol is None
