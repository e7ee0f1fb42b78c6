"""What was said: messages, and the parts that they consist of."""

from __future__ import annotations

from dataclasses import field
from typing import Literal, NamedTuple

from inspector.model.exchange import Json
from inspector.model.frozen import dataclass

Role = Literal["system", "user", "assistant", "tool"]
CallKind = Literal["function", "custom", "server"]
"""A function's call has JSON for arguments and the client's answer; a custom tool takes any text; and what the server
ran itself is answered there, which a history need not repeat."""
FinishReason = Literal["stop", "length", "tool_call", "content_filter", "error", "unknown"]


class Citation(NamedTuple):
    """What a stretch of a text rests on. `start` and `end` count its characters, None where nobody says which."""

    start: int | None
    end: int | None
    uri: str | None
    title: str | None
    quote: str | None = None
    """The words of the source, where the provider repeats them."""


class Token(NamedTuple):
    """A token of a text with its log probability, and the likeliest ones in its place (with their own)."""

    text: str
    logprob: float
    others: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True, slots=True)
class Text:
    """Words, as they were said."""

    content: str
    embedded: tuple[ToolCall, ...] = ()
    """Tool calls that the model wrote as text. The content stays as it was."""
    citations: tuple[Citation, ...] = ()
    tokens: tuple[Token, ...] = ()
    """The tokens that the text consists of, where their probabilities were recorded."""
    title: str | None = None
    """What a document is called that it is the text of."""


@dataclass(frozen=True, slots=True)
class Reasoning:
    """What a model thought before it answered, where the provider shows it, whole or as a summary."""

    content: str


@dataclass(frozen=True, slots=True)
class Refusal:
    """Words of a model that declines, where the protocol tells them from an answer."""

    content: str


@dataclass(frozen=True, slots=True)
class ToolCall:
    """A call of a tool, by the model or, for a server tool, by the provider."""

    id: str | None
    name: str | None
    arguments_text: str
    """The arguments as sent; for protocols that send an object, that object as compact JSON."""
    arguments: Json = None
    """The same parsed; None where the text is not JSON."""
    kind: CallKind = field(default="function", compare=False)
    """Who runs it, and what it takes: no part of what was said, so that calls that say the same are the same."""


@dataclass(frozen=True, slots=True)
class ToolResult:
    """What a tool answered; `id` is that of its call."""

    id: str | None
    name: str | None
    response: Json
    is_error: bool | None = None


@dataclass(frozen=True, slots=True)
class Blob:
    """Bytes inside the message: `data` is base64 text, `size` counts the decoded bytes."""

    mime_type: str | None
    modality: str
    data: str
    size: int
    title: str | None = None
    """What the document is called, or its file."""


@dataclass(frozen=True, slots=True)
class Uri:
    """A file that a message names by its address. Nothing here ever asks for it."""

    uri: str
    mime_type: str | None = None
    modality: str = "file"
    title: str | None = None


@dataclass(frozen=True, slots=True)
class FileRef:
    """A file that the provider keeps, by the id that it gave."""

    file_id: str
    mime_type: str | None = None
    modality: str = "file"
    title: str | None = None


@dataclass(frozen=True, slots=True)
class Unknown:
    """A part that no rule names, as recorded."""

    raw: Json


Part = Text | Reasoning | Refusal | ToolCall | ToolResult | Blob | Uri | FileRef | Unknown


def title_of(part: Part) -> str | None:
    """What the document is called that a part is, or is the text of."""
    return part.title if isinstance(part, (Text, Blob, Uri, FileRef)) else None


PUT_IN_BY_CLAUDE_CODE = "put in by Claude Code"
PUT_IN_SUMMARY = "summary of the conversation so far"
PUT_IN = frozenset({PUT_IN_BY_CLAUDE_CODE, PUT_IN_SUMMARY})
"""Titles of texts that the user did not write, though a program sent them in the user's name."""


@dataclass(frozen=True, slots=True)
class Message:
    """What one side said in one turn. `role_raw` and `finish_reason_raw` are the words of the recording, where ours
    differ."""

    role: Role
    parts: tuple[Part, ...]
    role_raw: str | None = None
    name: str | None = None
    finish_reason: FinishReason | None = None
    finish_reason_raw: str | None = None
