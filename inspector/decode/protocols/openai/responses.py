"""OpenAI Responses and the servers that speak it: Azure, xAI, OpenRouter, Copilot, Codex, LM Studio, vLLM.

https://platform.openai.com/docs/api-reference/responses and https://platform.openai.com/docs/api-reference/responses-streaming

A finished item takes the place of its pieces, and the finished response that of the items, unless they say less: Codex
sends them empty.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from inspector.decode import lenient
from inspector.decode.evidence import Evidence
from inspector.decode.protocols.openai import chat as openai_chat
from inspector.decode.protocols.openai import neutral_keys
from inspector.decode.protocols.openai import responses_events as events
from inspector.decode.protocols.openai import responses_items as items
from inspector.decode.protocols.openai import usage as token_usage
from inspector.model import (
    Event,
    Json,
    Prompt,
    ToolDefinition,
)
from inspector.model.delta import (
    AboutDelta,
    AwaitsDelta,
    Delta,
    EndDelta,
    FinishDelta,
    ItemsDelta,
    PartDelta,
    RoleDelta,
    SummaryDelta,
    TextDelta,
    UsageDelta,
    WholeItem,
)

NAME = "openai.responses"
OPERATION = "chat"

NEUTRAL = neutral_keys.RESPONSES
NEUTRAL_EVENTS = neutral_keys.RESPONSES_EVENTS
NEUTRAL_COUNTS = neutral_keys.RESPONSES_COUNTS

_PROMPT_KEYS = ("model", "stream", "input", "instructions", "tools", "type")
ASKED = frozenset({"instructions", "tools", "store", "include", "max_output_tokens", "previous_response_id"})
"""What no other request with an ``input`` has."""
_TERMINAL = ("completed", "incomplete", "failed", "cancelled", "done")
_UNFINISHED = ("", "queued", "in_progress")


def recognise(evidence: Evidence) -> bool:
    """By the path, or by the answer. Realtime has events of the same names, each with an id of its own."""
    if evidence.path.endswith("/responses") or "/responses/" in evidence.path:
        return True
    if evidence.is_asked_alone and "input" in evidence.body and ASKED & evidence.body.keys():
        return True
    kind, what = lenient.string(evidence.first.get("type")), lenient.string(evidence.first.get("object"))
    if what == "response" or what.startswith("response."):
        return True
    return (kind.startswith("response.") or (kind == "error" and "sequence_number" in evidence.first)) and (
        "event_id" not in evidence.first
    )


# ---------------------------------------------------------------- the request


def prompt(body: Mapping[str, Any]) -> Prompt:
    instructions = items.messages(body.get("instructions"))
    return Prompt(
        model=lenient.maybe(body.get("model")),
        stream=lenient.flag(body.get("stream")),
        system=tuple(part for message in instructions for part in message.parts),
        messages=tuple(items.messages(body.get("input"))),
        tools=tuple(tool for raw in _tool_lists(body) for tool in _tools(raw)),
        settings=lenient.settings(dict(body), *_PROMPT_KEYS),
    )


def _tool_lists(body: Mapping[str, Any]) -> Iterator[Json]:
    """The request's tools, and those that an item adds to them."""
    yield from lenient.seq(body.get("tools"))
    for item in map(lenient.obj, lenient.seq(body.get("input"))):
        if item.get("type") == "additional_tools":
            yield from lenient.seq(item.get("tools"))


def _tools(raw: Json) -> Iterator[ToolDefinition]:
    """A function, a tool of the server, or a namespace with tools of its own. A MCP server is known by its label."""
    tool = openai_chat.tool_definition(raw)
    label = lenient.maybe(lenient.obj(raw).get("server_label"))
    yield replace(tool, name=label) if tool.name is None else tool
    for inner in lenient.seq(lenient.obj(raw).get("tools")):
        yield from _tools(inner)


# ---------------------------------------------------------------- the response


def deltas(event: Event) -> Iterable[Delta]:
    """What one event adds, or a whole response. The type stands in the data; the event's own name may be missing."""
    body = event.data
    if not isinstance(body, dict):
        return lenient.done(event)
    if event.name == "sent":  # over a WebSocket, beside the question
        return ()
    kind = lenient.string(body.get("type")) or event.name or ""
    read_event = events.EVENTS.get(kind.removeprefix("response."))
    if read_event is not None:
        return read_event(body)
    if isinstance(body.get("response"), dict):
        return _response(body["response"], kind.rpartition(".")[2])
    return () if kind.startswith("response.") else _response(body, "")


def _response(body: dict[str, Any], state: str) -> Iterator[Delta]:
    """A response in any state, whole or from an event that tells the `state`; or what else is asked about one."""
    yield AboutDelta(lenient.maybe(body.get("id")), lenient.maybe(body.get("model")))
    output = lenient.listed(body.get("output"))
    if not output and (text := lenient.maybe(body.get("output_text"))):  # what the SDKs make of the items
        yield TextDelta(text)
    if output and isinstance(output[0], dict):
        yield from events.roles(output)
        yield ItemsDelta(tuple(map(_whole_item, output)))
        if items.awaits(output):
            yield AwaitsDelta()
    if isinstance(body.get("usage"), dict):
        yield UsageDelta(body["usage"])
    yield from lenient.errors(body)
    status = lenient.string(body.get("status")) or (state if state in _TERMINAL else "")
    if status not in _UNFINISHED:
        reason = lenient.maybe(lenient.obj(body.get("incomplete_details")).get("reason"))
        yield FinishDelta(reason or status)
        yield EndDelta()
    yield from _summary(body, status if not state else "")


def _summary(body: dict[str, Any], status: str) -> Iterator[Delta]:
    """What is no response: the items of one, the number of tokens that one would have, that one is gone or is still
    being made."""
    if status in ("queued", "in_progress"):
        yield SummaryDelta({"status": status})
    if body.get("object") == "list" and isinstance(body.get("data"), list):
        yield from _kept(body["data"])
        yield SummaryDelta({"items": len(body["data"])})
    if body.get("object") == "response.input_tokens":
        yield SummaryDelta({"input_tokens": lenient.count(body.get("input_tokens"))})
    if body.get("deleted") is True:
        yield SummaryDelta({"deleted": True})


def _kept(stored: list[Json]) -> Iterator[Delta]:
    """The items of a response that is kept, each message for itself."""
    for choice, message in enumerate(items.messages(stored)):
        yield RoleDelta(message.role_raw or message.role, choice)
        yield from (PartDelta(part, choice) for part in message.parts)


def _whole_item(raw: Json) -> WholeItem:
    item = lenient.obj(raw)
    return WholeItem(items.parts(raw), lenient.string(item.get("type")), events.id_of(item))


usage = token_usage.of_responses
