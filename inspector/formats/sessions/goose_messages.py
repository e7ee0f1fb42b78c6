"""Messages of Goose's own form, as those of Chat Completions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from inspector.formats.reading import bodies, chat_messages
from inspector.formats.reading.halves import parsed
from inspector.model import Json
from inspector.model.jsonio import dumps

_CALLS, _RESULTS = ("toolRequest", "frontendToolRequest"), ("toolResponse", "frontendToolResponse")
_THOUGHTS = ("thinking", "reasoning")
_QUIET = frozenset({"redactedThinking"})
_SHOWN = frozenset({"systemNotification", "toolConfirmationRequest", "actionRequired", "conversationCompacted",
                    "contextLengthExceeded", "summarizationRequested"})  # fmt: skip
"""Kinds of parts that Goose tells the user of, shown as they are."""

_COUNTS = {"inputTokens": "prompt_tokens", "outputTokens": "completion_tokens", "totalTokens": "total_tokens"}
_PROVIDERS = {"google": "gcp.gemini", "gcp_vertex_ai": "gcp.vertex_ai", "aws_bedrock": "aws.bedrock"}


def messages(raw: dict[str, Any], kinds: Counter[str]) -> Iterator[Json]:
    """What a message of the user says: results of tools are messages of their own. Kinds of parts that nobody knows
    are counted."""
    others: list[Json] = []
    for part in _parts(raw, kinds):
        if part.get("type") in _RESULTS:
            yield _result(part)
        elif (content := _content(part)) is not None:
            others.append(content)
    if others:
        yield {"role": bodies.text(raw.get("role")).lower() or "user", "content": others}


def answer(answered: list[dict[str, Any]], model: Json, kinds: Counter[str]) -> Json:
    """What messages of the assistant say, as one."""
    parts = [part for raw in answered for part in _parts(raw, kinds)]
    thoughts = "".join(bodies.text(part.get("thinking", part.get("text"))) for part in parts if _thinks(part))
    calls = [_call(part) for part in parts if part.get("type") in _CALLS]
    content = [one for part in parts if part.get("type") not in _CALLS and (one := _content(part)) is not None]
    said = {"content": content, "reasoning_content": thoughts, "tool_calls": calls}
    message = {"role": "assistant", **{key: value for key, value in said.items() if value}}
    counts = next((_usage(raw) for raw in reversed(answered) if _usage(raw)), None)
    made = {"object": "chat.completion", "model": model, "choices": [{"index": 0, "message": message}]}
    return {**made, "usage": counts} if counts else made


def _parts(raw: dict[str, Any], kinds: Counter[str]) -> list[dict[str, Any]]:
    content = raw.get("content")
    parts = [bodies.obj(part) for part in content] if isinstance(content, list) else []
    known = ("text", "image", *_THOUGHTS, *_CALLS, *_RESULTS, *_SHOWN, *_QUIET)
    kinds.update(f"part {str(part.get('type'))[:60]}" for part in parts if part.get("type") not in known)
    return parts


def _thinks(part: dict[str, Any]) -> bool:
    return part.get("type") in _THOUGHTS


def _content(part: dict[str, Any]) -> dict[str, Any] | None:
    kind = part.get("type")
    if kind in (*_THOUGHTS, *_QUIET):
        return None
    if kind == "text":
        return {"type": "text", "text": bodies.text(part.get("text"))}
    if kind == "image" and isinstance(part.get("data"), str):
        address = f"data:{bodies.text(part.get('mimeType')) or 'image/png'};base64,{part['data']}"
        return {"type": "image_url", "image_url": {"url": address}}
    return {"type": "text", "text": f"{kind}: {dumps({key: one for key, one in part.items() if key != 'type'})}"}


def _call(part: dict[str, Any]) -> Json:
    """A call, which Goose may have failed to read."""
    told = bodies.obj(part.get("toolCall"))
    called = bodies.obj(told.get("value", told.get("Ok"))) or told
    given = called.get("arguments", called.get("error"))
    return chat_messages.call(part.get("id"), called.get("name"), given)


def _result(part: dict[str, Any]) -> Json:
    """What a tool answered: a list of MCP's contents, in an object of late; or why it failed."""
    told = bodies.obj(part.get("toolResult"))
    value = told.get("value", told.get("Ok", told.get("error", told.get("Err"))))
    inner = bodies.obj(value).get("content", value)
    items = inner if isinstance(inner, list) else [inner]
    content = [one for item in items if (one := _of_tool(item)) is not None]
    return {"role": "tool", "tool_call_id": part.get("id"), "content": content}


def _of_tool(item: Json) -> Json:
    if item is None:
        return None
    return _content(item) if isinstance(item, dict) else {"type": "text", "text": str(item)}


def _usage(raw: dict[str, Any]) -> dict[str, Json]:
    counts = bodies.obj(bodies.obj(parsed(raw.get("metadata"))).get("usage"))
    known: dict[str, Json] = {_COUNTS[key]: one for key, one in counts.items() if key in _COUNTS and one is not None}
    cached = counts.get("cacheReadTokens")
    return {**known, **({"prompt_tokens_details": {"cached_tokens": cached}} if cached is not None else {})}


def model(about: dict[str, Any], said: list[dict[str, Any]]) -> Json:
    """The model that answered, else the one that the session is set to."""
    for raw in reversed(said):
        if told := bodies.obj(bodies.obj(parsed(raw.get("metadata"))).get("inference")).get("resolvedModel"):
            return told
    settings = bodies.obj(parsed(about.get("model_config", about.get("model_config_json"))))
    return settings.get("model_name") or None


def provider(about: dict[str, Any]) -> str | None:
    name = bodies.text(about.get("provider_name")).lower()
    return _PROVIDERS.get(name, name) or None
