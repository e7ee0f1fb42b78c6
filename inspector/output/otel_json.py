"""One exchange as the public JSON of ``inspector show``: message parts have the shapes of the OpenTelemetry GenAI
semantic conventions. Fields that the recording does not have are None, or empty lists; nothing is guessed.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from inspector.model import (
    Blob,
    Exchange,
    Expectation,
    FileRef,
    Json,
    Message,
    ModelCall,
    Part,
    Prompt,
    ProviderError,
    Reasoning,
    Refusal,
    Text,
    ToolCall,
    ToolDefinition,
    ToolResult,
    Unknown,
    Uri,
)


def place(uid: str, path: str, entry: int, format: str | None, kind: str, group: str) -> dict[str, Any]:
    """The head of the object: which exchange it is, and where it is kept."""
    return {
        "id": uid,
        "recording": {"path": path, "entry": entry, "format": format},
        "group": {"kind": kind, "id": group},
    }


def exchange_json(where: dict[str, Any], exchange: Exchange, call: ModelCall, *, blobs: bool = False) -> dict[str, Any]:
    """The object for one exchange. `where` is its `place`."""
    return {
        **where,
        **({"title": exchange.title} if exchange.title else {}),
        "test_id": exchange.test_id,
        "protocol": call.protocol,
        "provider": call.provider,
        "operation": call.operation,
        "method": exchange.request.method or None,
        "url": exchange.request.url or None,
        "status": exchange.response.status if exchange.response else None,
        "started_at": exchange.started_at or call.created_at,
        "duration": exchange.duration,
        "sent": exchange.sent,
        "request": _request(call.prompt, blobs),
        "response": _response(call, blobs) if exchange.response is not None else None,
        "stream": {"events": len(call.steps), "complete": call.complete} if call.streamed else None,
        "expectation": _expectation(exchange.expectation),
        "problems": [{"where": problem.where, "why": problem.why} for problem in call.problems],
    }


def _request(prompt: Prompt, blobs: bool) -> dict[str, Any]:
    return {
        "model": prompt.model,
        "stream": prompt.stream,
        "system_instructions": parts_json(prompt.system, blobs),
        "messages": [message_json(message, blobs) for message in prompt.messages],
        "tool_definitions": [_tool(tool) for tool in prompt.tools],
        "settings": dict(prompt.settings),
    }


def _response(call: ModelCall, blobs: bool) -> dict[str, Any]:
    return {
        "id": call.response_id,
        "model": call.response_model,
        "messages": [
            {
                **message_json(reply, blobs),
                "finish_reason": reply.finish_reason,
                "finish_reason_raw": reply.finish_reason_raw,
            }
            for reply in call.replies
        ],
        "usage": asdict(call.usage) if call.usage else None,
        "summary": dict(call.summary) if call.summary is not None else None,
        "error": _error(call.error),
    }


def message_json(message: Message, blobs: bool = False) -> dict[str, Any]:
    return {
        "role": message.role,
        "role_raw": message.role_raw,
        "name": message.name,
        "parts": parts_json(message.parts, blobs),
    }


def parts_json(parts: Iterable[Part], blobs: bool = False) -> list[dict[str, Any]]:
    return [part_json(part, blobs) for part in parts]


def part_json(part: Part, blobs: bool = False) -> dict[str, Any]:
    """One part; the bytes of a blob only where they are asked for."""
    match part:
        case Text(content, embedded, citations):
            calls = {"embedded": parts_json(embedded)} if embedded else {}
            cited = {"citations": [citation._asdict() for citation in citations]} if citations else {}
            return {"type": "text", "content": content, **calls, **cited, **_title(part)}
        case Reasoning(content):
            return {"type": "reasoning", "content": content}
        case Refusal(content):
            return {"type": "refusal", "content": content}
        case ToolCall(id, name, text, arguments):
            return {"type": "tool_call", "id": id, "name": name, "arguments": arguments, "arguments_text": text}
        case ToolResult(id, name, response, is_error):
            return {"type": "tool_call_response", "id": id, "name": name, "response": response, "is_error": is_error}
        case Blob(mime_type, modality, data, size):
            bytes_too = {"content": data} if blobs else {}
            return {
                "type": "blob",
                "mime_type": mime_type,
                "modality": modality,
                "size": size,
                **_title(part),
                **bytes_too,
            }
        case Uri(uri, mime_type, modality):
            return {"type": "uri", "uri": uri, "mime_type": mime_type, "modality": modality, **_title(part)}
        case FileRef(file_id, mime_type, modality):
            return {"type": "file", "file_id": file_id, "mime_type": mime_type, "modality": modality, **_title(part)}
        case Unknown(raw):
            return {"type": "unknown", "raw": raw}


def _title(part: Text | Blob | Uri | FileRef) -> dict[str, str]:
    return {"title": part.title} if part.title else {}


def _tool(tool: ToolDefinition) -> dict[str, Any]:
    return {
        "type": tool.type,
        "name": tool.name,
        "description": tool.description,
        "parameters": tool.parameters,
    }


def _error(error: ProviderError | None) -> dict[str, Json] | None:
    return asdict(error) if error else None


def _expectation(expectation: Expectation | None) -> dict[str, Any] | None:
    if expectation is None:
        return None
    asserts = [{"text": item.text, "comment": item.comment} for item in expectation.asserts]
    return {"status": expectation.status, "asserts": asserts}
