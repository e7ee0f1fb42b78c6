"""Cohere's tokenizer: a text into tokens and back.

https://docs.cohere.com/reference/tokenize
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from inspector.decode import lenient
from inspector.decode.evidence import Evidence
from inspector.decode.protocols.cohere import chat as cohere_chat
from inspector.model import Event, Message, Prompt
from inspector.model.delta import Delta, SummaryDelta, TextDelta

NAME = "cohere.tokenize"
OPERATION = "other"

NEUTRAL = frozenset(
    {
        "meta"
    }
)  # fmt: skip


def recognise(evidence: Evidence) -> bool:
    if "token_strings" in evidence.first:
        return True
    return evidence.path.endswith(("/v1/tokenize", "/v1/detokenize")) and (
        "text" in evidence.body or "tokens" in evidence.body
    )


def prompt(body: Mapping[str, Any]) -> Prompt:
    parts = (*lenient.text_parts(body.get("text")), *lenient.text_parts(body.get("tokens")))
    return Prompt(
        model=lenient.maybe(body.get("model")),
        messages=(Message("user", parts),) if parts else (),
        settings=lenient.settings(dict(body), "model", "text", "tokens"),
    )


def deltas(event: Event) -> Iterator[Delta]:
    body = lenient.obj(event.data)
    if isinstance(body.get("tokens"), list):
        yield SummaryDelta({"tokens": len(body["tokens"])})
    elif isinstance(body.get("text"), str):
        yield TextDelta(body["text"])
    yield from lenient.errors(body)


usage = cohere_chat.usage
