"""What Bedrock says outside of bodies: the model in the address, and token counts in headers."""

from __future__ import annotations

from urllib.parse import unquote

from inspector.model import Headers
from inspector.model.expressions import expression

_MODEL_IN_PATH = expression(r"(.+)/(converse|invoke|count-tokens)(-stream|-with-[a-z-]+)?$")
_HEADERS = {
    "x-amzn-bedrock-input-token-count": "inputTokenCount",
    "x-amzn-bedrock-output-token-count": "outputTokenCount",
    "x-amzn-bedrock-cache-read-input-token-count": "cacheReadInputTokenCount",
    "x-amzn-bedrock-cache-write-input-token-count": "cacheWriteInputTokenCount",
}


def asked(path: str) -> tuple[str | None, str]:
    """The model at an address and what is asked of it: a name or an ARN, and ``converse`` or ``invoke``."""
    found = _MODEL_IN_PATH.match(path.partition("/model/")[2])
    return (unquote(found[1]), found[2]) if found else (None, "")


def counts_in(headers: Headers) -> dict[str, int]:
    """Token counts of the headers, for the makers who write none into their answers."""
    found = ((_HEADERS.get(name.lower()), value) for name, value in headers)
    return {key: int(value) for key, value in found if key and value.isdecimal() and len(value) < 16}
