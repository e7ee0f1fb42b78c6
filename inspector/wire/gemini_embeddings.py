"""Google's embeddings: Gemini's, one or many at a time, and those of Vertex, which ask a model to predict.

https://ai.google.dev/api/embeddings
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from inspector.deltas import Delta, UsageDelta
from inspector.model import Event, Json, Message, Prompt
from inspector.wire import gemini_generate, gemini_parts, openai_embeddings
from inspector.wire import reading as read
from inspector.wire.clue import Clue

NAME = "gemini.embeddings"
OPERATION = "embeddings"

_CALLS = (":embedContent", ":batchEmbedContents", ":embedText", ":batchEmbedText", ":asyncBatchEmbedContent")
_ASKED = ("model", "content", "contents", "text", "texts", "requests", "instances")
_VECTORS = ("embeddings", "textEmbedding", "imageEmbedding", "videoEmbeddings")
"""Where a prediction keeps its vectors."""


def recognise(clue: Clue) -> bool:
    if clue.path.endswith(_CALLS):
        return True
    predicted = read.obj(next(iter(read.seq(clue.first.get("predictions"))), None))
    if predicted.keys() & {*_VECTORS}:
        return True
    return clue.path.endswith(":predict") and "embedding" in clue.path and not clue.first.get("predictions")


def prompt(body: Mapping[str, Any]) -> Prompt:
    """Many requests at once have the same settings, which are told once."""
    items = [read.obj(item) for key in ("requests", "instances") for item in read.seq(body.get(key))] or [dict(body)]
    parts = tuple(part for item in items for part in _inputs(item))
    named = read.maybe(body.get("model")) or read.maybe(items[0].get("model"))
    return Prompt(
        model=named.rpartition("models/")[2] if named else None,
        messages=(Message("user", parts),) if parts else (),
        settings={**read.settings(items[0], *_ASKED), **read.settings(dict(body), *_ASKED)},
    )


def _inputs(item: dict[str, Any]) -> Iterator[Any]:
    for key in ("content", "contents", "text", "texts"):
        for content in gemini_parts.listed(item.get(key)):
            yield from gemini_parts.parts(content)


def deltas(event: Event) -> Iterator[Delta]:
    body = read.obj(event.data)
    found = [vector for item in read.seq(body.get("predictions")) for vector in _predicted(read.obj(item))]
    for key in ("embedding", "embeddings"):
        found += map(_values, gemini_parts.listed(body.get(key)))
    if found:
        yield openai_embeddings.summary(found)
    counts = read.either(body, "usage_metadata", "usageMetadata")
    if isinstance(counts, dict):
        yield UsageDelta(counts)
    elif read_in := _statistics(read.seq(body.get("predictions"))):
        yield UsageDelta({"prompt_token_count": read_in})
    yield from read.errors(body)


def _predicted(item: dict[str, Any]) -> Iterator[Json]:
    for key in _VECTORS:
        for vector in gemini_parts.listed(item.get(key)) if key.endswith("s") else [item.get(key)]:
            if vector is not None:
                yield _values(vector)


def _values(raw: Json) -> Json:
    """A vector, or the object around it."""
    vector = read.obj(raw)
    return next((vector[key] for key in ("values", "value", "embedding") if key in vector), raw)


def _statistics(predictions: list[Json]) -> int:
    statistics = (read.obj(read.obj(read.obj(item).get("embeddings")).get("statistics")) for item in predictions)
    return sum(read.count(item.get("token_count")) or 0 for item in statistics)


usage = gemini_generate.usage
