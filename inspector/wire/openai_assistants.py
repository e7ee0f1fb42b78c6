"""OpenAI Assistants: assistants, threads, their messages and runs, and a run's stream. Azure has them too.

https://platform.openai.com/docs/api-reference/assistants
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from inspector.deltas import (
    AboutDelta,
    Delta,
    PartDelta,
    RoleDelta,
    SummaryDelta,
    TextDelta,
    UsageDelta,
)
from inspector.model import Event, FileRef, Json, Message, Part, Prompt, Text, ToolResult, Unknown
from inspector.wire import openai_chat, openai_parts
from inspector.wire import reading as read
from inspector.wire.clue import Clue

NAME = "openai.assistants"
OPERATION = "other"

_PATH = re.compile(r"/(?:threads|assistants)(?:/|$)")
_OBJECTS = ("thread", "assistant")
_KNOWN = (
    "model", "stream", "instructions", "additional_instructions", "role", "content", "tools", "tool_outputs",
    "messages", "additional_messages",
)  # fmt: skip


def recognise(clue: Clue) -> bool:
    items = read.seq(clue.first.get("data"))
    first = read.obj(items[0]) if items else clue.first
    return bool(_PATH.search(clue.path)) or read.string(first.get("object")).startswith(_OBJECTS)


def prompt(body: Mapping[str, Any]) -> Prompt:
    """A message, a thread's first ones, what a run is told, or the results of the tools that it waits for."""
    system = (*read.text_parts(body.get("instructions")), *read.text_parts(body.get("additional_instructions")))
    raw = [item for place in (read.obj(body.get("thread")), body) for item in read.seq(place.get("messages"))]
    raw += read.seq(body.get("additional_messages"))
    messages = [_asked(read.obj(item)) for item in raw]
    if "role" in body:
        messages.append(_asked(body))
    outputs = tuple(_output(read.obj(item)) for item in read.seq(body.get("tool_outputs")))
    return Prompt(
        model=read.maybe(body.get("model")),
        stream=read.flag(body.get("stream")),
        system=system,
        messages=(*messages, *((Message("tool", outputs),) if outputs else ())),
        tools=tuple(openai_chat.tool_definition(item) for item in read.seq(body.get("tools"))),
        settings=read.settings(dict(body), *_KNOWN),
    )


def _asked(raw: Mapping[str, Any]) -> Message:
    return read.message(raw.get("role"), tuple(_parts(raw.get("content"))))


def _output(raw: dict[str, Any]) -> ToolResult:
    return ToolResult(read.maybe(raw.get("tool_call_id")), None, raw.get("output"))


def _parts(content: Json) -> Iterator[Part]:
    if not isinstance(content, list):
        yield from read.text_parts(content)
        return
    for item in content:
        raw = read.obj(item)
        value = raw.get("text")
        text = read.obj(value).get("value", value)
        image = read.maybe(read.obj(raw.get("image_file")).get("file_id"))
        if isinstance(text, str):
            yield from read.text_parts(text)
        elif image:
            yield FileRef(image, None, "image")
        else:
            yield from openai_parts.content_parts([item]) if raw else (Unknown(item),)


# ---------------------------------------------------------------- the response


def deltas(event: Event) -> Iterator[Delta]:
    body = read.obj(event.data)
    kind = body.get("object")
    if event.data is None:
        yield from read.done(event)
    elif kind == "thread.message.delta":
        yield from _piece(body)
    elif kind == "thread.message":
        yield from _message(body, 0)
    elif isinstance(body.get("data"), list):
        yield SummaryDelta({"object": "list", "count": len(body["data"])})
        for number, item in enumerate(body["data"]):
            if read.obj(item).get("object") == "thread.message":
                yield from _message(item, number)
    elif kind == "thread.run":
        yield from _run(body)
    elif read.maybe(kind) and not read.string(kind).startswith("thread.run.step"):
        yield AboutDelta(read.maybe(body.get("id")), read.maybe(body.get("model")))
        yield SummaryDelta({"object": kind})
    yield from read.errors(body)


def _piece(body: dict[str, Any]) -> Iterator[Delta]:
    for item in read.seq(read.obj(body.get("delta")).get("content")):
        raw = read.obj(item)
        text = read.obj(raw.get("text")).get("value")
        yield TextDelta(read.string(text), slot=_slot(body, raw.get("index")))


def _message(body: dict[str, Any], choice: int) -> Iterator[Delta]:
    """A message as it stands, in the place of what grew."""
    if read.maybe(body.get("role")):
        yield RoleDelta(body["role"], choice)
    for index, part in enumerate(_parts(body.get("content"))):
        yield PartDelta(part, choice, _slot(body, index) if isinstance(part, Text) else None)


def _slot(body: dict[str, Any], index: Json) -> str:
    return f"{body.get('id')}:{index}"


def _run(body: dict[str, Any]) -> Iterator[Delta]:
    yield AboutDelta(read.maybe(body.get("id")), read.maybe(body.get("model")))
    yield SummaryDelta({"object": "thread.run", "status": body.get("status")})
    outputs = read.obj(read.obj(body.get("required_action")).get("submit_tool_outputs"))
    for item in read.seq(outputs.get("tool_calls")):
        about = read.obj(read.obj(item).get("function"))
        yield PartDelta(read.call(read.obj(item).get("id"), about.get("name"), about.get("arguments")))
    if isinstance(body.get("usage"), dict):
        yield UsageDelta(body["usage"])
    yield from read.errors({"error": body.get("last_error")})


usage = openai_chat.usage
