"""Fixtures of ReqLLM for Elixir (https://github.com/agentjido/req_llm), one JSON file an exchange.

A stream is kept as `chunks` beside a response without a body: base64 of what arrived at a time, cut anywhere. A
session over a WebSocket is a list of `frames`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from inspector.formats.reading import bodies, halves
from inspector.formats.reading.source import Source
from inspector.formats.reading.unread import unread
from inspector.model import Body, Exchange, Headers, Json, Problem, Request, Response

NAME = "req_llm"
FILES = "fixtures of ReqLLM (Elixir): `test/support/fixtures/<provider>/<model>/*.json`"

_MARKS = (b'"canonical_json"', b'"b64"', b'"responses_websocket_v1"')
_TOP = frozenset({"captured_at", "request", "response", "chunks", "events", "frames", "format"})
_KNOWN = halves.NEUTRAL.union(("body",))
_SIDES = {"client": "sent", "server": "received"}


def sniff(source: Source) -> bool:
    head = source.head
    if not source.start_of_text.startswith(b"{") or not any(mark in head for mark in _MARKS):
        return False
    value = bodies.obj(source.json.value)
    request = bodies.obj(value.get("request"))
    if "canonical_json" in request or "b64" in bodies.obj(request.get("body")):
        return "url" in request
    return value.get("format") == "responses_websocket_v1" and isinstance(value.get("frames"), list)


def read(source: Source) -> Iterator[Exchange]:
    value = source.json.value
    problems = list(source.json.problems)
    response = _response(value, problems)
    is_answered = response is not None and response.body is not None
    problems += unread(value, _TOP, "entry", is_answered=is_answered)
    date = bodies.header(response.headers, "date") if response else None
    yield Exchange(
        entry=0,
        request=_request(bodies.obj(value.get("request")), "frames" in value, problems),
        response=response,
        started_at=bodies.moment(value.get("captured_at") or date),
        hint=source.path,
        problems=tuple(problems),
        raw=value,
    )


def _request(raw: dict[str, Any], is_session: bool, problems: list[Problem]) -> Request:
    headers = bodies.headers(raw.get("headers"))
    body = _body(raw.get("body"), headers, problems, "request body")
    if body is None:
        body = bodies.body(raw.get("canonical_json"), problems, headers, "request body")
    method = "WEBSOCKET" if is_session else bodies.text(raw.get("method")).upper()
    return Request(method, bodies.text(raw.get("url")), headers, body)


def _response(value: dict[str, Any], problems: list[Problem]) -> Response | None:
    if isinstance(value.get("frames"), list):
        return Response(body=_frames(value["frames"], problems))
    raw = value.get("response")
    if not isinstance(raw, dict):
        return None
    headers = bodies.headers(raw.get("headers"))
    body = _body(raw.get("body"), headers, problems, "response body")
    problems += unread(raw, _KNOWN, "response body", is_answered=body is not None or "body" in raw)
    return Response(bodies.status(raw.get("status")), headers, body or _stream(value, headers, problems))


def _stream(value: dict[str, Any], headers: Headers, problems: list[Problem]) -> Body | None:
    """All pieces, put together before anything is read. Early fixtures have them among other `events`."""
    pieces = value.get("chunks", value.get("events"))
    coded = [bodies.obj(piece).get("b64") for piece in pieces] if isinstance(pieces, list) else []
    data = b"".join(_unpacked(text, problems) for text in coded if isinstance(text, str))
    return bodies.body(data, problems, headers, "response body")


def _unpacked(text: str, problems: list[Problem]) -> bytes:
    try:
        return bodies.from_base64(text)
    except ValueError as error:
        problems.append(Problem("response body", f"a chunk is {error}"))
        return b""


def _body(kept: Json, headers: Headers, problems: list[Problem], where: str) -> Body | None:
    coded = kept.get("b64") if isinstance(kept, dict) and kept.keys() == {"b64"} else None
    if isinstance(coded, str):
        return bodies.body(_unpacked(coded, problems), problems, headers, where)
    return bodies.body(kept, problems, headers, where)


def _frames(recorded: list[Any], problems: list[Problem]) -> Body:
    frames: list[tuple[str, Json]] = []
    for number, frame in enumerate(map(bodies.obj, recorded)):
        side = _SIDES.get(bodies.text(frame.get("direction")))
        if side:
            frames.append((side, bodies.frame(frame.get("event"))))
        else:
            problems.append(Problem(f"frame {number + 1}", "not a message: it names no direction"))
    return Body("frames", frames)
