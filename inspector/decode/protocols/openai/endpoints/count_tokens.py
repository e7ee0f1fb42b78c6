"""OpenAI's count of the tokens that a request of Responses would have.

https://platform.openai.com/docs/api-reference/responses/input-tokens
"""

from __future__ import annotations

from inspector.decode.evidence import Evidence
from inspector.decode.protocols.anthropic import count_tokens as anthropic_count_tokens
from inspector.decode.protocols.openai import responses as openai_responses

NAME = "openai.count_tokens"
OPERATION = "other"


def recognise(evidence: Evidence) -> bool:
    return evidence.path.endswith("/responses/input_tokens") or evidence.first.get("object") == "response.input_tokens"


prompt = openai_responses.prompt
usage = openai_responses.usage
deltas = anthropic_count_tokens.deltas
