"""What models and their servers write into plain text: reasoning between ``<think>`` tags, tool calls and tool
definitions as JSON.

The text itself stays untouched, apart from the tags around reasoning. All of this runs for every message of every
prompt: a search for a word that must be there comes before anything that costs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from inspector.jsonio import parse_or_none
from inspector.model import Json, Message, Part, Prompt, Reasoning, Text, ToolCall, ToolDefinition
from inspector.wire import reading as read

_THINK = re.compile(r"\s*<think>(.*?)(?:</think>|\Z)", re.DOTALL)
_THOUGHT = re.compile(r"(?<=\n)</think>|</think>(?=\s*\n|\s*\Z)")
_PYTHON_TAG = "<|python_tag|>"
_CALL_KEYS = ('"tool_calls"', '"parameters"', '"arguments"')
_LLAMA_END = re.compile(r"<\|(?:eom|eot)_id\|>")


def prompt_with_written(prompt: Prompt) -> Prompt:
    """A prompt with what its texts spell: tool definitions where it has no others, reasoning, and calls."""
    tools = prompt.tools or tuple(_written_tools(prompt))
    messages = tuple(_with_written_message(message, tools) for message in prompt.messages)
    return replace(prompt, tools=tools, messages=messages)


def with_written(parts: tuple[Part, ...], tools: tuple[ToolDefinition, ...]) -> tuple[Part, ...]:
    """An assistant's parts with written reasoning split off and written calls attached to their text.

    Calls are looked for only where there is no structured one: some servers send the same call in both forms.
    """
    if not any(isinstance(part, Text) and _may_have_written(part.content) for part in parts):
        return parts
    split = tuple(piece for part in parts for piece in _split_reasoning(part))
    if any(isinstance(part, ToolCall) for part in split):
        return split
    return tuple(_with_calls(part, tools) for part in split)


def _may_have_written(text: str) -> bool:
    """Every call in JSON has a name."""
    return '"name"' in text or "think>" in text


def _with_written_message(message: Message, tools: tuple[ToolDefinition, ...]) -> Message:
    if message.role != "assistant":
        return message
    parts = with_written(message.parts, tools)
    return message if parts is message.parts else replace(message, parts=parts)


# ---------------------------------------------------------------- reasoning


def _split_reasoning(part: Part) -> Iterator[Part]:
    if not isinstance(part, Text) or "think>" not in part.content:
        yield part
        return
    thoughts, rest = _thoughts(part.content)
    if not thoughts and rest == part.content:
        yield part
        return
    yield from (Reasoning(thought) for thought in thoughts if thought.strip())
    if rest.strip():
        yield Text(rest)


def _thoughts(text: str) -> tuple[list[str], str]:
    """The thoughts that a text begins with, and the rest. Tags in the midst of a text are only talked about."""
    if "<think>" not in text:  # the opening tag stood in the template
        found = _THOUGHT.search(text)
        return ([text[: found.start()]], text[found.end() :]) if found else ([], text)
    thoughts: list[str] = []
    at = 0
    while (found := _THINK.match(text, at)) is not None:
        thoughts.append(found.group(1))
        at = found.end()
    return thoughts, text[at:]


# ---------------------------------------------------------------- calls


def _with_calls(part: Part, tools: tuple[ToolDefinition, ...]) -> Part:
    if not isinstance(part, Text):
        return part
    calls = tuple(written_calls(part.content, tools))
    return replace(part, embedded=calls) if calls else part


def written_calls(text: str, tools: tuple[ToolDefinition, ...]) -> Iterator[ToolCall]:
    """The calls that a text spells: as JSON that is all of it, or between the tags of the model's own dialect."""
    if '"name"' not in text:
        return
    if "<tool_call>" in text:
        pieces = (piece.partition("</tool_call>")[0] for piece in text.split("<tool_call>")[1:])
        yield from _calls(parse_or_none(piece.strip()) for piece in pieces)
    elif _PYTHON_TAG in text:
        yield from _calls(_llama_values(text))
    elif any(key in text for key in _CALL_KEYS) and (body := _unfenced(text)).startswith("{"):
        value = read.obj(parse_or_none(body))
        if "tool_calls" in value:
            yield from _calls(read.seq(value["tool_calls"]))
        elif ("parameters" in value or "arguments" in value) and _is_tool(value.get("name"), tools):
            yield from _calls([value])


def _llama_values(text: str) -> Iterator[Json]:
    """Llama joins several calls by semicolons, which may stand inside of one too."""
    for piece in _LLAMA_END.sub("", text).split(_PYTHON_TAG)[1:]:
        whole = parse_or_none(piece.strip())
        if whole is not None:
            yield whole
        else:
            yield from (parse_or_none(part.strip()) for part in re.split(r";(?=\s*\{)", piece))


def _unfenced(text: str) -> str:
    """A text without the Markdown fence around all of it."""
    body = text.strip()
    if not (body.startswith("```") and body.endswith("```")):
        return body
    language, _, content = body[3:-3].partition("\n")
    return content.strip() if language.strip().isalnum() or not language.strip() else body[3:-3].strip()


def _is_tool(name: Json, tools: tuple[ToolDefinition, ...]) -> bool:
    """Structured answers look like calls: only a known name tells them apart."""
    return isinstance(name, str) and any(tool.name == name for tool in tools)


def _calls(values: Any) -> Iterator[ToolCall]:
    return (call for value in values if (call := _call(read.obj(value))) is not None)


def _call(item: dict[str, Any]) -> ToolCall | None:
    about = read.obj(item.get("function")) or item
    name = read.maybe(about.get("name"))
    arguments: Json = about.get("arguments", about.get("parameters"))
    return read.call(item.get("id"), name, arguments) if name else None


# ---------------------------------------------------------------- tool definitions


def _written_tools(prompt: Prompt) -> Iterator[ToolDefinition]:
    for part in prompt.system:
        yield from _tools_in(part)
    for message in prompt.messages:
        if message.role == "system":
            for part in message.parts:
                yield from _tools_in(part)


def _tools_in(part: Part) -> Iterator[ToolDefinition]:
    if not isinstance(part, Text) or "</tools>" not in part.content:
        return
    for before in part.content.split("</tools>")[:-1]:
        # The tags are often explained first: the last opening one is the one that is meant.
        _, tag, inner = before.rpartition("<tools>")
        for value in _tool_values(inner.strip()) if tag else ():
            if (tool := _tool(read.obj(value))) is not None:
                yield tool


def _tool_values(inner: str) -> Iterator[Json]:
    """One array, one object, or one object a line."""
    if not inner:
        return
    whole = parse_or_none(inner)
    if whole is not None:
        yield from whole if isinstance(whole, list) else [whole]
    else:
        yield from (parse_or_none(line) for line in inner.split("\n") if line.strip())


def _tool(raw: dict[str, Any]) -> ToolDefinition | None:
    about = read.obj(raw.get("function")) or raw
    name = read.maybe(about.get("name"))
    kind = read.maybe(raw.get("type")) if about is not raw else None
    description = read.maybe(about.get("description"))
    return ToolDefinition(kind or "function", name, description, about.get("parameters")) if name else None
