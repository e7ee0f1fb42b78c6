"""What stands in a secret's place."""

from __future__ import annotations

from collections.abc import Callable

from inspector.model.expressions import expression

MASK = "‹masked›"
NUMBERED = expression(r"‹masked (\d+)›")

PlaceholderFor = Callable[[str], str]
"""What becomes of a secret: takes the value, gives what stands in its place. The same secret, asked again, gets the
same."""

_MASKED = expression(r"‹masked[^‹›]{0,80}(?:›|$)")


def is_masked(text: str) -> bool:
    """Whether a value is masked already, or a part of it: what stands around the mask has been looked at then."""
    return _MASKED.search(text) is not None


def numbered() -> PlaceholderFor:
    """Masks that say which secret they stand for, counted as by `remembered`: ``‹masked 0›``."""
    numbers: dict[str, int] = {}
    return lambda secret: f"‹masked {numbers.setdefault(secret, len(numbers))}›"


def remembered(secrets: list[str]) -> PlaceholderFor:
    """Masks that put each secret into a list, once."""
    known: set[str] = set()

    def remember(secret: str) -> str:
        if secret not in known:
            known.add(secret)
            secrets.append(secret)
        return MASK

    return remember
