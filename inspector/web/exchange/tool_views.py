"""Tool definitions as templates print them, so many at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from inspector.model import ToolDefinition, jsonio
from inspector.web.rendering.paging import stretch

TOOLS = 25
"""Definitions on one page."""

_CUT = 10_000
"""Characters of a description, and of a schema, that a page shows."""


@dataclass(frozen=True, slots=True)
class ToolView:
    """One definition; what is `left` counts the characters of it that are not shown."""

    name: str
    description: str
    parameters: str
    left: int


@dataclass(frozen=True, slots=True)
class ToolsView:
    """A window of the definitions, from `begin` to before `end`."""

    tools: tuple[ToolView, ...]
    begin: int
    end: int
    total: int


def tools_view(tools: Sequence[ToolDefinition], begin: int | None = None, end: int | None = None) -> ToolsView:
    first, last = stretch(len(tools), TOOLS, None, begin, end)
    return ToolsView(tuple(map(_tool, tools[first:last])), first, last, len(tools))


def _tool(tool: ToolDefinition) -> ToolView:
    said = (tool.description or "").strip()
    schema = "" if tool.parameters is None else jsonio.dumps(tool.parameters, indent=True)
    left = max(len(said) - _CUT, 0) + max(len(schema) - _CUT, 0)
    return ToolView(tool.name or tool.type, said[:_CUT], schema[:_CUT], left)
