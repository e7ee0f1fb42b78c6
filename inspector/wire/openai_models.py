"""Model lists as OpenAI and its many followers give them.

https://platform.openai.com/docs/api-reference/models
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from inspector.deltas import Delta, SummaryDelta
from inspector.model import Event, Json, Prompt, Usage
from inspector.wire import reading as read
from inspector.wire.clue import Clue

NAME = "openai.models"
OPERATION = "models"


def recognise(clue: Clue) -> bool:
    if clue.first.get("object") == "model":
        return True
    if not clue.path.endswith(("/models", "/available-models")):
        return False
    return "models" not in clue.first or isinstance(clue.first.get("data"), list)  # llama.cpp has both


def prompt(body: Mapping[str, Any]) -> Prompt:
    return Prompt(settings=dict(body))


def deltas(event: Event) -> Iterator[Delta]:
    """The ids of a list, of the ``data`` of an object, or of a single model."""
    body = event.data
    models = body if isinstance(body, list) else read.obj(body).get("data")
    if isinstance(models, list):
        yield SummaryDelta({"models": [_id(model) for model in models]})
    elif read.maybe(read.obj(body).get("id")):
        yield SummaryDelta({"models": [body["id"]]})
    yield from read.errors(read.obj(body))


def _id(model: Json) -> Json:
    """A model's id; what has none is shown as it is."""
    return read.maybe(read.obj(model).get("id")) or read.maybe(read.obj(model).get("model_id")) or model


def usage(counts: Mapping[str, Any]) -> Usage:
    return Usage()
