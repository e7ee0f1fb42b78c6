"""What a protocol is recognised by."""

from __future__ import annotations

from typing import Any, NamedTuple

from inspector.model import Json

_WORDS_OF_ERRORS = frozenset(
    {"code", "detail", "details", "error", "errors", "message", "Message", "msg", "path", "reason", "request_id"}
    | {"requestId", "status", "statusCode", "status_code", "success", "timestamp", "title", "trace_id", "type"}
)


_MESSAGES = ("detail", "message", "Message", "msg", "reason", "title")


class NotUnderstood(ValueError):
    """What a protocol knows that it cannot read: its text says what, and is told as that."""


class Evidence(NamedTuple):
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
    def is_unanswered(self) -> bool:
        """Whether nothing but the request can tell the protocol."""
        return self.answer is None or isinstance(self.answer, str) or self.is_error

    @property
    def is_error(self) -> bool:
        """Whether the answer is an error and nothing else, whatever its words."""
        if self.first.keys() <= _WORDS_OF_ERRORS and not self.first.keys().isdisjoint(_MESSAGES):
            return True
        return any(map(self.first.get, ("error", "detail", "errors"))) or "error" in (
            self.first.get("object"),
            self.first.get("type"),
            self.first.get("status"),
        )

    @property
    def is_asked_alone(self) -> bool:
        """Whether only the request can tell: there is no address, and no answer but an error."""
        return not self.path and (self.answer is None or bool(self.first.keys() & {"error", "detail"}))
