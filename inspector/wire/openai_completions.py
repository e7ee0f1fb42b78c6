"""OpenAI Completions, the older protocol for plain text, which many servers still speak, and llama.cpp's own.

https://platform.openai.com/docs/api-reference/completions and ``/completion`` of
https://github.com/ggml-org/llama.cpp/tree/master/tools/server
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from inspector.deltas import AboutDelta, Delta, EndDelta, FinishDelta, TextDelta, TokensDelta, UsageDelta
from inspector.model import Event, Json, Message, Prompt, Usage
from inspector.wire import openai_chat, openai_parts
from inspector.wire import reading as read
from inspector.wire.clue import Clue

NAME = "openai.completions"
OPERATION = "text_completion"

_STOPS = {"limit": "length", "eos": "stop", "word": "stop"}
"""Why llama.cpp stops, in the words of OpenAI."""


def recognise(clue: Clue) -> bool:
    if "text_completion" in read.string(clue.first.get("object")):
        return True
    choices = clue.first.get("choices")
    if isinstance(choices, list) and choices and "text" in read.obj(choices[0]):
        return True
    if isinstance(clue.first.get("content"), str) and isinstance(clue.first.get("stop"), bool):
        return True
    return clue.path.endswith(("/completions", "/completion")) and not clue.path.endswith("/chat/completions")


def prompt(body: Mapping[str, Any]) -> Prompt:
    return Prompt(
        model=read.maybe(body.get("model")),
        stream=read.flag(body.get("stream")),
        messages=tuple(_messages(body.get("prompt"))),
        settings=read.settings(dict(body), "model", "prompt", "stream"),
    )


def _messages(prompt: Json) -> Iterator[Message]:
    """A message for each prompt: a request may hold several. Token ids stay as they are."""
    for item in read.texts(prompt):
        if parts := read.text_parts(item):
            yield Message("user", parts)


def deltas(event: Event) -> Iterator[Delta]:
    """What one chunk adds, or a whole completion."""
    body = event.data
    if not isinstance(body, dict):
        yield from read.done(event)
        return
    yield AboutDelta(read.maybe(body.get("id")), read.maybe(body.get("model")))
    for item in read.seq(body.get("choices")):
        yield from _choice(read.obj(item))
    if "choices" not in body:
        yield from _llamacpp(body)
    if isinstance(body.get("usage"), dict):
        yield UsageDelta(body["usage"])
    yield from read.errors(body)


def _choice(raw: dict[str, Any]) -> Iterator[Delta]:
    choice = read.count(raw.get("index")) or 0
    if text := read.maybe(raw.get("text")):
        yield TextDelta(text, choice, "text")
    if tokens := tuple(openai_parts.logprobs(raw.get("logprobs"))):
        yield TokensDelta(tokens, choice, "text")
    if reason := read.maybe(raw.get("finish_reason")):
        yield FinishDelta(reason, choice)
        yield EndDelta()


def _llamacpp(body: dict[str, Any]) -> Iterator[Delta]:
    choice = read.count(body.get("index")) or 0
    if text := read.maybe(body.get("content")):
        yield TextDelta(text, choice, "text")
    if tokens := tuple(openai_parts.tokens(body.get("completion_probabilities"))):
        yield TokensDelta(tokens, choice, "text")
    if body.get("stop") is True:
        yield UsageDelta({key: body[key] for key in ("tokens_evaluated", "tokens_predicted", "timings") if key in body})
        kind = read.string(body.get("stop_type")) or ("limit" if body.get("stopped_limit") is True else "eos")
        yield FinishDelta(_STOPS.get(kind, kind), choice)
        yield EndDelta()


def usage(counts: Mapping[str, Any]) -> Usage:
    """As of chat; llama.cpp counts the whole prompt, cached tokens with it."""
    common = openai_chat.usage(counts)
    evaluated, predicted = read.count(counts.get("tokens_evaluated")), read.count(counts.get("tokens_predicted"))
    if evaluated is None and predicted is None:
        return common
    return replace(common, input_tokens=evaluated, output_tokens=predicted)
