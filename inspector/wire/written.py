"""What models write into plain text: reasoning between ``<think>`` tags, and tool calls as JSON.

The text itself stays untouched, apart from the tags around reasoning.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from inspector.jsonio import parse_or_none
from inspector.model import Json, Part, Reasoning, Text, ToolCall, ToolDefinition
from inspector.wire import reading as read

_THINK = re.compile(r"\s*<think>(.*?)(?:</think>|\Z)", re.DOTALL)
_FENCE = re.compile(r"\A\s*```(?:json)?\s*(.*?)\s*```\s*\Z", re.DOTALL)


def with_written(parts: tuple[Part, ...], tools: tuple[ToolDefinition, ...]) -> tuple[Part, ...]:
    """An assistant's parts with written reasoning split off and written calls attached to their text.

    Calls are looked for only where there is no structured one: some servers send the same call in both forms.
    """
    if not any(isinstance(part, Text) for part in parts):
        return parts
    split = tuple(piece for part in parts for piece in _split_reasoning(part))
    if any(isinstance(part, ToolCall) for part in split):
        return split
    names = frozenset(tool.name for tool in tools if tool.name)
    return tuple(_with_calls(part, names) for part in split)


def _split_reasoning(part: Part) -> Iterator[Part]:
    if not isinstance(part, Text) or ("<think>" not in part.content and "</think>" not in part.content):
        yield part
        return
    text = part.content
    if (found := _THINK.match(text)) is not None:
        thought, rest = found.group(1), text[found.end() :]
    elif "<think>" in text:  # somewhere in the middle: the model talks about the tag
        yield part
        return
    else:  # the opening tag stood in the template
        thought, _, rest = text.partition("</think>")
    if thought.strip():
        yield Reasoning(thought)
    if rest:
        yield Text(rest)


def _with_calls(part: Part, names: frozenset[str]) -> Part:
    if not isinstance(part, Text):
        return part
    calls = tuple(written_calls(part.content, names))
    return replace(part, embedded=calls) if calls else part


def written_calls(text: str, names: frozenset[str]) -> Iterator[ToolCall]:
    """The calls that a whole text spells: ``{"tool_calls": [{"name", "arguments"}]}``, fenced or not."""
    if '"tool_calls"' not in text:
        return
    fenced = _FENCE.match(text)
    value = parse_or_none(fenced.group(1) if fenced else text.strip())
    for item in read.seq(read.obj(value).get("tool_calls")):
        if (call := _call(read.obj(item))) is not None:
            yield call


def _call(item: dict[str, Any]) -> ToolCall | None:
    about = read.obj(item.get("function")) or item
    name = read.maybe(about.get("name"))
    arguments: Json = about.get("arguments", about.get("parameters"))
    return read.call(item.get("id"), name, arguments) if name else None
