"""Anthropic's count of the tokens that a request of Messages would have.

https://docs.anthropic.com/en/api/messages-count-tokens
"""

from __future__ import annotations

from collections.abc import Iterator

from inspector.deltas import Delta
from inspector.model import Event
from inspector.wire import anthropic_messages, token_counts
from inspector.wire import reading as read
from inspector.wire.clue import Clue

NAME = "anthropic.count_tokens"
OPERATION = "other"


def recognise(clue: Clue) -> bool:
    if clue.path.endswith("/messages/count_tokens") or clue.first.keys() == {"input_tokens"}:
        return True
    return clue.path.endswith("/count-tokens:rawPredict") and "messages" in clue.body


prompt = anthropic_messages.prompt
usage = anthropic_messages.usage


def deltas(event: Event) -> Iterator[Delta]:
    body = read.obj(event.data)
    return token_counts.deltas(body, read.count(body.get("input_tokens")))
