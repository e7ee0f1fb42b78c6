"""Ollama's own embeddings: ``/api/embed``, and ``/api/embeddings`` before it, which gave one vector.

https://github.com/ollama/ollama/blob/main/docs/api.md#generate-embeddings
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from inspector.decode import lenient
from inspector.decode.evidence import Evidence
from inspector.decode.protocols.ollama import chat as ollama_chat
from inspector.decode.protocols.openai.endpoints import embeddings as openai_embeddings
from inspector.model import Event, Prompt
from inspector.model.delta import AboutDelta, Delta, UsageDelta

NAME = "ollama.embed"
OPERATION = "embeddings"

NEUTRAL_COUNTS = frozenset(
    {
        "load_duration", "total_duration"
    }
)  # fmt: skip


def recognise(evidence: Evidence) -> bool:
    return evidence.path.endswith(("/api/embed", "/api/embeddings"))


def prompt(body: Mapping[str, Any]) -> Prompt:
    return Prompt(
        model=lenient.maybe(body.get("model")),
        messages=openai_embeddings.inputs(lenient.either(body, "input", "prompt")),
        settings=lenient.settings(dict(body), "model", "input", "prompt"),
    )


def deltas(event: Event) -> Iterator[Delta]:
    body = event.data
    if not isinstance(body, dict):
        return
    yield AboutDelta(None, lenient.maybe(body.get("model")))
    if isinstance(body.get("embeddings"), list):
        yield openai_embeddings.summary(body["embeddings"])
    elif isinstance(body.get("embedding"), list):
        yield openai_embeddings.summary([body["embedding"]])
    yield UsageDelta({key: body[key] for key in ollama_chat.COUNTS if key in body})
    yield from lenient.errors(body)


usage = ollama_chat.usage
