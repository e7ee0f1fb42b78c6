"""Frames of one WebSocket, one a line or in a list, each with its direction, as loggers of realtime sessions write."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from inspector.formats.reading import bodies
from inspector.formats.reading.halves import one_of, parsed
from inspector.formats.reading.llm_shapes import is_answer
from inspector.formats.reading.records import first_records
from inspector.formats.reading.source import CutShort, Source
from inspector.formats.reading.times import all_seconds, between, moment
from inspector.formats.reading.unread import left_over
from inspector.model import Body, Exchange, Json, Problem, Request, Response
from inspector.model.expressions import expression
from inspector.model.jsonio import NotJson, loads, parse_or_none

NAME = "frames"
FILES = "frames of a WebSocket with their directions: `*.jsonl`, `*.ndjson`, `*.json`, lines such as `> {…}`"

_ARROWED = expression(r"\s*([<>]|->|<-|[→←↑↓])\s*+(?=\{)")
"""A line that begins with its direction: ``> {"type": …}``."""

_HEAD = expression(rb'"(?:dir|direction|side|way|sender|from|type|kind|event)"\s*:')
_DIRECTIONS = ("direction", "dir", "side", "way", "sender", "from")
_KINDS = ("type", "kind", "event")
"""Keys that may have a direction, or many other things."""

_SENT = (
    "> -> >> → ↑ out sent send client outgoing outbound up upstream request tx to_server c2s client_to_server "
    "client->server"
)
_RECEIVED = (
    "< <- << ← ↓ in received receive recv server incoming inbound down downstream response rx from_server s2c "
    "server_to_client server->client"
)
_WAYS = {**dict.fromkeys(_SENT.split(), "sent"), **dict.fromkeys(_RECEIVED.split(), "received")}
_PLAIN = frozenset({"sent", "send", "received", "receive", "recv", "outgoing", "incoming", "outbound", "inbound"})
_SAID = ("msg", "message", "data", "payload", "frame", "body", "event", "content", "text", "raw")
_LISTS = ("frames", "messages", "events", "ws_events")
_TYPES = ("response.", "session.", "conversation.", "input_audio_buffer.", "transcription_session.", "realtime.")
_GEMINI = frozenset({"setup", "setupComplete", "clientContent", "serverContent", "realtimeInput", "toolCall"})
_TIMES = ("time", "timestamp", "ts", "at")
_FEW = 5


def sniff(source: Source) -> bool:
    if _ARROWED.match(source.head[:64].decode("utf-8", "replace")):
        lines = source.head.decode("utf-8", "replace").splitlines()[:_FEW]
        return any(_is_frame(_arrowed(line)) for line in lines)
    if _HEAD.search(source.head) is None:
        return False
    records = first_records(source)
    frames = [frame for record in records for frame in _inner(record)[:_FEW]]
    return any(map(_is_frame, frames))


def _arrowed(line: str) -> Json:
    """A line with its direction before it as a frame; any other as it is."""
    found = _ARROWED.match(line)
    said = parse_or_none(line[found.end() :]) if found else None
    return line if found is None or said is None else {"direction": found[1], "message": said}


def _inner(record: dict[str, Any]) -> list[Json]:
    """The frames of a document; a record that is none is a frame itself."""
    found = next((record[key] for key in _LISTS if isinstance(record.get(key), list)), None)
    return [record] if found is None or _way(record) else found


def _way(frame: Json) -> str | None:
    if not isinstance(frame, dict):
        return None
    said = one_of(frame, _DIRECTIONS)
    if said is None:
        said = next((frame[key] for key in _KINDS if isinstance(frame.get(key), str) and frame[key] in _PLAIN), None)
    return _WAYS.get(said.lower()) if isinstance(said, str) else None


def _is_frame(frame: Json) -> bool:
    """Whether a value has a direction and a message of a model's session."""
    said = parsed(one_of(frame, _SAID)) if _way(frame) else None
    if not isinstance(said, dict):
        return False
    kind = said.get("type")
    return (isinstance(kind, str) and kind.startswith(_TYPES)) or is_answer(said) or not said.keys().isdisjoint(_GEMINI)


def read(source: Source) -> Iterator[Exchange]:
    problems: list[Problem] = []
    records, cut = _records(source)
    frames = [frame for record in records for frame in (_inner(record) if isinstance(record, dict) else [record])]
    said = [(way, frame) for frame in frames if (way := _way(frame))]
    known = [(way, bodies.frame(one_of(frame, _SAID))) for way, frame in said]
    problems += left_over(len(frames) - len(known), "frame", "file")
    began, ended = (one_of(bodies.obj(frame), _TIMES) for frame in (frames[0], frames[-1])) if frames else (None, None)
    opened = bodies.obj(records[0]) if records else {}
    yield Exchange(
        entry=0,
        request=Request(
            "WEBSOCKET", bodies.text(one_of(opened, ("url", "uri"))), bodies.headers(opened.get("headers"))
        ),
        response=Response(body=Body("frames", known), times=all_seconds(one_of(frame, _TIMES) for _, frame in said)),
        started_at=moment(began),
        duration=between(began, ended),
        hint=source.path,
        problems=tuple(problems),
        raw=frames,
    )
    if cut:
        raise CutShort(cut)


def _records(source: Source) -> tuple[list[Json], str | None]:
    """The document, or the values of all lines, and whether the last one is half a line."""
    value = source.json.value
    if value is not None:
        return (value if isinstance(value, list) else [value]), None
    records: list[Json] = []
    lines = [line for line in source.data.splitlines() if line.strip()]
    for number, line in enumerate(lines):
        try:
            records.append(loads(line))
        except NotJson as error:
            if error.truncated and number == len(lines) - 1:
                return records, f"line {number + 1} stops in the middle"
            records.append(_arrowed(line.decode("utf-8", "replace")))
    return records, None
