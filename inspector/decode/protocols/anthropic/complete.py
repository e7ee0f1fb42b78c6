"""Anthropic's older text completion, of ``/v1/complete`` and of Claude 2 on Bedrock.

https://docs.anthropic.com/en/api/complete
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from inspector.decode import lenient
from inspector.decode.evidence import Evidence
from inspector.decode.protocols.anthropic import messages as anthropic_messages
from inspector.model import Event, Message, Prompt
from inspector.model.delta import AboutDelta, Delta, EndDelta, FinishDelta, TextDelta, UsageDelta

NAME = "anthropic.complete"
OPERATION = "text_completion"


def recognise(evidence: Evidence) -> bool:
    if evidence.first.get("type") == "completion" or "max_tokens_to_sample" in evidence.body:
        return True
    return evidence.path.endswith("/v1/complete")


def prompt(body: Mapping[str, Any]) -> Prompt:
    parts = lenient.text_parts(body.get("prompt"))
    return Prompt(
        model=lenient.maybe(body.get("model")),
        stream=lenient.flag(body.get("stream")),
        messages=(Message("user", parts),) if parts else (),
        settings=lenient.settings(dict(body), "model", "stream", "prompt"),
    )


def deltas(event: Event) -> Iterator[Delta]:
    """What one event adds, or a whole completion, which is an event with a reason to stop."""
    body = lenient.obj(event.data)
    yield AboutDelta(
        lenient.maybe(body.get("id")) or lenient.maybe(body.get("log_id")), lenient.maybe(body.get("model"))
    )
    if text := lenient.maybe(body.get("completion")):
        yield TextDelta(text)
    if isinstance(body.get("usage"), dict):
        yield UsageDelta(body["usage"])
    if reason := lenient.maybe(body.get("stop_reason")):
        yield FinishDelta(reason)
        yield EndDelta()
    yield from lenient.errors(body)


usage = anthropic_messages.usage
