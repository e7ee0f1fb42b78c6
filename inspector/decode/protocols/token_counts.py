"""What is answered to the question how many tokens a request would have."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from inspector.decode import lenient
from inspector.model.delta import Delta, SummaryDelta


def deltas(body: Mapping[str, Any], tokens: int | None) -> Iterator[Delta]:
    """Of an answer, and the count that it has under whatever name."""
    if tokens is not None:
        yield SummaryDelta({"input_tokens": tokens})
    yield from lenient.errors(body)
