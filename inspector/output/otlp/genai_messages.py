"""Messages in the JSON of OpenTelemetry's conventions for generative AI.

The schemas are ``gen-ai-input-messages.json``, ``gen-ai-output-messages.json``, ``gen-ai-system-instructions.json`` and
``gen-ai-tool-definitions.json`` of https://github.com/open-telemetry/semantic-conventions-genai/tree/main/docs/gen-ai
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from inspector.model import (
    Blob,
    FileRef,
    Json,
    Message,
    Part,
    Refusal,
    Text,
    ToolCall,
    ToolDefinition,
    ToolResult,
    Uri,
)
from inspector.output.otel_json import part_json


def input_message(message: Message, *, blobs: bool) -> dict[str, Any]:
    name = {"name": message.name} if message.name else {}
    return {"role": message.role, **name, "parts": parts(message.parts, blobs=blobs)}


def output_message(message: Message, *, blobs: bool) -> dict[str, Any]:
    """The same with the reason why it ended, which the schema demands: empty where none was recorded."""
    reason = message.finish_reason
    told = message.finish_reason_raw if reason in (None, "unknown") else reason
    return {**input_message(message, blobs=blobs), "finish_reason": told or ""}


def parts(said: Iterable[Part], *, blobs: bool) -> list[dict[str, Any]]:
    return [_part(part, blobs) for part in said]


def _part(part: Part, blobs: bool) -> dict[str, Any]:
    match part:
        case ToolCall(kind="server"):
            call = {"type": part.name or "", "arguments": arguments(part)}
            return {"type": "server_tool_call", **_known(id=part.id), "name": part.name or "", "server_tool_call": call}
        case ToolCall():
            return {"type": "tool_call", **_known(id=part.id), "name": part.name or "", "arguments": arguments(part)}
        case ToolResult():
            more = _known(name=part.name, is_error=part.is_error)
            return {"type": "tool_call_response", **_known(id=part.id), "response": part.response, **more}
        case Text(citations=cited):
            citations = {"citations": [citation._asdict() for citation in cited]} if cited else {}
            return {"type": "text", "content": part.content, **citations, **_known(title=part.title)}
        case Blob() | Uri() | FileRef() | Refusal():
            return {key: value for key, value in part_json(part, blobs).items() if value is not None}
    return part_json(part, blobs)


def _known(**fields: Json) -> dict[str, Json]:
    return {key: value for key, value in fields.items() if value is not None}


def arguments(call: ToolCall) -> Json:
    """The object or list that a call was given; any other text as it was sent."""
    is_structured = isinstance(call.arguments, (dict, list)) and call.kind != "custom"
    return call.arguments if is_structured else call.arguments_text


def tool_definition(tool: ToolDefinition) -> dict[str, Any]:
    return {
        "type": tool.type,
        "name": tool.name or "",
        **_known(description=tool.description, parameters=tool.parameters),
    }
