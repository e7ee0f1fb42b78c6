"""Messages as loggers keep what a model was asked and answered: those of Chat Completions, of Anthropic, of LangChain,
bare texts, and requests and answers as a whole."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from inspector.formats.reading import bodies, chat_messages
from inspector.formats.reading.halves import parsed
from inspector.model import Json
from inspector.model.jsonio import dumps

_ROLES = {
    "human": "user", "ai": "assistant", "aimessagechunk": "assistant", "system": "system", "tool": "tool",
    "function": "tool", "developer": "developer", "user": "user", "assistant": "assistant", "model": "assistant",
}  # fmt: skip
_HOLDERS = ("messages", "input", "inputs", "prompts", "prompt", "contents")
_ANSWERS = ("messages", "output", "outputs", "completion", "text", "response", "answer", "result")


def asked(value: Json) -> tuple[list[Any], dict[str, Json]]:
    """The messages of a request, and what it says beside them; another value is a message of the user."""
    value = parsed(value)
    held = bodies.obj(value)
    key = next((name for name in _HOLDERS if held.get(name) is not None), None)
    if key is not None and not _is_message(held):
        rest = {name: one for name, one in held.items() if name != key}
        return [*_messages(held[key], "user")], rest
    return ([] if value is None else [*_messages(value, "user")]), {}


def answered(value: Json) -> list[Any] | None:
    """The messages of an answer; None where there is none."""
    value = parsed(value)
    held = bodies.obj(value)
    if value is None:
        return None
    if isinstance(held.get("choices"), list):
        return [_choice(bodies.obj(one)) for one in held["choices"]]
    if isinstance(held.get("generations"), list):
        return [_generation(bodies.obj(one)) for one in _flat(held["generations"])]
    if not _is_message(held):
        key = next((name for name in _ANSWERS if held.get(name) is not None), None)
        value = value if key is None or (len(held) > 3 and key not in ("messages", "output")) else held[key]
    return [*_messages(value, "assistant")] or None


def _choice(choice: dict[str, Any]) -> Json:
    reason = choice.get("finish_reason")
    said = choice.get("message") or {"content": choice.get("text")}
    return {**_message(said, "assistant"), **({"finish_reason": reason} if reason else {})}


def _generation(told: dict[str, Any]) -> Json:
    """What LangChain keeps of an answer: a message, or its text alone."""
    message = told.get("message")
    about = bodies.obj(told.get("generation_info"))
    reason = about.get("finish_reason") or about.get("stop_reason")
    return {
        **_message(message if message is not None else told.get("text"), "assistant"),
        **({"finish_reason": reason} if reason else {}),
    }


def _flat(value: Json) -> Iterator[Json]:
    for item in value if isinstance(value, list) else [value]:
        if isinstance(item, list):
            yield from item
        else:
            yield item


def _messages(value: Json, role: str) -> Iterator[Json]:
    """Of a list, each item, and of a list of lists, those within: LangChain asks several prompts at once."""
    value = parsed(value)
    items = [*_flat(value)]
    if isinstance(value, list) and not any(_is_message(item) or isinstance(item, str) for item in items):
        yield {"role": role, "content": value if items and "type" in bodies.obj(items[0]) else dumps(value)}
        return
    yield from (_message(item, role) for item in items)


def _is_message(value: Json) -> bool:
    held = bodies.obj(value)
    kind = bodies.text(held.get("type")).lower()
    spoken = not held.keys().isdisjoint(("content", "parts", "tool_calls"))
    return "lc" in held or (spoken and ("role" in held or kind in _ROLES or "content" in held))


def _message(value: Json, role: str) -> dict[str, Any]:
    held = bodies.obj(parsed(value))
    if not _is_message(held):
        return {"role": role, "content": value if isinstance(value, str) else dumps(value)}
    names = held.get("id")
    named = bodies.text(names[-1]) if isinstance(names, list) and names else ""
    inner = {**bodies.obj(held.get("kwargs") or held.get("data"))} or held
    kind = bodies.text(inner.get("type") or held.get("type")).lower()
    known = inner.get("role") or _ROLES.get(kind) or _ROLES.get(named.removesuffix("Message").lower()) or role
    more = bodies.obj(inner.get("additional_kwargs"))
    calls = inner.get("tool_calls") or more.get("tool_calls")
    kept = {key: inner[key] for key in ("content", "parts", "tool_call_id", "name", "refusal") if inner.get(key)}
    thoughts = inner.get("reasoning_content") or more.get("reasoning_content")
    return {
        "role": known,
        "content": "",
        **kept,
        **({"reasoning_content": thoughts} if thoughts else {}),
        **({"tool_calls": [_call(parsed(one)) for one in calls]} if isinstance(calls, list) and calls else {}),
    }


def _call(value: Json) -> Json:
    """A call in the words of Chat Completions; LangChain's has its arguments beside its name."""
    call = bodies.obj(value)
    if "function" in call or "name" not in call:
        return value
    return chat_messages.call(call.get("id"), call["name"], call.get("args", call.get("arguments")))
