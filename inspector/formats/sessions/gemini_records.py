"""What the messages of Gemini CLI's sessions say, in the words of Gemini's generateContent
(https://github.com/google-gemini/gemini-cli, packages/core/src/services/chatRecordingTypes.ts)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from inspector.formats.reading import bodies
from inspector.model import Json
from inspector.model.jsonio import dumps

KNOWN = frozenset(
    {"content", "displayContent", "id", "model", "thoughts", "timestamp", "tokens", "toolCalls", "type"}
)  # fmt: skip
"""Keys of messages that are read, or show again what others say."""

_SPOKEN = frozenset({"gemini", "qwen"})
"""Types of the model's messages; the other one is that of older versions of Qwen Code."""

_NOTES = frozenset({"error", "info", "warning"})
"""Types of messages on the screen; some hold a file that was sent to the model."""

_COUNTS = {
    "input": "promptTokenCount", "output": "candidatesTokenCount", "cached": "cachedContentTokenCount",
    "thoughts": "thoughtsTokenCount", "tool": "toolUsePromptTokenCount", "total": "totalTokenCount",
}  # fmt: skip


def is_one(message: Json) -> bool:
    """Whether it is a message of a type that is known."""
    kind = message.get("type") if isinstance(message, dict) else None
    return isinstance(kind, str) and (kind == "user" or kind in _SPOKEN or kind in _NOTES)


def is_response(message: dict[str, Any]) -> bool:
    """Whether the model said it: what is put in in its name has parts, and neither a model nor counts."""
    told = any(message.get(key) for key in ("model", "thoughts", "tokens", "toolCalls"))
    return message["type"] in _SPOKEN and (told or not isinstance(message.get("content"), list))


def calls(message: dict[str, Any]) -> list[dict[str, Any]]:
    """What a message says of the tools that were called in it."""
    told = message.get("toolCalls")
    return [bodies.obj(call) for call in told] if isinstance(told, list) else []


def content(message: dict[str, Any]) -> dict[str, Any]:
    """A message of a request."""
    kind, said = message["type"], message.get("content")
    if kind in _NOTES and not isinstance(said, list):
        return {"role": "system", "parts": [{"text": f"{kind}: {said if isinstance(said, str) else dumps(said)}"}]}
    return {"role": "model" if kind in _SPOKEN else "user", "parts": _parts(said)}


def reply(message: dict[str, Any]) -> dict[str, Any]:
    """A response. Newer versions keep thoughts and calls in its parts, too."""
    said = _parts(message.get("content"))
    called = [bodies.obj(bodies.obj(part).get("functionCall")).get("id") for part in said]
    thoughts = [] if any(bodies.obj(part).get("thought") for part in said) else _thoughts(message.get("thoughts"))
    more = [_call(call) for call in calls(message) if call.get("id") not in called]
    counts = bodies.obj(message.get("tokens"))
    usage = {name: counts[key] for key, name in _COUNTS.items() if counts.get(key) is not None}
    return {
        "candidates": [{"content": {"role": "model", "parts": [*thoughts, *said, *more]}}],
        "modelVersion": message.get("model"),
        **({"usageMetadata": usage} if usage else {}),
    }


def results(message: dict[str, Any], asked: list[dict[str, Any]]) -> Iterator[Json]:
    """The parts that answer the calls of a response, as far as what was asked after it does not hold them itself."""
    parts = (bodies.obj(part) for one in asked for part in _parts(one.get("content")))
    held = [bodies.obj(part["functionResponse"]).get("id") for part in parts if part.get("functionResponse")]
    for call in calls(message):
        if call.get("id") not in held:
            yield from _parts(call.get("result")) or _not_answered(call)


def _parts(said: Json) -> list[Json]:
    """The parts of a content: a text, a part, or a list of both."""
    if isinstance(said, list):
        return said
    return [{"text": said} if isinstance(said, str) else said] if said else []


def _thoughts(told: Json) -> list[Json]:
    thoughts = [bodies.obj(thought) for thought in told] if isinstance(told, list) else []
    texts = (
        [f"**{subject}**" if (subject := bodies.text(one.get("subject"))) else "", bodies.text(one.get("description"))]
        for one in thoughts
    )
    return [{"thought": True, "text": "\n".join(filter(None, text)) + "\n"} for text in texts if any(text)]


def _call(call: dict[str, Any]) -> Json:
    return {"functionCall": {"id": call.get("id"), "name": call.get("name"), "args": call.get("args")}}


def _not_answered(call: dict[str, Any]) -> list[Json]:
    """What is told of a call that ended without a result, such as one that the user did not allow."""
    if call.get("status") in (None, "success") and not call.get("resultDisplay"):
        return []
    told = {key: call[key] for key in ("status", "resultDisplay") if call.get(key)}
    return [{"functionResponse": {"id": call.get("id"), "name": call.get("name"), "response": told}}]
