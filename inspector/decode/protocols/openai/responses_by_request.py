"""Responses told by the request alone: an address that no protocol knows, unanswered or an error."""

from __future__ import annotations

from inspector.decode.evidence import Evidence
from inspector.decode.protocols.openai import responses

NAME = responses.NAME
OPERATION = responses.OPERATION
NEUTRAL = responses.NEUTRAL


def recognise(evidence: Evidence) -> bool:
    asked = evidence.body
    return evidence.is_unanswered and "input" in asked and "model" in asked and not responses.ASKED.isdisjoint(asked)


prompt = responses.prompt
deltas = responses.deltas
usage = responses.usage
