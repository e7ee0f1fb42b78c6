"""Cassettes of VCR.py (https://vcrpy.readthedocs.io), YAML or JSON, and what test suites made of them: bodies kept
parsed, and cassettes of WebSockets and of gRPC calls."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from inspector.formats import bodies
from inspector.formats.entries import each
from inspector.formats.source import Source, Unread
from inspector.formats.testname import pytest_id
from inspector.model import Body, Exchange, Json, Problem, Request, Response

NAME = "vcr"
FILES = "cassettes of VCR.py, pytest-recording, pytest-vcr: `cassettes/**/*.yaml`, `.json`, `.yaml.gz`"

_HEAD = re.compile(rb'^\s*\{?\s*["\']?interactions["\']?\s*:|^- request:', re.MULTILINE)
_FIRST = ("request", "direction", "kind", "request_sample", "request_stream", "collections_method")


def sniff(source: Source) -> bool:
    if _HEAD.search(source.head) is None:
        return False
    entries = _entries(source)
    first = next((entry for entry in entries if isinstance(entry, dict)), None)
    if first is None:
        return any(isinstance(entry, Unread) and "uri:" in entry.text for entry in entries)
    request = first.get("request")
    return (
        "uri" in request
        if isinstance(request, dict)
        else "request" not in first and not first.keys().isdisjoint(_FIRST)
    )


def read(source: Source) -> Iterator[Exchange]:
    entries = _entries(source)
    test_id = pytest_id(source.path)
    if any(isinstance(entry, dict) and "direction" in entry for entry in entries):
        yield _conversation(entries, source.path, test_id)
        return
    yield from each(entries, lambda number, entry: _exchange(number, entry, source.path, test_id))


def _entries(source: Source) -> list[Any]:
    """Since version 1 a list under a key; before that the document was the list."""
    entries = source.listed("interactions")
    top = next(iter(source.documents), None) if not entries and source.head.startswith(b"- ") else None
    return top if isinstance(top, list) else entries


def _exchange(number: int, entry: dict[str, Any], path: str, test_id: str | None) -> Exchange:
    problems: list[Problem] = []
    if "request" in entry:
        request, response = _request(entry["request"], problems), _response(entry.get("response"), problems)
        provider = None
    else:
        request, response = _call(entry)
        provider = "x_ai"
    return Exchange(
        entry=number,
        request=request,
        response=response,
        test_id=test_id,
        started_at=bodies.moment(bodies.header(response.headers, "date")) if response else None,
        provider=provider,
        hint=path,
        problems=tuple(problems),
        raw=bodies.plain(entry),
    )


def _request(raw: dict[str, Any], problems: list[Problem]) -> Request:
    headers = bodies.headers(raw.get("headers"))
    method, url = str(raw.get("method") or ""), str(raw.get("uri") or "")
    return Request(
        method.upper(), url, headers, _parsed(raw) or bodies.body(raw.get("body"), problems, headers, "request body")
    )


def _response(raw: Json, problems: list[Problem]) -> Response | None:
    """``body: {string: …}``; an older stub for httpx wrote ``content`` and ``status_code``."""
    if not isinstance(raw, dict):
        return None
    headers = bodies.headers(raw.get("headers"))
    kept = raw.get("body", raw.get("content"))
    if isinstance(kept, dict) and kept.keys() <= {"string", "encoding", "base64_string"}:
        kept = kept.get("string")
    status = bodies.status(raw.get("status", raw.get("status_code")))
    return Response(status, headers, _parsed(raw) or bodies.body(kept, problems, headers, "response body"))


def _parsed(raw: dict[str, Any]) -> Body | None:
    """A JSON body that the suite's serializer keeps as YAML."""
    value = raw.get("parsed_body")
    return Body("value", bodies.plain(value)) if value is not None else None


def _call(raw: dict[str, Any]) -> tuple[Request, Response | None]:
    """A gRPC call as the xAI SDK makes it: messages as JSON beside their bytes."""
    asked = raw.get("request_sample") or raw.get("request_stream") or raw.get("request") or {}
    whole, stream = raw.get("response_sample"), raw.get("response_stream")
    request = Request("", str(raw.get("method") or ""), (), Body("value", bodies.plain(asked.get("json"))))
    if isinstance(stream, dict):
        return request, Response(body=Body("chunks", bodies.plain(stream.get("chunks_json") or [])))
    if isinstance(whole, dict):
        return request, Response(body=Body("value", bodies.plain(whole.get("json"))))
    return request, None


def _conversation(entries: list[Any], path: str, test_id: str | None) -> Exchange:
    """A WebSocket: all frames of the cassette, both ways."""
    frames = [
        (str(entry["direction"]), bodies.plain(entry.get("data")))
        for entry in entries
        if isinstance(entry, dict) and entry.get("direction") in ("sent", "received")
    ]
    return Exchange(
        entry=0,
        request=Request("WEBSOCKET", ""),
        response=Response(body=Body("frames", frames)),
        test_id=test_id,
        hint=path,
        raw=bodies.plain(entries),
    )
