"""Anthropic Messages told at a glance, by its address and its own answer. It stands before all that would have to be
asked otherwise."""

from __future__ import annotations

from inspector.decode.evidence import Evidence
from inspector.decode.protocols.anthropic import messages

NAME = messages.NAME
OPERATION = messages.OPERATION
NEUTRAL = messages.NEUTRAL
NEUTRAL_EVENTS = messages.NEUTRAL_EVENTS
NEUTRAL_COUNTS = messages.NEUTRAL_COUNTS

_KINDS = ("message_start", "message")


def recognise(evidence: Evidence) -> bool:
    first = evidence.first
    if first.get("type") not in _KINDS or "object" in first or not evidence.path.endswith("/v1/messages"):
        return False
    return "max_tokens" in evidence.body and isinstance(evidence.body.get("messages"), list)


prompt = messages.prompt
deltas = messages.deltas
usage = messages.usage
