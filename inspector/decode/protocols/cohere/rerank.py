"""Reranking as Cohere defined it, and as Jina, vLLM and others took it over: which documents answer a query.

https://docs.cohere.com/reference/rerank
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from inspector.decode import lenient
from inspector.decode.evidence import Evidence
from inspector.model import Event, Json, Message, Part, Prompt, Usage
from inspector.model.delta import AboutDelta, Delta, SummaryDelta, UsageDelta

NAME = "cohere.rerank"
OPERATION = "rerank"

NEUTRAL = frozenset(
    {
        "meta"
    }
)  # fmt: skip
NEUTRAL_COUNTS = frozenset(
    {
        "billed_units", "search_units"
    }
)  # fmt: skip


def recognise(evidence: Evidence) -> bool:
    results = lenient.seq(evidence.first.get("results")) or lenient.seq(evidence.first.get("data"))
    first = lenient.obj(next(iter(results), None))
    return evidence.path.endswith("/rerank") or "relevance_score" in first or "relevanceScore" in first


def prompt(body: Mapping[str, Any]) -> Prompt:
    asked = [lenient.obj(lenient.obj(item).get("textQuery")).get("text") for item in lenient.seq(body.get("queries"))]
    parts = (
        *(part for text in (body.get("query"), *asked) for part in lenient.text_parts(text)),
        *_documents(body.get("documents")),
        *_sources(body.get("sources")),
    )
    return Prompt(
        model=lenient.maybe(body.get("model")),
        messages=(Message("user", parts),) if parts else (),
        settings=lenient.settings(dict(body), "model", "query", "queries", "documents", "sources"),
    )


def _documents(value: Json) -> Iterator[Part]:
    """A part for each document: texts, or objects that hold one."""
    for item in lenient.texts(value):
        text = lenient.obj(item).get("text")
        yield from lenient.text_parts(text if isinstance(text, str) else item)


def _sources(value: Json) -> Iterator[Part]:
    """The documents of Bedrock's own Rerank, which are texts or objects."""
    for item in lenient.seq(value):
        document = lenient.obj(lenient.obj(item).get("inlineDocumentSource"))
        text = lenient.obj(document.get("textDocument")).get("text")
        yield from lenient.text_parts(text if isinstance(text, str) else document.get("jsonDocument", item))


def deltas(event: Event) -> Iterator[Delta]:
    body = event.data
    if not isinstance(body, dict):
        return
    yield AboutDelta(lenient.maybe(body.get("id")), lenient.maybe(body.get("model")))
    ranked = body.get("results", body.get("data"))
    if isinstance(ranked, list):
        yield SummaryDelta({"results": len(ranked)})
    meta = lenient.obj(body.get("meta"))
    counts = lenient.obj(body.get("usage")) or lenient.obj(meta.get("tokens")) or lenient.obj(meta.get("billed_units"))
    yield UsageDelta(counts)
    yield from lenient.errors(body)


def usage(counts: Mapping[str, Any]) -> Usage:
    return Usage(
        input_tokens=lenient.count(counts.get("prompt_tokens", counts.get("input_tokens"))),
        output_tokens=lenient.count(counts.get("completion_tokens", counts.get("output_tokens"))),
        total_tokens=lenient.count(counts.get("total_tokens")),
    )
