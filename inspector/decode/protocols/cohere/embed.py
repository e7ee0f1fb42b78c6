"""Cohere Embed, v1 and v2: texts and images in, vectors out, one list for each type of number that was asked for.

https://docs.cohere.com/reference/embed
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from inspector.decode import lenient
from inspector.decode.evidence import Evidence
from inspector.decode.protocols.cohere import chat as cohere_chat
from inspector.decode.protocols.openai import parts as openai_parts
from inspector.decode.protocols.openai.endpoints.embeddings import summary
from inspector.model import Event, Json, Message, Part, Prompt
from inspector.model.delta import AboutDelta, Delta, UsageDelta

NAME = "cohere.embed"
OPERATION = "embeddings"

NEUTRAL = frozenset(
    {
        "meta", "response_type", "texts"
    }
)  # fmt: skip
NEUTRAL_COUNTS = frozenset(
    {
        "billed_units"
    }
)  # fmt: skip

_TYPES = ("float", "base64", "int8", "uint8", "ubinary", "binary")
"""The packed ones stand last: their vectors are shorter than what they stand for."""


def recognise(evidence: Evidence) -> bool:
    if lenient.string(evidence.first.get("response_type")).startswith("embeddings_"):
        return True
    return evidence.path.endswith(("/v1/embed", "/v2/embed"))


def prompt(body: Mapping[str, Any]) -> Prompt:
    parts = tuple(_parts(body))
    return Prompt(
        model=lenient.maybe(body.get("model")),
        messages=(Message("user", parts),) if parts else (),
        settings=lenient.settings(dict(body), "model", "texts", "images", "inputs"),
    )


def _parts(body: Mapping[str, Any]) -> Iterator[Part]:
    """Texts, images as ``data:`` addresses, or mixed inputs, which have the content of a message."""
    for text in lenient.texts(body.get("texts")):
        yield from lenient.text_parts(text)
    for image in lenient.texts(body.get("images")):
        yield from (lenient.uri(image, kind="image"),) if isinstance(image, str) else lenient.text_parts(image)
    for item in lenient.texts(body.get("inputs")):
        yield from openai_parts.content_parts(lenient.obj(item).get("content", item))


def deltas(event: Event) -> Iterator[Delta]:
    body = event.data
    if not isinstance(body, dict):
        return
    yield AboutDelta(lenient.maybe(body.get("id")), lenient.maybe(body.get("model")))
    if "embeddings" in body:
        yield summary(vectors(body["embeddings"]))
    yield UsageDelta(lenient.obj(body.get("meta")))
    yield from lenient.errors(body)


def vectors(value: Json) -> list[Json]:
    """The vectors of one type, of those that there are."""
    if isinstance(value, list):
        return value
    by_type = lenient.obj(value)
    return next((by_type[kind] for kind in _TYPES if isinstance(by_type.get(kind), list)), [])


usage = cohere_chat.usage
