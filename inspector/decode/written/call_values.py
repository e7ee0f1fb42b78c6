"""Calls from the pieces of a text: JSON that may be followed by anything, or cut; parameters one by one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from inspector.decode import lenient
from inspector.model import Json, ToolCall, ToolDefinition, jsonio
from inspector.model.expressions import expression

MOST = 1000
"""Calls that are looked for in one text."""

_CUT = expression(r'\{\s*"name"\s*:\s*"([^"\\\n]{1,200})"\s*,\s*"(?:arguments|parameters)"\s*:\s*(?=[\[{"])')
_LANGUAGE = expression(r"[A-Za-z0-9_+-]*\s*\n?")


def after(text: str, mark: str) -> list[str]:
    """What follows each mark, up to the next."""
    return text.split(mark, MOST)[1:]


def unfenced(text: str) -> str:
    """A text without the Markdown fence around all of it."""
    body = text.strip()
    if not (body.startswith("```") and body.endswith("```") and len(body) > 6):
        return body
    language, _, content = body[3:-3].partition("\n")
    return content.strip() if language.strip().isalnum() or not language.strip() else body[3:-3].strip()


def fence(text: str) -> str:
    """What the Markdown fence at the beginning of a text holds; the text itself where there is none."""
    body = text.strip()
    if not body.startswith("```"):
        return body
    inner = body[3:].partition("```")[0]
    found = _LANGUAGE.match(inner)
    return inner[found.end() if found else 0 :].strip()


def value_at_start(text: str) -> tuple[Json, str]:
    """The JSON value that a text begins with, and how it was spelled; None where it begins with none."""
    body = text.lstrip()
    if body[:1] not in ("{", "["):
        return None, ""
    try:
        value, end = jsonio.first(body)
    except jsonio.NotJson:
        return None, ""
    return value, body[:end]


def calls_at_start(text: str) -> Iterator[ToolCall]:
    """The call or the list of calls that a text begins with."""
    value, _ = value_at_start(text)
    yield from calls(value if isinstance(value, list) else [value])


def calls(values: Iterable[Json]) -> Iterator[ToolCall]:
    return (found for value in values if (found := call(lenient.obj(value))) is not None)


def call(item: dict[str, Any]) -> ToolCall | None:
    """``{name, arguments|parameters}``, maybe inside of ``function``; Cohere's ``{tool_name, parameters}``."""
    about = lenient.obj(item.get("function")) or item
    name = lenient.maybe(about.get("name")) or lenient.maybe(about.get("tool_name"))
    arguments: Json = about.get("arguments", about.get("parameters"))
    return lenient.call(item.get("id", item.get("tool_call_id")), name, arguments) if name else None


def cut_call(text: str) -> ToolCall | None:
    """A call whose arguments were cut off in the midst."""
    found = _CUT.match(text)
    return ToolCall(None, found[1], text[found.end() :].rstrip(), None) if found else None


def spelled(name: str, arguments: str, id: str | None = None) -> ToolCall | None:
    """A name and the text of its arguments, up to where their JSON ends; all of it where it is none."""
    name = name.strip()
    if not name or len(name) > 200 or any(mark in name for mark in "<>{}\n"):
        return None
    value, text = value_at_start(arguments)
    return ToolCall(id, name, text, value) if text else ToolCall(id, name, arguments.strip(), None)


def named(name: str, values: Iterable[tuple[str, Json]]) -> ToolCall | None:
    """A call whose parameters were spelled one by one."""
    name = name.strip()
    return (
        lenient.call(None, name, dict(values))
        if name and len(name) <= 200 and not re.search(r"[<>{}\n]", name)
        else None
    )


def typed(name: str, tools: tuple[ToolDefinition, ...], key: str, text: str) -> Json:
    """A parameter's value: text, unless the tool's own schema wants something else and the text is it."""
    kind = next((_type(tool, key) for tool in tools if tool.name == name), None)
    if kind is None or kind == "string":
        return text
    value = jsonio.parse_or_none(text.strip())
    return text if value is None else value


def _type(tool: ToolDefinition, key: str) -> Json:
    return lenient.obj(lenient.obj(lenient.obj(tool.parameters).get("properties")).get(key)).get("type")


def is_tool(name: Json, tools: tuple[ToolDefinition, ...]) -> bool:
    """Structured answers look like calls: only a known name tells them apart."""
    return isinstance(name, str) and any(tool.name == name for tool in tools)
