"""A stream as one JSON array: what Gemini sends without ``alt=sse``, an element whenever the model has said more.

https://ai.google.dev/api/generate-content#method:-models.streamgeneratecontent
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from inspector.model import Event, Json
from inspector.model.expressions import expression

_BETWEEN = expression(r"[\s,\[]*")
_STREAMED = frozenset({"candidates", "promptFeedback", "prompt_feedback", "usageMetadata", "usage_metadata"})
_DECODER = json.JSONDecoder()


def is_stream(value: Json) -> bool:
    """Whether an array consists of chunks, told by the first."""
    first = value[0] if isinstance(value, list) and value else None
    if not isinstance(first, dict):
        return False
    return not _STREAMED.isdisjoint(first) or first.get("object") == "chat.completion.chunk"


def looks_like(text: str) -> bool:
    """Whether a text that is not JSON begins as an array of objects does: a stream that was cut."""
    return re.match(r"\ufeff?\s*\[\s*\{", text) is not None


def events(text: str) -> Iterator[Event]:
    """The elements as far as they go; what is left of a cut one is raw."""
    at, number = _BETWEEN.match(text.removeprefix("\ufeff")).end(), 0  # type: ignore[union-attr]
    text = text.removeprefix("\ufeff")
    while at < len(text) and text[at] != "]":
        try:
            value, end = _DECODER.raw_decode(text, at)
        except (ValueError, RecursionError):
            yield Event(number, None, raw=text[at:])
            return
        yield Event(number, value)
        at, number = _BETWEEN.match(text, end).end(), number + 1  # type: ignore[union-attr]
