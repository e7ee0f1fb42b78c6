"""Cohere Chat, version 1, which Command R on Bedrock still speaks.

https://docs.cohere.com/v1/reference/chat. The last event of a stream repeats the whole answer.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from inspector.decode import lenient
from inspector.decode.evidence import Evidence
from inspector.decode.protocols.cohere import chat as cohere_chat
from inspector.model import Event, Json, Message, Part, Prompt, ToolDefinition, ToolResult, Unknown
from inspector.model.delta import (
    AboutDelta,
    CitationDelta,
    Delta,
    EndDelta,
    FinishDelta,
    ReasoningDelta,
    TextDelta,
    ToolCallDelta,
    UsageDelta,
)

NAME = "cohere.chat_v1"
OPERATION = "chat"

NEUTRAL = frozenset(
    {"event_type",
        "generation_id", "is_search_required", "meta"
    }
)  # fmt: skip
NEUTRAL_EVENTS = frozenset(
    {
        "stream-end", "stream-start"
    }
)  # fmt: skip
NEUTRAL_COUNTS = frozenset(
    {
        "billed_units"
    }
)  # fmt: skip

_ROLES = {"CHATBOT": "assistant", "USER": "user", "SYSTEM": "system", "TOOL": "tool"}
_EVENTS = (
    "stream-start", "search-queries-generation", "search-results", "text-generation", "citation-generation",
    "tool-calls-chunk", "tool-calls-generation", "stream-end", "debug",
)  # fmt: skip
_PROMPT_KEYS = ("model", "message", "chat_history", "preamble", "stream", "tools", "tool_results")


def recognise(evidence: Evidence) -> bool:
    return speaks(evidence.first) or (
        evidence.path.endswith("/v1/chat") and isinstance(evidence.body.get("message"), str)
    )


def speaks(body: Mapping[str, Any]) -> bool:
    """Whether this is an answer or an event of this protocol."""
    return body.get("event_type") in _EVENTS or ("generation_id" in body and isinstance(body.get("text"), str))


# ---------------------------------------------------------------- the request


def prompt(body: Mapping[str, Any]) -> Prompt:
    results = tuple(_result(item) for item in lenient.seq(body.get("tool_results")))
    last = lenient.text_parts(body.get("message"))
    return Prompt(
        model=lenient.maybe(body.get("model")),
        stream=lenient.flag(body.get("stream")),
        system=lenient.text_parts(body.get("preamble")),
        messages=(
            *(_message(item) for item in lenient.seq(body.get("chat_history"))),
            *((Message("user", last),) if last else ()),
            *((Message("tool", results),) if results else ()),
        ),
        tools=tuple(_tool(item) for item in lenient.seq(body.get("tools"))),
        settings=lenient.settings(dict(body), *_PROMPT_KEYS),
    )


def _message(raw: Json) -> Message:
    if not isinstance(raw, dict):
        return Message("user", (Unknown(raw),))
    word = lenient.string(raw.get("role"))
    parts: tuple[Part, ...] = (
        *lenient.text_parts(raw.get("message")),
        *(_called(item) for item in lenient.seq(raw.get("tool_calls"))),
        *(_result(item) for item in lenient.seq(raw.get("tool_results"))),
    )
    return Message(lenient.role(_ROLES.get(word.upper(), word)), parts, lenient.maybe(word))


def _called(raw: Json) -> Part:
    about = lenient.obj(raw)
    return lenient.call(None, about.get("name"), about.get("parameters")) if about else Unknown(raw)


def _result(raw: Json) -> ToolResult:
    """Outputs of a call, which the result repeats, since calls have no ids."""
    about = lenient.obj(raw)
    return ToolResult(None, lenient.maybe(lenient.obj(about.get("call")).get("name")), about.get("outputs", raw))


def _tool(raw: Json) -> ToolDefinition:
    tool = lenient.obj(raw)
    about, parameters = lenient.maybe(tool.get("description")), tool.get("parameter_definitions")
    return ToolDefinition("function", lenient.maybe(tool.get("name")), about, parameters)


# ---------------------------------------------------------------- the response


def deltas(event: Event) -> Iterator[Delta]:
    """What one event adds, or a whole answer."""
    body = event.data
    if not isinstance(body, dict):
        return
    kind = body.get("event_type")
    if kind == "stream-start":
        yield AboutDelta(lenient.maybe(body.get("generation_id")), None)
    elif kind == "text-generation":
        yield TextDelta(lenient.string(body.get("text")))
    elif kind == "tool-calls-chunk":
        yield ReasoningDelta(lenient.string(body.get("text")), slot="plan")
        yield from _grown(lenient.obj(body.get("tool_call_delta")))
    elif kind == "tool-calls-generation":
        yield from _calls(body)
    elif kind == "stream-end":
        answer = lenient.obj(body.get("response"))
        yield from _calls(answer)
        yield from _ending({**answer, "finish_reason": body.get("finish_reason") or answer.get("finish_reason")})
    elif kind not in _EVENTS:
        yield from _whole(body)
    yield from lenient.errors(body)


def _whole(body: dict[str, Any]) -> Iterator[Delta]:
    """A whole answer. The text of one that calls tools is the plan that they follow."""
    text = lenient.string(body.get("text"))
    if body.get("tool_calls"):
        yield ReasoningDelta(text, slot="plan")
    else:
        yield TextDelta(text)
    yield from _calls(body)
    yield from _ending(body)


def _grown(raw: dict[str, Any]) -> Iterator[Delta]:
    if raw:
        arguments = lenient.arguments_text(raw.get("parameters"))
        yield ToolCallDelta(arguments, slot=lenient.count(raw.get("index")), name=lenient.maybe(raw.get("name")))


def _calls(body: dict[str, Any]) -> Iterator[Delta]:
    """Whole calls. Of those that came in pieces before, nothing new."""
    for slot, item in enumerate(map(lenient.obj, lenient.seq(body.get("tool_calls")))):
        arguments = lenient.arguments_text(item.get("parameters"))
        yield ToolCallDelta(slot=slot, name=lenient.maybe(item.get("name")), whole=arguments)


def _ending(body: dict[str, Any]) -> Iterator[Delta]:
    """What only a whole answer has: its id, its citations with the documents, its counts, its end."""
    yield AboutDelta(lenient.maybe(body.get("generation_id")), lenient.maybe(body.get("model")))
    documents = {item.get("id"): item for item in map(lenient.obj, lenient.seq(body.get("documents"))) if _is_id(item)}
    for about in map(lenient.obj, lenient.seq(body.get("citations"))):
        for id in filter(lenient.maybe, lenient.seq(about.get("document_ids"))):
            yield CitationDelta(cohere_chat.cited(about, documents.get(id, {}), id))
    yield UsageDelta(lenient.obj(body.get("meta")))
    if reason := lenient.maybe(body.get("finish_reason")):
        yield FinishDelta(reason)
        yield EndDelta()


def _is_id(document: dict[str, Any]) -> bool:
    return lenient.maybe(document.get("id")) is not None


usage = cohere_chat.usage
