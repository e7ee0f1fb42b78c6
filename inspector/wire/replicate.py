"""Replicate's predictions: a model's inputs and, when it has run, its output.

https://replicate.com/docs/reference/http
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from inspector.deltas import (
    AboutDelta,
    Delta,
    EndDelta,
    FinishDelta,
    PartDelta,
    SummaryDelta,
    TextDelta,
    UsageDelta,
)
from inspector.jsonio import dumps
from inspector.model import Event, Json, Message, Part, Prompt, Unknown, Usage
from inspector.wire import reading as read
from inspector.wire.clue import Clue

NAME = "replicate.predictions"
OPERATION = "text_completion"

_PATH = re.compile(r"/predictions(?:/|$)")
_ENDED = ("succeeded", "failed", "canceled")


def recognise(clue: Clue) -> bool:
    if "replicate" in clue.host and "/streams/" in clue.path:
        return True
    if {"urls", "status", "input"} <= clue.first.keys():
        return True
    return bool(_PATH.search(clue.path)) and ("input" in clue.body or "status" in clue.first)


def prompt(body: Mapping[str, Any]) -> Prompt:
    asked = read.obj(body.get("input"))
    settings = {
        **read.settings(dict(body), "input", "version", "stream"),
        **read.settings(asked, "prompt", "system_prompt"),
    }
    parts = read.text_parts(asked.get("prompt"))
    return Prompt(
        model=read.maybe(body.get("version")),
        stream=read.flag(body.get("stream")),
        system=read.text_parts(asked.get("system_prompt")),
        messages=(Message("user", parts),) if parts else (),
        settings=settings,
    )


def deltas(event: Event) -> Iterator[Delta]:
    """A language model's output is a list of pieces, an image's one of addresses. A stream has it as plain text."""
    if event.name in ("output", "done"):
        yield from _streamed(event)
        return
    body = read.obj(event.data)
    model = read.maybe(body.get("model"))
    yield AboutDelta(read.maybe(body.get("id")), model)
    if read.maybe(body.get("status")):
        yield SummaryDelta({"status": body["status"]})
    output = body.get("output")
    for item in output if isinstance(output, list) else () if output is None else (output,):
        yield _output(item)
    if body.get("status") in _ENDED:
        yield FinishDelta(body["status"])
    if isinstance(body.get("metrics"), dict):
        yield UsageDelta(body["metrics"])
    yield from read.errors(body)


def _streamed(event: Event) -> Iterator[Delta]:
    if event.name == "output":  # a piece like ``4`` was read as JSON
        yield TextDelta(event.raw or "" if event.data is None else dumps(event.data), slot="output")
    else:
        reason = read.maybe(read.obj(event.data).get("reason"))
        yield FinishDelta(reason or "succeeded")
        yield EndDelta()


def _output(item: Json) -> Delta:
    if not isinstance(item, str):
        return PartDelta(Unknown(item))
    part: Part | None = read.uri(item) if item.startswith(("https://", "data:")) and " " not in item else None
    return PartDelta(part) if part else TextDelta(item, slot="output")


def usage(counts: Mapping[str, Any]) -> Usage:
    return Usage(
        input_tokens=read.count(counts.get("input_token_count")),
        output_tokens=read.count(counts.get("output_token_count")),
    )
