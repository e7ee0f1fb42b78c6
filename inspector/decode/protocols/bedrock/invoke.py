"""Amazon Bedrock's InvokeModel and its stream: each model in the words of its maker.

https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters.html. The model is in the address. The events of a
stream hold base64 of JSON: ``{"chunk": {"bytes": "…"}}``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from inspector.decode import lenient
from inspector.decode.evidence import Evidence, NotUnderstood
from inspector.decode.protocols.anthropic import complete as anthropic_complete
from inspector.decode.protocols.anthropic import messages as anthropic_messages
from inspector.decode.protocols.bedrock import address as bedrock_path
from inspector.decode.protocols.bedrock import converse as bedrock_converse
from inspector.decode.protocols.bedrock import text_models as bedrock_texts
from inspector.decode.protocols.cohere import chat as cohere_chat
from inspector.decode.protocols.cohere import chat_v1 as cohere_chat_v1
from inspector.decode.protocols.cohere import generate as cohere_generate
from inspector.decode.protocols.cohere import rerank
from inspector.decode.protocols.openai import chat as openai_chat
from inspector.decode.protocols.openai import completions as openai_completions
from inspector.model import Event, Json, Prompt, Unknown, Usage
from inspector.model.delta import Delta, PartDelta, UsageDelta
from inspector.model.jsonio import parse_or_none

NAME = "bedrock.invoke"
OPERATION = "chat"

NEUTRAL = frozenset(
    {
        "amazon-bedrock-guardrailAction", "chunk.bytes",
        "generatedToken", "topTokens",
    }
)  # fmt: skip
NEUTRAL_COUNTS = frozenset(
    {
        "cacheReadInputTokenCount", "cacheWriteInputTokenCount", "firstByteLatency", "inputTokenCount",
        "invocationLatency", "outputTokenCount"
    }
)  # fmt: skip

MAX_CHUNK = 64_000_000
"""Bytes in one event that are still looked into."""

_METRICS = "amazon-bedrock-invocationMetrics"
_GUARDRAIL = "amazon-bedrock-guardrailAction"
_MARKS = (_METRICS, _GUARDRAIL, "generation_token_count", "inputTextTokenCount")


def recognise(evidence: Evidence) -> bool:
    if bedrock_path.asked(evidence.path)[1] == "invoke":
        return True
    return isinstance(chunk(evidence.first), dict) or any(mark in evidence.first for mark in _MARKS)


def chunk(body: Mapping[str, Any]) -> Json:
    """The JSON in an event of a stream, None where it is something else."""
    data = lenient.obj(body.get("chunk")).get("bytes")
    inner = lenient.decoded(data, MAX_CHUNK) if isinstance(data, str) else None
    return parse_or_none(inner.decode("utf-8", "replace")) if inner else None


# ---------------------------------------------------------------- the request


def prompt(body: Mapping[str, Any]) -> Prompt:
    if "anthropic_version" in body:
        return anthropic_messages.prompt(body)
    if "max_tokens_to_sample" in body:
        return anthropic_complete.prompt(body)
    if isinstance(body.get("messages"), list):
        return bedrock_converse.prompt(body) if _of_nova(body) else openai_chat.prompt(body)
    if isinstance(body.get("message"), str):
        return cohere_chat_v1.prompt(body)
    if "query" in body and "documents" in body:
        return rerank.prompt(body)
    return bedrock_texts.prompt(body)


def _of_nova(body: Mapping[str, Any]) -> bool:
    """Whether messages are Converse's, whose blocks have no type."""
    if "inferenceConfig" in body or "schemaVersion" in body:
        return True
    first = lenient.obj(next(iter(lenient.seq(body.get("messages"))), None))
    block = lenient.obj(next(iter(lenient.seq(first.get("content"))), None))
    return bool(block) and "type" not in block


# ---------------------------------------------------------------- the response


def deltas(event: Event) -> Iterator[Delta]:
    """What one event adds, or a whole answer."""
    body = lenient.obj(event.data)
    if isinstance(body.get("chunk"), dict):
        inner = chunk(body)
        if inner is None and isinstance(body["chunk"].get("bytes"), str):
            raise NotUnderstood("the bytes of a chunk, which are no JSON in base64")
        body = lenient.obj(inner)
    yield from _deltas(event._replace(data=body), body)
    if guardrail := lenient.obj(lenient.obj(body.get("amazon-bedrock-trace")).get("guardrail")):
        yield PartDelta(Unknown({"guardrail": guardrail}))
    if isinstance(body.get(_METRICS), dict):
        yield UsageDelta(body[_METRICS])


def _deltas(event: Event, body: dict[str, Any]) -> Iterator[Delta]:
    """By the dialect, which the keys tell. An error is the same in all of them."""
    if errors := lenient.errors(body):
        yield from errors
    elif bedrock_texts.speaks(body):
        yield from bedrock_texts.deltas(event)
    elif isinstance(body.get("choices"), list):
        chat = any("message" in choice or "delta" in choice for choice in map(lenient.obj, body["choices"]))
        yield from openai_chat.deltas(event) if chat else openai_completions.deltas(event)
    elif "completion" in body:
        yield from anthropic_complete.deltas(event)
    elif cohere_chat.speaks(body):
        yield from cohere_chat.deltas(event)
    elif cohere_chat_v1.speaks(body) or {"finish_reason", "text"} <= body.keys():  # Command R's short form
        yield from cohere_chat_v1.deltas(event)
    elif "generations" in body or "is_finished" in body:
        yield from cohere_generate.deltas(event)
    elif isinstance(body.get("type"), str):
        yield from anthropic_messages.deltas(event)
    elif isinstance(body.get("results"), list):
        yield from rerank.deltas(event)
    else:
        yield from bedrock_converse.deltas(event)


counts_in = bedrock_path.counts_in


def usage(counts: Mapping[str, Any]) -> Usage:
    """Counts of the model's maker; those that Bedrock adds to every stream, where there are no others."""
    if "inputTokens" in counts:
        return bedrock_converse.usage(counts)
    if "input_tokens" in counts or "output_tokens" in counts:
        return anthropic_messages.usage(counts)
    if "tokens" in counts or "billed_units" in counts:
        return cohere_chat.usage(counts)
    if "prompt_tokens" in counts:
        return openai_chat.usage(counts)
    return bedrock_texts.usage(counts)
