"""Amazon Bedrock's ApplyGuardrail: what a guardrail makes of a text, without a model.

https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ApplyGuardrail.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from inspector.decode import lenient
from inspector.decode.evidence import Evidence
from inspector.decode.protocols.bedrock import blocks as bedrock_blocks
from inspector.decode.protocols.bedrock import converse as bedrock_converse
from inspector.model import Event, Message, Part, Prompt, Unknown
from inspector.model.delta import Delta, EndDelta, PartDelta, SummaryDelta, TextDelta
from inspector.model.expressions import expression

NAME = "bedrock.guardrail"
OPERATION = "moderation"

_PATH = expression(r"/guardrail/[^/]+/version/[^/]+/apply$")


def recognise(evidence: Evidence) -> bool:
    return bool(_PATH.search(evidence.path)) or (
        "assessments" in evidence.first and "guardrailCoverage" in evidence.first
    )


def prompt(body: Mapping[str, Any]) -> Prompt:
    """The texts and images in question, which are the user's or the model's."""
    items = [{"guardContent": item} for item in lenient.seq(body.get("content"))]
    parts: tuple[Part, ...] = bedrock_blocks.parts(items)
    by_model = body.get("source") == "OUTPUT"
    return Prompt(
        messages=(Message("assistant" if by_model else "user", parts),) if parts else (),
        settings=lenient.settings(dict(body), "content"),
    )


def deltas(event: Event) -> Iterator[Delta]:
    """Whether the guardrail intervened, and what it would say instead."""
    body = lenient.obj(event.data)
    for output in lenient.seq(body.get("outputs")):
        yield TextDelta(lenient.string(lenient.obj(output).get("text")))
    if action := lenient.maybe(body.get("action")):
        reason = lenient.maybe(body.get("actionReason"))
        yield SummaryDelta({"action": action, **({"reason": reason} if reason else {})})
        yield EndDelta()
    if assessments := lenient.seq(body.get("assessments")):
        yield PartDelta(Unknown({"assessments": assessments}))


usage = bedrock_converse.usage
