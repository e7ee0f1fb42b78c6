"""OpenAI Completions, the older protocol for plain text, which vLLM, Ollama and others still speak.

https://platform.openai.com/docs/api-reference/completions
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from inspector.model import (
    AboutDelta,
    Delta,
    EndDelta,
    ErrorDelta,
    Event,
    FinishDelta,
    Json,
    Message,
    Prompt,
    TextDelta,
    UsageDelta,
)
from inspector.wire import openai_chat
from inspector.wire import reading as read
from inspector.wire.clue import Clue

NAME = "openai.completions"
OPERATION = "text_completion"


def recognise(clue: Clue) -> bool:
    if "text_completion" in read.string(clue.first.get("object")):
        return True
    return clue.path.endswith("/completions") and not clue.path.endswith("/chat/completions")


def prompt(body: Mapping[str, Any]) -> Prompt:
    return Prompt(
        model=read.maybe(body.get("model")),
        stream=read.flag(body.get("stream")),
        messages=tuple(_messages(body.get("prompt"))),
        settings=read.settings(dict(body), "model", "prompt", "stream"),
    )


def _messages(prompt: Json) -> Iterator[Message]:
    """A message for each prompt: a request may hold several. Token ids stay as they are."""
    for item in read.texts(prompt):
        if parts := read.text_parts(item):
            yield Message("user", parts)


def deltas(event: Event) -> Iterator[Delta]:
    """What one chunk adds, or a whole completion."""
    body = event.data
    if not isinstance(body, dict):
        if event.raw is not None and event.raw.strip() == "[DONE]":
            yield EndDelta()
        return
    yield AboutDelta(read.maybe(body.get("id")), read.maybe(body.get("model")))
    for item in read.seq(body.get("choices")):
        yield from _choice(read.obj(item))
    if isinstance(body.get("usage"), dict):
        yield UsageDelta(body["usage"])
    if body.get("error") and (error := read.error_of(body)):
        yield ErrorDelta(error)


def _choice(raw: dict[str, Any]) -> Iterator[Delta]:
    choice = read.count(raw.get("index")) or 0
    if text := read.maybe(raw.get("text")):
        yield TextDelta(text, choice)
    if reason := read.maybe(raw.get("finish_reason")):
        yield FinishDelta(reason, choice)
        yield EndDelta()


usage = openai_chat.usage
