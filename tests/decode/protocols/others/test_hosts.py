"""Protocols of one provider each: what else they answer, and what is not theirs."""

from __future__ import annotations

from typing import Any

import pytest

from inspector.decode.decoder import decode
from inspector.model import Blob, Body, Citation, ModelCall, Text, Uri
from tests.decode.protocols.samples.sample import PNG, exchange

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
    ("url", "request_body", "body", "protocol"),
    [
        (
            f"{DASHSCOPE}/embeddings/multimodal-embedding/multimodal-embedding",
            {"input": {"contents": [{"text": "a"}, {"image": "https://x.test/a.png"}]}},
            {"output": {"embeddings": []}, "usage": {"image_tokens": 1}, "request_id": "r"},
            "dashscope.embeddings",
        ),
        (
            RUN,
            {"text": ["a"]},
            {"result": {"shape": [1, 1], "data": [[0.1]]}, "success": True, "errors": []},
            "cloudflare.embeddings",
        ),
        (
            RUN,
            {"query": "a", "contexts": [{"text": "b"}]},
            {"result": {"response": [{"id": 0, "score": 0.9}]}, "success": True, "errors": []},
            "cloudflare.workers_ai_tasks",
        ),
        (
            "https://api.anthropic.com/v1/models/m",
            {},
            {"type": "error", "error": {"message": "y"}, "request_id": "req_011"},
            None,
        ),
    ],
)
def test_what_is_no_chat_is_taken_for_none(url: str, request_body: Any, body: Any, protocol: str | None) -> None:
    call = answer(url, request_body, body)
    assert (call.protocol, call.problems) == (protocol, ())


@pytest.mark.parametrize(
    ("asked", "held"),
    [
        ({"prompt": "a lamp"}, {"image": PNG}),
        ({"audio": [82, 73, 70, 70]}, {"audio": "UklGRiQA"}),
    ],
)
def test_pictures_and_sound_of_workers_ai(asked: Any, held: Any) -> None:
    call = answer(RUN, asked, {"result": held, "success": True, "errors": []})
    ((part,),) = (reply.parts for reply in call.replies)
    assert isinstance(part, Blob)
    assert (part.modality, part.data) == next(iter(held.items()))
    assert [message.parts for message in call.prompt.messages] != [()]


def test_speech_and_sources_of_dashscope() -> None:
    found = {"search_results": [{"index": 1, "title": "Sky", "url": "https://x.test/sky", "site_name": "Coast"}]}
    said = answer(f"{DASHSCOPE}/aigc/text-generation/generation", {},
                  {"output": {"text": "Fog", "search_info": found}, "request_id": "r"})  # fmt: skip
    assert [part.citations for reply in said.replies for part in reply.parts if isinstance(part, Text)] == [
        (Citation(None, None, "https://x.test/sky", "Sky"),)
    ]
    sound = {"audio": {"data": "", "url": "https://x.test/a.wav"}, "finish_reason": "stop"}
    spoken = answer(f"{DASHSCOPE}/aigc/multimodal-generation/generation", {}, {"output": sound, "request_id": "r"})
    assert [reply.parts for reply in spoken.replies] == [(Uri("https://x.test/a.wav", None, "audio"),)]
    assert (said.problems, spoken.problems) == ((), ())


@pytest.mark.parametrize(
    ("asked", "protocol"),
    [
        ({**ASKED, "max_tokens": 3, "system": "Keep the light"}, "anthropic.messages"),
        ({**ASKED, "max_tokens": 3, "model": "eu.claude-lamp"}, "openai.chat_completions"),
        ({**ASKED, "max_tokens": 3, "model": "anthropic/claude-lamp"}, "anthropic.messages"),
        ({"contents": [{"role": "user", "parts": [{"text": "Is it lit?"}]}]}, "gemini.generate_content"),
        ({"model": "m", "input": "Is it lit?", "instructions": "Keep the light"}, "openai.responses"),
        (
            {"messages": [{"role": "user", "content": [{"text": "Is it lit?"}]}], "inferenceConfig": {"maxTokens": 3}},
            "bedrock.converse",
        ),
    ],
)
def test_an_error_does_not_hide_what_was_asked(asked: Any, protocol: str) -> None:
    for answered in ({"message": "out"}, "out"):
        call = decode(exchange("https://gateway.example/lamp", asked, Body("value", answered), 500))
        assert (call.protocol, call.error and call.error.message) == (protocol, "out")
        assert [
            part.content for message in call.prompt.messages for part in message.parts if isinstance(part, Text)
        ] == ["Is it lit?"]


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
