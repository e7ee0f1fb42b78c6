"""Cohere Chat in its second version, which streams typed events.

https://docs.cohere.com/reference/chat and https://docs.cohere.com/v2/docs/streaming
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from inspector.decode import lenient
from inspector.decode.evidence import Evidence
from inspector.decode.protocols.openai import chat as openai_chat
from inspector.model import Citation, Event, Json, Message, Part, Prompt, Reasoning, Text, Unknown, Usage
from inspector.model.delta import (
    AboutDelta,
    CitationDelta,
    Delta,
    EndDelta,
    FinishDelta,
    PartDelta,
    ReasoningDelta,
    RoleDelta,
    TextDelta,
    ToolCallDelta,
    UsageDelta,
)

NAME = "cohere.chat"
OPERATION = "chat"

NEUTRAL = frozenset(
    {
        "document_id", "meta"
    }
)  # fmt: skip
NEUTRAL_EVENTS = frozenset(
    {
        "citation-end", "content-end", "content-start", "message-end", "message-start", "tool-call-end",
        "tool-plan-delta"
    }
)  # fmt: skip
NEUTRAL_COUNTS = frozenset(
    {
        "billed_units", "reasoning_tokens", "search_units"
    }
)  # fmt: skip

_EVENTS = (
    "message-start", "content-start", "content-delta", "content-end", "tool-plan-delta", "tool-call-start",
    "tool-call-delta", "tool-call-end", "citation-start", "citation-end", "message-end",
)  # fmt: skip


def recognise(evidence: Evidence) -> bool:
    return evidence.path.endswith("/v2/chat") or speaks(evidence.first)


def speaks(body: Mapping[str, Any]) -> bool:
    """Whether this is an answer or an event of this protocol."""
    if body.get("type") in _EVENTS:
        return True
    message = body.get("message")
    return isinstance(message, dict) and "role" in message and "finish_reason" in body and "done" not in body


# ---------------------------------------------------------------- the request


def prompt(body: Mapping[str, Any]) -> Prompt:
    return openai_chat.prompt_of(body, _message)


def _message(raw: Json) -> Message:
    """OpenAI's message, with the plan that a call follows and the citations of the text."""
    said = openai_chat.message(raw)
    plan = lenient.reasoning_parts(lenient.obj(raw).get("tool_plan"))
    marks = tuple(mark for item in lenient.seq(lenient.obj(raw).get("citations")) for mark in citations(item))
    parts = tuple(replace(part, citations=marks) if marks and isinstance(part, Text) else part for part in said.parts)
    return replace(said, parts=(*plan, *parts)) if plan or marks else said


# ---------------------------------------------------------------- the response


def deltas(event: Event) -> Iterator[Delta]:
    """What one event adds, or a whole answer."""
    body = event.data
    if not isinstance(body, dict):
        return
    kind = lenient.string(body.get("type"))
    delta = lenient.obj(body.get("delta"))
    if kind in _EVENTS:
        if kind == "message-start":
            yield AboutDelta(lenient.maybe(body.get("id")), lenient.maybe(body.get("model")))
        yield from _said(lenient.obj(delta.get("message")), lenient.count(body.get("index")))
        if kind == "message-end":
            yield from _ending(delta)
    else:
        yield AboutDelta(lenient.maybe(body.get("id")), lenient.maybe(body.get("model")))
        if isinstance(body.get("message"), dict):
            yield from _said(body["message"], None)
        yield from _ending(body)


def _said(message: dict[str, Any], slot: int | None) -> Iterator[Delta]:
    """Of a whole message, or of a piece of one, where every list is its only item."""
    if role := lenient.maybe(message.get("role")):
        yield RoleDelta(role)
    if plan := lenient.maybe(message.get("tool_plan")):
        yield ReasoningDelta(plan, slot="plan")
    for part in _content(message.get("content")):
        match part:
            case Text(text):
                yield TextDelta(text)
            case Reasoning(text):
                yield ReasoningDelta(text)
            case _:
                yield PartDelta(part)
    for number, item in enumerate(_several(message.get("tool_calls"))):
        yield _call(lenient.obj(item), number if slot is None else slot)
    for item in _several(message.get("citations")):
        yield from (CitationDelta(citation) for citation in citations(item))


def _several(value: Json) -> list[Json]:
    return [] if value is None else value if isinstance(value, list) else [value]


def _content(value: Json) -> Iterator[Part]:
    """Content as text, or typed; the pieces of a stream leave out the type."""
    for item in _several(value):
        raw = lenient.obj(item)
        if isinstance(item, str):
            yield from lenient.text_parts(item)
        elif isinstance(raw.get("thinking"), str):
            yield from lenient.reasoning_parts(raw["thinking"])
        elif isinstance(raw.get("text"), str):
            yield from lenient.text_parts(raw["text"])
        else:
            yield Unknown(item)


def _call(raw: dict[str, Any], slot: int) -> ToolCallDelta:
    about = lenient.obj(raw.get("function"))
    arguments = lenient.arguments_text(about.get("arguments"))
    return ToolCallDelta(arguments, slot=slot, id=lenient.maybe(raw.get("id")), name=lenient.maybe(about.get("name")))


def citations(raw: Json) -> Iterator[Citation]:
    """A stretch of the text with each of its sources: documents, or the outputs of tools. Plans are cited, too."""
    about = lenient.obj(raw)
    if about.get("type") not in (None, "TEXT_CONTENT"):
        return
    for source in map(lenient.obj, lenient.seq(about.get("sources"))):
        origin = lenient.obj(source.get("document")) or lenient.obj(source.get("tool_output"))
        yield cited(about, origin, lenient.maybe(source.get("id")))


def cited(about: dict[str, Any], origin: dict[str, Any], id: str | None) -> Citation:
    """A citation of a document, which has whatever fields its owner gave it."""
    start, end = lenient.count(about.get("start")), lenient.count(about.get("end"))
    title = lenient.maybe(origin.get("title")) or id or lenient.maybe(origin.get("id"))
    quote = next(filter(None, (lenient.maybe(origin.get(key)) for key in ("text", "snippet", "content", "data"))), None)
    return Citation(start, end, lenient.maybe(origin.get("url")), title, quote)


def _ending(raw: dict[str, Any]) -> Iterator[Delta]:
    if reason := lenient.maybe(raw.get("finish_reason")):
        yield FinishDelta(reason)
        yield EndDelta()
    if isinstance(raw.get("usage"), dict):
        yield UsageDelta(raw["usage"])
    yield from lenient.errors(raw)


def usage(counts: Mapping[str, Any]) -> Usage:
    """What the model read and wrote; where that is not told, what is paid for, which is less."""
    used, billed = lenient.obj(counts.get("tokens")), lenient.obj(counts.get("billed_units"))
    given = [lenient.count(used.get(key, billed.get(key))) for key in ("input_tokens", "output_tokens")]
    return Usage(given[0], given[1], cache_read_input_tokens=lenient.count(counts.get("cached_tokens")))
