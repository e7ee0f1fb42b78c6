"""Model lists as OpenAI and its many followers give them.

https://platform.openai.com/docs/api-reference/models
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from inspector.decode import lenient
from inspector.decode.evidence import Evidence
from inspector.model import Event, Json, Prompt, Usage
from inspector.model.delta import Delta, SummaryDelta

NAME = "openai.models"
OPERATION = "models"

NEUTRAL = frozenset(
    {
        ".data", "capabilities", "deprecation_date", "description", "display_name", "eol_date", "lifecycle_status",
        "meta", "name", "owned_by", "parent", "permission", "regions", "root"
    }
)  # fmt: skip
NEUTRAL_EVENTS = frozenset(
    {
        "list", "model"
    }
)  # fmt: skip


def recognise(evidence: Evidence) -> bool:
    if evidence.first.get("object") == "model":
        return True
    if not evidence.path.endswith(("/models", "/available-models")):
        return False
    return "models" not in evidence.first or isinstance(evidence.first.get("data"), list)  # llama.cpp has both


def prompt(body: Mapping[str, Any]) -> Prompt:
    return Prompt(settings=dict(body))


def deltas(event: Event) -> Iterator[Delta]:
    """The ids of a list, of the ``data`` of an object, or of a single model."""
    body = event.data
    models = body if isinstance(body, list) else lenient.obj(body).get("data")
    if isinstance(models, list):
        yield SummaryDelta({"models": [_id(model) for model in models]})
    elif lenient.maybe(lenient.obj(body).get("id")):
        yield SummaryDelta({"models": [body["id"]]})
    yield from lenient.errors(lenient.obj(body))


def _id(model: Json) -> Json:
    """A model's id; what has none is shown as it is."""
    return lenient.maybe(lenient.obj(model).get("id")) or lenient.maybe(lenient.obj(model).get("model_id")) or model


def usage(counts: Mapping[str, Any]) -> Usage:
    return Usage()
