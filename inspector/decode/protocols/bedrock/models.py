"""What Bedrock offers: its foundation models, and the inference profiles that stand before them.

https://docs.aws.amazon.com/bedrock/latest/APIReference/API_ListFoundationModels.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from inspector.decode import lenient
from inspector.decode.evidence import Evidence
from inspector.model import Event, Json, Prompt, Usage
from inspector.model.delta import Delta, SummaryDelta
from inspector.model.expressions import expression

NAME = "bedrock.models"
OPERATION = "models"

NEUTRAL = frozenset(
    {
        ".modelSummaries", "customizationsSupported", "description", "inferenceProfileArn", "inferenceProfileName",
        "inferenceTypesSupported", "inputModalities", "modelArn", "modelName", "outputModalities", "providerName",
    }
)  # fmt: skip

_PATH = expression(r"/(?:foundation-models|inference-profiles)(?:/.+)?$")
_LISTS = ("modelSummaries", "inferenceProfileSummaries")
_IDS = ("modelId", "inferenceProfileId")


def recognise(evidence: Evidence) -> bool:
    return _PATH.match(evidence.path) is not None or any(isinstance(evidence.first.get(key), list) for key in _LISTS)


def prompt(body: Mapping[str, Any]) -> Prompt:
    return Prompt(settings=dict(body))


def deltas(event: Event) -> Iterator[Delta]:
    """The ids of a list, or of a single model or profile."""
    body = lenient.obj(event.data)
    models = next((body[key] for key in _LISTS if isinstance(body.get(key), list)), None)
    one = lenient.obj(body.get("modelDetails")) or body
    if models is not None:
        yield SummaryDelta({"models": [_id(model) for model in models]})
    elif lenient.maybe(lenient.either(one, *_IDS)):
        yield SummaryDelta({"models": [_id(one)]})
    else:
        yield from lenient.errors(body)


def _id(model: Json) -> Json:
    """A model's id; what has none is shown as it is."""
    return lenient.maybe(lenient.either(lenient.obj(model), *_IDS)) or model


def usage(counts: Mapping[str, Any]) -> Usage:
    return Usage()
