"""One exchange for each wire protocol, by hand: the request, the whole answer, and the same answer as a stream."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from inspector.decode.decoder import decode
from inspector.model import (
    Body,
    Exchange,
    Json,
    Message,
    ModelCall,
    Part,
    Request,
    Response,
    Text,
    ToolCall,
    ToolDefinition,
    Usage,
)

PNG = "iVBORw0KGgo="
SCHEMA = {"type": "object", "properties": {"city": {"type": "string"}}}


@dataclass(frozen=True, kw_only=True)
class Sample:
    """What is recorded, and what it means. `stream` is empty where the protocol has none."""

    protocol: str
    operation: str
    url: str
    request: Json
    whole: Json
    stream: tuple[Json, ...] = ()
    asks_to_stream: bool | None = None
    """What the request says of it, where its word for that is not ``stream``."""
    model: str | None = "m"
    system: tuple[Part, ...] = ()
    messages: tuple[Message, ...] = ()
    tools: tuple[ToolDefinition, ...] = ()
    settings: dict[str, Any] = field(default_factory=dict)
    replies: tuple[Message, ...] = ()
    usage: Usage | None = None
    summary: dict[str, Any] | None = None
    about: tuple[str | None, str | None, str | None] = ("r1", "m-1", None)


def exchange(url: str, request: Json, body: Body | None, status: int | None = None) -> Exchange:
    asked = Request("POST", url, (), Body("value", request))
    return Exchange(entry=0, request=asked, response=Response(status, (), body))


def whole(sample: Sample) -> ModelCall:
    return decode(exchange(sample.url, sample.request, Body("value", sample.whole)))


def streamed(sample: Sample) -> ModelCall:
    return decode(exchange(sample.url, sample.request, Body("chunks", list(sample.stream))))


def call(id: str | None, city: str, name: str = "weather") -> ToolCall:
    return ToolCall(id, name, f'{{"city":"{city}"}}', {"city": city})


def said(text: str, role_raw: str | None = None) -> Message:
    return Message("user", (Text(text),), role_raw)


WEATHER = ToolDefinition("function", "weather", "It rains", SCHEMA)
OPENAI_TOOL = {"type": "function", "function": {"name": "weather", "description": "It rains", "parameters": SCHEMA}}
DECLARED = {"name": "weather", "description": "It rains", "parameters": SCHEMA}
