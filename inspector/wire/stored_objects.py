"""What providers keep for their users: files, batches, vector stores, conversations, caches. Nothing here is generated.

https://platform.openai.com/docs/api-reference/files and its like of Anthropic, Google, Mistral and xAI
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from inspector.deltas import AboutDelta, Delta, SummaryDelta
from inspector.model import Event, FileRef, Json, Message, Part, Prompt, Usage
from inspector.wire import gemini_generate
from inspector.wire import reading as read
from inspector.wire.clue import Clue

NAME = "stored_objects"
OPERATION = "other"

_PATH = re.compile(
    r"/(?:v\d\w*(?:/projects/[^/]+/locations/[^/]+|/models/[^/]+)?|openai)/"
    r"(?:messages/batches|batch/jobs|fine_tuning|files|uploads|batches|vector_stores|containers|conversations|evals"
    r"|skills|libraries|cachedContents|fileSearchStores|corpora|tunedModels|tuningJobs|batchPredictionJobs|operations)"
    r"(?:/|:|$)|:batchGenerateContent$"
)
_OBJECTS = re.compile(
    r"(file|upload|batch|vector_store|container|conversation|fine_tuning|eval)(?:[._]\w+)*|message_batch|file_deleted"
)
_LISTS = (
    "data", "files", "cachedContents", "fileSearchStores", "batches", "jobs", "operations", "tunedModels", "tuningJobs",
    "batchPredictionJobs", "corpora",
)  # fmt: skip
_STATES = ("status", "processing_status", "state", "deleted", "filename", "displayName", "purpose", "request_counts")
_WORKS = ("batchStats", "completionStats")
"""Counts of a batch of Google's."""


def recognise(clue: Clue) -> bool:
    if _PATH.search(clue.path):
        return True
    kind = clue.first.get("object", clue.first.get("type"))
    return isinstance(kind, str) and _OBJECTS.fullmatch(kind) is not None and "id" in clue.first


def prompt(body: Mapping[str, Any]) -> Prompt:
    """An uploaded file; a cache's contents, which are Gemini's; of anything else what was set."""
    if "contents" in body or "systemInstruction" in body:
        return gemini_generate.prompt(body)
    parts = tuple(_files(body))
    return Prompt(
        model=read.maybe(body.get("model")),
        messages=(Message("user", parts),) if parts else (),
        settings=read.settings(dict(body), "model", "file", "input_file_id"),
    )


def _files(body: Mapping[str, Any]) -> Iterator[Part]:
    value = body.get("file")
    for item in value if isinstance(value, list) else () if value is None else (value,):
        yield read.file_part(item, "file")
    if read.maybe(body.get("input_file_id")):
        yield FileRef(body["input_file_id"])


def deltas(event: Event) -> Iterator[Delta]:
    """What it is, which one, and its state; of a list how many."""
    body = read.obj(event.data)
    items = next((body[key] for key in _LISTS if isinstance(body.get(key), list)), None)
    if items is not None:
        yield SummaryDelta({"object": "list", "count": len(items)})
    elif body:
        yield AboutDelta(read.maybe(body.get("id")) or read.maybe(body.get("name")), read.maybe(body.get("model")))
        if summary := dict(_summary(body)):
            yield SummaryDelta(summary)
    yield from read.errors(body)


def _summary(body: dict[str, Any]) -> Iterator[tuple[str, Json]]:
    if "custom_id" in body:  # a line of a batch's results
        yield "object", "batch_results"
        return
    for key in ("object", "type"):
        if read.maybe(body.get(key)):
            yield "object", body[key]
            break
    work = read.obj(body.get("metadata"))
    told = {**work, **body} if "@type" in work else body  # an operation of Google's; others let users fill it
    for key in (*_STATES, *_WORKS):
        if told.get(key) is not None:
            yield key, told[key]


def usage(counts: Mapping[str, Any]) -> Usage:
    return Usage()
