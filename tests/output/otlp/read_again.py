"""An export of spans read again, and what it has to say the same."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any, NamedTuple

import pytest

from inspector import formats
from inspector.decode import decoder
from inspector.formats.reading.source import Source
from inspector.model import Exchange, Message, ModelCall, Part, Reasoning, Text, ToolCall
from inspector.output.shown_exchange import Shown

CONVERSATIONS = ("chat", "text_completion", "generate_content")


class Again(NamedTuple):
    """A span that was read again."""

    exchange: Exchange
    call: ModelCall


def read_again(export: bytes) -> dict[str, Again]:
    """The exchanges of an export, by the ids of their spans."""
    recording = formats.read(Source("spans.jsonl", export))
    assert (recording.format, recording.broken) == ("otlp", None)
    return {one.raw["spanId"]: Again(one, decoder.decode(one)) for one in recording.exchanges}


def is_conversation(one: Shown) -> bool:
    return one.call.operation in CONVERSATIONS and not one.call.infrastructure


def check_same(one: Shown, read: Again) -> None:
    """What is lost is how JSON was spaced, how likely tokens were, and the provider's words for roles."""
    where = one.place["recording"]["path"]
    ours, theirs = one.call, read.call
    assert [*map(_said, ours.prompt.messages)] == [*map(_said, theirs.prompt.messages)], where
    assert [*map(_said, ours.replies)] == [*map(_said, theirs.replies)], where
    assert [*map(said_part, ours.prompt.system)] == [*map(said_part, theirs.prompt.system)], where
    assert [*ours.prompt.tools] == [*theirs.prompt.tools], where
    assert _reasons(ours) == _reasons(theirs), where
    assert ours.usage == theirs.usage, where
    assert (ours.prompt.model, ours.response_model, ours.response_id) == (
        theirs.prompt.model, theirs.response_model, theirs.response_id
    ), where  # fmt: skip
    assert ours.provider == theirs.provider, where
    assert dict(ours.prompt.settings) == dict(theirs.prompt.settings), where
    assert (ours.error and ours.error.message) == (theirs.error and theirs.error.message), where
    assert _moment(one.exchange.started_at or ours.created_at) == _moment(read.exchange.started_at), where
    assert one.exchange.duration == pytest.approx(read.exchange.duration, abs=1e-6), where
    assert one.exchange.test_id == read.exchange.test_id, where


def _said(message: Message) -> Any:
    return message.role, message.name, [said_part(part) for part in message.parts if not _is_empty(part)]


def said_part(part: Part) -> Any:
    """What a part says, without how its JSON was spaced, and without what a text is read as again."""
    match part:
        case ToolCall(id, name, text, arguments):
            return "call", id, name, arguments if isinstance(arguments, (dict, list)) else text, part.kind == "server"
        case Text():
            return replace(part, embedded=(), tokens=())
    return part


def _is_empty(part: Part) -> bool:
    return isinstance(part, (Text, Reasoning)) and not part.content


def _moment(told: str | None) -> datetime | None:
    return datetime.fromisoformat(told) if told else None


def _reasons(call: ModelCall) -> list[str | None]:
    return [reply.finish_reason for reply in call.replies]
