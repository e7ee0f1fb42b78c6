"""The outline of a long conversation: its user turns, its calls with those that failed, and the reply."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from inspector.analysis.first_words import words
from inspector.analysis.put_in import is_put_in
from inspector.analysis.tool_pairs import pair
from inspector.model import Message, ModelCall, Text, ToolCall, ToolResult

FEWEST = 8
"""Messages of a conversation that has an outline."""

MOST = 150
"""Entries of an outline: the last ones of a longer conversation."""

_WORDS = 60
"""Characters of an entry."""


class Entry(NamedTuple):
    """`kind` is user, call or reply; `place` the anchor of a part or a message."""

    kind: str
    place: str
    label: str
    has_failed: bool = False


class Outline(NamedTuple):
    entries: tuple[Entry, ...]
    left: int
    """Entries before these, which are not shown."""


def outline(call: ModelCall) -> Outline | None:
    """The outline of a conversation; None for a short one."""
    messages = call.prompt.messages
    if len(messages) < FEWEST:
        return None
    entries = [*_entries(messages), *_replies(call)]
    return Outline(tuple(entries[-MOST:]), max(len(entries) - MOST, 0))


def _entries(messages: tuple[Message, ...]) -> Iterator[Entry]:
    results = pair(messages)
    for number, message in enumerate(messages):
        if message.role == "user" and (said := _said(message)):
            yield Entry("user", f"m{number}", said)
        for index, part in enumerate(message.parts):
            if isinstance(part, ToolCall):
                place = results.get((number, index))
                result = messages[place[0]].parts[place[1]] if place else None
                failed = isinstance(result, ToolResult) and bool(result.is_error)
                yield Entry("call", f"m{number}-p{index}", part.name or "a call", failed)


def _replies(call: ModelCall) -> Iterator[Entry]:
    if call.replies:
        yield Entry("reply", "reply", _said(call.replies[0]) or "Reply")
    elif call.error is not None:
        yield Entry("reply", "error", "Error", True)


def _said(message: Message) -> str:
    """The first words of a message, of the user's own where programs put others before them."""
    texts = [part for part in message.parts if isinstance(part, Text) and part.content.strip()]
    own = [part for part in texts if not is_put_in(part)] or texts
    return words(own[0].content, _WORDS) if own else ""
