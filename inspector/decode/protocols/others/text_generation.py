"""Text generation in the older shapes: Hugging Face's, also at SageMaker endpoints, IBM watsonx' and Aleph Alpha's.

https://huggingface.co/docs/text-generation-inference, https://cloud.ibm.com/apidocs/watsonx-ai and
https://docs.aleph-alpha.com/api/complete
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from inspector.decode import lenient
from inspector.decode.evidence import Evidence
from inspector.model import Event, Json, Message, Prompt, Text, Usage
from inspector.model.delta import AboutDelta, Delta, EndDelta, FinishDelta, PartDelta, TextDelta, UsageDelta

NAME = "text_generation"
OPERATION = "text_completion"

NEUTRAL = frozenset(
    {
        ".details.prefill", ".details.tokens", "created_at", "model_version", "results.stop_reason",
    }
)  # fmt: skip

_PATHS = ("/ml/v1/text/generation", "/ml/v1/text/generation_stream", "/generate_stream")
_COUNTS = ("input_token_count", "generated_token_count", "generated_tokens")


def recognise(evidence: Evidence) -> bool:
    if evidence.path.endswith(_PATHS) or "generated_text" in evidence.first or _is_token(evidence.first):
        return True
    first = lenient.obj(next(iter(_results(evidence.first)), None))
    return "generated_text" in first or isinstance(first.get("completion"), str)


def _results(body: Mapping[str, Any]) -> list[Any]:
    return lenient.seq(body.get("results")) or lenient.seq(body.get("completions"))


def _is_token(body: dict[str, Any]) -> bool:
    return isinstance(body.get("token"), dict) and "text" in body["token"]


def prompt(body: Mapping[str, Any]) -> Prompt:
    asked = body.get("inputs", body.get("input", body.get("prompt")))
    parts = tuple(part for item in lenient.texts(asked) for part in lenient.text_parts(_text(item)))
    return Prompt(
        model=lenient.maybe(body.get("model_id")) or lenient.maybe(body.get("model")),
        stream=lenient.flag(body.get("stream")),
        messages=(Message("user", parts),) if parts else (),
        settings=lenient.settings(dict(body), "model_id", "model", "stream", "inputs", "input", "prompt"),
    )


def _text(item: Json) -> Json:
    """Aleph Alpha's prompts are lists of typed pieces."""
    return lenient.obj(item).get("data", item) if lenient.obj(item).get("type") == "text" else item


def deltas(event: Event) -> Iterator[Delta]:
    """One text, a list of them, or a token; a stream's last token brings the whole text along."""
    body = lenient.obj(event.data[0] if isinstance(event.data, list) and event.data else event.data)
    results = _results(body)
    if lenient.maybe(body.get("model_id")):
        yield AboutDelta(None, body["model_id"])
    if _is_token(body):
        if not body["token"].get("special"):
            yield TextDelta(lenient.string(body["token"]["text"]), slot="text")
        if isinstance(body.get("generated_text"), str):
            yield PartDelta(Text(body["generated_text"]), slot="text")
    for number, item in enumerate(results or (() if _is_token(body) else (body,))):
        said = lenient.obj(item)
        if text := lenient.string(said.get("generated_text")) or lenient.string(said.get("completion")):
            yield TextDelta(text, number, "text")
    for number, item in enumerate(results or (body,)):
        yield from _ending(lenient.obj(item), number)
    yield from lenient.errors(body)


def _ending(item: dict[str, Any], choice: int) -> Iterator[Delta]:
    details: Mapping[str, Json] = lenient.obj(item.get("details")) or item
    reason = lenient.maybe(details.get("finish_reason")) or lenient.maybe(details.get("stop_reason"))
    if reason and reason != "not_finished":
        yield FinishDelta(reason, choice)
        yield EndDelta()
    if counts := {key: details[key] for key in _COUNTS if details.get(key)}:
        yield UsageDelta(counts)


def usage(counts: Mapping[str, Any]) -> Usage:
    return Usage(
        input_tokens=lenient.count(counts.get("input_token_count")),
        output_tokens=lenient.count(counts.get("generated_token_count"))
        or lenient.count(counts.get("generated_tokens")),
    )
