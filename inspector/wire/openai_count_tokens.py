"""OpenAI's count of the tokens that a request of Responses would have.

https://platform.openai.com/docs/api-reference/responses/input-tokens
"""

from __future__ import annotations

from inspector.wire import anthropic_count_tokens, openai_responses
from inspector.wire.clue import Clue

NAME = "openai.count_tokens"
OPERATION = "other"


def recognise(clue: Clue) -> bool:
    return clue.path.endswith("/responses/input_tokens") or clue.first.get("object") == "response.input_tokens"


prompt = openai_responses.prompt
usage = openai_responses.usage
deltas = anthropic_count_tokens.deltas
