"""What one recording holds of one request and its response, raw and lossless."""

from __future__ import annotations

from typing import Any, Literal, NamedTuple

from inspector.model.frozen import dataclass

Json = Any
"""A parsed JSON value: dict, list, str, int, float, bool or None."""


class Problem(NamedTuple):
    """Something that *we* could not read. What the provider complained about is a `ProviderError`."""

    where: str
    why: str


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
    """What was sent. `url` may be a path alone, where the recording keeps no host."""

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
    """What came back. `error` is set where the recorder kept an exception instead of a response."""

    status: int | None = None
    headers: Headers = ()
    body: Body | None = None
    error: ProviderError | None = None
    times: tuple[float, ...] = ()
    """When each chunk or frame of the body came, in seconds since 1970; empty where the recording does not say."""


@dataclass(frozen=True, slots=True)
class Assertion:
    """One thing that a test asserts about an answer, in its own words."""

    text: str
    comment: str | None = None


@dataclass(frozen=True, slots=True)
class Expectation:
    """What a file that holds only requests says the answer should be; beside an answer, how it was scored."""

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
    title: str = ""
    """What its session is called, where the recording says so beside it."""
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
    sdk: str = ""
    """The SDK that asked, and its version, where the recorder noted it: ``openai 2.30.0``."""
    unreachable: str = ""
    """Why no replay finds it; empty where one may, or nobody knows."""
    position: int | None = None
    """Where the entry begins in its file, in bytes, for formats whose entries are lines."""
    continues: str = ""
    """What the request goes on from, where the recording links them and repeats nothing: one of the names in `known_as`
    of another exchange. Empty where it says nothing, or a conversation begins."""
    known_as: tuple[str, ...] = ()
    """The names under which others go on from it, or are called from it."""
    called_from: str = ""
    """The same as `continues` for the first request of a helper: what its caller is known as."""
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
