"""Embeddings of Alibaba's DashScope in its own form: texts, or texts, pictures and films.

https://help.aliyun.com/zh/model-studio/text-embedding-synchronous-api
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from inspector.decode import lenient
from inspector.decode.evidence import Evidence
from inspector.decode.protocols.openai.endpoints import embeddings
from inspector.decode.protocols.others import dashscope
from inspector.model import Event, Json, Message, Part, Prompt
from inspector.model.delta import AboutDelta, Delta, SummaryDelta, UsageDelta

NAME = "dashscope.embeddings"
OPERATION = "embeddings"

NEUTRAL_COUNTS = dashscope.NEUTRAL_COUNTS

_PATHS = ("/text-embedding", "/multimodal-embedding")


def recognise(evidence: Evidence) -> bool:
    output = lenient.obj(evidence.first.get("output"))
    return evidence.path.endswith(_PATHS) or ("embeddings" in output and "request_id" in evidence.first)


def prompt(body: Mapping[str, Any]) -> Prompt:
    asked = lenient.obj(body.get("input"))
    parts = tuple(part for item in lenient.texts(asked.get("texts", asked.get("contents"))) for part in _parts(item))
    return Prompt(
        model=lenient.maybe(body.get("model")),
        messages=(Message("user", parts),) if parts else (),
        settings={
            **lenient.settings(dict(body), "model", "input"),
            **lenient.settings(asked, "texts", "contents"),
        },
    )


def _parts(item: Json) -> tuple[Part, ...]:
    return lenient.text_parts(item) if isinstance(item, str) else dashscope.parts([item])


def deltas(event: Event) -> Iterator[Delta]:
    body = lenient.obj(event.data)
    yield AboutDelta(lenient.maybe(body.get("request_id")), lenient.maybe(body.get("model")))
    output = lenient.obj(body.get("output"))
    if isinstance(output.get("embeddings"), list):
        yield embeddings.summary([lenient.obj(item).get("embedding") for item in output["embeddings"]])
    elif state := lenient.maybe(output.get("task_status")):  # of a file of texts
        yield SummaryDelta({"status": state} | {key: output[key] for key in ("url",) if output.get(key)})
    if isinstance(body.get("usage"), dict):
        yield UsageDelta(body["usage"])
    yield from dashscope.failed(body)


usage = dashscope.usage
