"""OpenAI Embeddings: texts in, vectors out, of which only number and length are worth a look.

https://platform.openai.com/docs/api-reference/embeddings
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from inspector.decode import lenient
from inspector.decode.evidence import Evidence
from inspector.decode.protocols.openai import chat as openai_chat
from inspector.model import Event, Json, Message, Part, Prompt, media
from inspector.model.delta import AboutDelta, Delta, SummaryDelta, UsageDelta

NAME = "openai.embeddings"
OPERATION = "embeddings"

NEUTRAL = frozenset(
    {
        ".data.embedding"
    }
)  # fmt: skip
NEUTRAL_EVENTS = frozenset(
    {
        "list"
    }
)  # fmt: skip

_PATHS = ("/embeddings", "/multimodalembeddings", "/contextualizedembeddings")
_FLOAT_BYTES = 4


def recognise(evidence: Evidence) -> bool:
    data = lenient.seq(evidence.first.get("data"))
    return evidence.path.endswith(_PATHS) or "embedding" in lenient.obj(next(iter(data), None)) or _is_own(evidence)


def _is_own(evidence: Evidence) -> bool:
    return evidence.path.endswith("/embedding") and isinstance(evidence.answer, list)


def prompt(body: Mapping[str, Any]) -> Prompt:
    return Prompt(
        model=lenient.maybe(body.get("model")),
        messages=inputs(body.get("input", body.get("content"))),
        settings=lenient.settings(dict(body), "model", "input", "content"),
    )


def inputs(value: Json) -> tuple[Message, ...]:
    """One message with a part for each text; a text that was sent as token ids stays a list of numbers."""
    parts: tuple[Part, ...] = tuple(part for item in lenient.texts(value) for part in lenient.text_parts(item))
    return (Message("user", parts),) if parts else ()


def deltas(event: Event) -> Iterator[Delta]:
    body = event.data
    if isinstance(body, list) and body:
        yield summary([_vector(lenient.obj(item).get("embedding")) for item in body])
    if not isinstance(body, dict):
        return
    yield AboutDelta(lenient.maybe(body.get("id")), lenient.maybe(body.get("model")))
    if isinstance(body.get("data"), list):
        yield summary([lenient.obj(item).get("embedding") for item in body["data"]])
    if isinstance(body.get("usage"), dict):
        yield UsageDelta(body["usage"])
    yield from lenient.errors(body)


def _vector(value: Json) -> Json:
    """llama.cpp's own endpoint answers with a list, and in each item with a list of one vector."""
    return value[0] if isinstance(value, list) and len(value) == 1 and isinstance(value[0], list) else value


def summary(vectors: list[Json]) -> SummaryDelta:
    return SummaryDelta({"count": len(vectors), "dimensions": _dimensions(vectors[0]) if vectors else None})


def _dimensions(vector: Json) -> int | None:
    """The length of a vector, which is a list of numbers or base64 of 32-bit floats."""
    if isinstance(vector, str):
        return media.size(vector) // _FLOAT_BYTES
    return len(vector) if isinstance(vector, list) else None


usage = openai_chat.usage
