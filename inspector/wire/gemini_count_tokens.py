"""Gemini's counting of the tokens of a request that is not asked.

https://ai.google.dev/api/tokens
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from inspector.deltas import Delta
from inspector.model import Event, Prompt
from inspector.wire import gemini_generate, token_counts
from inspector.wire import reading as read
from inspector.wire.clue import Clue

NAME = "gemini.count_tokens"
OPERATION = "other"

_CALLS = (":countTokens", ":computeTokens")
_WHOLE = ("generate_content_request", "generateContentRequest")


def recognise(clue: Clue) -> bool:
    return clue.path.endswith(_CALLS) or "totalBillableCharacters" in clue.first


def prompt(body: Mapping[str, Any]) -> Prompt:
    """The contents alone, or the whole request that they would be part of."""
    asked = read.obj(read.either(body, *_WHOLE))
    return gemini_generate.prompt({**asked, **read.settings(dict(body), *_WHOLE)})


def deltas(event: Event) -> Iterator[Delta]:
    body = read.obj(event.data)
    tokens = read.count(read.either(body, "total_tokens", "totalTokens"))
    infos = read.seq(read.either(body, "tokens_info", "tokensInfo"))
    if infos and tokens is None:
        tokens = sum(len(read.seq(read.obj(info).get("tokens"))) for info in infos)
    return token_counts.deltas(body, tokens)


usage = gemini_generate.usage
