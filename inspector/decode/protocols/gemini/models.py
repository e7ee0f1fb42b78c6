"""Model lists of the Gemini API and of publishers on Vertex AI.

https://ai.google.dev/api/models
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from inspector.decode import lenient
from inspector.decode.evidence import Evidence
from inspector.model import Event, Json, Prompt, Usage
from inspector.model.delta import Delta, SummaryDelta
from inspector.model.expressions import expression

NAME = "gemini.models"
OPERATION = "models"

NEUTRAL = frozenset(
    {
        "description", "displayName", "models.name", "name", "nextPageToken", "publisherModels.name",
        "supportedGenerationMethods", "version",
    }
)  # fmt: skip

_LISTS = ("models", "publisherModels")
_NAME = expression(r"(?:publishers/[^/]+/)?models/[^/]+")
_PATH = expression(r"/v1\w*/(?:publishers/[^/]+/)?models(?:/[^/:]+)?")


def recognise(evidence: Evidence) -> bool:
    """By the names of resources that the answer has; without one by the address."""
    if _named(evidence.first) or any(
        _named(model) for key in _LISTS for model in lenient.seq(evidence.first.get(key))[:1]
    ):
        return True
    return evidence.host.endswith(".googleapis.com") and _PATH.fullmatch(evidence.path) is not None


def _named(model: Json) -> bool:
    name = lenient.maybe(lenient.obj(model).get("name"))
    return name is not None and _NAME.fullmatch(name) is not None


def prompt(body: Mapping[str, Any]) -> Prompt:
    return Prompt(settings=dict(body))


def deltas(event: Event) -> Iterator[Delta]:
    """The names of a list, without the word that begins each, or of a single model."""
    body = lenient.obj(event.data)
    models = next((body[key] for key in _LISTS if isinstance(body.get(key), list)), None)
    if models is not None:
        yield SummaryDelta({"models": [_name(model) for model in models]})
    elif _named(body):
        yield SummaryDelta({"models": [_name(body)]})
    yield from lenient.errors(body)


def _name(model: Json) -> Json:
    """A model's name as requests have it; what has none is shown as it is."""
    name = lenient.maybe(lenient.obj(model).get("name"))
    return name.rpartition("models/")[2] if name else model


def usage(counts: Mapping[str, Any]) -> Usage:
    return Usage()
