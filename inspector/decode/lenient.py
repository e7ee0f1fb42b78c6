"""Reading values of unknown shape: what has the wrong type reads as empty, never as an exception."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from inspector.model import (
    CallKind,
    Event,
    FinishReason,
    Json,
    Message,
    Part,
    ProviderError,
    Reasoning,
    Role,
    Text,
    ToolCall,
    Unknown,
    Uri,
    jsonio,
)
from inspector.model.delta import EndDelta, ErrorDelta
from inspector.model.media import blob as blob
from inspector.model.media import decoded as decoded
from inspector.model.media import modality as modality

_ROLES: dict[str, Role] = {
    "system": "system",
    "developer": "system",
    "user": "user",
    "assistant": "assistant",
    "model": "assistant",
    "agent": "assistant",
    "tool": "tool",
    "function": "tool",
    "observation": "tool",
    "ipython": "tool",
    "role_user": "user",
    "role_assistant": "assistant",
    "role_system": "system",
    "role_developer": "system",
    "role_function": "tool",
    "role_tool": "tool",
}

_FINISH: dict[str, FinishReason] = {
    "stop": "stop",
    "end_turn": "stop",
    "stop_sequence": "stop",
    "finish": "stop",
    "endoftext": "stop",
    "compaction": "stop",
    "pause_turn": "stop",
    "eos": "stop",
    "eos_token": "stop",
    "succeeded": "stop",
    "canceled": "error",
    "complete": "stop",
    "completed": "stop",
    "length": "length",
    "max_tokens": "length",
    "maximum_tokens": "length",
    "max_output_tokens": "length",
    "model_context_window_exceeded": "length",
    "error_limit": "length",
    "incomplete": "length",
    "tool_calls": "tool_call",
    "tool_call": "tool_call",
    "tool_use": "tool_call",
    "function_call": "tool_call",
    "requires_action": "tool_call",
    "content_filter": "content_filter",
    "content_filtered": "content_filter",
    "guardrail_intervened": "content_filter",
    "intervened": "content_filter",
    "error_toxic": "content_filter",
    "refusal": "content_filter",
    "safety": "content_filter",
    "recitation": "content_filter",
    "blocklist": "content_filter",
    "prohibited_content": "content_filter",
    "spii": "content_filter",
    "image_safety": "content_filter",
    "image_prohibited_content": "content_filter",
    "image_recitation": "content_filter",
    "model_armor": "content_filter",
    "jailbreak": "content_filter",
    "error": "error",
    "failed": "error",
    "rejected": "error",
    "malformed_function_call": "error",
    "malformed_response": "error",
    "malformed_tool_use": "error",
    "malformed_model_output": "error",
    "timeout": "error",
    "unexpected_tool_call": "error",
    "too_many_tool_calls": "error",
    "missing_thought_signature": "error",
    "no_image": "error",
    "image_other": "error",
    "language": "content_filter",
    "turn_complete": "stop",
    "reason_stop": "stop",
    "reason_max_len": "length",
    "reason_max_context": "length",
    "reason_time_limit": "length",
    "reason_tool_calls": "tool_call",
    # Gemini with enums as numbers. Those left out mean different things to its two services.
    "1": "stop",
    "2": "length",
    "3": "content_filter",
    "4": "content_filter",
    "7": "content_filter",
    "8": "content_filter",
}


_TEXT_TYPES = ("text", "input_text", "output_text")


def obj(value: Json) -> dict[str, Any]:
    """The value if it is an object, else an empty one."""
    return value if isinstance(value, dict) else {}


def seq(value: Json) -> list[Any]:
    """The value if it is a list, else an empty one."""
    return value if isinstance(value, list) else []


def listed(value: Json) -> list[Any]:
    """A list, or the list of the one thing that stands in its place."""
    return value if isinstance(value, list) else [] if value is None else [value]


def string(value: Json) -> str:
    """The value if it is text, else the empty text."""
    return value if isinstance(value, str) else ""


def maybe(value: Json) -> str | None:
    """The value if it is text with something in it."""
    return value if isinstance(value, str) and value else None


def count(value: Json) -> int | None:
    """The value if it is a whole number (JSON's true is none)."""
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def flag(value: Json) -> bool | None:
    """The value if it is true or false."""
    return value if isinstance(value, bool) else None


def either(raw: Mapping[str, Any], snake: str, camel: str) -> Json:
    """A field that is spelled in either case, depending on who wrote the JSON down."""
    value = raw.get(snake)
    return raw.get(camel) if value is None else value


@lru_cache(maxsize=64)  # a stream repeats it in every event
def _moment(text: str) -> str | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    if moment.tzinfo is None or not 1970 < moment.year < 9999:
        return None
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def moment(value: Json) -> str | None:
    """A recorded time as ISO 8601 in UTC; recorders write 1970 for a time that they blank."""
    return _moment(value) if isinstance(value, str) else None


def role(word: Json) -> Role:
    """The common role for a provider's word; what nobody knows reads as the user's."""
    return _ROLES.get(string(word).lower(), "user")


def finish(word: str) -> FinishReason:
    """The common finish reason for a provider's word."""
    return _FINISH.get(word.lower().removeprefix("finish_reason_"), "unknown")


def call(id: Json, name: Json, arguments: Json, kind: CallKind = "function") -> ToolCall:
    """A tool call from arguments in either form: JSON text, or the object itself."""
    text = arguments_text(arguments)
    return ToolCall(maybe(id), maybe(name), text, jsonio.parse_or_none(text), kind)


def arguments_text(value: Json) -> str:
    """A call's arguments as text: as sent, or the object that was sent as compact JSON."""
    if isinstance(value, str):
        return value
    return "" if value is None else jsonio.dumps(value)


def result(content: Json) -> Json:
    """What a tool answered: a list of nothing but text as one text, anything else as it is."""
    texts = isinstance(content, list) and all(obj(item).get("type") in _TEXT_TYPES for item in content)
    return "".join(string(item.get("text")) for item in content) if content and texts else content


def text_parts(content: Json) -> tuple[Part, ...]:
    """The parts of a content that is usually text: one text, none for nothing, the raw value otherwise."""
    if isinstance(content, str):
        return (Text(content),) if content else ()
    return () if content is None else (Unknown(content),)


def texts(value: Json) -> list[Json]:
    """The inputs of a field that holds a text, a list of texts, or the token ids of a text."""
    if value is None:
        return []
    ids = isinstance(value, list) and any(isinstance(item, (int, float)) for item in value)
    return value if isinstance(value, list) and not ids else [value]


def reasoning_parts(content: Json) -> tuple[Part, ...]:
    return (Reasoning(content),) if isinstance(content, str) and content else ()


def uri(address: str, mime_type: str | None = None, kind: str | None = None) -> Part:
    """A link, or the inline data of a ``data:`` address."""
    if address.startswith("data:") and ";base64," in address[:200]:
        head, _, data = address.partition(";base64,")
        return blob(data, head[5:].split(";")[0] or mime_type)
    return Uri(address, mime_type, kind or modality(mime_type))


def file_part(value: Json, kind: str) -> Part:
    """A file of a form, or a body that is no text: ``{"mime_type", "size", "data"}``."""
    file = obj(value)
    if not isinstance(file.get("data"), str):
        return Unknown(value)
    mime_type = maybe(file.get("mime_type"))
    return blob(file["data"], mime_type, kind if modality(mime_type) == "file" else None)


def message(role_word: Json, parts: tuple[Part, ...], name: Json = None) -> Message:
    return Message(role(role_word), parts, maybe(role_word), maybe(name))


def settings(body: dict[str, Any], *known: str) -> dict[str, Any]:
    """What a request asks beside the conversation: every key that is not among the known ones."""
    return {key: value for key, value in body.items() if key not in known}


def done(event: Event) -> tuple[EndDelta, ...]:
    """The end, where an event is the ``[DONE]`` that comes last in streams of OpenAI and of those who follow it."""
    said = event.raw if event.data is None else event.data
    return (EndDelta(of_all=True),) if isinstance(said, str) and said.strip() == "[DONE]" else ()


def errors(body: Mapping[str, Any]) -> tuple[ErrorDelta, ...]:
    """The error under ``error`` of an answer or an event; most have none, which costs next to nothing."""
    error = error_of(body) if body.get("error") else None
    return () if error is None else (ErrorDelta(error),)


def error_of(value: Json, status: int | None = None) -> ProviderError | None:
    """The error in a body, None where there is none.

    ``{"error": {message, type|status|code}}`` and ``{"error": "text"}`` with anything beside them, Google's one-element
    list around them, ``{"object": "error"}``, a list of ``errors``, and, only where the status says error, whatever
    the body says: ``{"message"}``, ``{"detail"}``, a text.
    """
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    body = obj(value)
    failed = status is not None and status >= 400
    inner = body.get("error") or _first_error(body, failed)
    if not inner and not (failed or body.get("object") == "error"):
        return None
    if isinstance(inner, dict):
        kind = next(filter(None, (maybe(inner.get(key)) for key in ("type", "status", "code", "__type"))), None)
        return ProviderError(kind, _message(inner), status or _status(inner) or _status(body), value)
    text = inner if isinstance(inner, str) else _message(body)
    if text is None and isinstance(value, str):
        text = maybe(value.strip()[:_LONGEST_MESSAGE])
    kind = next(filter(None, (maybe(body.get(key)) for key in ("type", "code", "__type", "err_code"))), None)
    return ProviderError(kind, text, status or _status(body), value)


_LONGEST_MESSAGE = 2000
"""Characters of a body that is no JSON: error pages of proxies may be long."""


def _first_error(body: dict[str, Any], failed: bool) -> Json:
    """Cloudflare's and watsonx' list of errors."""
    errors = seq(body.get("errors"))
    return errors[0] if errors and failed else None


def _status(body: dict[str, Any]) -> int | None:
    """An HTTP status that the body names, in place of codes of other kinds."""
    found = (count(body.get(key)) for key in ("status_code", "code", "http_code"))
    return next((code for code in found if code is not None and 100 <= code < 600), None)


def _message(body: dict[str, Any]) -> str | None:
    for key in ("message", "Message", "detail", "error_message", "err_msg", "msg", "error"):
        if body.get(key):
            found = body[key]
            return found if isinstance(found, str) else jsonio.dumps(found)
    return None
