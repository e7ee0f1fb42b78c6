"""Token counts that contradict each other.

Providers do not agree on what a count holds: some count reasoning and what came from a cache beside the rest, some
within it, and Gemini's total has what tools took. A sum is wrong only where no way of counting makes it right.
"""

from __future__ import annotations

from collections.abc import Iterator
from operator import attrgetter

from inspector.model import Usage

_COUNTS = ("input_tokens", "output_tokens", "total_tokens", "cache_read_input_tokens", "reasoning_tokens")
_counts = attrgetter(*_COUNTS)


def contradictions(usage: Usage, *, has_other: bool = False) -> Iterator[str]:
    """Each contradiction, as a sentence. A total that `has_other` tokens may be larger than what is counted."""
    below = [name for name, count in zip(_COUNTS, _counts(usage), strict=True) if count is not None and count < 0]
    yield from (f"{name} is {getattr(usage, name):,}" for name in below)
    asked, said, total = usage.input_tokens, usage.output_tokens, usage.total_tokens
    if below or asked is None or said is None or total is None:
        return
    cached = (usage.cache_read_input_tokens or 0) + (usage.cache_creation_input_tokens or 0)
    if total < asked + said - cached:
        yield f"{total:,} in total are less than {asked:,} in and {said:,} out"
    elif total > asked + said + cached + (usage.reasoning_tokens or 0) and not has_other:
        yield f"{total:,} in total are more than {asked:,} in and {said:,} out"
