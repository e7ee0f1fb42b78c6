"""Protocols of one provider each: what else they answer, and what is not theirs."""

from __future__ import annotations

from typing import Any

import pytest

from inspector.decode.decoder import decode
from inspector.model import Body, ModelCall, Text
from tests.decode.protocols.samples.sample import exchange

RUN = "https://api.cloudflare.com/client/v4/accounts/1/ai/run/@cf/harbour/lantern"
DASHSCOPE = "https://dashscope.aliyuncs.com/api/v1/services"
ASKED = {"model": "m", "messages": [{"role": "user", "content": "Is it lit?"}]}


def answer(url: str, request: Any, *events: Any, status: int | None = None) -> ModelCall:
    body = Body("value", events[0]) if len(events) == 1 else Body("chunks", list(events))
    return decode(exchange(url, request, body, status))


def texts(call: ModelCall) -> list[str]:
    return [part.content for reply in call.replies for part in reply.parts if isinstance(part, Text)]


def generated(text: str, reason: str = "null") -> dict[str, Any]:
    return {"output": {"text": text, "finish_reason": reason}, "request_id": "r"}


@pytest.mark.parametrize("texts_sent", [["ha", "ha", ""], ["ha", "haha", "haha"], ["", "haha"], ["haha"]])
def test_dashscope_says_pieces_or_all_so_far(texts_sent: list[str]) -> None:
    *begun, last = texts_sent
    call = answer(f"{DASHSCOPE}/aigc/text-generation/generation", {}, *map(generated, begun), generated(last, "stop"))
    assert (texts(call), call.complete) == (["haha"], True)


@pytest.mark.parametrize(
    "held",
    [
        {"response": "It is."},
        {"object": "chat.completion", "choices": [{"message": {"role": "assistant", "content": "It is."}}]},
        {"object": "response", "status": "completed", "output": [{"type": "message", "content": "It is."}]},
    ],
)
def test_workers_ai_answers_below_result_in_any_words(held: Any) -> None:
    call = answer(RUN, ASKED, {"result": held, "success": True, "errors": [], "messages": []})
    assert (call.protocol, texts(call)) == ("cloudflare.workers_ai", ["It is."])


@pytest.mark.parametrize(
    ("url", "request_body", "body"),
    [
        (
            f"{DASHSCOPE}/embeddings/text-embedding/text-embedding",
            {"input": {"texts": ["a"]}},
            {"output": {"embeddings": []}, "usage": {"total_tokens": 1}, "request_id": "r"},
        ),
        (RUN, {"text": ["a"]}, {"result": {"shape": [1, 1], "data": [[0.1]]}, "success": True, "errors": []}),
        (
            "https://api.anthropic.com/v1/models/m",
            {},
            {"type": "error", "error": {"message": "y"}, "request_id": "req_011"},
        ),
    ],
)
def test_what_is_no_chat_is_claimed_by_none(url: str, request_body: Any, body: Any) -> None:
    assert answer(url, request_body, body).protocol is None


@pytest.mark.parametrize(
    "error",
    [
        {"error": "out"},
        {"message": "out", "code": 5},
        {"detail": "out"},
        {"success": False, "errors": [{"message": "out"}]},
    ],
)
def test_an_error_does_not_hide_a_chat(error: Any) -> None:
    call = answer("https://gateway.example/lamp", ASKED, error, status=500)
    assert (call.protocol, call.error and call.error.message) == ("openai.chat_completions", "out")


def test_what_a_kept_conversation_says_is_shown() -> None:
    item = {"id": "m", "type": "message", "role": "user", "content": [{"type": "input_text", "text": "Is it lit?"}]}
    one = answer(
        "https://api.openai.com/v1/conversations/c/items", {"items": [item]}, {**item, "object": "conversation.item"}
    )
    several = answer("https://api.openai.com/v1/conversations/c/items", {}, {"object": "list", "data": [item, item]})
    history = {
        "object": "conversation.history",
        "entries": [{"type": "message.input", "role": "user", "content": "Is it lit?"}],
    }
    mistral = answer("https://api.mistral.ai/v1/conversations/c/history", {}, history)
    assert (
        texts(one)
        == [part.content for part in one.prompt.messages[0].parts if isinstance(part, Text)]
        == ["Is it lit?"]
    )
    assert [one.protocol, several.protocol, mistral.protocol] == [
        "stored_objects",
        "stored_objects",
        "mistral.conversations",
    ]
    assert [texts(several), texts(mistral)] == [["Is it lit?", "Is it lit?"], ["Is it lit?"]]
    assert [call.problems for call in (one, several, mistral)] == [(), (), ()]
