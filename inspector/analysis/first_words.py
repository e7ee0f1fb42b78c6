"""The first words of what was asked and answered, as one line of a list shows them."""

from __future__ import annotations

from urllib.parse import urlsplit

from inspector.analysis.put_in import is_put_in
from inspector.model import (
    Exchange,
    Message,
    ModelCall,
    Part,
    Reasoning,
    Refusal,
    Text,
    ToolCall,
    ToolResult,
    Uri,
    jsonio,
)

WORDS = 160
"""Characters of a message that a list row shows."""


def words(text: str, limit: int = WORDS) -> str:
    """The first words of a text on one line, with an ellipsis where it goes on."""
    line = " ".join(text[: limit * 4].split())
    return line if len(line) <= limit and len(text) <= limit * 4 else line[:limit].rstrip() + "…"


def asked(messages: tuple[Message, ...], repeats_nothing: bool) -> str:
    """Those of the user's last message, else of the last message, unless the request holds only what is new."""
    for message in reversed(messages):
        own = tuple(part for part in message.parts if not is_put_in(part))
        if message.role == "user" and (said := _first_words(own)):
            return said
    return _first_words(messages[-1].parts) if messages and not repeats_nothing else ""


def address(exchange: Exchange, call: ModelCall) -> str:
    """What was asked for by an exchange that is no talk with a model: ``POST /oauth2/token``, ``tools/list``."""
    if call.operation == "execute_tool":
        return words(str(call.prompt.settings.get("method") or ""))
    if call.operation != "other":
        return ""
    try:
        path = urlsplit(exchange.request.url).path
    except ValueError:
        path = ""
    return words(f"{exchange.request.method} {path}".strip())


def replied(exchange: Exchange, call: ModelCall) -> str:
    """The first words of the reply, or what stands in its place."""
    if call.error is not None:
        return words(call.error.message or call.error.type or "error")
    if exchange.expectation is not None and exchange.response is None:
        return f"expects {exchange.expectation.status or 'any status'}"
    said = next((said for reply in call.replies if (said := _first_words(reply.parts))), "")
    if said or call.summary is None:
        return said
    return ", ".join(_counted(key, value) for key, value in call.summary.items())


def _counted(key: str, value: object) -> str:
    """``34 models``, ``1 result``, ``8 dimensions``, ``status success``, ``request_counts: total 3, failed 0``."""
    if isinstance(value, dict):
        return f"{key}: " + ", ".join(f"{name} {inner}" for name, inner in value.items() if not _is_deep(inner))
    number = len(value) if isinstance(value, (list, tuple)) else value
    if not isinstance(number, int):
        return f"{key} {number}"
    noun = "vectors" if key == "count" else key
    return f"{number} {noun.removesuffix('s') if number == 1 else noun}"


def _is_deep(value: object) -> bool:
    return isinstance(value, (list, tuple, dict))


def _first_words(parts: tuple[Part, ...]) -> str:
    spoken = " ".join(text for part in parts if (text := _spoken(part)))
    if not spoken:
        spoken = " ".join(part.content[: WORDS * 4] for part in parts if isinstance(part, Reasoning))
    return words(spoken[: WORDS * 4 + 1])


def _spoken(part: Part) -> str:
    match part:
        case Text(content) | Refusal(content):
            return content[: WORDS * 4 + 1].strip()
        case ToolCall(_, name, text):
            return f"{name or 'call'}({text[:WORDS]})"
        case ToolResult(_, _, response):
            return response[: WORDS * 4] if isinstance(response, str) else jsonio.dumps(response)[:WORDS]
        case Uri(uri):
            return uri[:WORDS]
        case _:
            return ""
