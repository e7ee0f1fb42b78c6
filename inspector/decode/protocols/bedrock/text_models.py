"""The models of Bedrock that have no protocol of their own elsewhere: a prompt in, a text out.

Llama ``{prompt}`` → ``{generation, stop_reason, prompt_token_count, generation_token_count}``, Mistral ``{prompt}`` →
``{outputs: [{text, stop_reason}]}``, Titan ``{inputText}`` → ``{results: [{outputText, completionReason}]}``, AI21
``{prompt}`` → ``{completions: [{data: {text}, finishReason: {reason}}]}``, and the makers of images.
https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from inspector.decode import lenient
from inspector.model import Event, Json, Message, Part, Prompt, Text, Usage
from inspector.model.delta import Delta, EndDelta, FinishDelta, PartDelta, TextDelta, UsageDelta

_KEYS = ("generation", "outputs", "outputText", "completions", "images", "artifacts")
_ASKED = ("model", "prompt", "inputText", "text_prompts", "image", "images")
_IN = ("prompt_token_count", "inputTextTokenCount", "inputTokenCount")
_OUT = ("generation_token_count", "totalOutputTextTokenCount", "outputTokenCount")


def prompt(body: Mapping[str, Any]) -> Prompt:
    drawn = (lenient.obj(value).get("text") for key, value in body.items() if key.endswith("Params"))
    weighed = (lenient.obj(item).get("text") for item in lenient.seq(body.get("text_prompts")))
    texts = (body.get("prompt"), body.get("inputText"), *weighed, *drawn)
    parts: tuple[Part, ...] = tuple(Text(text) for text in texts if isinstance(text, str) and text)
    pictures = (body.get("image"), *lenient.seq(body.get("images")))
    parts += tuple(lenient.blob(data, None, "image") for data in pictures if isinstance(data, str) and data)
    return Prompt(
        model=lenient.maybe(body.get("model")),
        messages=(Message("user", parts),) if parts else (),
        settings=lenient.settings(dict(body), *_ASKED),
    )


def speaks(body: Mapping[str, Any]) -> bool:
    return any(key in body for key in _KEYS) or "outputText" in _first(body.get("results"))


def _first(value: Json) -> dict[str, Any]:
    return lenient.obj(next(iter(lenient.seq(value)), None))


def deltas(event: Event) -> Iterator[Delta]:
    """What one event adds, or a whole answer; its end is told by a reason."""
    body = lenient.obj(event.data)
    yield UsageDelta({key: body[key] for key in (*_IN, *_OUT) if key in body})
    if counted := [_number(lenient.obj(item).get("tokenCount")) or 0 for item in lenient.seq(body.get("results"))]:
        yield UsageDelta({_OUT[1]: sum(counted)})
    yield from _text(0, body.get("generation"), body.get("stop_reason"))
    yield from _text(0, body.get("outputText"), body.get("completionReason"))
    if _OUT[1] in body:
        yield from _last(body)
    for choice, item in enumerate(map(lenient.obj, lenient.seq(body.get("outputs")))):
        yield from _text(choice, item.get("text"), item.get("stop_reason"))
    for choice, item in enumerate(map(lenient.obj, lenient.seq(body.get("results")))):
        yield from _text(choice, item.get("outputText"), item.get("completionReason"))
    for choice, item in enumerate(map(lenient.obj, lenient.seq(body.get("completions")))):
        text, reason = lenient.obj(item.get("data")).get("text"), lenient.obj(item.get("finishReason")).get("reason")
        yield from _text(choice, text, reason)
    yield from _pictures(body)


def _text(choice: int, text: Json, reason: Json) -> Iterator[Delta]:
    if text and isinstance(text, str):
        yield TextDelta(text, choice)
    if reason and isinstance(reason, str):
        yield FinishDelta(reason, choice)
        yield EndDelta()


def _last(body: dict[str, Any]) -> Iterator[Delta]:
    """The last event of Titan's, which counts. Where a guardrail stopped it, that is the only reason it has."""
    if not body.get("completionReason") and body.get("amazon-bedrock-guardrailAction") == "INTERVENED":
        yield FinishDelta("INTERVENED")
    yield EndDelta()


def _pictures(body: dict[str, Any]) -> Iterator[Delta]:
    """Titan's and Nova's list of images, and that of Stable Diffusion. None says of which type they are."""
    found = [
        *lenient.seq(body.get("images")),
        *(lenient.obj(item).get("base64") for item in lenient.seq(body.get("artifacts"))),
    ]
    for data in found:
        if isinstance(data, str) and data:
            yield PartDelta(lenient.blob(data, "image/jpeg" if data.startswith("/9j/") else "image/png"))
    if found:
        yield EndDelta()


def usage(counts: Mapping[str, Any]) -> Usage:
    return Usage(
        input_tokens=_number(next((counts[key] for key in _IN if key in counts), None)),
        output_tokens=_number(next((counts[key] for key in _OUT if key in counts), None)),
        cache_read_input_tokens=_number(counts.get("cacheReadInputTokenCount")),
        cache_creation_input_tokens=_number(counts.get("cacheWriteInputTokenCount")),
    )


def _number(value: Json) -> int | None:
    """A count; Titan behind a guardrail writes ``12.0``."""
    return int(value) if isinstance(value, float) and value.is_integer() else lenient.count(value)
