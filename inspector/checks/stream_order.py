"""Streams whose events come in an order that their protocol does not have.

Only what a protocol's own reference says is asked for, and only what has changed the reading of some client: what
servers are known to leave out (a first event, block ends) is no break. Each rule takes an event at a time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from inspector.model import Json, ModelCall


class Break(NamedTuple):
    """The number of an event that should not stand there, and why."""

    event: int
    why: str


Rule = Callable[[ModelCall], Iterator[Break]]


def breaks(call: ModelCall) -> Iterator[Break]:
    """Where the events of a stream break the order of its protocol."""
    rule = _RULES.get(call.protocol or "")
    if rule is not None and call.streamed:
        yield from rule(call)


def _told(call: ModelCall) -> Iterator[tuple[int, dict[str, Any]]]:
    for event, _ in call.steps:
        if type(event.data) is dict:
            yield event.number, event.data


# ---------------------------------------------------------------- Anthropic's messages


def _messages(call: ModelCall) -> Iterator[Break]:
    """https://docs.anthropic.com/en/docs/build-with-claude/streaming: blocks one after the other, each begun, added to
    and ended, and nothing after ``message_stop``."""
    begun: set[Json] = set()
    ended: set[Json] = set()
    has_started = has_stopped = False
    for number, data in _told(call):
        kind = data.get("type")
        if has_stopped and kind in _OF_A_MESSAGE:
            yield Break(number, f"{kind} after message_stop")
        elif kind == "message_start" and has_started:
            yield Break(number, "a second message_start")
        elif kind in _OF_A_BLOCK:
            yield from _block(number, kind, data.get("index"), begun, ended)
        has_started = has_started or kind == "message_start"
        has_stopped = has_stopped or kind == "message_stop"


_OF_A_BLOCK = ("content_block_start", "content_block_delta", "content_block_stop")
_OF_A_MESSAGE = (*_OF_A_BLOCK, "message_delta")


def _block(number: int, kind: str, index: Json, begun: set[Json], ended: set[Json]) -> Iterator[Break]:
    if type(index) is not int:
        return
    if kind == "content_block_start":
        if index in begun:
            yield Break(number, f"content block {index} begins twice")
        begun.add(index)
    elif index not in begun:
        yield Break(number, f"{kind} of content block {index}, which has not begun")
        begun.add(index)
    elif index in ended:
        yield Break(number, f"{kind} of content block {index}, which has ended")
    if kind == "content_block_stop":
        ended.add(index)


# ---------------------------------------------------------------- OpenAI's responses

_ENDS = ("response.completed", "response.failed", "response.incomplete")


def _responses(call: ModelCall) -> Iterator[Break]:
    """https://platform.openai.com/docs/api-reference/responses-streaming: ``sequence_number`` orders the events, and
    nothing comes after the end."""
    last: int | None = None
    end = ""
    for number, data in _told(call):
        kind, place = data.get("type"), data.get("sequence_number")
        if end and isinstance(kind, str) and kind.startswith("response."):
            yield Break(number, f"{kind} after {end}")
        if kind == "response.created":
            last = None  # the first event of an answer, of which a session has several
            end = ""
        if type(place) is int:
            if last is not None and place <= last:
                yield Break(number, f"sequence_number {place} after {last}")
            elif last is not None and place > last + 1:
                yield Break(number, f"sequence_number {place} after {last}: events are missing")
            last = place
        end = str(kind) if kind in _ENDS else end


# ---------------------------------------------------------------- OpenAI's chat completions


def _chat(call: ModelCall) -> Iterator[Break]:
    """https://platform.openai.com/docs/api-reference/chat-streaming: a choice says nothing after its finish reason."""
    finished: set[Json] = set()
    for (number, data, *_), deltas in call.steps:
        if type(data) is not dict or (not finished and len(deltas) == 1):  # a piece of text, which ends nothing
            continue
        choices = data.get("choices")
        for choice in choices if type(choices) is list else ():
            if type(choice) is not dict:
                continue
            index = choice.get("index")
            if type(index) is int and index in finished and _says_something(choice.get("delta")):
                yield Break(number, f"choice {index} goes on after its finish reason")
            if type(index) is int and choice.get("finish_reason"):
                finished.add(index)


def _says_something(delta: Json) -> bool:
    return type(delta) is dict and bool(delta.get("content") or delta.get("tool_calls"))


_RULES: dict[str, Rule] = {
    "anthropic.messages": _messages,
    "openai.responses": _responses,
    "openai.chat_completions": _chat,
}
"""By the protocol's name."""
