"""Tools that ran, as OpenTelemetry's conventions for generative AI have them in spans: one call, one result.

https://opentelemetry.io/docs/specs/semconv/gen-ai/gen-ai-spans/#execute-tool-span
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from inspector.decode import lenient
from inspector.decode.evidence import Evidence
from inspector.model import Event, Message, Prompt, ToolResult, Usage
from inspector.model.delta import Delta, PartDelta

NAME = "otel.execute_tool"
OPERATION = "execute_tool"

_NAME, _ID, _GIVEN = "gen_ai.tool.name", "gen_ai.tool.call.id", "gen_ai.tool.call.arguments"
_RESULT = "gen_ai.tool.call.result"


def recognise(evidence: Evidence) -> bool:
    return _NAME in evidence.body or _RESULT in evidence.first


def prompt(body: Mapping[str, Any]) -> Prompt:
    """The call. No model is asked."""
    call = lenient.call(body.get(_ID), body.get(_NAME), body.get(_GIVEN))
    return Prompt(messages=(Message("assistant", (call,)),), settings=lenient.settings(dict(body), _NAME, _ID, _GIVEN))


def deltas(event: Event) -> Iterator[Delta]:
    body = lenient.obj(event.data)
    if _RESULT in body:
        yield PartDelta(ToolResult(None, None, lenient.result(body[_RESULT])))


def usage(counts: Mapping[str, Any]) -> Usage:
    return Usage()
