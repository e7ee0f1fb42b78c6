"""Calls in a logger's own words: an object that keeps what was asked beside what was answered, or an answer that is
nothing but its text."""

from __future__ import annotations

from typing import Any

from inspector.formats.reading import encoded
from inspector.formats.reading.bodies import obj
from inspector.formats.reading.halves import HEADERS, STATUS, parsed
from inspector.formats.reading.llm_shapes import first, is_answer, is_request
from inspector.model import Json

ERRORS = ("error", "exception", "failure", "error_message", "errorMessage", "error_str")
_ASKED = ("messages", "prompt", "input", "question")
_ANSWERED = ("response", "completion", "output", "answer", "reply", "generation", "generated_text", "response_text")
_SETTINGS = (
    "model", "temperature", "max_tokens", "max_completion_tokens", "top_p", "stop", "seed", "stream", "tools",
    "tool_choice", "response_format", "system",
)  # fmt: skip
_COUNTS = ("prompt_tokens", "completion_tokens", "total_tokens", "input_tokens", "output_tokens")
_SAID = ("content", "text", "message", "output_text", "tool_calls", "reasoning", "reasoning_content")
_STREAM = ("data:", "event:")

KEYS = frozenset({*_ASKED, *_ANSWERED, *_SETTINGS, *_COUNTS, "usage"})
"""Keys of an entry that are read."""


def flat(entry: dict[str, Any]) -> tuple[Json, Json] | None:
    """The request and the answer of an entry that names a model and has both for its own; None for any other."""
    asked = next((key for key in _ASKED if _is_asked(entry.get(key))), None)
    answered = next((key for key in _ANSWERED if _is_answered(entry.get(key))), None)
    failed = any(isinstance(entry.get(key), (str, dict)) and entry[key] for key in ERRORS)
    is_named = isinstance(entry.get("model"), str) or (asked == "messages" and "response" in entry)
    is_whole = is_named and (answered or failed or "response" in entry)
    if asked is None or not is_whole or is_answer({key: value for key, value in entry.items() if key != "usage"}):
        return None
    told = {**obj(entry.get("model_parameters", entry.get("optional_params")))}
    told |= {key: entry[key] for key in _SETTINGS if key in entry}
    said = entry[asked]
    if asked == "prompt" and isinstance(said, str):
        request: dict[str, Any] = {**told, "prompt": said}
    elif isinstance(said, dict):
        request = {**told, **said}
    else:
        request = {**told, "messages": [{"role": "user", "content": said}] if isinstance(said, str) else said}
    return request, _with_counts(as_answer(request, entry.get(answered) if answered else None), entry)


def as_answer(request: Json, told: Json) -> Json:
    """What a logger keeps of an answer, in the form of the completion that it is a part of: its text, or its message.
    What is a provider's own answer, encoded, or a stream comes as it is, and so does what is not understood."""
    if not is_request(request) or is_answer(told) or is_answer(parsed(told)):
        return told
    if isinstance(told, str) and told and not told.lstrip().startswith(_STREAM) and encoded.undone(told) is None:
        return _completion(request, {"role": "assistant", "content": told})
    if isinstance(told, dict) and _is_message(told):
        said = {"content": told.get("text", told.get("output_text")), **told}
        message = {key: value for key, value in said.items() if key != "usage"}
        inner = said.get("message")
        message = inner if isinstance(inner, dict) else {**message, "content": inner} if inner else message
        return {**_completion(request, {"role": "assistant", **message}), "usage": told.get("usage")}
    return told


def _is_message(told: dict[str, Any]) -> bool:
    """Whether an object has words of a message and nothing of an HTTP response."""
    others = {"body", *STATUS, *HEADERS}
    said = next((told[key] for key in _SAID if told.get(key)), None)
    is_body = isinstance(said, str) and (is_answer(parsed(said)) or said.lstrip().startswith(_STREAM))
    return said is not None and not is_body and others.isdisjoint(told)


def _completion(request: Json, message: dict[str, Any]) -> dict[str, Any]:
    if isinstance(obj(request).get("prompt"), str) and isinstance(message.get("content"), str):
        return {"object": "text_completion", "choices": [{"index": 0, "text": message["content"]}]}
    return {"object": "chat.completion", "choices": [{"index": 0, "message": message}]}


def _with_counts(answer: Json, entry: dict[str, Any]) -> Json:
    """The answer with the tokens that stand beside it."""
    counts = entry.get("usage") or {key: entry[key] for key in _COUNTS if key in entry}
    if not isinstance(answer, dict) or not counts or answer.get("usage"):
        return answer
    return {**answer, "usage": counts}


def _is_asked(value: Json) -> bool:
    messages = value.get("messages") if isinstance(value, dict) else value
    return (isinstance(value, str) and bool(value)) or "role" in first(messages)


def _is_answered(value: Json) -> bool:
    return (isinstance(value, str) and bool(value)) or (isinstance(value, dict) and bool(value))
