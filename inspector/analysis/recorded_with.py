"""What a recording was made with: the SDK and its version."""

from __future__ import annotations

import re

from inspector.model import Exchange, Headers
from inspector.model.expressions import expression

_AGENT = expression(
    r"\b(openai|anthropic|google-genai-sdk|mistral-client|cohere|groq|together|litellm|boto3|botocore|ruby_llm)"
    r"(?:/(?:python|js|java|go|ruby))?[ /]v?(\d{1,5}(?:\.\d{1,5}){1,3})",
    re.IGNORECASE,
)
"""How SDKs name themselves in `user-agent`: ``OpenAI/Python 1.30.1``, ``google-genai-sdk/1.5.0 gl-python/3.12``."""

_VERSION = expression(r"\d{1,9}")
_LONGEST = 500


def sdk(exchange: Exchange) -> str | None:
    """The SDK that asked, and its version, such as ``openai 2.30.0``."""
    if exchange.sdk or not exchange.request.headers:
        return exchange.sdk or None
    found = _AGENT.search(_header(exchange.request.headers, "user-agent")[:_LONGEST])
    return f"{found[1].lower()} {found[2]}" if found else None


def version(sdk: str) -> tuple[str, tuple[int, ...]]:
    """The name of an SDK, and its version, which compares."""
    name, _, numbers = sdk.partition(" ")
    return name, tuple(map(int, _VERSION.findall(numbers)))


def _header(headers: Headers, wanted: str) -> str:
    return next((value for name, value in headers if name.lower() == wanted), "")
