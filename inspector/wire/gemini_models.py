"""Model lists of the Gemini API and of publishers on Vertex AI.

https://ai.google.dev/api/models
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from inspector.deltas import Delta, SummaryDelta
from inspector.model import Event, Json, Prompt, Usage
from inspector.wire import reading as read
from inspector.wire.clue import Clue

NAME = "gemini.models"
OPERATION = "models"

_LISTS = ("models", "publisherModels")
_NAME = re.compile(r"(?:publishers/[^/]+/)?models/[^/]+")
_PATH = re.compile(r"/v1\w*/(?:publishers/[^/]+/)?models(?:/[^/:]+)?")


def recognise(clue: Clue) -> bool:
    """By the names of resources that the answer has; without one by the address."""
    if _named(clue.first) or any(_named(model) for key in _LISTS for model in read.seq(clue.first.get(key))[:1]):
        return True
    return clue.host.endswith(".googleapis.com") and _PATH.fullmatch(clue.path) is not None


def _named(model: Json) -> bool:
    name = read.maybe(read.obj(model).get("name"))
    return name is not None and _NAME.fullmatch(name) is not None


def prompt(body: Mapping[str, Any]) -> Prompt:
    return Prompt(settings=dict(body))


def deltas(event: Event) -> Iterator[Delta]:
    """The names of a list, without the word that begins each, or of a single model."""
    body = read.obj(event.data)
    models = next((body[key] for key in _LISTS if isinstance(body.get(key), list)), None)
    if models is not None:
        yield SummaryDelta({"models": [_name(model) for model in models]})
    elif _named(body):
        yield SummaryDelta({"models": [_name(body)]})
    yield from read.errors(body)


def _name(model: Json) -> Json:
    """A model's name as requests have it; what has none is shown as it is."""
    name = read.maybe(read.obj(model).get("name"))
    return name.rpartition("models/")[2] if name else model


def usage(counts: Mapping[str, Any]) -> Usage:
    return Usage()
