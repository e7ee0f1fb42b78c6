"""OpenAI Embeddings: texts in, vectors out, of which only number and length are worth a look.

https://platform.openai.com/docs/api-reference/embeddings
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from inspector import blobs
from inspector.deltas import AboutDelta, Delta, SummaryDelta, UsageDelta
from inspector.model import Event, Json, Message, Part, Prompt
from inspector.wire import openai_chat
from inspector.wire import reading as read
from inspector.wire.clue import Clue

NAME = "openai.embeddings"
OPERATION = "embeddings"

_PATHS = ("/embeddings", "/multimodalembeddings", "/contextualizedembeddings")
_FLOAT_BYTES = 4


def recognise(clue: Clue) -> bool:
    data = read.seq(clue.first.get("data"))
    return clue.path.endswith(_PATHS) or "embedding" in read.obj(next(iter(data), None)) or _is_own(clue)


def _is_own(clue: Clue) -> bool:
    return clue.path.endswith("/embedding") and isinstance(clue.answer, list)


def prompt(body: Mapping[str, Any]) -> Prompt:
    return Prompt(
        model=read.maybe(body.get("model")),
        messages=inputs(body.get("input", body.get("content"))),
        settings=read.settings(dict(body), "model", "input", "content"),
    )


def inputs(value: Json) -> tuple[Message, ...]:
    """One message with a part for each text; a text that was sent as token ids stays a list of numbers."""
    parts: tuple[Part, ...] = tuple(part for item in read.texts(value) for part in read.text_parts(item))
    return (Message("user", parts),) if parts else ()


def deltas(event: Event) -> Iterator[Delta]:
    body = event.data
    if isinstance(body, list) and body:
        yield summary([_vector(read.obj(item).get("embedding")) for item in body])
    if not isinstance(body, dict):
        return
    yield AboutDelta(read.maybe(body.get("id")), read.maybe(body.get("model")))
    if isinstance(body.get("data"), list):
        yield summary([read.obj(item).get("embedding") for item in body["data"]])
    if isinstance(body.get("usage"), dict):
        yield UsageDelta(body["usage"])
    yield from read.errors(body)


def _vector(value: Json) -> Json:
    """llama.cpp's own endpoint answers with a list, and in each item with a list of one vector."""
    return value[0] if isinstance(value, list) and len(value) == 1 and isinstance(value[0], list) else value


def summary(vectors: list[Json]) -> SummaryDelta:
    return SummaryDelta({"count": len(vectors), "dimensions": _dimensions(vectors[0]) if vectors else None})


def _dimensions(vector: Json) -> int | None:
    """The length of a vector, which is a list of numbers or base64 of 32-bit floats."""
    if isinstance(vector, str):
        return blobs.size(vector) // _FLOAT_BYTES
    return len(vector) if isinstance(vector, list) else None


usage = openai_chat.usage
