"""Reranking as Cohere defined it, and as Jina, vLLM and others took it over: which documents answer a query.

https://docs.cohere.com/reference/rerank
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from inspector.deltas import AboutDelta, Delta, SummaryDelta, UsageDelta
from inspector.model import Event, Json, Message, Part, Prompt, Usage
from inspector.wire import reading as read
from inspector.wire.clue import Clue

NAME = "cohere.rerank"
OPERATION = "rerank"


def recognise(clue: Clue) -> bool:
    results = read.seq(clue.first.get("results")) or read.seq(clue.first.get("data"))
    first = read.obj(next(iter(results), None))
    return clue.path.endswith("/rerank") or "relevance_score" in first or "relevanceScore" in first


def prompt(body: Mapping[str, Any]) -> Prompt:
    asked = [read.obj(read.obj(item).get("textQuery")).get("text") for item in read.seq(body.get("queries"))]
    parts = (
        *(part for text in (body.get("query"), *asked) for part in read.text_parts(text)),
        *_documents(body.get("documents")),
        *_sources(body.get("sources")),
    )
    return Prompt(
        model=read.maybe(body.get("model")),
        messages=(Message("user", parts),) if parts else (),
        settings=read.settings(dict(body), "model", "query", "queries", "documents", "sources"),
    )


def _documents(value: Json) -> Iterator[Part]:
    """A part for each document: texts, or objects that hold one."""
    for item in read.texts(value):
        text = read.obj(item).get("text")
        yield from read.text_parts(text if isinstance(text, str) else item)


def _sources(value: Json) -> Iterator[Part]:
    """The documents of Bedrock's own Rerank, which are texts or objects."""
    for item in read.seq(value):
        document = read.obj(read.obj(item).get("inlineDocumentSource"))
        text = read.obj(document.get("textDocument")).get("text")
        yield from read.text_parts(text if isinstance(text, str) else document.get("jsonDocument", item))


def deltas(event: Event) -> Iterator[Delta]:
    body = event.data
    if not isinstance(body, dict):
        return
    yield AboutDelta(read.maybe(body.get("id")), read.maybe(body.get("model")))
    ranked = body.get("results", body.get("data"))
    if isinstance(ranked, list):
        yield SummaryDelta({"results": len(ranked)})
    meta = read.obj(body.get("meta"))
    counts = read.obj(body.get("usage")) or read.obj(meta.get("tokens")) or read.obj(meta.get("billed_units"))
    yield UsageDelta(counts)
    yield from read.errors(body)


def usage(counts: Mapping[str, Any]) -> Usage:
    return Usage(
        input_tokens=read.count(counts.get("prompt_tokens", counts.get("input_tokens"))),
        output_tokens=read.count(counts.get("completion_tokens", counts.get("output_tokens"))),
        total_tokens=read.count(counts.get("total_tokens")),
    )
