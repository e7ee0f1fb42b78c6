"""The request of a miss, as far as its recorder still had it when the test failed: what a map of tests keeps of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from inspector.model import Body, Exchange, Headers, Json, Request, jsonio
from inspector.redaction import mask
from inspector.redaction.decoded import masked_anyhow

MOST = 3
"""Misses that are kept of one test: the others follow from the first."""

LARGEST = 200_000
"""Characters of a body, as JSON, that is kept."""


class MissedRequest(NamedTuple):
    """A request that found no recording, and how it was looked up."""

    recorder: str
    """Its name, as `inspector.recorders` has it."""
    method: str
    url: str
    headers: Headers = ()
    """Where they are compared."""
    body: Json = None
    """Parsed where it is JSON, else a text; None for none, or for one that is not kept."""
    test: str = ""
    """Where it is part of the key."""
    key: str = ""
    """What it was looked up by, where that is a key."""
    cassette: str = ""
    """Its path relative to the repository."""
    recorded: int = 0
    """Entries of the cassette."""
    matched_by: tuple[str, ...] = ()
    """The matchers that the project set, or the defaults."""
    differs: tuple[str, ...] = ()
    """By which of them the likeliest entries are others, as the recorder says."""
    was_played: bool = False
    """Whether an entry is the same in all of them, and was played before."""
    record_mode: str = ""
    left_out: int = 0
    """Characters of a body that was too long to be kept."""

    @property
    def exchange(self) -> Exchange:
        """The request alone."""
        body = None if self.body is None else Body("text" if isinstance(self.body, str) else "value", self.body)
        request = Request(self.method, self.url, self.headers, body)
        return Exchange(entry=0, request=request, response=None, test_id=self.test or None)

    @property
    def words(self) -> str:
        """What was asked for, and what its recorder makes of it."""
        what = " ".join(word for word in (self.method, self.url) if word) or "a request"
        return f"{self.recorder} has no recording of {what}{self._why}"

    @property
    def _why(self) -> str:
        if self.was_played:
            return (
                ": a request that matches is recorded and was already played; "
                "each entry answers once, unless allow_playback_repeats is set"
            )
        if self.cassette and not self.recorded:
            return f": the cassette {self.cassette} has no entries, or is not there"
        if self.differs:
            several = f"the likeliest of {self.recorded:,} entries differ"
            return f": {several if self.recorded > 1 else 'its only entry differs'} in {', '.join(self.differs)}"
        if self.cassette:
            return f": nothing like it is in {self.cassette}"
        return f", request hash {self.key}" if self.key else ""


def without_secrets(missed: MissedRequest) -> MissedRequest:
    """The same for others' eyes, with a body of bearable length."""
    seen = masked_anyhow(missed.exchange).exchange
    request = seen.request
    body = request.body.value if request.body else None
    length = 0 if body is None else len(jsonio.dumps(body))
    is_kept = length <= LARGEST
    return missed._replace(
        method=request.method,
        url=request.url,
        headers=request.headers,
        body=body if is_kept else None,
        test=mask.text(missed.test),
        cassette=mask.text(missed.cassette),
        left_out=missed.left_out if is_kept else length,
    )


def moved(missed: Iterable[MissedRequest], path_of: Callable[[str], str | None]) -> tuple[MissedRequest, ...]:
    """The same with other paths of cassettes, where there are others."""
    return tuple(one._replace(cassette=(one.cassette and path_of(one.cassette)) or one.cassette) for one in missed)


# ---------------------------------------------------------------- as JSON


def as_json(missed: MissedRequest) -> dict[str, Any]:
    return {name: value for name, value in missed._asdict().items() if value not in ("", (), None, 0, False)}


def read(value: Json) -> tuple[MissedRequest, ...]:
    """The requests that a map says a test missed; what is none is passed over."""
    if not isinstance(value, list):
        return ()
    found = (_read(one) for one in value[:MOST] if isinstance(one, dict))
    return tuple(without_secrets(missed) for missed in found if missed)


def _read(value: dict[str, Any]) -> MissedRequest | None:
    def text(name: str) -> str:
        return value[name] if isinstance(value.get(name), str) else ""

    def number(name: str) -> int:
        return value[name] if type(value.get(name)) is int else 0

    if not text("recorder"):
        return None
    return MissedRequest(
        recorder=text("recorder"),
        method=text("method"),
        url=text("url"),
        headers=_headers(value.get("headers")),
        body=value.get("body"),
        test=text("test"),
        key=text("key"),
        cassette=text("cassette"),
        recorded=number("recorded"),
        matched_by=_words(value.get("matched_by")),
        differs=_words(value.get("differs")),
        was_played=value.get("was_played") is True,
        record_mode=text("record_mode"),
        left_out=number("left_out"),
    )


def _words(value: Json) -> tuple[str, ...]:
    return tuple(word for word in value if isinstance(word, str)) if isinstance(value, list) else ()


def _headers(value: Json) -> Headers:
    pairs = [_words(pair) for pair in value] if isinstance(value, list) else []
    return tuple((pair[0], pair[1]) for pair in pairs if len(pair) == 2)
