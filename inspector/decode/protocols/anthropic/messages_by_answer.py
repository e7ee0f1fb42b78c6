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
    is_whole = "max_tokens" in evidence.body or evidence.body.keys() == {"messages"}  # sessions keep no settings
    return is_whole and isinstance(evidence.body.get("messages"), list)


prompt = messages.prompt
deltas = messages.deltas
usage = messages.usage
