"""Cohere Embed, v1 and v2: texts and images in, vectors out, one list for each type of number that was asked for.

https://docs.cohere.com/reference/embed
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from inspector.deltas import AboutDelta, Delta, UsageDelta
from inspector.model import Event, Json, Message, Part, Prompt
from inspector.wire import cohere_chat, openai_parts
from inspector.wire import reading as read
from inspector.wire.clue import Clue
from inspector.wire.openai_embeddings import summary

NAME = "cohere.embed"
OPERATION = "embeddings"

_TYPES = ("float", "base64", "int8", "uint8", "ubinary", "binary")
"""The packed ones stand last: their vectors are shorter than what they stand for."""


def recognise(clue: Clue) -> bool:
    if read.string(clue.first.get("response_type")).startswith("embeddings_"):
        return True
    return clue.path.endswith(("/v1/embed", "/v2/embed"))


def prompt(body: Mapping[str, Any]) -> Prompt:
    parts = tuple(_parts(body))
    return Prompt(
        model=read.maybe(body.get("model")),
        messages=(Message("user", parts),) if parts else (),
        settings=read.settings(dict(body), "model", "texts", "images", "inputs"),
    )


def _parts(body: Mapping[str, Any]) -> Iterator[Part]:
    """Texts, images as ``data:`` addresses, or mixed inputs, which have the content of a message."""
    for text in read.texts(body.get("texts")):
        yield from read.text_parts(text)
    for image in read.texts(body.get("images")):
        yield from (read.uri(image, kind="image"),) if isinstance(image, str) else read.text_parts(image)
    for item in read.texts(body.get("inputs")):
        yield from openai_parts.content_parts(read.obj(item).get("content", item))


def deltas(event: Event) -> Iterator[Delta]:
    body = event.data
    if not isinstance(body, dict):
        return
    yield AboutDelta(read.maybe(body.get("id")), read.maybe(body.get("model")))
    if "embeddings" in body:
        yield summary(vectors(body["embeddings"]))
    yield UsageDelta(read.obj(body.get("meta")))
    yield from read.errors(body)


def vectors(value: Json) -> list[Json]:
    """The vectors of one type, of those that there are."""
    if isinstance(value, list):
        return value
    by_type = read.obj(value)
    return next((by_type[kind] for kind in _TYPES if isinstance(by_type.get(kind), list)), [])


usage = cohere_chat.usage
