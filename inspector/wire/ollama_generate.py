"""Ollama's own text completion.

https://github.com/ollama/ollama/blob/main/docs/api.md#generate-a-completion
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from inspector.deltas import Delta, ReasoningDelta, TextDelta
from inspector.model import Event, Message, Prompt
from inspector.wire import ollama_chat
from inspector.wire import reading as read
from inspector.wire.clue import Clue

NAME = "ollama.generate"
OPERATION = "text_completion"


def recognise(clue: Clue) -> bool:
    return clue.path.endswith("/api/generate") or ("done" in clue.first and isinstance(clue.first.get("response"), str))


def prompt(body: Mapping[str, Any]) -> Prompt:
    parts = (*read.text_parts(body.get("prompt")), *ollama_chat.images(body.get("images")))
    return Prompt(
        model=read.maybe(body.get("model")),
        stream=read.flag(body.get("stream")),
        system=read.text_parts(body.get("system")),
        messages=(Message("user", parts),) if parts else (),
        settings=read.settings(dict(body), "model", "stream", "system", "prompt", "images"),
    )


def deltas(event: Event) -> Iterator[Delta]:
    """What one line adds, or a whole answer, which is a line with ``done``."""
    body = event.data
    if not isinstance(body, dict):
        return
    if thinking := read.maybe(body.get("thinking")):
        yield ReasoningDelta(thinking)
    if text := read.maybe(body.get("response")):
        yield TextDelta(text)
    yield from ollama_chat.ending(body)


usage = ollama_chat.usage
