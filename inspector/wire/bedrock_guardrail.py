"""Amazon Bedrock's ApplyGuardrail: what a guardrail makes of a text, without a model.

https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ApplyGuardrail.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from inspector.deltas import Delta, EndDelta, SummaryDelta, TextDelta
from inspector.model import Event, Message, Part, Prompt
from inspector.wire import bedrock_blocks, bedrock_converse
from inspector.wire import reading as read
from inspector.wire.clue import Clue

NAME = "bedrock.guardrail"
OPERATION = "moderation"

_PATH = re.compile(r"/guardrail/[^/]+/version/[^/]+/apply$")


def recognise(clue: Clue) -> bool:
    return bool(_PATH.search(clue.path)) or ("assessments" in clue.first and "guardrailCoverage" in clue.first)


def prompt(body: Mapping[str, Any]) -> Prompt:
    """The texts and images in question, which are the user's or the model's."""
    items = [{"guardContent": item} for item in read.seq(body.get("content"))]
    parts: tuple[Part, ...] = bedrock_blocks.parts(items)
    by_model = body.get("source") == "OUTPUT"
    return Prompt(
        messages=(Message("assistant" if by_model else "user", parts),) if parts else (),
        settings=read.settings(dict(body), "content"),
    )


def deltas(event: Event) -> Iterator[Delta]:
    """Whether the guardrail intervened, and what it would say instead."""
    body = read.obj(event.data)
    for output in read.seq(body.get("outputs")):
        yield TextDelta(read.string(read.obj(output).get("text")))
    if action := read.maybe(body.get("action")):
        yield SummaryDelta({"action": action})
        yield EndDelta()


usage = bedrock_converse.usage
