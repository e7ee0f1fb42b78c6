"""Reranking of Alibaba's DashScope in its own form.

https://help.aliyun.com/zh/model-studio/text-rerank-api
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from inspector.decode import lenient
from inspector.decode.evidence import Evidence
from inspector.decode.protocols.cohere import rerank
from inspector.decode.protocols.others import dashscope
from inspector.model import Event, Prompt
from inspector.model.delta import AboutDelta, Delta, SummaryDelta, UsageDelta

NAME = "dashscope.rerank"
OPERATION = "rerank"

NEUTRAL_COUNTS = dashscope.NEUTRAL_COUNTS


def recognise(evidence: Evidence) -> bool:
    results = lenient.seq(lenient.obj(evidence.first.get("output")).get("results"))
    ranked = "relevance_score" in lenient.obj(next(iter(results), None))
    return evidence.path.endswith("/text-rerank") or (ranked and "request_id" in evidence.first)


def prompt(body: Mapping[str, Any]) -> Prompt:
    """What Cohere asks at the top of the body stands below ``input`` and ``parameters``."""
    beside = lenient.settings(dict(body), "input", "parameters")
    return rerank.prompt({**beside, **lenient.obj(body.get("input")), **lenient.obj(body.get("parameters"))})


def deltas(event: Event) -> Iterator[Delta]:
    body = lenient.obj(event.data)
    yield AboutDelta(lenient.maybe(body.get("request_id")), lenient.maybe(body.get("model")))
    ranked = lenient.obj(body.get("output")).get("results")
    if isinstance(ranked, list):
        yield SummaryDelta({"results": len(ranked)})
    if isinstance(body.get("usage"), dict):
        yield UsageDelta(body["usage"])
    yield from dashscope.failed(body)


usage = dashscope.usage
