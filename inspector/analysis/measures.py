"""Numbers of an exchange as lists sort by them."""

from __future__ import annotations

from datetime import datetime

from inspector.model import Usage


def total(usage: Usage) -> int | None:
    """Anthropic, Cohere and Ollama send no total."""
    if usage.total_tokens is not None:
        return usage.total_tokens
    counts = [count for count in (usage.input_tokens, usage.output_tokens) if count is not None]
    return sum(counts) if counts else None


def moment(recorded: str | None) -> int | None:
    """Milliseconds since 1970 of a time with its zone."""
    when = zoned(recorded)
    return round(when.timestamp() * 1000) if when else None


def zoned(recorded: str | None) -> datetime | None:
    """A time in ISO 8601 with its zone; what has none could be any hour of a day."""
    try:
        when = datetime.fromisoformat(recorded or "")
    except ValueError:
        return None
    return when if when.tzinfo else None
