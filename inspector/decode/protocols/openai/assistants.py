"""OpenAI Assistants: assistants, threads, their messages and runs, and a run's stream. Azure has them too.

https://platform.openai.com/docs/api-reference/assistants
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from inspector.decode import lenient
from inspector.decode.evidence import Evidence
from inspector.decode.protocols.openai import chat as openai_chat
from inspector.decode.protocols.openai import parts as openai_parts
from inspector.model import Event, FileRef, Json, Message, Part, Prompt, Text, ToolResult, Unknown
from inspector.model.delta import (
    AboutDelta,
    Delta,
    FinishDelta,
    PartDelta,
    RoleDelta,
    SummaryDelta,
    TextDelta,
    UsageDelta,
)
from inspector.model.expressions import expression

NAME = "openai.assistants"
OPERATION = "other"

NEUTRAL = frozenset(
    {
        ".data.instructions", ".data.name", ".data.tools", ".instructions", ".name", ".tools", "assistant_id",
        "description", "metadata", "response_format", "thread_id", "tool_choice", "truncation_strategy"
    }
)  # fmt: skip
NEUTRAL_EVENTS = frozenset(
    {
        "assistant", "assistant.deleted", "list", "message_creation", "thread", "thread.created", "thread.deleted",
        "thread.message", "thread.message.created", "thread.message.in_progress", "thread.run",
        "thread.run.created", "thread.run.in_progress", "thread.run.queued", "thread.run.step",
        "thread.run.step.created", "thread.run.step.delta", "thread.run.step.in_progress", "tool_calls"
    }
)  # fmt: skip

_PATH = expression(r"/(?:threads|assistants)(?:/|$)")
_OBJECTS = ("thread", "assistant")
_KNOWN = (
    "model", "stream", "instructions", "additional_instructions", "role", "content", "tools", "tool_outputs",
    "messages", "additional_messages",
)  # fmt: skip


def recognise(evidence: Evidence) -> bool:
    items = lenient.seq(evidence.first.get("data"))
    first = lenient.obj(items[0]) if items else evidence.first
    return bool(_PATH.search(evidence.path)) or lenient.string(first.get("object")).startswith(_OBJECTS)


def prompt(body: Mapping[str, Any]) -> Prompt:
    """A message, a thread's first ones, what a run is told, or the results of the tools that it waits for."""
    system = (*lenient.text_parts(body.get("instructions")), *lenient.text_parts(body.get("additional_instructions")))
    raw = [item for place in (lenient.obj(body.get("thread")), body) for item in lenient.seq(place.get("messages"))]
    raw += lenient.seq(body.get("additional_messages"))
    messages = [_asked(lenient.obj(item)) for item in raw]
    if "role" in body:
        messages.append(_asked(body))
    outputs = tuple(_output(lenient.obj(item)) for item in lenient.seq(body.get("tool_outputs")))
    return Prompt(
        model=lenient.maybe(body.get("model")),
        stream=lenient.flag(body.get("stream")),
        system=system,
        messages=(*messages, *((Message("tool", outputs),) if outputs else ())),
        tools=tuple(openai_chat.tool_definition(item) for item in lenient.seq(body.get("tools"))),
        settings=lenient.settings(dict(body), *_KNOWN),
    )


def _asked(raw: Mapping[str, Any]) -> Message:
    return lenient.message(raw.get("role"), tuple(_parts(raw.get("content"))))


def _output(raw: dict[str, Any]) -> ToolResult:
    return ToolResult(lenient.maybe(raw.get("tool_call_id")), None, raw.get("output"))


def _parts(content: Json) -> Iterator[Part]:
    if not isinstance(content, list):
        yield from lenient.text_parts(content)
        return
    for item in content:
        raw = lenient.obj(item)
        value = raw.get("text")
        text = lenient.obj(value).get("value", value)
        image = lenient.maybe(lenient.obj(raw.get("image_file")).get("file_id"))
        if isinstance(text, str):
            yield from lenient.text_parts(text)
        elif image:
            yield FileRef(image, None, "image")
        else:
            yield from openai_parts.content_parts([item]) if raw else (Unknown(item),)


# ---------------------------------------------------------------- the response


def deltas(event: Event) -> Iterator[Delta]:
    body = lenient.obj(event.data)
    kind = body.get("object")
    if event.data is None:
        yield from lenient.done(event)
    elif kind == "thread.message.delta":
        yield from _piece(body)
    elif kind == "thread.message":
        yield from _message(body, 0)
    elif isinstance(body.get("data"), list):
        yield SummaryDelta({"object": "list", "count": len(body["data"])})
        for number, item in enumerate(body["data"]):
            if lenient.obj(item).get("object") == "thread.message":
                yield from _message(item, number)
    elif kind == "thread.run":
        yield from _run(body)
    elif kind == "thread.run.step":
        yield from _step(body)
    elif lenient.maybe(kind) and not lenient.string(kind).startswith("thread.run.step"):
        yield AboutDelta(lenient.maybe(body.get("id")), lenient.maybe(body.get("model")))
        yield SummaryDelta({"object": kind})
    yield from lenient.errors(body)


def _piece(body: dict[str, Any]) -> Iterator[Delta]:
    for item in lenient.seq(lenient.obj(body.get("delta")).get("content")):
        raw = lenient.obj(item)
        text = lenient.obj(raw.get("text")).get("value")
        yield TextDelta(lenient.string(text), slot=_slot(body, raw.get("index")))


def _message(body: dict[str, Any], choice: int) -> Iterator[Delta]:
    """A message as it stands, in the place of what grew."""
    if lenient.maybe(body.get("role")):
        yield RoleDelta(body["role"], choice)
    if cut := lenient.maybe(lenient.obj(body.get("incomplete_details")).get("reason")):
        yield FinishDelta(cut, choice)
    for index, part in enumerate(_parts(body.get("content"))):
        yield PartDelta(part, choice, _slot(body, index) if isinstance(part, Text) else None)


def _step(body: dict[str, Any]) -> Iterator[Delta]:
    """The code that a step ran, and what came of it; the same step comes again when more is known of it."""
    details = lenient.obj(body.get("step_details"))
    for index, item in enumerate(map(lenient.obj, lenient.seq(details.get("tool_calls")))):
        ran = lenient.obj(item.get("code_interpreter"))
        if lenient.maybe(ran.get("input")):
            arguments, slot = {"input": ran["input"]}, _slot(body, index)
            yield PartDelta(lenient.call(item.get("id"), "code_interpreter", arguments, "server"), slot=slot)
            if ran.get("outputs"):
                yield PartDelta(ToolResult(lenient.maybe(item.get("id")), None, ran["outputs"]), slot=f"{slot}:result")


def _slot(body: dict[str, Any], index: Json) -> str:
    return f"{body.get('id')}:{index}"


def _run(body: dict[str, Any]) -> Iterator[Delta]:
    yield AboutDelta(lenient.maybe(body.get("id")), lenient.maybe(body.get("model")))
    why = {"incomplete": body["incomplete_details"]} if body.get("incomplete_details") else {}
    yield SummaryDelta({"object": "thread.run", "status": body.get("status"), **why})
    outputs = lenient.obj(lenient.obj(body.get("required_action")).get("submit_tool_outputs"))
    for item in lenient.seq(outputs.get("tool_calls")):
        about = lenient.obj(lenient.obj(item).get("function"))
        yield PartDelta(lenient.call(lenient.obj(item).get("id"), about.get("name"), about.get("arguments")))
    if isinstance(body.get("usage"), dict):
        yield UsageDelta(body["usage"])
    yield from lenient.errors({"error": body.get("last_error")})


usage = openai_chat.usage
