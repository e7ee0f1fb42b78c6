"""Bedrock's Converse told by the request alone: an address that no protocol knows, unanswered or an error."""

from __future__ import annotations

from inspector.decode import lenient
from inspector.decode.evidence import Evidence
from inspector.decode.protocols.bedrock import converse
from inspector.model import Json

NAME = converse.NAME
OPERATION = converse.OPERATION
NEUTRAL = converse.NEUTRAL

_OURS = ("inferenceConfig", "toolConfig", "additionalModelRequestFields", "guardrailConfig")


def recognise(evidence: Evidence) -> bool:
    messages = lenient.seq(evidence.body.get("messages"))
    ours = not evidence.body.keys().isdisjoint(_OURS)
    return ours and evidence.is_unanswered and bool(messages) and all(map(_is_message, messages))


def _is_message(raw: Json) -> bool:
    message = lenient.obj(raw)
    return "role" in message and isinstance(message.get("content"), list)


prompt = converse.prompt
deltas = converse.deltas
usage = converse.usage
