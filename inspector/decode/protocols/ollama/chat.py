"""Ollama's own chat. Tool calls arrive whole, with their arguments as an object.

https://github.com/ollama/ollama/blob/main/docs/api.md#generate-a-chat-completion
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from inspector.decode import lenient
from inspector.decode.evidence import Evidence
from inspector.decode.protocols.openai import chat as openai_chat
from inspector.decode.protocols.openai import parts as openai_parts
from inspector.model import Event, Json, Message, Part, Prompt, ToolCall, ToolResult, Unknown, Usage
from inspector.model.delta import (
    AboutDelta,
    Delta,
    EndDelta,
    FinishDelta,
    PartDelta,
    ReasoningDelta,
    RoleDelta,
    TextDelta,
    TokensDelta,
    UsageDelta,
)

NAME = "ollama.chat"
OPERATION = "chat"

NEUTRAL = frozenset(
    {
        "created_at", "done_reason", "remote_host", "remote_model"
    }
)  # fmt: skip
NEUTRAL_COUNTS = frozenset(
    {
        "eval_duration", "load_duration", "prompt_eval_duration", "total_duration"
    }
)  # fmt: skip

COUNTS = ("prompt_eval_count", "eval_count")


def recognise(evidence: Evidence) -> bool:
    return evidence.path.endswith("/api/chat") or (
        "done" in evidence.first and isinstance(evidence.first.get("message"), dict)
    )


# ---------------------------------------------------------------- the request


def prompt(body: Mapping[str, Any]) -> Prompt:
    return openai_chat.prompt_of(body, _message)


def _message(raw: Json) -> Message:
    if not isinstance(raw, dict):
        return Message("user", (Unknown(raw),))
    if lenient.role(raw.get("role")) == "tool":
        name = lenient.either(raw, "tool_name", "name")
        answer = ToolResult(lenient.maybe(raw.get("tool_call_id")), lenient.maybe(name), raw.get("content"))
        return lenient.message(raw.get("role"), (answer,))
    return lenient.message(raw.get("role"), _parts(raw))


def _parts(raw: dict[str, Any]) -> tuple[Part, ...]:
    return (
        *lenient.reasoning_parts(raw.get("thinking")),
        *lenient.text_parts(raw.get("content")),
        *images(raw.get("images")),
        *(_tool_call(item) for item in lenient.listed(raw.get("tool_calls"))),
    )


images = openai_parts.images


def _tool_call(raw: Json) -> ToolCall | Unknown:
    about = lenient.obj(raw).get("function")
    if not isinstance(about, dict):
        return Unknown(raw)
    return lenient.call(raw.get("id"), about.get("name"), about.get("arguments"))


# ---------------------------------------------------------------- the response


def deltas(event: Event) -> Iterator[Delta]:
    """What one line adds, or a whole answer, which is a line with ``done``."""
    body = event.data
    if not isinstance(body, dict):
        return
    said = body.get("message")
    if isinstance(said, dict):
        yield from _said(said)
    yield from ending(body)


def _said(said: dict[str, Any]) -> Iterator[Delta]:
    if role := lenient.maybe(said.get("role")):
        yield RoleDelta(role)
    if thinking := lenient.maybe(said.get("thinking")):
        yield ReasoningDelta(thinking)
    if text := lenient.maybe(said.get("content")):
        yield TextDelta(text)
    for image in images(said.get("images")):
        yield PartDelta(image)
    for item in lenient.listed(said.get("tool_calls")):
        yield PartDelta(_tool_call(item))


def ending(body: dict[str, Any]) -> Iterator[Delta]:
    """What the lines of all of Ollama's answers have in common."""
    yield AboutDelta(None, lenient.maybe(body.get("model")))
    if tokens := tuple(openai_parts.tokens(body.get("logprobs"))):
        yield TokensDelta(tokens)
    if reason := lenient.maybe(body.get("done_reason")):
        yield FinishDelta(reason)
    if body.get("done") is True:
        yield UsageDelta({key: body[key] for key in COUNTS if key in body})
        yield EndDelta()
    yield from lenient.errors(body)


def usage(counts: Mapping[str, Any]) -> Usage:
    return Usage(
        input_tokens=lenient.count(counts.get("prompt_eval_count")),
        output_tokens=lenient.count(counts.get("eval_count")),
    )
