"""OpenTelemetry's conventions for generative AI (https://opentelemetry.io/docs/specs/semconv/gen-ai/): messages as
attributes, those of before as events or as one text, and those that OpenLLMetry spreads over numbered names."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from inspector.formats.reading import bodies
from inspector.formats.spans.attribute_values import Attributes, listed, parsed, quietly_parsed
from inspector.formats.spans.span import Span, SpanEvent
from inspector.formats.spans.span_said import Said
from inspector.model import Json, Problem

_INPUT, _OUTPUT = "gen_ai.input.messages", "gen_ai.output.messages"
_SYSTEM, _TOOLS = "gen_ai.system_instructions", "gen_ai.tool.definitions"
_DETAILS = "gen_ai.client.inference.operation.details"
_CHOICE = "gen_ai.choice"
_ROLES = {f"gen_ai.{role}.message": role for role in ("system", "developer", "user", "assistant", "tool")}
_WHOLE = {"gen_ai.content.prompt": "gen_ai.prompt", "gen_ai.content.completion": "gen_ai.completion"}
_NOT_SAID = frozenset({"event.name", "index", "id", "gen_ai.message.index", "gen_ai.system", "event.domain"})


def with_details(span: Span) -> Span:
    """The span with the attributes of the event that may hold its messages."""
    held: Attributes = {}
    for event in span.events:
        if event.name == _DETAILS:
            held |= event.attributes
    return span._replace(attributes={**held, **span.attributes}) if held else span


def by_attributes(span: Span, problems: list[Problem]) -> Said:
    """Messages as the newest conventions have them, as objects or as JSON text."""

    def held(name: str) -> list[Any] | None:
        value = parsed(span.attributes.get(name), problems, name)
        return value if isinstance(value, list) else [value] if value not in (None, "") else None

    return Said(_texts(held(_SYSTEM)), held(_INPUT), held(_OUTPUT), held(_TOOLS))


def _texts(parts: list[Any] | None) -> list[Any] | None:
    return parts and [{"type": "text", "content": part} if isinstance(part, str) else part for part in parts]


def by_events(span: Span, problems: list[Problem]) -> Said:
    """Messages as events of the span."""
    return of_events([(event.name, _body(event)) for event in span.events])


def _body(event: SpanEvent) -> dict[str, Any]:
    inner = quietly_parsed(event.attributes.get("gen_ai.event.content"))
    more = inner if isinstance(inner, dict) else {} if inner is None else {"content": inner}
    return {**{key: one for key, one in event.attributes.items() if key != "gen_ai.event.content"}, **more}


def of_events(events: Iterable[tuple[str, dict[str, Any]]]) -> Said:
    """Messages and choices from events by their names."""
    said: list[Any] = []
    output: list[Any] = []
    for name, body in events:
        if name in _ROLES:
            said.append(_message(_ROLES[name], body))
        elif name == _CHOICE:
            output.append(_choice(body))
        elif name in _WHOLE:
            (said if name.endswith("prompt") else output).extend(_of_text(body.get(_WHOLE[name]), name))
    return Said(messages=said or None, output=output or None)


def _message(role: str, body: dict[str, Any]) -> dict[str, Any]:
    """A message of Chat Completions: the conventions took theirs from there."""
    told = {key.removeprefix("gen_ai."): one for key, one in body.items() if key not in _NOT_SAID and key != "role"}
    rest = {key: content_of(one) if key == "content" else quietly_parsed(one) for key, one in told.items()}
    named = {"tool_call_id": body["id"]} if role == "tool" and "id" in body else {}
    return {"role": bodies.text(body.get("role")) or role, **named, **rest}


def _choice(body: dict[str, Any]) -> dict[str, Any]:
    inner = quietly_parsed(body.get("message"))
    rest = {key: value for key, value in body.items() if key != "message"}
    told = {**rest, **inner} if isinstance(inner, dict) else rest if inner is None else {**rest, "content": inner}
    return _message("assistant", told)


def _of_text(value: Json, name: str) -> list[Any]:
    """Messages that are one JSON text, or a text that is none."""
    known = quietly_parsed(value)
    role = "user" if name.endswith("prompt") else "assistant"
    items = known if isinstance(known, list) else [] if known in (None, "") else [known]
    return [one if isinstance(one, dict) else {"role": role, "content": one} for one in items]


def by_numbers(span: Span, problems: list[Problem]) -> Said:
    """OpenLLMetry's: ``gen_ai.prompt.0.content``. A text under the bare name is what the first conventions had."""
    attributes = span.attributes
    said = listed(attributes, "gen_ai.prompt") or _of_text(attributes.get("gen_ai.prompt"), "prompt")
    answered = listed(attributes, "gen_ai.completion") or _of_text(attributes.get("gen_ai.completion"), "completion")
    tools = listed(attributes, "llm.request.functions")
    return Said(
        messages=[_numbered("user", one) for one in said] or None,
        output=[_numbered("assistant", one) for one in answered] or None,
        tools=[{**bodies.obj(one), **_parameters(one)} for one in tools] or None,
    )


def _parameters(tool: Json) -> dict[str, Any]:
    return {"parameters": quietly_parsed(tool["parameters"])} if "parameters" in bodies.obj(tool) else {}


def _numbered(role: str, raw: Json) -> dict[str, Any]:
    if not isinstance(raw, dict):
        return {"role": role, "content": raw}
    return {"role": role, **raw, **({"content": content_of(raw["content"])} if "content" in raw else {})}


def content_of(value: Json) -> Json:
    """A content that may be a list of typed parts as JSON text; any other JSON is a text that somebody wrote."""
    known = quietly_parsed(value)
    is_typed = isinstance(known, list) and known and all("type" in bodies.obj(part) for part in known)
    return known if is_typed else value
