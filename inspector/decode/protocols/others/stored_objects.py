"""What providers keep for their users: files, batches, vector stores, conversations, caches. Nothing here is generated.

https://platform.openai.com/docs/api-reference/files and its like of Anthropic, Google, Mistral and xAI
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from inspector.decode import lenient
from inspector.decode.evidence import Evidence
from inspector.decode.protocols.anthropic import blocks as anthropic_blocks
from inspector.decode.protocols.gemini import generate as gemini_generate
from inspector.decode.protocols.openai import chat as openai_chat
from inspector.decode.protocols.openai import neutral_keys, responses_items
from inspector.model import Event, FileRef, Json, Message, Part, Prompt, ToolResult, Usage
from inspector.model.delta import AboutDelta, Delta, EndDelta, PartDelta, RoleDelta, SummaryDelta
from inspector.model.expressions import expression

NAME = "stored_objects"
OPERATION = "other"

NEUTRAL = neutral_keys.RESPONSES | frozenset(
    {
        "finish_reason", "inference_geo", "reasoning", "stop_reason", "text.verbosity",
        "@type", "completion_window", "createTime", "description", "displayName", "display_name", "documentName",
        "embeddingModel", "endpoint", "expireTime", "expires_at", "filename", "input_files", "metadata", "mimeType",
        "name", "nextPageToken", "output_file", "processing_status", "purpose", "results_url", "sha256Hash",
        "sizeBytes", "source", "updateTime", "uri",
        "data.fine_tuned_model", "data.result_files", "data.training_file", "data.validation_file", "hyperparameters",
    }
)  # fmt: skip

_PATH = expression(
    r"/(?:v\d\w*(?:/projects/[^/]+/locations/[^/]+|/models/[^/]+)?|openai)/"
    r"(?:messages/batches|batch/jobs|fine_tuning|files|uploads|batches|vector_stores|containers|conversations|evals"
    r"|skills|libraries|cachedContents|fileSearchStores|corpora|tunedModels|tuningJobs|batchPredictionJobs|operations)"
    r"(?:/|:|$)|:batchGenerateContent$"
)
_OBJECTS = expression(
    r"(file|upload|batch|vector_store|container|conversation|fine_tuning|eval)(?:[._]\w+)*|message_batch|file_deleted"
)
_LISTS = (
    "data", "files", "cachedContents", "fileSearchStores", "batches", "jobs", "operations", "tunedModels", "tuningJobs",
    "batchPredictionJobs", "corpora",
)  # fmt: skip
_STATES = ("status", "processing_status", "state", "deleted", "filename", "displayName", "purpose", "request_counts")
_WORKS = ("batchStats", "completionStats")
"""Counts of a batch of Google's."""


def recognise(evidence: Evidence) -> bool:
    if _PATH.search(evidence.path):
        return True
    kind = evidence.first.get("object", evidence.first.get("type"))
    return isinstance(kind, str) and _OBJECTS.fullmatch(kind) is not None and "id" in evidence.first


def prompt(body: Mapping[str, Any]) -> Prompt:
    """An uploaded file; a cache's contents, which are Gemini's; of anything else what was set."""
    if "contents" in body or "systemInstruction" in body:
        return gemini_generate.prompt(body)
    parts = tuple(_files(body))
    kept = body["items"] if isinstance(body.get("items"), list) else []
    return Prompt(
        model=lenient.maybe(body.get("model")),
        messages=(*((Message("user", parts),) if parts else ()), *responses_items.messages(kept)),
        settings=lenient.settings(dict(body), "model", "file", "input_file_id", *(["items"] if kept else [])),
    )


def _files(body: Mapping[str, Any]) -> Iterator[Part]:
    value = body.get("file")
    for item in value if isinstance(value, list) else () if value is None else (value,):
        yield lenient.file_part(item, "file")
    if lenient.maybe(body.get("input_file_id")):
        yield FileRef(body["input_file_id"])


def deltas(event: Event) -> Iterator[Delta]:
    """What it is, which one, and its state; of a list how many."""
    body = lenient.obj(event.data)
    items = next((body[key] for key in _LISTS if isinstance(body.get(key), list)), None)
    if body.get("object") == "vector_store.search_results.page":
        yield PartDelta(ToolResult(None, None, body.get("data")))
    yield from _spoken(items if items is not None else [body])
    yield from _results(body, event.number)
    if items is not None:
        yield SummaryDelta({"object": "list", "count": len(items)})
    elif body:
        yield AboutDelta(
            lenient.maybe(body.get("id")) or lenient.maybe(body.get("name")), lenient.maybe(body.get("model"))
        )
        if summary := dict(_summary(body)):
            yield SummaryDelta(summary)
    yield from lenient.errors(body)
    yield EndDelta()  # each line of a batch's results is whole


def _spoken(items: list[Json]) -> Iterator[Delta]:
    """The items of a conversation that is kept: what was said in it."""
    kept = [item for item in items if _is_item(lenient.obj(item))]
    for choice, message in enumerate(responses_items.messages(kept)):
        yield RoleDelta(message.role_raw or message.role, choice)
        yield from (PartDelta(part, choice) for part in message.parts)


def _results(body: dict[str, Any], number: int) -> Iterator[Delta]:
    """What the requests of a batch were answered: a line of its results, or all of them (Mistral)."""
    for choice, raw in enumerate(lenient.seq(body.get("outputs")) or [body], number):
        one = lenient.obj(raw)
        if "custom_id" in one:
            yield from (PartDelta(part, choice) for part in _answer(one))


def _answer(one: dict[str, Any]) -> Iterator[Part]:
    """The parts of an answer of Anthropic's Messages, of Chat Completions, or of Responses."""
    said = lenient.obj(lenient.obj(one.get("result")).get("message"))
    yield from anthropic_blocks.parts(said.get("content"))
    body = lenient.obj(lenient.obj(one.get("response")).get("body"))
    for choice in lenient.seq(body.get("choices")):
        yield from openai_chat.message(lenient.obj(choice).get("message")).parts
    for item in lenient.seq(body.get("output")):
        yield from responses_items.parts(item)


def _is_item(raw: dict[str, Any]) -> bool:
    if raw.get("object") == "conversation.item":
        return True
    return raw.get("type") == "message" and "role" in raw and isinstance(raw.get("content"), list)


def _summary(body: dict[str, Any]) -> Iterator[tuple[str, Json]]:
    if "custom_id" in body:  # a line of a batch's results
        yield "object", "batch_results"
        return
    for key in ("object", "type"):
        if lenient.maybe(body.get(key)):
            yield "object", body[key]
            break
    work = lenient.obj(body.get("metadata"))
    told = {**work, **body} if "@type" in work else body  # an operation of Google's; others let users fill it
    for key in (*_STATES, *_WORKS):
        if told.get(key) is not None:
            yield key, told[key]


def usage(counts: Mapping[str, Any]) -> Usage:
    return Usage()
