"""Chat Completions told by the request alone: messages to an address that no protocol knows, unanswered or an error.

Collections of requests for a gateway or a server of one's own hold such. Every other protocol is asked before.
"""

from __future__ import annotations

from inspector.decode import lenient
from inspector.decode.evidence import Evidence
from inspector.decode.protocols.openai import chat as openai_chat
from inspector.model import Json

NAME = openai_chat.NAME
OPERATION = openai_chat.OPERATION
NEUTRAL = openai_chat.NEUTRAL

_ROLES = ("system", "developer", "user", "assistant", "tool", "function")


def recognise(evidence: Evidence) -> bool:
    messages = lenient.seq(evidence.body.get("messages"))
    return evidence.is_unanswered and bool(messages) and all(map(_is_message, messages))


def _is_message(raw: Json) -> bool:
    message = lenient.obj(raw)
    return message.get("role") in _ROLES and not message.keys().isdisjoint(("content", "tool_calls", "function_call"))


prompt = openai_chat.prompt
deltas = openai_chat.deltas
usage = openai_chat.usage
