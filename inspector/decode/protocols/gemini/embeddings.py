"""Google's embeddings: Gemini's, one or many at a time, and those of Vertex, which ask a model to predict.

https://ai.google.dev/api/embeddings
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from inspector.decode import lenient
from inspector.decode.evidence import Evidence
from inspector.decode.protocols.gemini import generate as gemini_generate
from inspector.decode.protocols.gemini import parts as gemini_parts
from inspector.decode.protocols.openai.endpoints import embeddings as openai_embeddings
from inspector.model import Event, Json, Message, Prompt
from inspector.model.delta import Delta, UsageDelta

NAME = "gemini.embeddings"
OPERATION = "embeddings"

NEUTRAL = frozenset(
    {
        "modality", "sdk_http_response"
    }
)  # fmt: skip

_CALLS = (":embedContent", ":batchEmbedContents", ":embedText", ":batchEmbedText", ":asyncBatchEmbedContent")
_ASKED = ("model", "content", "contents", "text", "texts", "requests", "instances")
_VECTORS = ("embeddings", "textEmbedding", "imageEmbedding", "videoEmbeddings")
"""Where a prediction keeps its vectors."""


def recognise(evidence: Evidence) -> bool:
    if evidence.path.endswith(_CALLS):
        return True
    predicted = lenient.obj(next(iter(lenient.seq(evidence.first.get("predictions"))), None))
    if predicted.keys() & {*_VECTORS}:
        return True
    return evidence.path.endswith(":predict") and "embedding" in evidence.path and not evidence.first.get("predictions")


def prompt(body: Mapping[str, Any]) -> Prompt:
    """Many requests at once have the same settings, which are told once."""
    items = [lenient.obj(item) for key in ("requests", "instances") for item in lenient.seq(body.get(key))] or [
        dict(body)
    ]
    parts = tuple(part for item in items for part in _inputs(item))
    named = lenient.maybe(body.get("model")) or lenient.maybe(items[0].get("model"))
    return Prompt(
        model=named.rpartition("models/")[2] if named else None,
        messages=(Message("user", parts),) if parts else (),
        settings={**lenient.settings(items[0], *_ASKED), **lenient.settings(dict(body), *_ASKED)},
    )


def _inputs(item: dict[str, Any]) -> Iterator[Any]:
    for key in ("content", "contents", "text", "texts"):
        for content in gemini_parts.listed(item.get(key)):
            yield from gemini_parts.parts(content)


def deltas(event: Event) -> Iterator[Delta]:
    body = lenient.obj(event.data)
    found = [vector for item in lenient.seq(body.get("predictions")) for vector in _predicted(lenient.obj(item))]
    for key in ("embedding", "embeddings"):
        found += map(_values, gemini_parts.listed(body.get(key)))
    if found:
        yield openai_embeddings.summary(found)
    counts = lenient.either(body, "usage_metadata", "usageMetadata")
    if isinstance(counts, dict):
        yield UsageDelta(counts)
    elif read_in := _statistics(lenient.seq(body.get("predictions"))):
        yield UsageDelta({"prompt_token_count": read_in})
    yield from lenient.errors(body)


def _predicted(item: dict[str, Any]) -> Iterator[Json]:
    for key in _VECTORS:
        for vector in gemini_parts.listed(item.get(key)) if key.endswith("s") else [item.get(key)]:
            if vector is not None:
                yield _values(vector)


def _values(raw: Json) -> Json:
    """A vector, or the object around it."""
    vector = lenient.obj(raw)
    return next((vector[key] for key in ("values", "value", "embedding") if key in vector), raw)


def _statistics(predictions: list[Json]) -> int:
    statistics = (
        lenient.obj(lenient.obj(lenient.obj(item).get("embeddings")).get("statistics")) for item in predictions
    )
    return sum(lenient.count(item.get("token_count")) or 0 for item in statistics)


usage = gemini_generate.usage
