"""Sessions of Qwen Code, as it keeps them below ``~/.qwen/projects``: a line of JSON for each message, like those of
Claude Code, with messages of Gemini's; those of its agents in files of their own (https://github.com/QwenLM/qwen-code,
packages/core/src/services/chatRecordingService.ts and agents/agent-transcript.ts).

A response of the model is an exchange, and its request holds what is new since the response before. A response of an
agent is a line for what it said, with its tokens, and one for each of its calls.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from inspector.formats.reading import bodies
from inspector.formats.reading.lines import Line
from inspector.formats.reading.records import first_records
from inspector.formats.reading.source import CutShort, Source
from inspector.formats.reading.times import between
from inspector.formats.reading.unread import unread, unread_lines
from inspector.formats.sessions import qwen_lines as lines
from inspector.formats.sessions.line_objects import line_objects
from inspector.formats.sessions.link_names import link_name
from inspector.model import Body, Exchange, Problem, Request, Response

NAME = "qwen-code"
FILES = "sessions of Qwen Code: `~/.qwen/projects/*/chats/*.jsonl`, `subagents/**/agent-*.jsonl`"

_AGENT = "qwen agent"
_KEYS = (b'"parts"', b'"systemPayload"')
_MAKERS = {"coder-model": "alibaba", "gemini": "gcp.gemini", "qwen": "alibaba", "vision-model": "alibaba"}
"""How the names of models begin, and who makes them: whom it asked, Qwen Code does not write down."""


def sniff(source: Source) -> bool:
    if source.start_of_text[:1] != b"{" or not any(key in source.head for key in _KEYS):
        return False
    return any(map(lines.is_one, first_records(source)))


class _Turn:
    """A response with what is new in its request."""

    def __init__(self, first: Line) -> None:
        self.first = Line(first.number, first.position)
        self.asked: list[dict[str, Any]] = []
        self.answered: list[dict[str, Any]] = []
        self.raw: list[dict[str, Any]] = []
        self.title = ""
        self._uuids: list[str] = []
        self._passed: set[str] = set()
        self._parents: list[str] = []
        self._unknown: Counter[str] = Counter()

    def is_over(self, value: dict[str, Any]) -> bool:
        """Whether a line begins another: a response has its tokens in its first line."""
        goes_on = value.get("type") == "assistant" and not value.get("usageMetadata")
        return bool(self.answered) and not goes_on

    def add(self, value: dict[str, Any]) -> None:
        uuid = bodies.text(value.get("uuid"))
        self._parents += filter(None, [bodies.text(value.get("parentUuid"))])
        if lines.is_neutral(value):
            self._passed.add(uuid)
            self.title = bodies.text(bodies.obj(value.get("systemPayload")).get("customTitle")) or self.title
            return
        self._uuids += filter(None, [uuid])
        self.raw.append(value)
        if not lines.is_known(value):
            self._unknown[f"{value.get('type')} {value.get('subtype') or ''}".strip()[:80]] += 1
        elif value["type"] == "assistant":
            self.answered.append(value)
        else:
            self.asked.append(value)

    @property
    def continues(self) -> str:
        """The line that its first one goes on from; empty where a thread begins."""
        own = {*self._uuids, *self._passed}
        return link_name(next((parent for parent in self._parents if parent not in own), ""))

    @property
    def known_as(self) -> tuple[str, ...]:
        """Its lines, and what agents are asked in them."""
        asked = (link_name(_AGENT, prompt) for line in self.answered for prompt in lines.prompts_of_agents(line))
        return (*map(link_name, [*self._uuids, *self._passed]), *asked)

    @property
    def called_from(self) -> str:
        """What an agent was asked whose thread begins here; empty where none does."""
        begins = not self.continues and any(line.get("isSidechain") for line in self.asked)
        first = next((line for line in self.asked if line.get("type") == "user"), {})
        return link_name(_AGENT, lines.text_of(first)) if begins and first else ""

    def named(self, key: str) -> str:
        """A text that one of its lines says under a key."""
        return next((line[key] for line in self.raw if bodies.text(line.get(key))), "")

    def problems(self) -> Iterator[Problem]:
        yield from unread_lines(self._unknown)
        for line in self.raw:
            yield from unread(line, lines.KNOWN, "line", is_answered=True)


def read(source: Source) -> Iterator[Exchange]:
    turn: _Turn | None = None
    cuts: list[CutShort] = []
    for line, value in line_objects(source, cuts):
        if turn is not None and turn.is_over(value):
            yield _exchange(turn)
            if source.lines.is_one:
                return
            turn = None
        turn = turn or _Turn(line)
        turn.add(value)
    if turn is not None:
        source.lines.resume = turn.first
        if turn.raw:
            yield _exchange(turn)
    if cuts:
        raise cuts[0]


def _exchange(turn: _Turn) -> Exchange:
    last = turn.answered[-1] if turn.answered else {}
    began = next((line["timestamp"] for line in reversed(turn.asked) if bodies.text(line.get("timestamp"))), None)
    version, model = turn.named("version"), bodies.text(last.get("model"))
    asked = {"model": model or None, "contents": [content for line in turn.asked for content in lines.contents(line)]}
    return Exchange(
        entry=turn.first.number,
        request=Request("POST", ":generateContent", (), Body("value", asked)),
        response=Response(body=Body("value", lines.reply(turn.answered))) if turn.answered else None,
        session=turn.named("sessionId") or None,
        title=turn.title,
        started_at=bodies.moment(began or last.get("timestamp")),
        duration=between(began, last.get("timestamp")) if began else None,
        sent=bool(turn.answered) or any(line["type"] != "system" for line in turn.asked),
        provider=_provider(model),
        sdk=f"qwen-code {version}".strip(),
        position=turn.first.position,
        continues=turn.continues,
        known_as=turn.known_as,
        called_from=turn.called_from,
        problems=tuple(turn.problems()),
        raw=turn.raw,
    )


def _provider(model: str) -> str:
    return next((maker for start, maker in _MAKERS.items() if model.startswith(start)), "unknown")
