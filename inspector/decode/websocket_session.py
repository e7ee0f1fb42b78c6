"""A session over a WebSocket: frames both ways, whose meaning depends on the frames before them.

What a module that reads such sessions offers beside the rest of a `WireProtocol` is one function::

    def session(events: Sequence[Event]) -> Session

The messages of both sides are replies, in the order in which they began: each is a choice of its own.
"""

from __future__ import annotations

import base64
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Any, NamedTuple

from inspector.decode import lenient
from inspector.decode.assembly.response import Assembly
from inspector.model import Event, Json, Prompt, Step, made
from inspector.model.delta import Delta, EndDelta, FinishDelta, PartDelta, RoleDelta


class Session(NamedTuple):
    """What a session was set up with, and for each of its events what that adds."""

    prompt: Prompt
    deltas: list[Sequence[Delta]]
    complete: bool
    """Whether every answer that began came to its end."""

    def assembled(self, events: Sequence[Event]) -> tuple[Assembly, tuple[Step, ...]]:
        assembly = Assembly()
        assembly.add(chain.from_iterable(self.deltas))
        return assembly, tuple(made(Step, events, self.deltas))


@dataclass(slots=True)
class _Audio:
    """Audio that arrives in pieces of base64, and the event of the last of them."""

    mime_type: str
    at: int
    pieces: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Told:
    """What the events so far added."""

    deltas: list[list[Delta]] = field(default_factory=list)
    choices: dict[Hashable, int] = field(default_factory=dict)
    audio: dict[tuple[int, str], _Audio] = field(default_factory=dict)
    counts: dict[str, Any] = field(default_factory=dict)
    unfinished: set[int] = field(default_factory=set)

    def begin(self) -> None:
        """Another event."""
        self.deltas.append([])

    def add(self, *deltas: Delta) -> None:
        self.deltas[-1].extend(deltas)

    def choice(self, key: Hashable, role: str) -> int:
        """The number of the message with this key, which begins when it is first spoken of."""
        known = self.choices.get(key)
        if known is None:
            known = self.choices[key] = len(self.choices)
            self.add(RoleDelta(role, known))
        return known

    def answer(self, key: Hashable, role: str) -> int:
        """The same of a message that the server says, which has an end."""
        new = key not in self.choices
        choice = self.choice(key, role)
        if new:
            self.unfinished.add(choice)
        return choice

    def finish(self, choice: int, reason: str) -> None:
        self.unfinished.discard(choice)
        self.add(FinishDelta(reason, choice), EndDelta())

    def hear(self, choice: int, slot: str, mime_type: str, pieces: Sequence[str]) -> None:
        if any(pieces):
            heard = self.audio.setdefault((choice, slot), _Audio(mime_type, 0))
            heard.pieces.extend(pieces)
            heard.at = len(self.deltas) - 1

    def count(self, usage: dict[str, Any]) -> dict[str, Any]:
        """Counts of one answer added to those of the answers before it."""
        self.counts = _sum(self.counts, usage)
        return self.counts

    def done(self, prompt: Prompt) -> Session:
        """The session. A message's audio is one part, which the event of its last piece completes."""
        for (choice, slot), heard in self.audio.items():
            blob = lenient.blob(_joined(heard.pieces), heard.mime_type, "audio")
            self.deltas[heard.at].append(PartDelta(blob, choice, slot))
        return Session(prompt, list(map(tuple, self.deltas)), not self.unfinished)


def _sum(one: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    total = dict(one)
    for key, value in other.items():
        if isinstance(value, dict):
            total[key] = _sum(lenient.obj(total.get(key)), value)
        elif lenient.count(value) is not None:
            total[key] = (lenient.count(total.get(key)) or 0) + value
    return total


def _joined(pieces: list[str]) -> str:
    """One base64 text of several, which end anywhere."""
    if all(len(piece) % 4 == 0 and not piece.endswith("=") for piece in pieces[:-1]):
        return "".join(pieces)
    return base64.b64encode(b"".join(map(_bytes, pieces))).decode("ascii")


def _bytes(piece: str) -> bytes:
    """The bytes of a piece, which a recorder may have cut."""
    whole = piece.rstrip("=")
    whole = whole[: len(whole) - (len(whole) % 4 == 1)]
    try:
        return base64.b64decode(whole + "=" * (-len(whole) % 4), validate=True)
    except ValueError:
        return b""


def sent(event: Event) -> bool:
    return event.name == "sent"


def frame(event: Event) -> dict[str, Json]:
    return lenient.obj(event.data)
