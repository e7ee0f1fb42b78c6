"""The AI SDK (https://ai-sdk.dev/docs/ai-sdk-core/telemetry): its own messages as JSON text."""

from __future__ import annotations

from typing import Any

from inspector.formats.reading import bodies
from inspector.formats.spans.attribute_values import first, parsed, quietly_parsed
from inspector.formats.spans.span import Span
from inspector.formats.spans.span_said import Said
from inspector.model import Json, Problem


def by_messages(span: Span, problems: list[Problem]) -> Said:
    """Prompt and answer of a call; of one that only tells its prompt as a whole, that."""
    attributes = span.attributes
    said = parsed(attributes.get("ai.prompt.messages"), problems, "ai.prompt.messages")
    if said is None and "ai.prompt" in attributes:
        said = _whole(quietly_parsed(attributes["ai.prompt"]))
    tools = quietly_parsed(attributes.get("ai.prompt.tools"))
    return Said(
        messages=[_message(one) for one in said] if isinstance(said, list) else None,
        output=_answer(span, problems),
        tools=[_tool(quietly_parsed(one)) for one in tools] if isinstance(tools, list) else None,
    )


def _tool(raw: Json) -> Json:
    known = bodies.obj(raw)
    schema = {"parameters": known["inputSchema"]} if "inputSchema" in known else {}
    return {**{key: one for key, one in known.items() if key != "inputSchema"}, **schema} if known else raw


def _whole(prompt: Json) -> Json:
    told = bodies.obj(prompt)
    before = [{"role": "system", "content": told["system"]}] if told.get("system") else []
    if isinstance(told.get("messages"), list):
        return [*before, *told["messages"]]
    asked = told.get("prompt", prompt)
    return [*before, *(asked if isinstance(asked, list) else [{"role": "user", "content": asked}])]


def _answer(span: Span, problems: list[Problem]) -> list[Any] | None:
    """The answer, whose pieces stand under names of their own."""
    attributes = span.attributes
    parts: list[Any] = []
    if thought := attributes.get("ai.response.reasoning"):
        parts.append({"type": "reasoning", "content": thought})
    if text := first(attributes, "ai.response.text", "ai.response.object", "ai.result.text", "ai.result.object"):
        parts.append({"type": "text", "content": text})
    names = ("ai.response.toolCalls", "ai.result.toolCalls")
    calls = parsed(first(attributes, *names), problems, names[0])
    parts += [_part({"type": "tool-call", **one} if isinstance(one, dict) else one) for one in calls or ()]
    files = parsed(attributes.get("ai.response.files"), problems, "ai.response.files")
    parts += [_part({"type": "file", **one} if isinstance(one, dict) else one) for one in files or ()]
    return [{"role": "assistant", "parts": parts}] if parts else None


def _message(raw: Json) -> Json:
    content = bodies.obj(raw).get("content")
    if not isinstance(content, list):
        return raw
    rest = {key: value for key, value in raw.items() if key not in ("content", "providerOptions", "providerMetadata")}
    return {**rest, "parts": [_part(one) for one in content]}


def _part(raw: Json) -> Json:
    """A part of a message, in the words of OpenTelemetry's conventions; others as they are."""
    part = bodies.obj(raw)
    kind = part.get("type")
    if kind == "tool-call":
        given = part.get("input", part.get("args"))
        return {"type": "tool_call", "id": part.get("toolCallId"), "name": part.get("toolName"), "arguments": given}
    if kind == "tool-result":
        result = {"id": part.get("toolCallId"), "name": part.get("toolName"), **_result(part)}
        return {"type": "tool_call_response", **result}
    if kind in ("file", "image"):
        return _file(part, str(kind)) or raw
    if kind == "reasoning":
        return {"type": "reasoning", "content": part.get("text")}
    return {"type": "text", "content": part["text"]} if kind == "text" and "text" in part else raw


def _result(part: dict[str, Any]) -> dict[str, Any]:
    output = part.get("output", part.get("result"))
    inner = bodies.obj(output)
    if "value" in inner and isinstance(inner.get("type"), str):
        failed = {"is_error": True} if inner["type"].startswith("error") else {}
        return {"response": inner["value"], **failed}
    return {"response": output, **({"is_error": True} if part.get("isError") else {})}


def _file(part: dict[str, Any], kind: str) -> Json:
    """A file or a picture: an address, or bytes as base64."""
    held = first(part, "data", "image", "url", "base64")
    held = bodies.obj(held).get("url", held)
    about = {"mime_type": first(part, "mediaType", "mimeType"), **({"modality": "image"} if kind == "image" else {})}
    if not isinstance(held, str):
        return None
    if ":" in held[:20]:
        return {"type": "uri", "uri": held, **about}
    return {"type": "blob", "content": held, **about}
