"""Gemini's generateContent told by the request alone: an address that no protocol knows, unanswered or an error."""

from __future__ import annotations

from inspector.decode import lenient
from inspector.decode.evidence import Evidence
from inspector.decode.protocols.gemini import generate

NAME = generate.NAME
OPERATION = generate.OPERATION
NEUTRAL = generate.NEUTRAL


def recognise(evidence: Evidence) -> bool:
    contents = lenient.listed(evidence.body.get("contents"))
    return evidence.is_unanswered and bool(contents) and all("parts" in lenient.obj(one) for one in contents)


prompt = generate.prompt
deltas = generate.deltas
usage = generate.usage
