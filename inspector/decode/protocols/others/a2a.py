"""A2A: agents that talk to agents, as JSON-RPC over HTTP or server-sent events.

https://a2a-protocol.org/latest/specification/
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from inspector.decode import lenient
from inspector.decode.evidence import Evidence
from inspector.decode.protocols.others import mcp
from inspector.model import Event, Json, Message, Part, Prompt, Text, Unknown, Usage
from inspector.model.delta import (
    AboutDelta,
    Delta,
    EndDelta,
    ErrorDelta,
    FinishDelta,
    PartDelta,
    RoleDelta,
    SummaryDelta,
    TextDelta,
)

NAME = "a2a.json_rpc"
OPERATION = "chat"

NEUTRAL = frozenset(
    {
        ".params._meta", "kind", "method", "protocolVersion", "timestamp"
    }
)  # fmt: skip

_METHODS = ("message/", "tasks/", "agent/")
_KINDS = frozenset({"message", "task", "status-update", "artifact-update"})
_ENDED = frozenset({"completed", "failed", "canceled", "rejected"})


def recognise(evidence: Evidence) -> bool:
    if evidence.body.get("jsonrpc") == "2.0":
        return lenient.string(evidence.body.get("method")).startswith(_METHODS)
    kind = lenient.obj(evidence.first.get("result")).get("kind")
    return evidence.first.get("jsonrpc") == "2.0" and isinstance(kind, str) and kind in _KINDS


def prompt(body: Mapping[str, Any]) -> Prompt:
    """The message that is sent; of anything else the method and its parameters."""
    params = lenient.obj(body.get("params"))
    said = params.get("message")
    settings = {"method": body["method"]} if "method" in body else {}
    if others := lenient.settings(params, "message"):
        settings["params"] = others
    messages = (_message(said),) if isinstance(said, dict) else ()
    return Prompt(stream=True if body.get("method") == "message/stream" else None, messages=messages, settings=settings)


def _message(raw: dict[str, Any]) -> Message:
    return lenient.message(raw.get("role"), tuple(_parts(raw)))


def _parts(raw: Mapping[str, Any]) -> Iterator[Part]:
    for item in lenient.seq(raw.get("parts")):
        part = lenient.obj(item)
        file = lenient.obj(part.get("file"))
        mime_type = lenient.maybe(file.get("mimeType"))
        if isinstance(part.get("text"), str):
            yield from lenient.text_parts(part["text"])
        elif lenient.maybe(file.get("bytes")):
            yield lenient.blob(file["bytes"], mime_type)
        elif lenient.maybe(file.get("uri")):
            yield lenient.uri(file["uri"], mime_type)
        else:
            yield Unknown(item)


def deltas(event: Event) -> Iterator[Delta]:
    """A message, or a task: its state, the message of that state, and what it has made."""
    body = lenient.obj(event.data)
    if body.get("error") is not None:
        yield ErrorDelta(mcp.error(body))
        yield EndDelta()
    result = lenient.obj(body.get("result"))
    status = lenient.obj(result.get("status"))
    if result.get("kind") == "message":
        yield from _said(result)
        yield EndDelta()
    if "status" in result:
        yield AboutDelta(lenient.maybe(result.get("taskId")) or lenient.maybe(result.get("id")), None)
        yield SummaryDelta({"state": status.get("state")})
        yield from _said(lenient.obj(status.get("message")))
    for said in map(lenient.obj, lenient.seq(result.get("history"))):  # also what was asked before
        yield PartDelta(Unknown({"history": said}))
    for made in (*lenient.seq(result.get("artifacts")), result.get("artifact")):
        yield from _made(lenient.obj(made))
    if isinstance(status.get("state"), str) and status["state"] in _ENDED:
        yield FinishDelta(status["state"])
        yield EndDelta()


def _said(raw: dict[str, Any]) -> Iterator[Delta]:
    if lenient.maybe(raw.get("role")):
        yield RoleDelta(raw["role"])
    yield from _in_slot(raw, f"message:{raw.get('messageId')}")


def _made(raw: dict[str, Any]) -> Iterator[Delta]:
    """An artifact's text comes in pieces."""
    yield from _in_slot(raw, f"artifact:{raw.get('artifactId')}")


def _in_slot(raw: dict[str, Any], slot: str) -> Iterator[Delta]:
    for part in _parts(raw):
        yield TextDelta(part.content, slot=slot) if isinstance(part, Text) else PartDelta(part)


def usage(counts: Mapping[str, Json]) -> Usage:
    return Usage()
