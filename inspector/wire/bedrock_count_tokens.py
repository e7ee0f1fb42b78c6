"""Amazon Bedrock's count of the tokens that a request of Converse or InvokeModel would have.

https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_CountTokens.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from inspector.deltas import Delta
from inspector.jsonio import parse_or_none
from inspector.model import Event, Prompt
from inspector.wire import bedrock_converse, bedrock_invoke, bedrock_path, token_counts
from inspector.wire import reading as read
from inspector.wire.clue import Clue

NAME = "bedrock.count_tokens"
OPERATION = "other"


def recognise(clue: Clue) -> bool:
    return bedrock_path.asked(clue.path)[1] == "count-tokens" or clue.first.keys() == {"inputTokens"}


def prompt(body: Mapping[str, Any]) -> Prompt:
    """The request in question; that of InvokeModel is base64 of its body."""
    question = read.obj(body.get("input"))
    invoked = read.obj(question.get("invokeModel")).get("body")
    if invoked is None:
        return bedrock_converse.prompt(read.obj(question.get("converse")))
    data = read.decoded(read.string(invoked), bedrock_invoke.MAX_CHUNK)
    return bedrock_invoke.prompt(read.obj(parse_or_none(data.decode("utf-8", "replace")) if data else None))


def deltas(event: Event) -> Iterator[Delta]:
    body = read.obj(event.data)
    return token_counts.deltas(body, read.count(body.get("inputTokens")))


usage = bedrock_converse.usage
