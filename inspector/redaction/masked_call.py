"""A call's parts, put together as they are shown and searched, looked through once more."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from inspector.model import (
    Blob,
    FileRef,
    Message,
    ModelCall,
    Part,
    Prompt,
    Reasoning,
    Refusal,
    Text,
    ToolCall,
    ToolDefinition,
    ToolResult,
    Unknown,
    Uri,
    jsonio,
)
from inspector.redaction.found_in_json import Masker


def masked(call: ModelCall, masker: Masker) -> ModelCall:
    """The call with what is still a secret in its prompt and replies masked; the same where nothing is."""
    prompt = _prompt(call.prompt, masker)
    replies = tuple(_message(reply, masker) for reply in call.replies)
    if prompt == call.prompt and replies == call.replies:
        return call
    return replace(call, prompt=prompt, replies=replies)


def _prompt(prompt: Prompt, masker: Masker) -> Prompt:
    return replace(
        prompt,
        model=prompt.model and masker.text(prompt.model),
        system=_parts(prompt.system, masker),
        messages=tuple(_message(message, masker) for message in prompt.messages),
        tools=tuple(_tool(tool, masker) for tool in prompt.tools),
        settings=masker.whole(dict(prompt.settings)),
    )


def _message(message: Message, masker: Masker) -> Message:
    parts = _parts(message.parts, masker)
    return message if parts == message.parts else replace(message, parts=parts)


def _parts(parts: Iterable[Part], masker: Masker) -> tuple[Part, ...]:
    return tuple(masked_part(part, masker) for part in parts)


def masked_part(part: Part, masker: Masker) -> Part:
    match part:
        case Text(content):
            new = masker.text(content)
            embedded = tuple(_call(call, masker) for call in part.embedded)
            title = part.title and masker.text(part.title)
            if new == content and embedded == part.embedded and title == part.title:
                return part
            tokens = part.tokens if new == content else ()
            return replace(part, content=new, embedded=embedded, tokens=tokens, title=title)
        case Reasoning(content) | Refusal(content):
            return replace(part, content=masker.text(content))
        case ToolCall():
            return _call(part, masker)
        case ToolResult(_, name, response):
            return replace(part, name=name and masker.text(name), response=masker.whole(response))
        case Uri(uri):
            return replace(part, uri=masker.text(uri), title=part.title and masker.text(part.title))
        case Unknown(raw):
            return replace(part, raw=masker.whole(raw))
        case Blob() | FileRef():
            return replace(part, title=masker.text(part.title)) if part.title else part


def _call(call: ToolCall, masker: Masker) -> ToolCall:
    arguments = masker.text(call.arguments_text)
    name = call.name and masker.text(call.name)
    if arguments == call.arguments_text and name == call.name:
        return call
    return replace(call, name=name, arguments_text=arguments, arguments=jsonio.parse_or_none(arguments))


def _tool(tool: ToolDefinition, masker: Masker) -> ToolDefinition:
    return replace(
        tool,
        name=tool.name and masker.text(tool.name),
        description=tool.description and masker.text(tool.description),
        parameters=masker.whole(tool.parameters),
    )
