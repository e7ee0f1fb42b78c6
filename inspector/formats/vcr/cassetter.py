"""Cassettes of cassetter (https://github.com/Kludex/cassetter), YAML, JSON or TOML: HTTP, gRPC and WebSockets.

A body is kept beside its type: JSON as such (in TOML as its text), text, or binary as hex.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from typing import Any

from inspector.formats.reading import bodies, halves
from inspector.formats.reading.entries import each
from inspector.formats.reading.source import Source
from inspector.formats.reading.test_name import pytest_id
from inspector.formats.reading.unread import closed
from inspector.formats.reading.yaml_file import Unread
from inspector.model import Body, Exchange, Headers, Json, Problem, ProviderError, Request, Response
from inspector.model.expressions import expression

NAME = "cassetter"
FILES = "cassettes of cassetter, with gRPC and WebSockets: `cassettes/**/*.yaml`, `.json`, `.toml`"

_TYPED = expression(
    rb"\n +body:\r?\n +type: (?:json|text|binary|none)\r?\n|\n(?:grpc|ws)_interactions:"
    rb'|\nbody_type = "|\n\[\[(?:ws|grpc)_interactions'
    rb'|"body"\s*:\s*\{\s*"type"\s*:\s*"(?:json|text|binary|none)"|"(?:ws|grpc)_interactions"\s*:'
)
_MARKS = (
    b"type: json", b"type: text", b"type: binary", b"type: none", b"_interactions:", b"_interactions]]", b"body_type =",
)  # fmt: skip
_JSON_MARKS = (b'"content"', b'_interactions"')
"""What is looked for first, because it costs little."""

_LISTS = ("interactions", "grpc_interactions", "ws_interactions")
_SIDES = {"send": "sent", "sent": "sent", "recv": "received", "receive": "received", "received": "received"}
_READ = frozenset({"request", "response", "json_debug", "frames"})


def sniff(source: Source) -> bool:
    head = source.head
    marks = _JSON_MARKS if source.start_of_text[:1] == b"{" else _MARKS
    if b"interactions" not in head or not any(mark in head for mark in marks):
        return False
    return _TYPED.search(head) is not None and bool(_entries(source))


def read(source: Source) -> Iterator[Exchange]:
    test_id = pytest_id(source.path)
    yield from each(
        source, _entries(source), lambda number, entry: _exchange(number, entry, source.path, test_id), _READ
    )


def _entries(source: Source) -> list[Any]:
    """HTTP exchanges, then calls, then sessions: the file says no other order."""
    if source.start_of_text[:1] != b"{" and b"[[" in source.head and b"]]" in source.head:
        try:
            document = tomllib.loads(source.text)
        except tomllib.TOMLDecodeError:
            return []
        return [entry for key in _LISTS for entry in document.get(key) or ()]
    return [entry for key in _LISTS for entry in source.listed(key)]


def _exchange(number: int, entry: Json, path: str, test_id: str | None) -> Exchange:
    if isinstance(entry, Unread) or not isinstance(entry, dict):
        raise ValueError("an interaction is a mapping")
    problems: list[Problem] = []
    make = _session if "frames" in entry else _call if "json_debug" in entry or _is_call(entry) else _message
    request, response = make(entry, problems)
    return Exchange(
        entry=number,
        request=request,
        response=response,
        test_id=test_id,
        started_at=bodies.moment(entry.get("recorded_at")),
        hint=path,
        problems=tuple(problems),
        raw=bodies.plain(entry),
    )


def _is_call(entry: dict[str, Any]) -> bool:
    return "uri" not in bodies.obj(entry.get("request")) and "status_code" in bodies.obj(entry.get("response"))


def _message(entry: dict[str, Any], problems: list[Problem]) -> tuple[Request, Response | None]:
    asked, answered = bodies.obj(entry.get("request")), entry.get("response")
    headers = bodies.headers(asked.get("headers"))
    body = _body(asked, headers, problems, "request body")
    request = Request(bodies.text(asked.get("method")).upper(), bodies.text(asked.get("uri")), headers, body)
    if not isinstance(answered, dict):
        return request, None
    received = bodies.headers(answered.get("headers"))
    return request, Response(
        bodies.status(answered.get("status")), received, _body(answered, received, problems, "response body")
    )


def _body(raw: dict[str, Any], headers: Headers, problems: list[Problem], where: str) -> Body | None:
    if "body_type" not in raw:
        return halves.kept(raw, headers, problems, where)
    kept = halves.typed(raw["body_type"], raw.get("body_content"), problems, where)
    return bodies.body(kept, problems, headers, where)


def _call(entry: dict[str, Any], problems: list[Problem]) -> tuple[Request, Response | None]:
    """A gRPC call: what it says is in `json_debug`; bytes of protobuf say nothing without their schema."""
    asked, answered = bodies.obj(entry.get("request")), bodies.obj(entry.get("response"))
    told = bodies.obj(entry.get("json_debug"))
    request = Request(
        "",
        bodies.text(asked.get("method")),
        bodies.headers(asked.get("metadata")),
        _protobuf(told.get("request"), asked, problems, "request body"),
    )
    body = _protobuf(told.get("response"), answered, problems, "response body")
    return request, Response(
        None, bodies.headers(answered.get("metadata")), body, _failure(answered)
    ) if answered else None


def _failure(answered: dict[str, Any]) -> ProviderError | None:
    """What a call failed with; its status is gRPC's, of which 0 is success."""
    code, message = answered.get("status_code"), bodies.text(answered.get("status_message"))
    told = {"status_code": code, "status_message": message}
    return ProviderError(str(code), message or None, None, told) if code not in (None, 0, "0", "OK") else None


def _protobuf(told: Json, raw: dict[str, Any], problems: list[Problem], where: str) -> Body | None:
    if told is not None:
        return Body("chunks" if isinstance(told, list) else "value", bodies.plain(told))
    body = _body(raw, (), problems, where)
    if body is not None and body.kind == "bytes":
        problems.append(Problem(where, "kept only as the bytes of a protobuf message"))
    return body


def _session(entry: dict[str, Any], problems: list[Problem]) -> tuple[Request, Response]:
    """A WebSocket: all frames, both ways."""
    frames: list[tuple[str, Json]] = []
    for number, frame in enumerate(map(bodies.obj, entry.get("frames") or ())):
        side = _SIDES.get(bodies.text(frame.get("direction")))
        where = f"frame {number + 1}"
        if side is None:
            problems.append(Problem(where, "not a message: it names no direction"))
        elif frame.get("frame_type") == "close":
            problems += closed({**frame, **bodies.obj(frame.get("body"))}, where)
        else:
            body = bodies.obj(frame.get("body"))
            kind, content = body.get("type", frame.get("body_type")), body.get("content", frame.get("body_content"))
            frames.append((side, bodies.frame(halves.typed(kind, content, problems, where))))
    headers = bodies.headers(entry.get("headers"))
    return Request("WEBSOCKET", bodies.text(entry.get("uri")), headers), Response(body=Body("frames", frames))
