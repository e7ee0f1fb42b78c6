"""Cohere's older text generation, of ``/v1/generate`` and of Command on Bedrock, and its summaries.

https://docs.cohere.com/v1/reference/generate
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from inspector.deltas import AboutDelta, Delta, EndDelta, FinishDelta, TextDelta, UsageDelta
from inspector.model import Event, Message, Prompt
from inspector.wire import cohere_chat
from inspector.wire import reading as read
from inspector.wire.clue import Clue

NAME = "cohere.generate"
OPERATION = "text_completion"

_PATHS = ("/v1/generate", "/v1/summarize")


def recognise(clue: Clue) -> bool:
    asked = clue.path.endswith(_PATHS) and ("prompt" in clue.body or "text" in clue.body)
    generations = read.seq(clue.first.get("generations"))
    return asked or "text" in read.obj(next(iter(generations), None))


def prompt(body: Mapping[str, Any]) -> Prompt:
    parts = (*read.text_parts(body.get("prompt")), *read.text_parts(body.get("text")))
    return Prompt(
        model=read.maybe(body.get("model")),
        stream=read.flag(body.get("stream")),
        messages=(Message("user", parts),) if parts else (),
        settings=read.settings(dict(body), "model", "prompt", "text", "stream"),
    )


def deltas(event: Event) -> Iterator[Delta]:
    """What one event adds, or a whole answer. The last event of a stream repeats the whole."""
    body = event.data
    if not isinstance(body, dict):
        return
    yield AboutDelta(read.maybe(body.get("id")), read.maybe(body.get("model")))
    if body.get("is_finished") is not True:
        yield from _texts(body)
    else:
        answer = read.obj(body.get("response"))
        yield AboutDelta(read.maybe(answer.get("id")), None)
        yield UsageDelta(read.obj(answer.get("meta")))
        yield FinishDelta(read.string(body.get("finish_reason")), read.count(body.get("index")) or 0)
        yield EndDelta()
    yield UsageDelta(read.obj(body.get("meta")))
    yield from read.errors(body)


def _texts(body: dict[str, Any]) -> Iterator[Delta]:
    for choice, item in enumerate(map(read.obj, read.seq(body.get("generations")))):
        yield TextDelta(read.string(item.get("text")), choice)
        if reason := read.maybe(item.get("finish_reason")):
            yield FinishDelta(reason, choice)
            yield EndDelta()
    yield TextDelta(read.string(body.get("text")), read.count(body.get("index")) or 0)
    yield TextDelta(read.string(body.get("summary")))


usage = cohere_chat.usage
