"""Sessions of Gemini CLI, as it keeps them below ``~/.gemini/tmp/*/chats``: one JSON value, or a line of JSON for each
message (https://github.com/google-gemini/gemini-cli, packages/core/src/services/chatRecordingService.ts). Qwen Code
kept its own that way, too, before it had a form of its own.

A response of the model is an exchange, and its request holds what is new since the response before. A line that repeats
a message takes its place: the calls of a response, their results and its tokens come later than its text. What was
rewound was said all the same, and the conversation goes on from what stands before it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any, NamedTuple

from inspector.formats.reading import bodies
from inspector.formats.reading.lines import Line
from inspector.formats.reading.records import first_records
from inspector.formats.reading.source import CutShort, Source
from inspector.formats.reading.times import between
from inspector.formats.reading.unread import unread, unread_lines
from inspector.formats.sessions import gemini_records as records
from inspector.formats.sessions.gemini_history import History, history_of
from inspector.formats.sessions.line_objects import as_object, line_objects, of_value
from inspector.formats.sessions.link_names import link_name
from inspector.model import Body, Exchange, Json, Problem, Request, Response

NAME = "gemini-session"
FILES = "sessions of Gemini CLI: `~/.gemini/tmp/*/chats/session-*.json`, `.jsonl`"

_ABOUT = frozenset(
    {
        "directories", "kind", "lastUpdated", "memoryScratchpad", "messages", "projectHash", "sessionId", "startTime",
        "summary",
    }
)  # fmt: skip
"""Keys of what is told of a session as a whole."""

_AGENT = "gemini agent"


def sniff(source: Source) -> bool:
    if source.start_of_text[:1] != b"{" or b'"projectHash"' not in source.head:
        return False
    return any(_is_about(record) and "startTime" in record for record in first_records(source)[:1])


def _is_about(value: dict[str, Any]) -> bool:
    return isinstance(value.get("sessionId"), str) and "projectHash" in value and "id" not in value


class _Turn:
    """A response with what is new in its request."""

    def __init__(self, first: Line, before: dict[str, Any]) -> None:
        self.first = Line(first.number, first.position)
        self.before = before
        """The response that it goes on from; empty where a conversation begins."""
        self.asked: dict[str, dict[str, Any]] = {}
        self.answer: dict[str, Any] = {}
        self.last = first.number
        self.title = ""
        self._unknown: Counter[str] = Counter()

    def is_over(self, value: dict[str, Any]) -> bool:
        """Whether something begins another."""
        if "$rewindTo" in value:
            return bool(self.asked or self.answer)
        return bool(self.answer) and value.get("id") != self.answer.get("id")

    def add(self, number: int, value: dict[str, Any], history: History) -> None:
        self.last = number
        if "$rewindTo" in value:
            self.before = {"id": history.response_before(value["$rewindTo"])}
        elif history_of(value) is not None:
            self.asked |= {str(one.get("id")): one for one in history.new(value)}
        elif not records.is_one(value):
            self._unknown[str(value.get("type"))[:60]] += 1
        elif records.is_response(value):
            self.answer = value
        else:
            self.asked[str(value.get("id") or number)] = value

    @property
    def results(self) -> list[Json]:
        """What the tools answered that the response before called."""
        return [*records.results(self.before, [*self.asked.values()])]

    def problems(self) -> Iterator[Problem]:
        yield from unread_lines(self._unknown)
        for message in (*self.asked.values(), self.answer):
            yield from unread(message, records.KNOWN, "message", is_answered=True)


# ---------------------------------------------------------------- the file


def read(source: Source) -> Iterator[Exchange]:
    whole = source.json.value
    if isinstance(whole, dict) and isinstance(whole.get("messages"), list):
        yield from _of_value(source, whole)
    else:
        yield from _of_lines(source)


def _of_value(source: Source, whole: dict[str, Any]) -> Iterator[Exchange]:
    session = _session(source, whole)
    values = ((Line(number, 0), as_object(value, number)) for number, value in enumerate(whole["messages"]))
    turns = [*_turns(values, History(tuple))]
    exchanges = [_exchange(turn, session) for turn in turns] + [_unanswered(turn, session) for turn in turns[-1:]]
    yield from of_value(source, whole, _ABOUT, [one for one in exchanges if one is not None])


def _of_lines(source: Source) -> Iterator[Exchange]:
    session = _session(source, next(iter(first_records(source)), {}))
    cuts: list[CutShort] = []
    turn = None
    for turn in _turns(line_objects(source, cuts), History(source.lines.before)):
        yield _exchange(turn, session)
        if source.lines.is_one:
            return
    if turn is not None:
        source.lines.resume = turn.first
        if last := _unanswered(turn, session):
            yield last
    if cuts:
        raise cuts[0]


def _turns(values: Iterable[tuple[Line, dict[str, Any]]], history: History) -> Iterator[_Turn]:
    turn: _Turn | None = None
    for line, value in values:
        if _is_about(value) and "messages" not in value:
            continue
        if "$set" in value and history_of(value) is None:
            if turn is not None:
                turn.title = bodies.text(bodies.obj(value["$set"]).get("summary")) or turn.title
            continue
        if turn is not None and turn.is_over(value):
            yield turn
            turn = _Turn(line, turn.answer or turn.before)
        turn = turn or _Turn(line, history.last_response())
        turn.add(line.number, value, history)
        history.note(value)
    if turn is not None:
        yield turn


# ---------------------------------------------------------------- the exchanges


class _Session(NamedTuple):
    id: str
    name: str
    """The session that its exchanges are of: an agent's is its caller's."""
    is_agent: bool
    title: str
    """What its first line calls it."""


def _session(source: Source, told: dict[str, Any]) -> _Session:
    """What a file tells of itself. That of an agent lies in a folder that is named after its caller's session."""
    id, is_agent = bodies.text(told.get("sessionId")), told.get("kind") == "subagent"
    folder = source.path.rpartition("/")[0].rpartition("/")[2]
    return _Session(
        id, folder if is_agent and folder not in ("", "chats") else id, is_agent, bodies.text(told.get("summary"))
    )


def _exchange(turn: _Turn, session: _Session) -> Exchange:
    asked, answer, results = [*turn.asked.values()], turn.answer, turn.results
    times = [call.get("timestamp") for call in records.calls(turn.before)] + [one.get("timestamp") for one in asked]
    began = next((time for time in reversed(times) if bodies.text(time)), None)
    before, own = bodies.text(turn.before.get("id")), bodies.text(answer.get("id"))
    called = (call["agentId"] for call in records.calls(answer) if bodies.text(call.get("agentId")))
    return Exchange(
        entry=turn.first.number,
        request=_request(results, asked, answer.get("model")),
        response=Response(body=Body("value", records.reply(answer))) if answer else None,
        session=session.name or None,
        title=turn.title or session.title,
        started_at=bodies.moment(began or answer.get("timestamp")),
        duration=between(began, answer.get("timestamp")) if began else None,
        sent=bool(answer or results) or any(one["type"] == "user" for one in asked),
        sdk="gemini-cli",
        position=turn.first.position,
        continues=link_name(session.id, before) if before else "",
        known_as=(*(link_name(session.id, id) for id in (own,) if id), *(link_name(_AGENT, id) for id in called)),
        called_from=link_name(_AGENT, session.id) if session.is_agent and not before else "",
        problems=tuple(turn.problems()),
        raw=[*asked, answer] if answer else asked,
    )


def _request(results: list[Json], asked: list[dict[str, Any]], model: Json) -> Request:
    contents = [{"role": "user", "parts": results}] if results else []
    contents += map(records.content, asked)
    return Request("POST", ":generateContent", (), Body("value", {"model": model, "contents": contents}))


def _unanswered(turn: _Turn, session: _Session) -> Exchange | None:
    """What the tools answered after the last response, which has no message of its own; None where there is nothing.
    It has the number of the line that says it, or the next one."""
    after = _Turn(Line(max(turn.last, turn.first.number + 1), 0), turn.answer)
    if not after.results:
        return None
    return replace(_exchange(after, session), position=None, raw=records.calls(turn.answer))
