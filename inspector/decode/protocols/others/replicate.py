"""Replicate's predictions: a model's inputs and, when it has run, its output.

https://replicate.com/docs/reference/http
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from inspector.decode import lenient
from inspector.decode.evidence import Evidence
from inspector.model import Event, Json, Message, Part, Prompt, Unknown, Usage
from inspector.model.delta import (
    AboutDelta,
    Delta,
    EndDelta,
    FinishDelta,
    PartDelta,
    SummaryDelta,
    TextDelta,
    UsageDelta,
)
from inspector.model.expressions import expression
from inspector.model.jsonio import dumps

NAME = "replicate.predictions"
OPERATION = "text_completion"

NEUTRAL = frozenset(
    {
        "completed_at", "created_at", "data_removed", "input", "source", "started_at", "urls", "version"
    }
)  # fmt: skip

_PATH = expression(r"/predictions(?:/|$)")
_ENDED = ("succeeded", "failed", "canceled")


def recognise(evidence: Evidence) -> bool:
    if "replicate" in evidence.host and "/streams/" in evidence.path:
        return True
    if {"urls", "status", "input"} <= evidence.first.keys():
        return True
    return bool(_PATH.search(evidence.path)) and ("input" in evidence.body or "status" in evidence.first)


def prompt(body: Mapping[str, Any]) -> Prompt:
    asked = lenient.obj(body.get("input"))
    settings = {
        **lenient.settings(dict(body), "input", "version", "stream"),
        **lenient.settings(asked, "prompt", "system_prompt"),
    }
    parts = lenient.text_parts(asked.get("prompt"))
    return Prompt(
        model=lenient.maybe(body.get("version")),
        stream=lenient.flag(body.get("stream")),
        system=lenient.text_parts(asked.get("system_prompt")),
        messages=(Message("user", parts),) if parts else (),
        settings=settings,
    )


def deltas(event: Event) -> Iterator[Delta]:
    """A language model's output is a list of pieces, an image's one of addresses. A stream has it as plain text."""
    if event.name in ("output", "done"):
        yield from _streamed(event)
        return
    body = lenient.obj(event.data)
    model = lenient.maybe(body.get("model"))
    yield AboutDelta(lenient.maybe(body.get("id")), model)
    if lenient.maybe(body.get("status")):
        yield SummaryDelta({"status": body["status"]})
    output = body.get("output")
    for item in output if isinstance(output, list) else () if output is None else (output,):
        yield _output(item)
    if logs := lenient.maybe(body.get("logs")):
        yield PartDelta(Unknown({"logs": logs}))
    if body.get("status") in _ENDED:
        yield FinishDelta(body["status"])
    if isinstance(body.get("metrics"), dict):
        yield UsageDelta(body["metrics"])
    yield from lenient.errors(body)


def _streamed(event: Event) -> Iterator[Delta]:
    if event.name == "output":  # a piece like ``4`` was read as JSON
        yield TextDelta(event.raw or "" if event.data is None else dumps(event.data), slot="output")
    else:
        reason = lenient.maybe(lenient.obj(event.data).get("reason"))
        yield FinishDelta(reason or "succeeded")
        yield EndDelta()


def _output(item: Json) -> Delta:
    if not isinstance(item, str):
        return PartDelta(Unknown(item))
    part: Part | None = lenient.uri(item) if item.startswith(("https://", "data:")) and " " not in item else None
    return PartDelta(part) if part else TextDelta(item, slot="output")


def usage(counts: Mapping[str, Any]) -> Usage:
    return Usage(
        input_tokens=lenient.count(counts.get("input_token_count")),
        output_tokens=lenient.count(counts.get("output_token_count")),
    )
