"""Pydantic Logfire and Pydantic AI (https://logfire.pydantic.dev/docs/integrations/llms/openai/): the request and the
response as the SDK had them, or events in one attribute."""

from __future__ import annotations

from typing import Any

from inspector.formats.reading import bodies
from inspector.formats.spans import genai_attributes
from inspector.formats.spans.attribute_values import first, parsed
from inspector.formats.spans.span import Span
from inspector.formats.spans.span_said import Said
from inspector.model import Json, Problem

_NO_SETTINGS = frozenset({"messages", "model", "tools", "system", "input"})


def by_events(span: Span, problems: list[Problem]) -> Said:
    """Events that are one attribute, and the tools that Pydantic AI lists beside them."""
    events = parsed(span.attributes.get("events"), problems, "events")
    items = [bodies.obj(one) for one in events] if isinstance(events, list) else []
    said = genai_attributes.of_events((bodies.text(one.get("event.name")), one) for one in items)
    offered = bodies.obj(parsed(span.attributes.get("model_request_parameters"), problems, "model_request_parameters"))
    tools = [*_tools(offered.get("function_tools")), *_tools(offered.get("output_tools"))]
    said.tools = tools or None
    return said


def _tools(offered: Json) -> list[Any]:
    items = offered if isinstance(offered, list) else []
    return [{**bodies.obj(one), "parameters": bodies.obj(one).get("parameters_json_schema")} for one in items]


def by_data(span: Span, problems: list[Problem]) -> Said:
    """The body of the request, and of the response the message."""
    asked = bodies.obj(parsed(span.attributes.get("request_data"), problems, "request_data"))
    answered = bodies.obj(parsed(span.attributes.get("response_data"), problems, "response_data"))
    said = asked.get("messages", asked.get("input"))
    system = asked.get("system")
    message = first(answered, "message", "combined_chunk_content", "text")
    return Said(
        system=[{"type": "text", "content": system}] if isinstance(system, str) else system or None,
        messages=said if isinstance(said, list) else [{"role": "user", "content": said}] if said else None,
        output=_answer(message),
        tools=asked.get("tools") if isinstance(asked.get("tools"), list) else None,
        settings={key: value for key, value in asked.items() if key not in _NO_SETTINGS},
        model=asked.get("model"),
    )


def _answer(message: Json) -> list[Any] | None:
    if message is None:
        return None
    return [message if isinstance(message, dict) else {"role": "assistant", "content": message}]


def counted(span: Span) -> dict[str, Json]:
    """The counts of the response, in the words of its provider."""
    answered = bodies.obj(parsed(span.attributes.get("response_data"), [], "response_data"))
    return bodies.obj(answered.get("usage"))
