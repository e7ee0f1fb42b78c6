"""Which tool result answers which tool call."""

from __future__ import annotations

from collections.abc import Sequence

from inspector.model import Message, Text, ToolCall, ToolResult

PartPlace = tuple[int, ...]
"""A message's number and a part's number in it; for a call that is written in a text, its number in that too."""


def pair(messages: Sequence[Message]) -> dict[PartPlace, PartPlace]:
    """The place of its result for each answered call: by id; where either has none, by name, else by order."""
    waiting: dict[PartPlace, ToolCall] = {}
    pairs: dict[PartPlace, PartPlace] = {}
    for number, message in enumerate(messages):
        for index, part in enumerate(message.parts):
            if isinstance(part, ToolCall):
                waiting[number, index] = part
            elif isinstance(part, Text):
                for count, written in enumerate(part.embedded):
                    waiting[number, index, count] = written
            elif isinstance(part, ToolResult) and (call := _answered(part, waiting)) is not None:
                pairs[call] = (number, index)
                del waiting[call]
    return pairs


def _answered(result: ToolResult, waiting: dict[PartPlace, ToolCall]) -> PartPlace | None:
    if result.id:
        for place, call in waiting.items():
            if call.id == result.id:
                return place
    unnumbered = {place: call for place, call in waiting.items() if not (call.id and result.id)}
    for place, call in unnumbered.items():
        if result.name and call.name == result.name:
            return place
    return next((place for place, call in unnumbered.items() if not (result.name and call.name)), None)
