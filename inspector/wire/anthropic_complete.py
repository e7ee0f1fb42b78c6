"""Anthropic's older text completion, of ``/v1/complete`` and of Claude 2 on Bedrock.

https://docs.anthropic.com/en/api/complete
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from inspector.deltas import AboutDelta, Delta, EndDelta, FinishDelta, TextDelta, UsageDelta
from inspector.model import Event, Message, Prompt
from inspector.wire import anthropic_messages
from inspector.wire import reading as read
from inspector.wire.clue import Clue

NAME = "anthropic.complete"
OPERATION = "text_completion"


def recognise(clue: Clue) -> bool:
    if clue.first.get("type") == "completion" or "max_tokens_to_sample" in clue.body:
        return True
    return clue.path.endswith("/v1/complete")


def prompt(body: Mapping[str, Any]) -> Prompt:
    parts = read.text_parts(body.get("prompt"))
    return Prompt(
        model=read.maybe(body.get("model")),
        stream=read.flag(body.get("stream")),
        messages=(Message("user", parts),) if parts else (),
        settings=read.settings(dict(body), "model", "stream", "prompt"),
    )


def deltas(event: Event) -> Iterator[Delta]:
    """What one event adds, or a whole completion, which is an event with a reason to stop."""
    body = read.obj(event.data)
    yield AboutDelta(read.maybe(body.get("id")) or read.maybe(body.get("log_id")), read.maybe(body.get("model")))
    if text := read.maybe(body.get("completion")):
        yield TextDelta(text)
    if isinstance(body.get("usage"), dict):
        yield UsageDelta(body["usage"])
    if reason := read.maybe(body.get("stop_reason")):
        yield FinishDelta(reason)
        yield EndDelta()
    yield from read.errors(body)


usage = anthropic_messages.usage
