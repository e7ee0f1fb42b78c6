"""What a module that knows a wire protocol offers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Protocol

from inspector.decode.evidence import Evidence
from inspector.model import Event, Prompt, Usage
from inspector.model.delta import Delta


class WireProtocol(Protocol):
    """One wire protocol. Its functions are pure, and may raise: `inspector.decode.decoder` turns that into a problem.

    One whose events mean nothing alone, frames of a WebSocket, has one function more: see
    `inspector.decode.websocket_session`.
    One whose provider counts tokens in headers has ``counts_in(headers)``, for answers without counts of their own.
    """

    NAME: str
    """The `protocol` of the JSON, such as ``openai.chat_completions``."""

    OPERATION: str
    """chat, text_completion, generate_content, embeddings, models, …"""

    def recognise(self, evidence: Evidence) -> bool:
        """Whether the exchange speaks this protocol."""

    def prompt(self, body: Mapping[str, Any]) -> Prompt:
        """What the request asks."""

    def deltas(self, event: Event) -> Iterable[Delta]:
        """What one event of the response adds. A whole body is one event."""

    def usage(self, counts: Mapping[str, Any]) -> Usage:
        """Token counts in common words, from the provider's merged ones."""
