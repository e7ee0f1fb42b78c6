"""OpenInference (https://arize-ai.github.io/openinference/spec/): messages spread over numbered names, and the input
and output of any span as one text."""

from __future__ import annotations

from typing import Any

from inspector.formats.reading import bodies
from inspector.formats.reading.llm_shapes import is_request
from inspector.formats.spans.attribute_values import first, listed, quietly_parsed
from inspector.formats.spans.span import Span
from inspector.formats.spans.span_said import Said
from inspector.model import Json, Problem

_ASKED = frozenset({"messages", "tools", "model", "model_name", "system", "input", "contents", "prompt"})


def by_messages(span: Span, problems: list[Problem]) -> Said:
    """The messages, tools and parameters of a model's span."""
    attributes = span.attributes
    said = listed(attributes, "llm.input_messages") or _texts(attributes, "llm.prompts", "prompt", "user")
    answered = listed(attributes, "llm.output_messages") or _texts(attributes, "llm.choices", "completion", "assistant")
    given = quietly_parsed(attributes.get("llm.invocation_parameters"))
    return Said(
        messages=[_message(one) for one in said] or None,
        output=[_message(one) for one in answered] or None,
        tools=[_tool(one) for one in listed(attributes, "llm.tools")] or None,
        settings={key: one for key, one in bodies.obj(given).items() if key not in _ASKED},
        model=first(bodies.obj(given), "model", "model_name"),
    )


def _texts(attributes: dict[str, Json], name: str, key: str, role: str) -> list[Any]:
    """Prompts and completions of models that know no messages."""
    items = (bodies.obj(bodies.obj(one).get(key, one)) for one in listed(attributes, name))
    return [{"role": role, "content": item.get("text")} for item in items]


def _message(raw: Json) -> dict[str, Any]:
    held = bodies.obj(raw)
    message = bodies.obj(held.get("message")) or held
    made = {key: one for key, one in message.items() if key not in ("contents", "tool_calls")}
    if isinstance(message.get("contents"), list):
        made["content"] = [_content(one) for one in message["contents"]]
    if isinstance(message.get("tool_calls"), list):
        made["tool_calls"] = [bodies.obj(one).get("tool_call", one) for one in message["tool_calls"]]
    if name := made.pop("function_call_name", None):
        made["function_call"] = {"name": name, "arguments": made.pop("function_call_arguments_json", "")}
    return made


def _content(raw: Json) -> Json:
    """A part of a content, in the words of Chat Completions."""
    part = bodies.obj(raw).get("message_content", raw)
    image = bodies.obj(bodies.obj(bodies.obj(part).get("image")).get("image"))
    return {"type": "image_url", "image_url": image} if image else part


def _tool(raw: Json) -> Json:
    held = bodies.obj(raw)
    return quietly_parsed(first({**held, **bodies.obj(held.get("tool"))}, "json_schema", "tool.json_schema")) or raw


def by_values(span: Span, problems: list[Problem]) -> Said:
    """The input and the output of a span, where it says them in no other way."""
    said, answered = (quietly_parsed(first(span.attributes, f"{way}.value", way)) for way in ("input", "output"))
    asked = bodies.obj(said)
    if is_request(said) and isinstance(asked.get("messages"), list):
        messages = asked["messages"]
    else:
        messages = [] if said is None else [{"role": "user", "content": _text(said)}]
    output = [] if answered is None else [{"role": "assistant", "content": _text(answered)}]
    return Said(messages=messages or None, output=output or None)


def _text(value: Json) -> Json:
    return value if isinstance(value, (str, list)) else [value]
