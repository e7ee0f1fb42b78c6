"""Gemini's counting of the tokens of a request that is not asked.

https://ai.google.dev/api/tokens
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from inspector.decode import lenient
from inspector.decode.evidence import Evidence
from inspector.decode.protocols import token_counts
from inspector.decode.protocols.gemini import generate as gemini_generate
from inspector.model import Event, Prompt
from inspector.model.delta import Delta

NAME = "gemini.count_tokens"
OPERATION = "other"

NEUTRAL = frozenset(
    {
        "modality", "tokensInfo.tokens",
    }
)  # fmt: skip

_CALLS = (":countTokens", ":computeTokens")
_WHOLE = ("generate_content_request", "generateContentRequest")


def recognise(evidence: Evidence) -> bool:
    return evidence.path.endswith(_CALLS) or "totalBillableCharacters" in evidence.first


def prompt(body: Mapping[str, Any]) -> Prompt:
    """The contents alone, or the whole request that they would be part of."""
    asked = lenient.obj(lenient.either(body, *_WHOLE))
    return gemini_generate.prompt({**asked, **lenient.settings(dict(body), *_WHOLE)})


def deltas(event: Event) -> Iterator[Delta]:
    body = lenient.obj(event.data)
    tokens = lenient.count(lenient.either(body, "total_tokens", "totalTokens"))
    infos = lenient.seq(lenient.either(body, "tokens_info", "tokensInfo"))
    if infos and tokens is None:
        tokens = sum(len(lenient.seq(lenient.obj(info).get("tokens"))) for info in infos)
    return token_counts.deltas(body, tokens)


usage = gemini_generate.usage
