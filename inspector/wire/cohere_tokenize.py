"""Cohere's tokenizer: a text into tokens and back.

https://docs.cohere.com/reference/tokenize
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from inspector.deltas import Delta, SummaryDelta, TextDelta
from inspector.model import Event, Message, Prompt
from inspector.wire import cohere_chat
from inspector.wire import reading as read
from inspector.wire.clue import Clue

NAME = "cohere.tokenize"
OPERATION = "other"


def recognise(clue: Clue) -> bool:
    if "token_strings" in clue.first:
        return True
    return clue.path.endswith(("/v1/tokenize", "/v1/detokenize")) and ("text" in clue.body or "tokens" in clue.body)


def prompt(body: Mapping[str, Any]) -> Prompt:
    parts = (*read.text_parts(body.get("text")), *read.text_parts(body.get("tokens")))
    return Prompt(
        model=read.maybe(body.get("model")),
        messages=(Message("user", parts),) if parts else (),
        settings=read.settings(dict(body), "model", "text", "tokens"),
    )


def deltas(event: Event) -> Iterator[Delta]:
    body = read.obj(event.data)
    if isinstance(body.get("tokens"), list):
        yield SummaryDelta({"tokens": len(body["tokens"])})
    elif isinstance(body.get("text"), str):
        yield TextDelta(body["text"])
    yield from read.errors(body)


usage = cohere_chat.usage
