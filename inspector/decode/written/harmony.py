"""gpt-oss' own format, where a server hands it on as it is: channels for reasoning, calls and the answer.

https://github.com/openai/harmony/blob/main/docs/format.md
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from inspector.decode.written import call_values
from inspector.model import Part, Reasoning, Text, ToolCall, ToolDefinition
from inspector.model.expressions import expression

MARK = "<|channel|>"
_MESSAGE = "<|message|>"
_END = expression(r"<\|(?:end|call|return|start)\|>")
_TO = expression(r"\bto=([\w.:-]{1,200})")
_START = expression(r"\s*+(?:<\|start\|>\s*+)?(?:assistant)?\s*+\Z")


class _Segment(NamedTuple):
    channel: str
    to: str | None
    content: str
    raw: str


def parts(text: str) -> tuple[Part, ...] | None:
    """Reasoning and texts of a text in this format; the text of a call as it was. None where it is in another."""
    if MARK not in text or _MESSAGE not in text:
        return None
    before, segments = _segments(text)
    first: tuple[Part, ...] = () if _START.match(before[-400:]) and len(before) < 400 else (Text(before),)
    found = tuple(_part(segment) for segment in segments)
    return (*first, *(part for part in found if isinstance(part, Part) and part.content.strip())) if found else None


def _part(segment: _Segment) -> Text | Reasoning:
    if segment.to:
        return Text(segment.raw)
    return Reasoning(segment.content) if segment.channel == "analysis" else Text(segment.content)


def calls(text: str, tools: tuple[ToolDefinition, ...]) -> Iterator[ToolCall]:
    """``to=functions.N``, before the channel or after it."""
    for segment in _segments(text)[1]:
        name = (segment.to or "").removeprefix("functions.")
        if name and (call := call_values.spelled(name, segment.content)):
            yield call


def _segments(text: str) -> tuple[str, list[_Segment]]:
    """What stands before the first channel, and the messages. A recipient may stand before its channel."""
    before, *pieces = text.split(MARK, call_values.MOST)
    start, tail = before, before[-400:]
    out: list[_Segment] = []
    for piece in pieces:
        head, found, body = piece.partition(_MESSAGE)
        end = _END.search(body)
        if found:
            content = body[: end.start()] if end else body
            to = _TO.search(head[:400]) or _TO.search(tail)
            prefix = tail if to and not _TO.search(head[:400]) else ""
            raw = f"{prefix}{MARK}{head}{_MESSAGE}{body[: end.end()] if end else body}"
            out.append(_Segment((head.split() or [""])[0].partition("<")[0], to[1] if to else None, content, raw))
        tail = body[end.start() :].rpartition("<|start|>")[2][-400:] if end else ""
    if out and _TO.search(start[-400:]):
        start = ""
    return start, out
