"""Particular cases of Cohere's protocols."""

from __future__ import annotations

import pytest

from inspector.decode.decoder import decode
from inspector.model import Body, Citation, Json, ModelCall, Part, Reasoning, Text, ToolCall, Unknown, Uri, Usage
from tests.decode.protocols.samples.sample import exchange

CHAT = "https://api.cohere.com/v2/chat"
CHAT_V1 = "https://api.cohere.com/v1/chat"
EMBED = "https://api.cohere.com/v2/embed"


def answer(url: str, *events: Json) -> ModelCall:
    body = Body("value", events[0]) if len(events) == 1 else Body("chunks", list(events))
    return decode(exchange(url, {}, body))


def said(call: ModelCall) -> tuple[Part, ...]:
    return tuple(part for reply in call.replies for part in reply.parts)


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ({"content": "a"}, (Text("a"),)),
        ({"content": [{"type": "text", "text": "a"}, {"novelty": 1}]}, (Text("a"), Unknown({"novelty": 1}))),
        ({"tool_plan": "Hm."}, (Reasoning("Hm."),)),
        (
            {"tool_calls": [{"id": "c", "function": {"name": "f", "arguments": ""}}]},
            (ToolCall("c", "f", ""),),
        ),
    ],
)
def test_messages(message: Json, expected: tuple[Part, ...]) -> None:
    whole = {"id": "r", "finish_reason": "COMPLETE", "message": {"role": "assistant", **message}}
    assert said(answer("", whole)) == expected


@pytest.mark.parametrize(
    ("source", "citation"),
    [
        (
            {"type": "document", "id": "d", "document": {"title": "Sky", "url": "http://x", "snippet": "wet"}},
            Citation(0, 1, "http://x", "Sky", "wet"),
        ),
        ({"type": "document", "id": "d", "document": {"data": "wet"}}, Citation(0, 1, None, "d", "wet")),
        ({"type": "tool", "id": "c:0", "tool_output": {"sky": "wet"}}, Citation(0, 1, None, "c:0", None)),
    ],
)
def test_sources(source: Json, citation: Citation) -> None:
    marks = [{"start": 0, "end": 1, "text": "a", "sources": [source]}]
    message = {"role": "assistant", "content": [{"type": "text", "text": "a"}], "citations": marks}
    (text,) = said(answer(CHAT, {"finish_reason": "COMPLETE", "message": message}))
    assert text == Text("a", citations=(citation,))
    asked = decode(exchange(CHAT, {"messages": [message]}, None))
    assert asked.prompt.messages[0].parts == (text,)


@pytest.mark.parametrize(
    ("word", "finish"),
    [
        ("MAX_TOKENS", "length"),
        ("STOP_SEQUENCE", "stop"),
        ("ERROR", "error"),
        ("TIMEOUT", "error"),
        ("COMPLETE", "stop"),
    ],
)
def test_finish_reasons(word: str, finish: str) -> None:
    end = {"type": "message-end", "delta": {"finish_reason": word}}
    (reply,) = answer(CHAT, {"type": "message-start", "delta": {"message": {"role": "assistant"}}}, end).replies
    assert reply.finish_reason == finish


def test_what_is_paid_for_counts_where_nothing_else_does() -> None:
    end = {"type": "message-end", "delta": {"usage": {"billed_units": {"input_tokens": 2, "output_tokens": 1}}}}
    assert answer(CHAT, end).usage == Usage(2, 1)


def test_an_error_in_the_stream() -> None:
    end = {"type": "message-end", "delta": {"finish_reason": "ERROR", "error": "no"}}
    call = answer(CHAT, {"type": "content-delta", "delta": {"message": {"content": {"text": "a"}}}}, end)
    assert call.error is not None
    assert (call.error.message, said(call)) == ("no", (Text("a"),))


def test_v1_cites_documents_by_their_ids() -> None:
    """The last event of a stream has them, and repeats the text, which is not doubled."""
    whole = {
        "generation_id": "r",
        "text": "rain",
        "finish_reason": "COMPLETE",
        "citations": [{"start": 0, "end": 4, "text": "rain", "document_ids": ["d", "e"]}],
        "documents": [{"id": "d", "title": "Sky", "url": "http://x", "snippet": "wet"}],
    }
    cited = Text("rain", citations=(Citation(0, 4, "http://x", "Sky", "wet"), Citation(0, 4, None, "e")))
    assert said(answer(CHAT_V1, whole)) == (cited,)
    events = [
        {"event_type": "stream-start", "generation_id": "r"},
        {"event_type": "text-generation", "text": "ra"},
        {"event_type": "text-generation", "text": "in"},
        {"event_type": "stream-end", "finish_reason": "COMPLETE", "response": whole},
    ]
    call = answer("", *events)
    assert (call.protocol, said(call), call.complete) == ("cohere.chat_v1", (cited,), True)


def test_generations_are_replies_of_their_own() -> None:
    call = answer("https://api.cohere.com/v1/generate", {"generations": [{"text": "a"}, {"text": "b"}]})
    assert [reply.parts for reply in call.replies] == [(Text("a"),), (Text("b"),)]


@pytest.mark.parametrize(
    ("embeddings", "summary"),
    [
        ([[1, 2, 3]], {"count": 1, "dimensions": 3}),
        ({"float": [[1, 2]], "binary": [[1]]}, {"count": 1, "dimensions": 2}),
        ({"base64": ["AAAAAAAAgD8="]}, {"count": 1, "dimensions": 2}),
        ({}, {"count": 0, "dimensions": None}),
    ],
)
def test_embeddings(embeddings: Json, summary: Json) -> None:
    assert answer(EMBED, {"embeddings": embeddings}).summary == summary


def test_what_is_embedded() -> None:
    request = {"images": ["https://x/a.png"], "inputs": [{"content": [{"type": "text", "text": "a"}]}]}
    (message,) = decode(exchange(EMBED, request, None)).prompt.messages
    assert message.parts == (Uri("https://x/a.png", None, "image"), Text("a"))
