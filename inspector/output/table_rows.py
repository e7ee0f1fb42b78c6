"""Exchanges as the rows of a table: what stands in each column, and of which type it is.

The types are words of our own, so that the manual can list them without the library that writes the file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from inspector.analysis.issues import marks
from inspector.analysis.measures import zoned
from inspector.model import (
    Blob,
    FileRef,
    Json,
    Message,
    ModelCall,
    Part,
    Reasoning,
    Refusal,
    Text,
    ToolCall,
    ToolDefinition,
    ToolResult,
    Unknown,
    Uri,
    jsonio,
    title_of,
)
from inspector.output.otel_json import part_json
from inspector.output.shown_exchange import Shown

TEXT, WHOLE, NUMBER, FLAG, MOMENT, TEXTS = "text", "whole", "number", "flag", "moment", "texts"
"""Types of columns: a moment is in UTC to the microsecond, `TEXTS` is a list."""

PART = {"type": TEXT, "content": TEXT, "id": TEXT, "name": TEXT, "is_error": FLAG, "mime_type": TEXT, "title": TEXT}
MESSAGE = {"role": TEXT, "name": TEXT, "text": TEXT, "finish_reason": TEXT, "parts": [PART]}
CALL = {"id": TEXT, "name": TEXT, "arguments": TEXT}
TOOL = {"type": TEXT, "name": TEXT, "description": TEXT, "parameters": TEXT}

Type = str | list[Any]
"""A word of the above, or a list of objects whose fields have such types."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LARGEST = 2**63


class TableColumn(NamedTuple):
    """A column of the table."""

    name: str
    type: Type
    value: Callable[[Shown], Any]
    about: str


def _usage(name: str) -> Callable[[Shown], Any]:
    return lambda one: _whole(getattr(one.call.usage, name, None))


def _whole(value: int | None) -> int | None:
    return value if value is None or -_LARGEST <= value < _LARGEST else None


def _json(value: Json) -> str | None:
    return None if value in (None, {}, ()) else jsonio.dumps(value)


def _host(url: str) -> str | None:
    try:
        return urlsplit(url).hostname
    except ValueError:
        return None


def _part(part: Part) -> dict[str, Any]:
    """A part of a message: its content is a text, or JSON where it is none."""
    of = part_json(part)
    return {
        "type": of["type"],
        "content": _content(part),
        "id": of.get("id"),
        "name": of.get("name"),
        "is_error": of.get("is_error"),
        "mime_type": of.get("mime_type"),
        "title": title_of(part),
    }


def _content(part: Part) -> str | None:
    match part:
        case Text(content) | Reasoning(content) | Refusal(content):
            return content
        case ToolCall():
            return part.arguments_text
        case ToolResult(response=response) | Unknown(raw=response):
            return response if isinstance(response, str) else jsonio.dumps(response)
        case Uri(uri):
            return uri
        case FileRef(file_id):
            return file_id
        case Blob(size=size):
            return f"{size} bytes"


def _message(message: Message) -> dict[str, Any]:
    return {
        "role": message.role,
        "name": message.name,
        "text": _said(message.parts),
        "finish_reason": message.finish_reason,
        "parts": [_part(part) for part in message.parts],
    }


def _said(parts: Iterable[Part]) -> str:
    return "\n".join(part.content for part in parts if isinstance(part, (Text, Refusal)))


def _calls(call: ModelCall) -> list[dict[str, Any]]:
    calls = (part for reply in call.replies for part in reply.parts if isinstance(part, ToolCall))
    return [{"id": one.id, "name": one.name, "arguments": one.arguments_text} for one in calls]


def _tool(tool: ToolDefinition) -> dict[str, Any]:
    about = {"type": tool.type, "name": tool.name, "description": tool.description}
    return {**about, "parameters": _json(tool.parameters)}


def _recording(name: str) -> Callable[[Shown], Any]:
    return lambda one: one.place["recording"][name]


def _error(name: str) -> Callable[[Shown], Any]:
    return lambda one: getattr(one.call.error, name, None)


COLUMNS = (
    TableColumn("id", TEXT, lambda one: one.place["id"], "its handle, as in addresses"),
    TableColumn("library", TEXT, lambda one: one.library, "the repository, or the directory"),
    TableColumn("path", TEXT, _recording("path"), "the recording"),
    TableColumn("entry", WHOLE, _recording("entry"), "its place in the recording, from 0"),
    TableColumn("format", TEXT, _recording("format"), "how the recording is kept"),
    TableColumn("modified", MOMENT, lambda one: _EPOCH + timedelta(microseconds=one.modified // 1000),
                "when the recording was changed last"),
    TableColumn("group_kind", TEXT, lambda one: one.place["group"]["kind"], "`test`, `session` or `file`"),
    TableColumn("group_id", TEXT, lambda one: one.place["group"]["id"], "which one it belongs to"),
    TableColumn("test_id", TEXT, lambda one: one.exchange.test_id, "the test that recorded it"),
    TableColumn("session", TEXT, lambda one: one.exchange.session, "its session"),
    TableColumn("title", TEXT, lambda one: one.exchange.title or None, "what the session is called"),
    TableColumn("protocol", TEXT, lambda one: one.call.protocol, "the wire protocol"),
    TableColumn("provider", TEXT, lambda one: one.call.provider, "who answered"),
    TableColumn("operation", TEXT, lambda one: one.call.operation, "chat, embeddings, …"),
    TableColumn("infrastructure", TEXT, lambda one: one.call.infrastructure, "what it is that is no model's traffic"),
    TableColumn("method", TEXT, lambda one: one.exchange.request.method or None, "of HTTP"),
    TableColumn("url", TEXT, lambda one: one.exchange.request.url or None, "the address"),
    TableColumn("host", TEXT, lambda one: _host(one.exchange.request.url), "the host in it"),
    TableColumn("status", WHOLE, lambda one: one.exchange.response and _whole(one.exchange.response.status),
                "of HTTP"),
    TableColumn("started_at", MOMENT, lambda one: zoned(one.exchange.started_at or one.call.created_at),
                "where it was recorded"),
    TableColumn("duration", NUMBER, lambda one: one.exchange.duration, "seconds"),
    TableColumn("sent", FLAG, lambda one: one.exchange.sent, "false where the file only holds a request"),
    TableColumn("streamed", FLAG, lambda one: one.call.streamed, "whether the answer came in chunks"),
    TableColumn("events", WHOLE, lambda one: len(one.call.steps), "how many"),
    TableColumn("complete", FLAG, lambda one: one.call.complete, "whether the stream has its end"),
    TableColumn("model", TEXT, lambda one: one.call.prompt.model, "that was asked"),
    TableColumn("response_model", TEXT, lambda one: one.call.response_model, "that answered"),
    TableColumn("response_id", TEXT, lambda one: one.call.response_id, "the provider's id of the answer"),
    TableColumn("system", TEXT, lambda one: _said(one.call.prompt.system) or None,
                "instructions from a field of their own"),
    TableColumn("prompt", [MESSAGE], lambda one: [*map(_message, one.call.prompt.messages)], "what was sent"),
    TableColumn("replies", [MESSAGE], lambda one: [*map(_message, one.call.replies)], "what came back"),
    TableColumn("calls", [CALL], lambda one: _calls(one.call), "calls of tools in the replies"),
    TableColumn("tools", [TOOL], lambda one: [*map(_tool, one.call.prompt.tools)], "that the model was offered"),
    TableColumn("settings", TEXT, lambda one: _json(dict(one.call.prompt.settings)), "of the request, as JSON"),
    TableColumn("finish_reasons", TEXTS, lambda one: [said.finish_reason for said in one.call.replies
                                                      if said.finish_reason], "why the replies ended"),
    TableColumn("input_tokens", WHOLE, _usage("input_tokens"), "with those from a cache"),
    TableColumn("output_tokens", WHOLE, _usage("output_tokens"), "tokens of the replies"),
    TableColumn("total_tokens", WHOLE, _usage("total_tokens"), "where the provider says it"),
    TableColumn("cache_read_input_tokens", WHOLE, _usage("cache_read_input_tokens"), "input from a cache"),
    TableColumn("cache_creation_input_tokens", WHOLE, _usage("cache_creation_input_tokens"), "input put into one"),
    TableColumn("reasoning_tokens", WHOLE, _usage("reasoning_tokens"), "output that was thought"),
    TableColumn("summary", TEXT, lambda one: _json(dict(one.call.summary or {})), "of answers that are no messages"),
    TableColumn("error_type", TEXT, _error("type"), "the provider's error"),
    TableColumn("error_message", TEXT, _error("message"), "its words"),
    TableColumn("error_status", WHOLE, lambda one: one.call.error and _whole(one.call.error.status), "its status"),
    TableColumn("issues", TEXTS, lambda one: [*dict.fromkeys(mark.kind for mark in marks(one.exchange, one.call))],
                "as in `is:`"),
    TableColumn("problems", TEXTS, lambda one: [f"{where}: {why}" for where, why in one.call.problems],
                "what could not be read"),
    TableColumn("link", TEXT, lambda one: one.link or None, "its page; only `show` has `--link-base`"),
)  # fmt: skip


def row(one: Shown) -> dict[str, Any]:
    """An exchange as a row."""
    return {column.name: _clean(column.value(one)) for column in COLUMNS}


def _clean(value: Any) -> Any:
    """A value whose texts can be written: lone surrogates cannot."""
    match value:
        case str():
            return value if value.isascii() else value.encode("utf-8", "replace").decode()
        case dict():
            return {key: _clean(inner) for key, inner in value.items()}
        case list():
            return [_clean(inner) for inner in value]
    return value
