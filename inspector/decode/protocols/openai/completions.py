"""OpenAI Completions, the older protocol for plain text, which many servers still speak, and llama.cpp's own.

https://platform.openai.com/docs/api-reference/completions and ``/completion`` of
https://github.com/ggml-org/llama.cpp/tree/master/tools/server
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from inspector.decode import lenient
from inspector.decode.evidence import Evidence
from inspector.decode.protocols.openai import chat as openai_chat
from inspector.decode.protocols.openai import parts as openai_parts
from inspector.model import Event, Json, Message, Prompt, Usage
from inspector.model.delta import AboutDelta, Delta, EndDelta, FinishDelta, TextDelta, TokensDelta, UsageDelta

NAME = "openai.completions"
OPERATION = "text_completion"

NEUTRAL = frozenset(
    {
        "choices.logprobs", "choices.stop_reason"
    }
)  # fmt: skip
NEUTRAL_EVENTS = frozenset(
    {
        "text_completion"
    }
)  # fmt: skip
NEUTRAL_COUNTS = frozenset(
    {
        "audio_tokens"
    }
)  # fmt: skip

_STOPS = {"limit": "length", "eos": "stop", "word": "stop"}
"""Why llama.cpp stops, in the words of OpenAI."""


def recognise(evidence: Evidence) -> bool:
    if "text_completion" in lenient.string(evidence.first.get("object")):
        return True
    choices = evidence.first.get("choices")
    if isinstance(choices, list) and choices and "text" in lenient.obj(choices[0]):
        return True
    if isinstance(evidence.first.get("content"), str) and isinstance(evidence.first.get("stop"), bool):
        return True
    return evidence.path.endswith(("/completions", "/completion")) and not evidence.path.endswith("/chat/completions")


def prompt(body: Mapping[str, Any]) -> Prompt:
    return Prompt(
        model=lenient.maybe(body.get("model")),
        stream=lenient.flag(body.get("stream")),
        messages=tuple(_messages(body.get("prompt"))),
        settings=lenient.settings(dict(body), "model", "prompt", "stream"),
    )


def _messages(prompt: Json) -> Iterator[Message]:
    """A message for each prompt: a request may hold several. Token ids stay as they are."""
    for item in lenient.texts(prompt):
        if parts := lenient.text_parts(item):
            yield Message("user", parts)


def deltas(event: Event) -> Iterator[Delta]:
    """What one chunk adds, or a whole completion."""
    body = event.data
    if not isinstance(body, dict):
        yield from lenient.done(event)
        return
    yield AboutDelta(lenient.maybe(body.get("id")), lenient.maybe(body.get("model")))
    for item in lenient.seq(body.get("choices")):
        yield from _choice(lenient.obj(item))
    if "choices" not in body:
        yield from _llamacpp(body)
    if isinstance(body.get("usage"), dict):
        yield UsageDelta(body["usage"])
    yield from lenient.errors(body)


def _choice(raw: dict[str, Any]) -> Iterator[Delta]:
    choice = lenient.count(raw.get("index")) or 0
    if text := lenient.maybe(raw.get("text")):
        yield TextDelta(text, choice, "text")
    if tokens := tuple(openai_parts.logprobs(raw.get("logprobs"))):
        yield TokensDelta(tokens, choice, "text")
    if reason := lenient.maybe(raw.get("finish_reason")) or lenient.maybe(raw.get("stop_reason")):
        yield FinishDelta(reason, choice)
        yield EndDelta()


def _llamacpp(body: dict[str, Any]) -> Iterator[Delta]:
    choice = lenient.count(body.get("index")) or 0
    if text := lenient.maybe(body.get("content")):
        yield TextDelta(text, choice, "text")
    if tokens := tuple(openai_parts.tokens(body.get("completion_probabilities"))):
        yield TokensDelta(tokens, choice, "text")
    if body.get("stop") is True:
        yield UsageDelta({key: body[key] for key in ("tokens_evaluated", "tokens_predicted", "timings") if key in body})
        kind = lenient.string(body.get("stop_type")) or ("limit" if body.get("stopped_limit") is True else "eos")
        yield FinishDelta(_STOPS.get(kind, kind), choice)
        yield EndDelta()


def usage(counts: Mapping[str, Any]) -> Usage:
    """As of chat; llama.cpp counts the whole prompt, cached tokens with it."""
    common = openai_chat.usage(counts)
    evaluated, predicted = lenient.count(counts.get("tokens_evaluated")), lenient.count(counts.get("tokens_predicted"))
    if evaluated is None and predicted is None:
        return common
    return replace(common, input_tokens=evaluated, output_tokens=predicted)
