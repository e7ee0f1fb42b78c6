"""OpenAI's count of the tokens that a request of Responses would have.

https://platform.openai.com/docs/api-reference/responses/input-tokens
"""

from __future__ import annotations

from collections.abc import Iterator

from inspector.deltas import Delta, ErrorDelta, SummaryDelta
from inspector.model import Event
from inspector.wire import openai_responses
from inspector.wire import reading as read
from inspector.wire.clue import Clue

NAME = "openai.count_tokens"
OPERATION = "other"


def recognise(clue: Clue) -> bool:
    return clue.path.endswith("/responses/input_tokens") or clue.first.get("object") == "response.input_tokens"


prompt = openai_responses.prompt
usage = openai_responses.usage


def deltas(event: Event) -> Iterator[Delta]:
    body = read.obj(event.data)
    tokens = read.count(body.get("input_tokens"))
    if tokens is not None:
        yield SummaryDelta({"input_tokens": tokens})
    if body.get("error") and (error := read.error_of(body)):
        yield ErrorDelta(error)
