"""Cohere's older text generation, of ``/v1/generate`` and of Command on Bedrock, and its summaries.

https://docs.cohere.com/v1/reference/generate
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from inspector.decode import lenient
from inspector.decode.evidence import Evidence
from inspector.decode.protocols.cohere import chat as cohere_chat
from inspector.model import Event, Message, Prompt
from inspector.model.delta import AboutDelta, Delta, EndDelta, FinishDelta, TextDelta, UsageDelta

NAME = "cohere.generate"
OPERATION = "text_completion"

NEUTRAL = frozenset(
    {
        "event_type", "meta",
    }
)  # fmt: skip

_PATHS = ("/v1/generate", "/v1/summarize")


def recognise(evidence: Evidence) -> bool:
    asked = evidence.path.endswith(_PATHS) and ("prompt" in evidence.body or "text" in evidence.body)
    generations = lenient.seq(evidence.first.get("generations"))
    return asked or "text" in lenient.obj(next(iter(generations), None))


def prompt(body: Mapping[str, Any]) -> Prompt:
    parts = (*lenient.text_parts(body.get("prompt")), *lenient.text_parts(body.get("text")))
    return Prompt(
        model=lenient.maybe(body.get("model")),
        stream=lenient.flag(body.get("stream")),
        messages=(Message("user", parts),) if parts else (),
        settings=lenient.settings(dict(body), "model", "prompt", "text", "stream"),
    )


def deltas(event: Event) -> Iterator[Delta]:
    """What one event adds, or a whole answer. The last event of a stream repeats the whole."""
    body = event.data
    if not isinstance(body, dict):
        return
    yield AboutDelta(lenient.maybe(body.get("id")), lenient.maybe(body.get("model")))
    if body.get("is_finished") is not True:
        yield from _texts(body)
    else:
        answer = lenient.obj(body.get("response"))
        yield AboutDelta(lenient.maybe(answer.get("id")), None)
        yield UsageDelta(lenient.obj(answer.get("meta")))
        yield FinishDelta(lenient.string(body.get("finish_reason")), lenient.count(body.get("index")) or 0)
        yield EndDelta()
    yield UsageDelta(lenient.obj(body.get("meta")))
    yield from lenient.errors(body)


def _texts(body: dict[str, Any]) -> Iterator[Delta]:
    for choice, item in enumerate(map(lenient.obj, lenient.seq(body.get("generations")))):
        yield TextDelta(lenient.string(item.get("text")), choice)
        if reason := lenient.maybe(item.get("finish_reason")):
            yield FinishDelta(reason, choice)
            yield EndDelta()
    yield TextDelta(lenient.string(body.get("text")), lenient.count(body.get("index")) or 0)
    yield TextDelta(lenient.string(body.get("summary")))


usage = cohere_chat.usage
