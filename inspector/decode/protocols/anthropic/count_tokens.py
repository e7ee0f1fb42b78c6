"""Anthropic's count of the tokens that a request of Messages would have.

https://docs.anthropic.com/en/api/messages-count-tokens
"""

from __future__ import annotations

from collections.abc import Iterator

from inspector.decode import lenient
from inspector.decode.evidence import Evidence
from inspector.decode.protocols import token_counts
from inspector.decode.protocols.anthropic import messages as anthropic_messages
from inspector.model import Event
from inspector.model.delta import Delta

NAME = "anthropic.count_tokens"
OPERATION = "other"


def recognise(evidence: Evidence) -> bool:
    if evidence.path.endswith("/messages/count_tokens") or evidence.first.keys() == {"input_tokens"}:
        return True
    return evidence.path.endswith("/count-tokens:rawPredict") and "messages" in evidence.body


prompt = anthropic_messages.prompt
usage = anthropic_messages.usage


def deltas(event: Event) -> Iterator[Delta]:
    body = lenient.obj(event.data)
    return token_counts.deltas(body, lenient.count(body.get("input_tokens")))
