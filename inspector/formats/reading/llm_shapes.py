"""What the JSON of language models looks like, for files that hold nothing else to be told by.

This only says that a value is worth showing; what it means is for `inspector.decode` to say. A value may be the first
part of one: whatever has the wrong type is no mark.
"""

from __future__ import annotations

from typing import Any

from inspector.model import Json

_OBJECTS = ("chat.completion", "text_completion", "response", "embedding", "model", "thread.", "realtime.")
_TYPES = (
    "message_start", "message_delta", "content_block_", "response.", "message-start", "message-end", "content-start",
    "content-delta", "tool-plan-delta", "tool-call-", "citation-start", "transcript.text.", "image_generation.",
)  # fmt: skip
_EVENTS = ("interaction.", "step.", "stream-start", "text-generation", "tool-calls-generation", "stream-end")
_CONVERSE = ("messageStart", "contentBlockStart", "contentBlockDelta", "contentBlockStop", "messageStop")
_IN_LISTS = (
    ("choices", ("delta", "message", "text")),
    ("candidates", ("content", "finishReason", "finish_reason")),
    ("data", ("embedding", "b64_json", "revised_prompt")),
    ("results", ("outputText", "generated_text", "relevance_score", "category_scores")),
    ("predictions", ("embeddings",)),
    ("outputs", ("text",)),
    ("generations", ("text",)),
    ("completions", ("data",)),
    ("models", ("digest", "supportedGenerationMethods")),
)
"""Lists, and the keys of which their first object has one."""

_TOGETHER = (
    ("usageMetadata", "modelVersion"),
    ("promptFeedback",),
    ("prompt_filter_results", "choices"),
    ("model", "done", "created_at"),
    ("model", "embeddings"),
    ("generation", "stop_reason"),
    ("completion", "stop_reason"),
    ("outputText", "index"),
    ("inputTextTokenCount",),
    ("finish_reason", "message", "id"),
    ("generated_text", "details"),
    ("text", "segments"),
)
"""Keys that stand together in an answer."""

_SETTINGS = frozenset(
    {"model", "modelId", "max_tokens", "max_completion_tokens", "temperature", "stream", "anthropic_version"}
    | {"inferenceConfig", "toolConfig"}
)
"""What a request has beside its messages. Messages alone are what models are trained with."""


_MARKS = frozenset(
    {"object", "data", "type", "event_type", "output", "results", "error", "chunk", "bytes", "usage"}
    | {*_CONVERSE, *(name for names in _TOGETHER for name in names), *(name for name, _ in _IN_LISTS)}
)
"""Keys of which every answer has one."""


def is_answer(value: Json) -> bool:
    """Whether a value is a provider's response, or one event of a stream."""
    if not isinstance(value, dict) or _MARKS.isdisjoint(value):
        return False
    return (
        _starts(value.get("object"), _OBJECTS)
        or _starts(first(value.get("data")).get("object"), _OBJECTS)
        or _starts(value.get("type"), _TYPES)
        or _starts(value.get("event_type"), _EVENTS)
        or any(name in value and isinstance(value[name], dict) for name in _CONVERSE)
        or any(all(name in value for name in names) for names in _TOGETHER)
        or any(not first(value.get(name)).keys().isdisjoint(keys) for name, keys in _IN_LISTS)
        or _is_message(value)
        or _is_transcript(value.get("results"))
        or _is_error(value)
        or _has_bytes(value)
        or _has_usage(value)
    )


def is_request(value: Json) -> bool:
    """Whether a value is the body of a request to a model."""
    if not isinstance(value, dict):
        return False
    asked = value.get("messages")
    if isinstance(asked, list) and "role" in first(asked):
        return not value.keys().isdisjoint(_SETTINGS)
    if "parts" in (first(value.get("contents")) or value.get("contents") or ()):
        return True
    named = isinstance(value.get("model"), str)
    return named and any(isinstance(value.get(key), (str, list)) for key in ("input", "prompt", "contents"))


def is_whole(value: Json) -> bool:
    """Whether an object is a request, or an answer that cannot be one event of a stream."""
    if not isinstance(value, dict) or "delta" in first(value.get("choices")):
        return False
    is_chat = "message" in first(value.get("choices"))
    kinds = (value.get("object"), value.get("type"))
    return is_chat or kinds[0] == "response" or kinds[1] == "message" or "output" in value or is_request(value)


def first(value: Json) -> dict[str, Any]:
    """The first object of a list; empty where there is none."""
    return value[0] if isinstance(value, list) and value and isinstance(value[0], dict) else {}


def _starts(value: Json, beginnings: tuple[str, ...]) -> bool:
    return isinstance(value, str) and value.startswith(beginnings)


def _is_message(value: dict[str, Any]) -> bool:
    """A whole answer of Anthropic, or of Bedrock's Converse."""
    if value.get("type") == "message":
        return value.get("role") == "assistant" and ("model" in value or "stop_reason" in value)
    output = value.get("output")
    return isinstance(output, dict) and isinstance(output.get("message"), dict)


def _is_transcript(results: Json) -> bool:
    return isinstance(results, dict) and isinstance(results.get("channels"), list)


def _is_error(value: dict[str, Any]) -> bool:
    """An error as most providers word it. Much else has an error, so its parts have to be there too."""
    error = value.get("error")
    if not isinstance(error, dict) or not isinstance(error.get("message"), str):
        return False
    return value.keys() <= {"error", "type", "request_id", "status", "user_id"} and bool(
        error.keys() & {"type", "code", "status", "param"}
    )


def _has_bytes(value: dict[str, Any]) -> bool:
    """A frame of Bedrock's: base64 of an event."""
    chunk = value.get("chunk", value)
    return isinstance(chunk, dict) and isinstance(chunk.get("bytes"), str)


def _has_usage(value: dict[str, Any]) -> bool:
    """Tokens counted, and something of who counted them."""
    usage = value.get("usage")
    counted = isinstance(usage, dict) and any("token" in str(key).lower() for key in usage)
    return counted and not value.keys().isdisjoint(("id", "model", "status", "metrics"))
