"""Ollama's own embeddings: ``/api/embed``, and ``/api/embeddings`` before it, which gave one vector.

https://github.com/ollama/ollama/blob/main/docs/api.md#generate-embeddings
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from inspector.deltas import AboutDelta, Delta, UsageDelta
from inspector.model import Event, Prompt
from inspector.wire import ollama_chat, openai_embeddings
from inspector.wire import reading as read
from inspector.wire.clue import Clue

NAME = "ollama.embed"
OPERATION = "embeddings"


def recognise(clue: Clue) -> bool:
    return clue.path.endswith(("/api/embed", "/api/embeddings"))


def prompt(body: Mapping[str, Any]) -> Prompt:
    return Prompt(
        model=read.maybe(body.get("model")),
        messages=openai_embeddings.inputs(read.either(body, "input", "prompt")),
        settings=read.settings(dict(body), "model", "input", "prompt"),
    )


def deltas(event: Event) -> Iterator[Delta]:
    body = event.data
    if not isinstance(body, dict):
        return
    yield AboutDelta(None, read.maybe(body.get("model")))
    if isinstance(body.get("embeddings"), list):
        yield openai_embeddings.summary(body["embeddings"])
    elif isinstance(body.get("embedding"), list):
        yield openai_embeddings.summary([body["embedding"]])
    yield UsageDelta({key: body[key] for key in ollama_chat.COUNTS if key in body})
    yield from read.errors(body)


usage = ollama_chat.usage
