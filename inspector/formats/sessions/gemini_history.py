"""Which messages a session of Gemini CLI had at a time: they may be rewound, and others may take their place."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from inspector.formats.reading import bodies
from inspector.formats.sessions import gemini_records as records
from inspector.model import Json
from inspector.model.jsonio import parse_or_none


class _Change(NamedTuple):
    """What a line does to the messages: those that come, each with whether it is a response, and those that go."""

    messages: tuple[tuple[str, bool], ...]
    rewound_to: str | None = None
    is_all: bool = False
    """Whether no others are left."""


class History:
    """The messages of a file up to the line that is read. They are only gathered where somebody asks for them."""

    def __init__(self, before: Callable[[], Iterable[bytes]]) -> None:
        self._before: Callable[[], Iterable[bytes]] | None = before
        """The lines before those that are noted, the nearest first; None once they are read."""
        self._changes: list[_Change] = []
        self._messages: dict[str, bool] = {}

    def note(self, value: Json) -> None:
        self._changes.append(_change(value))

    def new(self, value: dict[str, Any]) -> list[dict[str, Any]]:
        """The messages of a line that replaces them all which were not there before."""
        known = self._known()
        return [one for one in history_of(value) or () if records.is_one(one) and str(one.get("id")) not in known]

    def response_before(self, id: Json) -> str:
        """The id of the last response that stands before a message; empty where there is none."""
        last = ""
        for name, is_response in self._known().items():
            if name == id:
                return last
            last = name if is_response else last
        return ""

    def last_response(self) -> dict[str, Any]:
        """The response that is nearest before the place where reading began; empty where there is none."""
        for line in (self._before or tuple)():
            value = bodies.obj(_parsed(line))
            if records.is_one(value) and records.is_response(value):
                return value
        return {}

    def _known(self) -> dict[str, bool]:
        if self._before is not None:
            earlier = [_change(_parsed(line)) for line in self._before()]
            self._changes = [*reversed(earlier), *self._changes]
            self._before = None
        for change in self._changes:
            self._apply(change)
        self._changes = []
        return self._messages

    def _apply(self, change: _Change) -> None:
        if change.rewound_to is not None:
            ids = [*self._messages]
            end = ids.index(change.rewound_to) if change.rewound_to in self._messages else 0
            self._messages = {id: self._messages[id] for id in ids[:end]}
        if change.is_all:
            self._messages = {}
        self._messages.update(change.messages)


def history_of(value: Json) -> list[Json] | None:
    """The messages that a line puts in the place of all before it; None where it does not."""
    messages = bodies.obj(bodies.obj(value).get("$set")).get("messages")
    return messages if isinstance(messages, list) else None


def _change(value: Json) -> _Change:
    if isinstance(value, dict) and "$rewindTo" in value:
        return _Change((), str(value["$rewindTo"]))
    whole = history_of(value)
    messages = filter(records.is_one, [value] if whole is None else whole)
    told = tuple((str(one.get("id")), records.is_response(one)) for one in messages)
    return _Change(told, None, whole is not None)


def _parsed(line: bytes) -> Json:
    return parse_or_none(line.decode("utf-8", "replace"))
