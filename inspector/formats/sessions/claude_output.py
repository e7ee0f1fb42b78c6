"""What ``claude -p`` prints with ``--output-format stream-json`` or ``json``: a line for each message, or a list of
them, or the result alone (https://code.claude.com/docs/en/headless; what a line holds is told by the types of the Agent
SDK, https://code.claude.com/docs/en/agent-sdk/typescript).

The lines are those of a session, less what links them: here they get that. What the user asked is not among them.
Files are read as a whole, for a line says nothing of those before it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from inspector.formats.reading import bodies
from inspector.formats.reading.lines import Line
from inspector.formats.reading.records import first_records
from inspector.formats.reading.source import CutShort, Source
from inspector.formats.reading.unread import unread
from inspector.formats.sessions.claude_code import turn_exchange
from inspector.formats.sessions.claude_linked import LinkedLines
from inspector.formats.sessions.claude_turns import Turns
from inspector.formats.sessions.line_objects import as_object, line_objects
from inspector.formats.sessions.link_names import link_name
from inspector.model import Body, Exchange, Json, Problem, ProviderError, Request, Response
from inspector.model.jsonio import dumps

NAME = "claude-output"
FILES = "what `claude -p --output-format stream-json` or `json` prints: `*.jsonl`, `claude-execution-output.json`"

_KNOWN = frozenset(
    {"_audit_timestamp", "message", "parent_tool_use_id", "request_id", "session_id", "subtype", "timestamp",
     "tool_use_result", "type", "uuid", "wire_tool_inputs"}
)  # fmt: skip
_ENDED = frozenset({"result", "session_id", "subtype", "type", "uuid"})
"""Keys of a result that are said elsewhere."""


def sniff(source: Source) -> bool:
    if source.start_of_text[:1] not in (b"{", b"[") or not any(
        key in source.head for key in (b'"session_id"', b'"parent_tool_use_id"')
    ):
        return False
    return any(map(_is_one, first_records(source)))


def _is_one(line: dict[str, Any]) -> bool:
    kind = line.get("type")
    if kind in ("assistant", "user"):
        return "parent_tool_use_id" in line and isinstance(line.get("message"), dict)
    if not isinstance(line.get("session_id"), str):
        return False
    if kind == "system":
        return (line.get("subtype") == "init" and "tools" in line) or "hook_event" in line
    return kind == "result" and "num_turns" in line and "duration_api_ms" in line


def read(source: Source) -> Iterator[Exchange]:
    cuts: list[CutShort] = []
    values = [*_values(source, cuts)]
    source.lines.resume = None
    yield from sorted(_exchanges(source, values), key=lambda exchange: exchange.entry)
    if cuts:
        raise cuts[0]


def _values(source: Source, cuts: list[CutShort]) -> Iterator[dict[str, Any]]:
    """The lines of the file. `cuts` tells why the last one is none, where it only stops too early."""
    whole = source.json.value
    if whole is None:
        yield from (value for _, value in line_objects(source, cuts))
    else:
        items = enumerate(whole if isinstance(whole, list) else [whole])
        yield from (as_object(item, number) for number, item in items)


def _exchanges(source: Source, values: list[dict[str, Any]]) -> Iterator[Exchange]:
    linked = LinkedLines()
    turns = Turns(tuple)
    problems = source.json.problems
    is_alone = len(values) == 1
    for number, value in enumerate(values):
        if value.get("type") == "result":
            yield replace(_end(number, value, linked.last, is_alone), problems=problems if is_alone else ())
        elif (line := linked.line(number, value)) is not None:
            turns.add(Line(number, 0), line)
    for turn in (*turns.ended(), *turns.left()):
        own = [values[number] for number in linked.numbers(turn.raw)]
        more = [problem for value in own for problem in _unread(value)]
        made = turn_exchange(source, turn, is_own=False)
        sdk = f"claude-code {linked.version}" if linked.version else "claude-code"
        first = problems if not turn.first.number else ()
        yield replace(made, sdk=sdk, raw=own, problems=(*first, *made.problems, *more))


def _unread(value: dict[str, Any]) -> list[Problem]:
    if value.get("type") not in ("assistant", "user"):
        return []
    return unread(value, _KNOWN, "line", is_answered=True)


def _end(number: int, value: dict[str, Any], before: str, is_alone: bool) -> Exchange:
    """What stands at the end: what all of it took. Its text was said before, unless it stands alone."""
    told = {key: one for key, one in value.items() if key not in _ENDED and one not in (None, [], {})}
    text = f"{bodies.text(value.get('subtype'))}: {dumps(told)}"
    note = {"type": "document", "title": "result", "source": {"type": "text", "data": text}}
    messages = [{"role": "system", "content": [note]}]
    return Exchange(
        entry=number,
        request=Request("POST", "/v1/messages", (), Body("value", {"messages": messages})),
        response=_error(value) if value.get("is_error") else _reply(value) if is_alone else None,
        session=bodies.text(value.get("session_id")) or None,
        duration=_seconds(value.get("duration_ms")) if is_alone else None,
        sent=is_alone,
        sdk="claude-code",
        continues=link_name(before),
        raw=[value],
    )


def _seconds(thousandths: Json) -> float | None:
    is_number = isinstance(thousandths, (int, float)) and not isinstance(thousandths, bool)
    return bodies.seconds(thousandths / 1000) if is_number else None


def _error(value: dict[str, Any]) -> Response:
    told = value.get("errors")
    texts = [bodies.text(one) for one in (value.get("result"), *(told if isinstance(told, list) else ()))]
    text = "\n".join(filter(None, texts))
    status = bodies.status(value.get("api_error_status"))
    return Response(status, error=ProviderError(bodies.text(value.get("subtype")) or None, text or None, status, value))


def _reply(value: dict[str, Any]) -> Response:
    """The last message, with what was used for all of them."""
    models = [*bodies.obj(value.get("modelUsage"))]
    return Response(
        body=Body(
            "value",
            {
                "type": "message",
                "role": "assistant",
                "model": models[0] if len(models) == 1 else None,
                "content": [{"type": "text", "text": bodies.text(value.get("result"))}],
                "stop_reason": value.get("stop_reason"),
                "usage": value.get("usage"),
            },
        )
    )
