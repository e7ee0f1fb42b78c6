"""Amazon Bedrock's count of the tokens that a request of Converse or InvokeModel would have.

https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_CountTokens.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from inspector.decode import lenient
from inspector.decode.evidence import Evidence, NotUnderstood
from inspector.decode.protocols import token_counts
from inspector.decode.protocols.bedrock import address as bedrock_path
from inspector.decode.protocols.bedrock import converse as bedrock_converse
from inspector.decode.protocols.bedrock import invoke as bedrock_invoke
from inspector.model import Event, Prompt
from inspector.model.delta import Delta
from inspector.model.jsonio import parse_or_none

NAME = "bedrock.count_tokens"
OPERATION = "other"

NEUTRAL = frozenset({".input.invokeModel.body"})
"""Base64: what it says is read."""


def recognise(evidence: Evidence) -> bool:
    return bedrock_path.asked(evidence.path)[1] == "count-tokens" or evidence.first.keys() == {"inputTokens"}


def prompt(body: Mapping[str, Any]) -> Prompt:
    """The request in question; that of InvokeModel is base64 of its body."""
    question = lenient.obj(body.get("input"))
    invoked = lenient.obj(question.get("invokeModel")).get("body")
    if invoked is None:
        return bedrock_converse.prompt(lenient.obj(question.get("converse")))
    data = lenient.decoded(lenient.string(invoked), bedrock_invoke.MAX_CHUNK)
    asked = parse_or_none(data.decode("utf-8", "replace")) if data else None
    if not isinstance(asked, dict):
        raise NotUnderstood("input.invokeModel.body, which is no JSON in base64")
    return bedrock_invoke.prompt(asked)


def deltas(event: Event) -> Iterator[Delta]:
    body = lenient.obj(event.data)
    return token_counts.deltas(body, lenient.count(body.get("inputTokens")))


usage = bedrock_converse.usage
