"""Sessions of Claude Code, as it keeps them below ``~/.claude/projects``: a line of JSON for each message, those of its
agents in files of their own (https://code.claude.com/docs/en/sessions; what a line holds is nowhere specified, and
changes with each version).

A response of the model is an exchange, and its request holds what is new since the response before: no request is
recorded, and what it repeated is not repeated here. The duration lies between the times of two lines: of the last one
of the request, and of the last one of the response.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from inspector.formats.reading import bodies
from inspector.formats.reading.entries import stopped, unreadable
from inspector.formats.reading.records import first_records
from inspector.formats.reading.source import Source
from inspector.formats.reading.times import between
from inspector.formats.sessions import claude_lines as lines
from inspector.formats.sessions.claude_turns import Turn, Turns
from inspector.model import Body, Exchange, Json, ProviderError, Request, Response
from inspector.model.jsonio import NotJson, loads

NAME = "claude-code"
FILES = "sessions of Claude Code: `~/.claude/projects/**/*.jsonl`"

_KEYS = (b'"sessionId"', b'"leafUuid"', b'"parentUuid"')
_CLOUDS = {"msg_01": "anthropic", "msg_bdrk_": "aws.bedrock", "msg_vrtx_": "gcp.vertex_ai"}
"""How the ids of messages begin, and who gave them."""


def sniff(source: Source) -> bool:
    if source.start_of_text[:1] != b"{" or not any(key in source.head for key in _KEYS):
        return False
    return any(map(lines.is_one, first_records(source)))


def read(source: Source) -> Iterator[Exchange]:
    turns = Turns(source.lines.before)
    waiting: list[Exchange] = []  # lines that nothing can be made of, in or after a turn that is not whole
    cut = None
    for line in source.lines.further():
        try:
            turns.add(line, loads(line.data))
        except NotJson as error:
            if cut := stopped(line, error):
                break
            waiting.append(unreadable(line.number, error, line.data.decode("utf-8", "replace"), line))
        except ValueError as error:
            waiting.append(unreadable(line.number, error, line.data.decode("utf-8", "replace"), line))
        for turn in turns.ended():
            before = [one for one in waiting if one.entry < turn.first.number]
            waiting = waiting[len(before) :]
            yield from before
            yield turn_exchange(source, turn, turns.is_own(turn))
            if source.lines.is_one:
                return
    rest = [*waiting, *(turn_exchange(source, turn, turns.is_own(turn)) for turn in turns.left())]
    yield from sorted(rest, key=lambda exchange: exchange.entry)
    source.lines.resume = turns.last if turns.last or turns.is_mixed else source.lines.resume
    if cut is not None:
        raise cut


def turn_exchange(source: Source, turn: Turn, is_own: bool) -> Exchange:
    """The exchange of a turn. `is_own`: whether it can be found again by where it begins."""
    try:
        return _exchange(source, turn, is_own)
    except Exception as error:  # what is wrong with one costs the others nothing
        return unreadable(turn.first.number, error, turn.raw, turn.first)


def _exchange(source: Source, turn: Turn, is_own: bool) -> Exchange:
    asked = [message for line in turn.asked for message in lines.messages(line, source)]
    last = turn.answered[-1] if turn.answered else {}
    began = next((line["timestamp"] for line in reversed(turn.asked) if bodies.text(line.get("timestamp"))), None)
    return Exchange(
        entry=turn.first.number,
        request=Request("POST", "/v1/messages", (), Body("value", {"messages": asked})),
        response=_response(turn.answered),
        session=turn.named("sessionId") or None,
        title=turn.title,
        started_at=bodies.moment(began or (turn.answered[0].get("timestamp") if turn.answered else None)),
        duration=between(began, last.get("timestamp")) if began else None,
        sent=turn.is_sent,
        provider=_provider(turn.answered),
        sdk=_version(turn),
        position=turn.first.position if is_own else None,
        continues=turn.continues,
        known_as=turn.known_as,
        called_from=turn.called_from,
        problems=tuple(turn.problems()),
        raw=turn.raw,
    )


def _version(turn: Turn) -> str:
    version = turn.named("version")
    return f"claude-code {version}" if version else ""


def _provider(answered: list[dict[str, Any]]) -> str | None:
    id = bodies.text(lines.message_of(answered[0]).get("id")) if answered else ""
    return next((provider for start, provider in _CLOUDS.items() if id.startswith(start)), None)


def _response(answered: list[dict[str, Any]]) -> Response | None:
    """The message that several lines hold a block or more of each; what was used is said in all, and the last one
    knows best."""
    if not answered:
        return None
    last = answered[-1]
    if last.get("isApiErrorMessage"):
        return Response(bodies.status(last.get("apiErrorStatus")), error=_error(last))
    message: dict[str, Any] = {"type": "message"}
    content: list[Json] = []
    for line in answered:
        said = lines.message_of(line)
        message |= {key: value for key, value in said.items() if value is not None or key not in message}
        content += lines.blocks(said.get("content"))
    return Response(body=Body("value", {**message, "content": content}))


def _error(line: dict[str, Any]) -> ProviderError:
    """An error of the provider, which Claude Code words as a message of the model."""
    said = lines.message_of(line).get("content")
    text = "\n".join(bodies.text(bodies.obj(block).get("text")) for block in lines.blocks(said))
    told = line.get("error")
    kind = told if isinstance(told, str) else bodies.text(bodies.obj(told).get("type"))
    return ProviderError(kind or None, text or None, bodies.status(line.get("apiErrorStatus")), {"error": told or text})
