"""What a wire protocol is recognised by, and what a module that knows one offers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple, Protocol

from inspector.deltas import Delta
from inspector.model import Event, Json, Prompt, Usage


class Clue(NamedTuple):
    """The address and the shapes of an exchange. Recorded labels (content type, endpoint) lie and are not here."""

    host: str
    path: str
    body: dict[str, Any]
    """The request's body; empty where it is not an object."""
    first: dict[str, Any]
    """The first object of the response; empty where there is none."""
    answer: Json
    """The first event's data whatever it is."""

    @property
    def is_asked_alone(self) -> bool:
        """Whether only the request can tell: there is no address, and no answer but an error."""
        return not self.path and (self.answer is None or bool(self.first.keys() & {"error", "detail"}))


class Wire(Protocol):
    """One wire protocol. Its functions are pure, and may raise: `inspector.wire.decode` turns that into a problem.

    One whose events mean nothing alone, frames of a WebSocket, has one function more: `inspector.wire.session` tells.
    One whose provider counts tokens in headers has ``counts_in(headers)``, for answers without counts of their own.
    """

    NAME: str
    """The `protocol` of the JSON, such as ``openai.chat_completions``."""

    OPERATION: str
    """chat, text_completion, generate_content, embeddings, models, …"""

    def recognise(self, clue: Clue) -> bool:
        """Whether the exchange speaks this protocol."""

    def prompt(self, body: Mapping[str, Any]) -> Prompt:
        """What the request asks."""

    def deltas(self, event: Event) -> Iterable[Delta]:
        """What one event of the response adds. A whole body is one event."""

    def usage(self, counts: Mapping[str, Any]) -> Usage:
        """Token counts in common words, from the provider's merged ones."""
