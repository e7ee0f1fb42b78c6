"""Turns of a conversation as a test recorder writes them: one indented JSON file an exchange, named by a hash."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from random import Random
from typing import Any

import orjson

from tests.benchmarks.talks import Body, Model, Turn, tools
from tests.benchmarks.words import WORDS, word

_PIECES = re.compile(r"\S+\s*|\s+")
_CHUNK = "openai.types.chat.chat_completion_chunk.ChatCompletionChunk"
_WHOLE = "openai.types.chat.chat_completion.ChatCompletion"

File = tuple[str, bytes]
"""A name and what stands in the file."""


def written(rng: Random, test: str | None, request: Body, response: Body) -> File:
    """A recording. Its name is a hash of the request and of when that was recorded: the same may be there again."""
    document = {"test_id": test, "request": request, "response": response, "id_normalization_mapping": {}}
    name = hashlib.sha256(rng.randbytes(8) + orjson.dumps(request)).hexdigest()
    return f"{name}.json", orjson.dumps(document, option=orjson.OPT_INDENT_2)


def exchange(rng: Random, test: str | None, model: Model, turn: Turn, stream: bool) -> File:
    """A chat completion. A provider of many sends usage with the last chunk, Azure an empty first one."""
    body: Body = {"model": model.asked, "messages": turn.messages, "stream": stream}
    if stream and rng.random() < 0.85:
        body["stream_options"] = {"include_usage": True}
    if any("tool_calls" in message for message in (*turn.messages, turn.reply)):
        body["tools"] = tools([*turn.messages, turn.reply])
    request = _request(model, "/chat/completions", body)
    made = (
        [*_chunks(rng, model, turn, "stream_options" in body)] if stream else _typed(_WHOLE, _whole(rng, model, turn))
    )
    return written(rng, test, request, {"body": made, "is_streaming": stream})


def _request(model: Model, path: str, body: Body) -> Body:
    return {
        "method": "POST",
        "url": f"{model.base}/v1{path}",
        "headers": {},
        "body": body,
        "endpoint": f"/v1{path}",
        "model": model.asked,
    }


def _typed(kind: str, data: Body) -> Body:
    return {"__type__": kind, "__data__": data}


def _usage(turn: Turn) -> Body:
    asked = sum(len(str(message["content"])) for message in turn.messages) // 4
    replied = len(turn.reply["content"] or "") // 4 + 9
    return {"completion_tokens": replied, "prompt_tokens": asked, "total_tokens": asked + replied}


def _whole(rng: Random, model: Model, turn: Turn) -> Body:
    message = {"annotations": None, "audio": None, "function_call": None, "refusal": None, "tool_calls": None}
    return {
        "id": f"rec-{rng.getrandbits(48):012x}",
        "choices": [{"finish_reason": turn.finish, "index": 0, "logprobs": None, "message": message | turn.reply}],
        "created": 0,
        "model": model.answers,
        "object": "chat.completion",
        "service_tier": None,
        "system_fingerprint": "fp_skerry",
        "usage": _usage(turn),
    }


def _chunks(rng: Random, model: Model, turn: Turn, usage: bool) -> Iterator[Body]:
    id, padded = f"rec-{rng.getrandbits(48):012x}", model.provider in ("openai", "azure")

    def chunk(choices: list[Body], usage: Body | None = None, answers: str = model.answers) -> Body:
        data: Body = {
            "id": id,
            "choices": choices,
            "created": 0,
            "model": answers,
            "object": "chat.completion.chunk",
            "service_tier": "default",
            "system_fingerprint": "fp_skerry",
            "usage": usage,
        }
        return _typed(_CHUNK, data | ({"obfuscation": "x" * int(rng.random() * 12)} if padded else {}))

    if model.provider == "azure":
        yield chunk([], answers="")
    yield chunk([_choice({"role": "assistant", "content": ""})])
    for delta in _deltas(rng, turn.reply):
        yield chunk([_choice(delta)])
    if rng.random() > 0.004:  # else the stream stops in the middle
        yield chunk([_choice({}, turn.finish)])
        if usage:
            yield chunk([], _usage(turn))


def _choice(delta: Body, finish: str | None = None) -> Body:
    nothing = {"content": None, "function_call": None, "refusal": None, "role": None, "tool_calls": None}
    return {"delta": nothing | delta, "finish_reason": finish, "index": 0, "logprobs": None}


def _deltas(rng: Random, reply: Body) -> Iterator[Body]:
    for index, call in enumerate(reply.get("tool_calls", ())):
        function = {"arguments": "", "name": call["function"]["name"]}
        yield {"tool_calls": [{"index": index, "id": call["id"], "function": function, "type": "function"}]}
        text = call["function"]["arguments"]
        for at in range(0, len(text), 5):
            function = {"arguments": text[at : at + 5], "name": None}
            yield {"tool_calls": [{"index": index, "id": None, "function": function, "type": None}]}
    text = reply["content"] or ""
    yield from ({"content": piece} for piece in (_PIECES.findall(text) if text.isascii() else text))


# ---------------------------------------------------------------- what is not chat


def models(rng: Random, model: Model) -> File:
    """A list of models, without a test."""
    rows = [
        _typed("openai.types.model.Model", {"id": f"{word(rng)}-{number}b", "created": 0, "object": "model"})
        for number in range(rng.choice((4, 90, 130)))
    ]
    name, text = written(rng, None, _request(model, "/models", {}), {"body": rows, "is_streaming": False})
    return f"models-{name[:-5]}-{name[:8]}.json", text


def embeddings(rng: Random, test: str, text: str) -> File:
    model = Model("text-embedding-3-small", "text-embedding-3-small", "openai", "https://api.openai.com/v1")
    data: Body = {
        "data": [{"embedding": [round(rng.random() - 0.5, 9) for _ in range(1536)], "index": 0, "object": "embedding"}],
        "model": model.answers,
        "object": "list",
        "usage": {"prompt_tokens": 9, "total_tokens": 9},
    }
    request = _request(model, "/embeddings", {"model": model.asked, "input": [text], "encoding_format": "float"})
    body = _typed("openai.types.create_embedding_response.CreateEmbeddingResponse", data)
    return written(rng, test, request, {"body": body, "is_streaming": False})


def refused(rng: Random, test: str, model: Model, turn: Turn) -> File:
    """A request that the provider answers with an error."""
    message = f"{word(rng)} is too large: {rng.randrange(10**6)}. This model takes at most 16384."
    error = {"message": message, "type": "invalid_request_error", "param": rng.choice(WORDS[:90]), "code": None}
    failure: dict[str, Any] = {
        "category": "provider_sdk",
        "provider": model.provider,
        "type": "BadRequestError",
        "message": f"Error code: 400 - {error}",
        "status_code": 400,
        "body": error,
    }
    response = {"body": None, "is_streaming": False, "is_exception": True, "exception_data": failure}
    request = _request(model, "/chat/completions", {"model": model.asked, "messages": turn.messages, "stream": True})
    return written(rng, test, request, response | {"exception_message": failure["message"]})


def gemini(rng: Random, test: str, turn: Turn) -> File:
    """A stream of Google's own protocol, in large pieces."""
    asked = [
        {"role": "user", "parts": [{"text": str(message["content"])}]}
        for message in turn.messages
        if message["role"] == "user"
    ]
    name = "publishers/google/models/gemini-2.0-flash"
    parts = [
        {"function_call": {"name": call["function"]["name"], "args": {"query": word(rng)}}}
        for call in turn.reply.get("tool_calls", ())
    ] or [{"text": piece} for piece in re.findall(r".{1,60}", turn.reply["content"], re.DOTALL)]
    body = [
        {
            "sdk_http_response": {"headers": {"Content-Type": "text/event-stream", "Server": "scaffolding"}},
            "candidates": [{"content": {"parts": [part], "role": "model"}}],
            "create_time": "2026-01-30T23:41:02.118340Z",
            "model_version": "gemini-2.0-flash",
            "usage_metadata": {"traffic_type": "ON_DEMAND"},
        }
        for part in parts
    ]
    body[-1]["candidates"] = [{"content": {"parts": parts[-1:], "role": "model"}, "finish_reason": "STOP"}]
    request: Body = {
        "method": "POST",
        "url": "vertexai:///generate_content_stream",
        "headers": {},
        "body": {"model": name, "contents": asked, "config": {"temperature": 0.2}},
        "endpoint": "/generate_content_stream",
        "model": name,
        "provider_metadata": {"provider": "vertexai"},
    }
    return written(rng, test, request, {"body": body, "is_streaming": True})
