"""Numbers as people read them."""

from __future__ import annotations

_PLURALS = {"entry": "entries", "reply": "replies"}


def count(number: int, noun: str) -> str:
    """``1 event``, ``12 events``, ``1,204 events``."""
    return f"{number:,} {noun if number == 1 else _PLURALS.get(noun, noun + 's')}"


def duration(milliseconds: int) -> str:
    """``350 ms``, ``1.8 s``, ``2 min 5 s``, ``1 h 10 min``."""
    if milliseconds < 1000:
        return f"{milliseconds} ms"
    seconds = milliseconds / 1000
    if seconds < 59.95:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 60:
        return f"{minutes} min {rest} s" if rest else f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    return f"{hours:,} h {minutes} min" if minutes else f"{hours:,} h"


def size(number: int) -> str:
    """Bytes: ``5 B``, ``1.5 kB``, ``320 MB``."""
    value = float(number)
    for unit in ("B", "kB", "MB"):
        if value < 1000:
            return f"{value:.0f} {unit}" if unit == "B" or value >= 100 else f"{value:.1f} {unit}"
        value /= 1000
    return f"{value:.1f} GB"
