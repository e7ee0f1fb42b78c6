"""The values that everything else passes around.

::

    recording file ─▶ Exchange ─▶ Event* ─▶ Delta* ─▶ Message ─▶ ModelCall

An `Exchange` is raw and lossless: what one recording holds of one request and its response. A `ModelCall` is the same
exchange understood. Everything here is plain data: nothing reads, writes or decides.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, TypeVar

if TYPE_CHECKING:
    from inspector.deltas import Delta

Json = Any
"""A parsed JSON value: dict, list, str, int, float, bool or None."""

Role = Literal["system", "user", "assistant", "tool"]
FinishReason = Literal["stop", "length", "tool_call", "content_filter", "error", "unknown"]


Row = TypeVar("Row", bound=tuple[Any, ...])


def made(kind: type[Row], *columns: Iterable[object]) -> Iterator[Row]:
    """Named tuples from their columns, as many as the shortest has; for the thousands that a stream consists of."""
    return map(partial(tuple.__new__, kind), zip(*columns, strict=False))


class Problem(NamedTuple):
    """Something that *we* could not read. What the provider complained about is a `ProviderError`."""

    where: str
    why: str


# ---------------------------------------------------------------- the exchange as recorded


@dataclass(frozen=True, slots=True)
class Body:
    """What was sent or received, in the form that the recording keeps it.

    ``value``   one parsed JSON value, a whole body
    ``chunks``  a list of parsed JSON values, each one event of a stream
    ``text``    text that still has to be framed: JSON, server-sent events, JSON lines, a form
    ``frames``  a list of pairs, ``"sent"`` or ``"received"`` and the parsed frame of a WebSocket, both ways in order
    ``bytes``   what is no text: audio, an image, an encoding that nothing here undoes
    """

    kind: Literal["value", "chunks", "text", "frames", "bytes"]
    value: Any


Headers = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Request:
    method: str
    url: str
    headers: Headers = ()
    body: Body | None = None


@dataclass(frozen=True, slots=True)
class ProviderError:
    """An error that the provider answered with, or that the recorder stored in place of an answer."""

    type: str | None
    message: str | None
    status: int | None
    raw: Json


@dataclass(frozen=True, slots=True)
class Response:
    status: int | None = None
    headers: Headers = ()
    body: Body | None = None
    error: ProviderError | None = None


@dataclass(frozen=True, slots=True)
class Assertion:
    text: str
    comment: str | None = None


@dataclass(frozen=True, slots=True)
class Expectation:
    """What a file that holds only requests says the answer should be."""

    status: int | None
    asserts: tuple[Assertion, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """One request and its response, as one entry of a recording keeps them. `raw` is that entry, parsed."""

    entry: int
    request: Request
    response: Response | None
    test_id: str | None = None
    session: str | None = None
    sent: bool = True
    expectation: Expectation | None = None
    started_at: str | None = None
    duration: float | None = None
    provider: str | None = None
    """Who answered, where the recording names it outright."""
    hint: str = ""
    """A path that may name the provider, for recordings that keep no host."""
    several: bool = False
    """Whether the response may hold several responses, one after the other."""
    position: int | None = None
    """Where the entry begins in its file, in bytes, for formats whose entries are lines."""
    problems: tuple[Problem, ...] = ()
    raw: Json = None


class Event(NamedTuple):
    """One framed unit of a response body ("chunk" on the pages). A whole body is one event."""

    number: int
    data: Json
    name: str | None = None
    """The name of a server-sent event; ``sent`` or ``received`` of a frame."""
    raw: str | None = None
    """The text as framed, kept where it is not JSON."""


# ---------------------------------------------------------------- messages


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
    content: str
    embedded: tuple[ToolCall, ...] = ()
    """Tool calls that the model wrote as text. The content stays as it was."""
    citations: tuple[Citation, ...] = ()
    tokens: tuple[Token, ...] = ()
    """The tokens that the text consists of, where their probabilities were recorded."""


@dataclass(frozen=True, slots=True)
class Reasoning:
    content: str


@dataclass(frozen=True, slots=True)
class Refusal:
    content: str


@dataclass(frozen=True, slots=True)
class ToolCall:
    id: str | None
    name: str | None
    arguments_text: str
    """The arguments as sent; for protocols that send an object, that object as compact JSON."""
    arguments: Json = None
    """The same parsed; None where the text is not JSON."""


@dataclass(frozen=True, slots=True)
class ToolResult:
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


@dataclass(frozen=True, slots=True)
class Uri:
    uri: str
    mime_type: str | None = None
    modality: str = "file"


@dataclass(frozen=True, slots=True)
class FileRef:
    file_id: str
    mime_type: str | None = None
    modality: str = "file"


@dataclass(frozen=True, slots=True)
class Unknown:
    """A part that no rule names, as recorded."""

    raw: Json


Part = Text | Reasoning | Refusal | ToolCall | ToolResult | Blob | Uri | FileRef | Unknown


@dataclass(frozen=True, slots=True)
class Message:
    role: Role
    parts: tuple[Part, ...]
    role_raw: str | None = None
    name: str | None = None
    finish_reason: FinishReason | None = None
    finish_reason_raw: str | None = None


@dataclass(frozen=True, slots=True)
class ToolDefinition:
    type: str
    name: str | None
    description: str | None
    parameters: Json


@dataclass(frozen=True, slots=True)
class Prompt:
    """What was asked: the request, understood."""

    model: str | None = None
    stream: bool | None = None
    system: tuple[Part, ...] = ()
    """Instructions from a field of their own; those among the messages stay there."""
    messages: tuple[Message, ...] = ()
    tools: tuple[ToolDefinition, ...] = ()
    settings: Mapping[str, Json] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Usage:
    """Token counts as the provider reports them. `input_tokens` includes cached input."""

    input_tokens: int | None = None
    output_tokens: int | None = None
    total_tokens: int | None = None
    cache_read_input_tokens: int | None = None
    cache_creation_input_tokens: int | None = None
    reasoning_tokens: int | None = None


class Step(NamedTuple):
    event: Event
    deltas: Sequence[Delta]


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelCall:
    """An exchange, understood."""

    protocol: str | None
    provider: str | None
    operation: str
    prompt: Prompt
    infrastructure: str | None = None
    """What the exchange is where it is no LLM traffic: ``auth``, ``telemetry``, ``packages``, ``vector store``, …"""
    replies: tuple[Message, ...] = ()
    usage: Usage | None = None
    response_id: str | None = None
    response_model: str | None = None
    created_at: str | None = None
    summary: Mapping[str, Json] | None = None
    error: ProviderError | None = None
    streamed: bool = False
    complete: bool = True
    steps: tuple[Step, ...] = ()
    problems: tuple[Problem, ...] = ()
