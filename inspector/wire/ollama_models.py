"""What Ollama says about its models: those that it has, those that it runs, and how far a download is.

https://github.com/ollama/ollama/blob/main/docs/api.md#list-local-models
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from inspector.model import Delta, EndDelta, ErrorDelta, Event, Json, Prompt, SummaryDelta, Usage
from inspector.wire import reading as read
from inspector.wire.clue import Clue

NAME = "ollama.models"
OPERATION = "models"


def recognise(clue: Clue) -> bool:
    return clue.path.endswith(("/api/tags", "/api/ps", "/api/pull"))


def prompt(body: Mapping[str, Any]) -> Prompt:
    return Prompt(
        model=read.maybe(read.either(body, "model", "name")),
        stream=read.flag(body.get("stream")),
        settings=read.settings(dict(body), "model", "name", "stream"),
    )


def deltas(event: Event) -> Iterator[Delta]:
    """A list of models, or one line of a download's progress: the last one holds."""
    body = event.data
    if not isinstance(body, dict):
        return
    if isinstance(body.get("models"), list):
        yield SummaryDelta({"models": [_name(model) for model in body["models"]]})
    if status := read.maybe(body.get("status")):
        yield SummaryDelta({"status": status})
        if status == "success":
            yield EndDelta()
    if body.get("error") and (error := read.error_of(body)):
        yield ErrorDelta(error)


def _name(model: Json) -> Json:
    """A model's name; what has none is shown as it is."""
    return read.maybe(read.either(read.obj(model), "model", "name")) or model


def usage(counts: Mapping[str, Any]) -> Usage:
    return Usage()
