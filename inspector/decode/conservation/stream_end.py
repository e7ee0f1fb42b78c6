"""Streams that contradict their end: what took the place of what was streamed lacks some of it."""

from __future__ import annotations

from collections.abc import Iterator, Set

from inspector.decode.conservation.neutral import Neutral
from inspector.decode.conservation.shown import Shown, texts_of
from inspector.model import ModelCall, jsonio
from inspector.model.delta import (
    CitationDelta,
    Delta,
    ItemDelta,
    ItemsDelta,
    PartDelta,
    ReasoningDelta,
    RefusalDelta,
    TextDelta,
    TokensDelta,
    ToolCallDelta,
    WholeDelta,
)

_REPLACE = {PartDelta, ItemDelta, ItemsDelta, ToolCallDelta, WholeDelta}
"""What may take the place of what was streamed before."""

_PIECES = frozenset(
    {TextDelta, RefusalDelta, ReasoningDelta, ToolCallDelta, CitationDelta, WholeDelta, TokensDelta}
)  # fmt: skip
"""What may be replaced."""


def lacking(call: ModelCall, kinds: Set[type]) -> Iterator[tuple[int, str]]:
    """What was streamed, and is not in the whole that took its place at the end; only that is shown. The number of
    the first event that has it, and what it is. `kinds` are those of the call's deltas."""
    if _REPLACE.isdisjoint(kinds):
        return
    whole = Shown((call.replies, call.summary, call.error))
    told: set[str] = set()
    for event, deltas in call.steps:
        for delta in deltas:
            for name, text in _streamed(delta) if type(delta) in _PIECES else ():
                if name not in told and not whole.has(text):
                    told.add(name)
                    yield event.number, name


def _streamed(delta: Delta) -> Iterator[tuple[str, str]]:
    """What a delta adds to a part that a later one may take the place of."""
    match delta:
        case TextDelta(text) | RefusalDelta(text):
            yield "text", text
        case ReasoningDelta(text):
            yield "reasoning", text
        case ToolCallDelta():
            if delta.arguments:
                yield "arguments", delta.arguments
            if delta.whole:
                yield from (("arguments", text) for text in _said_in(delta.whole))
            if delta.name:
                yield "a name", delta.name
        case CitationDelta(citation):
            yield "a citation", citation.uri or ""
            yield "a citation", citation.title or ""
        case WholeDelta(deltas):
            yield from (told for inner in deltas for told in _streamed(inner))
        case TokensDelta(tokens):
            for token in tokens:
                yield "tokens", token.text
                yield from (("tokens", other) for other, _ in token.others)


def _said_in(arguments: str) -> Iterator[str]:
    """The texts in arguments that came whole: a call may begin with some of them, or with ``{}``."""
    value = jsonio.parse_or_none(arguments)
    if isinstance(value, dict):
        yield from (text for _, text in texts_of(value, _ALL))
    elif arguments != "null":
        yield arguments


_ALL = Neutral(())
