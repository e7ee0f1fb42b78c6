"""Embeddings of Cloudflare's Workers AI: ``{"text": […]}`` in, ``{"shape", "data"}`` out.

https://developers.cloudflare.com/workers-ai/models/bge-base-en-v1.5/
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from inspector.decode import lenient
from inspector.decode.evidence import Evidence
from inspector.decode.protocols.openai.endpoints import embeddings
from inspector.decode.protocols.others import workers_ai
from inspector.model import Event, Prompt
from inspector.model.delta import Delta, UsageDelta

NAME = "cloudflare.embeddings"
OPERATION = "embeddings"

NEUTRAL = frozenset({"pooling"})


def recognise(evidence: Evidence) -> bool:
    held = workers_ai.inner(evidence.first)
    shaped = isinstance(held.get("shape"), list) and isinstance(held.get("data"), list)
    if shaped and held is not evidence.first:
        return True
    asked = evidence.is_unanswered and isinstance(evidence.body.get("text"), list)
    return (shaped or asked) and workers_ai.PATH.search(evidence.path) is not None


def prompt(body: Mapping[str, Any]) -> Prompt:
    return Prompt(messages=embeddings.inputs(body.get("text")), settings=lenient.settings(dict(body), "text"))


def deltas(event: Event) -> Iterator[Delta]:
    held = workers_ai.inner(lenient.obj(event.data))
    if isinstance(held.get("data"), list):
        yield embeddings.summary(held["data"])
    if isinstance(held.get("usage"), dict):
        yield UsageDelta(held["usage"])
    yield from workers_ai.failed(lenient.obj(event.data))


usage = workers_ai.usage
