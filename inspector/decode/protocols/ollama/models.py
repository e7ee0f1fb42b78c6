"""What Ollama says about its models: those that it has, those that it runs, one of them, and how far a transfer is.

https://github.com/ollama/ollama/blob/main/docs/api.md#list-local-models
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from inspector.decode import lenient
from inspector.decode.evidence import Evidence
from inspector.model import Event, Json, Prompt, Usage
from inspector.model.delta import Delta, EndDelta, SummaryDelta

NAME = "ollama.models"
OPERATION = "models"

NEUTRAL = frozenset(
    {
        "capabilities", "details", "digest", "expires_at", "license", "model_info", "modelfile", "modified_at",
        "name", "parameters", "remote_host", "remote_model", "template", "tensors"
    }
)  # fmt: skip


_TRANSFERS = ("/api/push", "/api/create")
_ABOUT = ("family", "parameter_size", "quantization_level")


def recognise(evidence: Evidence) -> bool:
    """By addresses of its own; those that others may have need an answer that is Ollama's."""
    if evidence.path.endswith(("/api/tags", "/api/ps", "/api/pull")):
        return True
    if evidence.path.endswith(_TRANSFERS):
        return isinstance(evidence.first.get("status"), str)
    if evidence.path.endswith("/api/show"):
        return bool(evidence.first.keys() & {"modelfile", "model_info", "details"})
    return evidence.path.endswith("/api/version") and evidence.first.keys() == {"version"}


def prompt(body: Mapping[str, Any]) -> Prompt:
    return Prompt(
        model=lenient.maybe(lenient.either(body, "model", "name")),
        stream=lenient.flag(body.get("stream")),
        settings=lenient.settings(dict(body), "model", "name", "stream"),
    )


def deltas(event: Event) -> Iterator[Delta]:
    """A list of models, one model, or one line of a transfer's progress: the last one holds."""
    body = event.data
    if not isinstance(body, dict):
        return
    if isinstance(body.get("models"), list):
        yield SummaryDelta({"models": [_name(model) for model in body["models"]]})
    if details := lenient.obj(body.get("details")):
        yield SummaryDelta({key: details[key] for key in _ABOUT if key in details})
    for key in ("capabilities", "version"):
        if body.get(key):
            yield SummaryDelta({key: body[key]})
    if status := lenient.maybe(body.get("status")):
        yield SummaryDelta({"status": status})
        if status == "success":
            yield EndDelta()
    yield from lenient.errors(body)


def _name(model: Json) -> Json:
    """A model's name; what has none is shown as it is."""
    return lenient.maybe(lenient.either(lenient.obj(model), "model", "name")) or model


def usage(counts: Mapping[str, Any]) -> Usage:
    return Usage()
