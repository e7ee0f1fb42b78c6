"""Anthropic Messages told by the request alone: an address that no protocol knows, unanswered or an error."""

from __future__ import annotations

from inspector.decode import lenient
from inspector.decode.evidence import Evidence
from inspector.decode.protocols.anthropic import messages

NAME = messages.NAME
OPERATION = messages.OPERATION
NEUTRAL = messages.NEUTRAL

_OURS = ("system", "thinking", "stop_sequences")
"""What Chat Completions has no field for."""


def recognise(evidence: Evidence) -> bool:
    asked = evidence.body
    if not evidence.is_unanswered or "max_tokens" not in asked or not isinstance(asked.get("messages"), list):
        return False
    by_claude = lenient.string(asked.get("model")).rpartition("/")[2].startswith("claude")
    return not asked.keys().isdisjoint(_OURS) or (by_claude and _speaks_in_turn(asked["messages"]))


def _speaks_in_turn(said: list[object]) -> bool:
    """Whether only those speak whom Anthropic has roles for."""
    return all(lenient.obj(message).get("role") in ("user", "assistant") for message in said)


prompt = messages.prompt
deltas = messages.deltas
usage = messages.usage
