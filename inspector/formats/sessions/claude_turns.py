"""The lines of a session by the responses that they belong to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Any

from inspector.formats.reading import bodies
from inspector.formats.reading.lines import Line
from inspector.formats.reading.unread import unread, unread_lines
from inspector.formats.sessions import claude_lines as lines
from inspector.formats.sessions.link_names import link_name
from inspector.model import Json, Problem
from inspector.model.jsonio import parse_or_none

_AGENT = "agent"
"""What the thread of an agent is called that has no name."""

_CALL = "call"
"""What a call is called by which lines hang together that name no other."""

_THREAD = ("agentId", "isSidechain")
"""What lines of one thread have in common."""

_FEW = 100
"""Lines that are looked through for a response."""


class Turn:
    """A response with what is new in its request. Lines that follow wait until it is clear that no more of the
    response comes: tools are run, and answer, while the model still speaks."""

    def __init__(self, thread: str, first: Line, before: Json = None) -> None:
        self.thread = thread
        self.before = before
        """The response before it, of which lines may still come."""
        self.first = Line(first.number, first.position)
        """Where it begins, without what stands there."""
        self.asked: list[dict[str, Any]] = []
        self.answered: list[dict[str, Any]] = []
        self.raw: list[dict[str, Any]] = []
        self.title = ""
        """What the session is called by a line that stands in or after it."""
        self.following: list[tuple[Line, dict[str, Any]]] = []
        self._uuids: dict[str, None] = {}
        self._passed: set[str] = set()
        self._parents: list[str] = []
        self._unknown: Counter[str] = Counter()

    def takes(self, line: Line, value: dict[str, Any]) -> bool:
        """Add a line, or keep it waiting; False where it is of another response."""
        is_answer = value.get("type") == "assistant"
        if self.answered and not is_answer:
            self.following.append((line, value))
            return True
        if is_answer and not self.answered and self.before is not None and _response(value) == self.before:
            return True
        if self.answered and _response(value) != _response(self.answered[0]):
            return False
        self._add(value, is_answer)
        return True

    def name(self, line: Line, value: dict[str, Any]) -> None:
        """Take a line that calls the session something: with those that wait, where some do."""
        if self.following:
            self.following.append((line, value))
        else:
            self.title = lines.title_of(value)

    def _add(self, value: dict[str, Any], is_answer: bool) -> None:
        uuid = bodies.text(value.get("uuid"))
        if uuid in self._uuids:  # some versions wrote a line twice
            return
        parent = value.get("parentUuid") or value.get("logicalParentUuid")
        if isinstance(parent, str):
            self._parents.append(parent)
        if lines.is_neutral(value):
            self.title = lines.title_of(value) or self.title
            self._passed.add(uuid)
            return
        if uuid:
            self._uuids[uuid] = None
        self.raw.append(value)
        kind = value.get("type")
        if kind == "summary":
            self.title = lines.title_of(value) or self.title
        if is_answer:
            self.answered.append(value)
        elif isinstance(kind, str) and kind in lines.SAID:
            self.asked.append(value)
        else:
            self._unknown[str(kind)[:60]] += 1

    @property
    def continues(self) -> str:
        """The line that its first one goes on from, or the call that it answers where no line names another; empty
        where a thread begins."""
        if not self._parents:
            return link_name(
                *next(([_CALL, id] for line in self.asked for id in lines.ids_of(line, "tool_result")), ())
            )
        outside = (one for one in self._parents if one not in self._uuids and one not in self._passed)
        return link_name(next(outside, ""))

    @property
    def known_as(self) -> tuple[str, ...]:
        """Its lines, and what agents are asked in them: those who go on from it, or are called, say one of these."""
        asked = (link_name(_AGENT, name) for line in self.answered for name in lines.calls_of_agents(line))
        answered = () if self._parents else self.answered
        calls = (link_name(_CALL, id) for line in answered for id in lines.ids_of(line, "tool_use"))
        return (*map(link_name, self._uuids), *asked, *calls)

    @property
    def called_from(self) -> str:
        """The call of an agent whose thread begins here, or what it was asked; empty where none does."""
        first = next(iter((*self.asked, *self.answered)), {})
        begins = bool(first.get("isSidechain")) and not self.continues
        called = bodies.text(first.get("parentToolUseID")) or (lines.text_of(first) if self.asked else "")
        return link_name(_AGENT, called) if begins and called else ""

    @property
    def is_sent(self) -> bool:
        """Whether there is more than notes of Claude Code's own."""
        return bool(self.answered) or any(line.get("type") == "user" for line in self.asked)

    def named(self, key: str) -> str:
        """A text that one of its lines says under a key."""
        return next((line[key] for line in self.raw if bodies.text(line.get(key))), "")

    def problems(self) -> Iterator[Problem]:
        yield from unread_lines(self._unknown)
        for line in self.raw:
            if not line.keys() <= lines.KNOWN:
                yield from unread(line, lines.KNOWN, "line", is_answered=True)


def _response(value: dict[str, Any]) -> Json:
    """What all lines of a response have in common."""
    return lines.message_of(value).get("id") or value.get("requestId") or value.get("uuid")


class Turns:
    """The turns of a file. Most files hold one thread; older ones those of agents too, between its lines."""

    def __init__(self, before: Callable[[], Iterable[bytes]]) -> None:
        self._before = before
        """The lines before those that are added, the nearest first."""
        self._own: str | None = None
        self._open: dict[str, Turn] = {}
        self._ended: list[Turn] = []
        self._threads: dict[str, str] = {}
        """The threads of agents without a name, by their lines."""
        self.is_mixed = False
        """Whether the file holds several threads."""

    def add(self, line: Line, value: Json) -> None:
        """Raises `ValueError` for what is no line of a session."""
        if not isinstance(value, dict):
            raise ValueError("an object is expected")
        if value.get("type") in ("user", "assistant") and not isinstance(value.get("message"), dict):
            raise ValueError("the message is no object")
        if lines.is_neutral(value) and not value.get("uuid"):
            own = self._open.get(self._own or "")
            if own is not None and lines.title_of(value):
                own.name(line, value)
            return
        self._take(self._thread(value), line, value)

    def _take(self, thread: str, line: Line, value: dict[str, Any]) -> None:
        turn = self._open.get(thread)
        if turn is not None and turn.takes(line, value):
            return
        if turn is not None:
            self._ended.append(turn)
            self._open[thread] = _turn(thread, [*turn.following, (line, value)])
        else:
            before = self._response_before(value) if thread == self._own and not self._open else None
            self._open[thread] = _turn(thread, [(line, value)], before)

    def _response_before(self, value: dict[str, Any]) -> Json:
        """The response that stands before the place where reading began, in the thread of a line."""
        for data in islice(self._before(), _FEW):
            line = bodies.obj(parse_or_none(data.decode("utf-8", "replace")))
            if line.get("type") == "assistant" and all(line.get(key) == value.get(key) for key in _THREAD):
                return _response(line)
        return None

    def _thread(self, value: dict[str, Any]) -> str:
        """Whose line it is: that of an agent by its name, or else by the line that it goes on from."""
        thread = bodies.text(value.get("agentId"))
        if not thread and value.get("isSidechain"):
            thread = self._own or self._of_agent(value)
        if not thread and not value.get("uuid"):
            return self._own or ""
        self._own = thread if self._own is None else self._own
        self.is_mixed = self.is_mixed or thread != self._own
        return thread

    def _of_agent(self, value: dict[str, Any]) -> str:
        uuid = bodies.text(value.get("uuid"))
        known = self._threads.get(bodies.text(value.get("parentUuid")))
        thread = self._threads[uuid] = known or (_AGENT if self._own is None else f"{_AGENT} {uuid}")
        return thread

    def is_own(self, turn: Turn) -> bool:
        """Whether a turn can be found again by where it begins: those of agents between others' lines cannot."""
        return turn.thread == (self._own or "")

    def ended(self) -> list[Turn]:
        """The turns that nothing is added to any more, as far as none that began before them is open."""
        if not self._ended:
            return []
        begun = min(turn.first.number for turn in self._open.values())
        ended, self._ended = self._ended, [turn for turn in self._ended if turn.first.number > begun]
        return _in_turn(turn for turn in ended if turn.first.number < begun)

    def left(self) -> list[Turn]:
        """All that is still there at the end of the file."""
        waiting = [_turn(turn.thread, turn.following) for turn in self._open.values() if turn.following]
        return _in_turn([*self._ended, *self._open.values(), *waiting])

    @property
    def last(self) -> Line | None:
        """Where the turn begins that more lines may still be added to; None where that is not all that may change."""
        own = self._open.get(self._own or "")
        return None if self.is_mixed or own is None else own.first


def _turn(thread: str, of: list[tuple[Line, dict[str, Any]]], before: Json = None) -> Turn:
    turn = Turn(thread, of[0][0], before)
    for line, value in of:
        turn.takes(line, value)
    return turn


def _in_turn(turns: Iterator[Turn] | list[Turn]) -> list[Turn]:
    return sorted((turn for turn in turns if turn.raw), key=lambda turn: turn.first.number)
