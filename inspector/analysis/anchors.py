"""What the messages of a call go by on its page: ``system``, ``m3``, ``reply``, ``reply-1``."""

from __future__ import annotations

from typing import NamedTuple

from inspector.model import Message, ModelCall


class Anchored(NamedTuple):
    """A message with its anchor."""

    anchor: str
    message: Message


def reply_anchor(number: int) -> str:
    """The anchor of a reply; further choices are numbered."""
    return f"reply-{number}" if number else "reply"


def prompt(call: ModelCall) -> list[Anchored]:
    """The messages that were sent, led by the instructions that some protocols keep beside them."""
    found = [Anchored(f"m{number}", message) for number, message in enumerate(call.prompt.messages)]
    return [Anchored("system", Message("system", call.prompt.system)), *found] if call.prompt.system else found


def replies(call: ModelCall) -> list[Anchored]:
    """The replies."""
    return [Anchored(reply_anchor(number), reply) for number, reply in enumerate(call.replies)]


def anchored(call: ModelCall) -> list[Anchored]:
    """All of a call, in the order of its page."""
    return [*prompt(call), *replies(call)]
