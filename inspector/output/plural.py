"""Numbers as people read them."""

from __future__ import annotations

_PLURALS = {"entry": "entries", "reply": "replies"}


def count(number: int, noun: str) -> str:
    """``1 event``, ``12 events``, ``1,204 events``."""
    return f"{number:,} {noun if number == 1 else _PLURALS.get(noun, noun + 's')}"


def size(number: int) -> str:
    """Bytes: ``5 B``, ``1.5 kB``, ``320 MB``."""
    value = float(number)
    for unit in ("B", "kB", "MB"):
        if value < 1000:
            return f"{value:.0f} {unit}" if unit == "B" or value >= 100 else f"{value:.1f} {unit}"
        value /= 1000
    return f"{value:.1f} GB"
