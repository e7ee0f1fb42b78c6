"""Cassettes of VCR.py (https://vcrpy.readthedocs.io), YAML or JSON, and what test suites made of them: bodies kept
parsed, requests and responses in a list each, and cassettes of WebSockets and of gRPC calls."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import zip_longest
from typing import Any

from inspector.formats.reading import bodies, halves
from inspector.formats.reading.entries import each
from inspector.formats.reading.source import Source
from inspector.formats.reading.test_name import pytest_id
from inspector.formats.reading.yaml_file import Unread
from inspector.formats.vcr import xai_calls
from inspector.model import Body, Exchange, Headers, Json, Problem, Request, Response
from inspector.model.expressions import expression

NAME = "vcr"
FILES = "cassettes of VCR.py, pytest-recording, pytest-vcr: `cassettes/**/*.yaml`, `.json`, `.yaml.gz`"

_HEAD = expression(rb'^["\']?interactions["\']?:|^- request:[ \t]*(?:!\S+[ \t]*)?\r?\n', re.MULTILINE)
_JSON = expression(rb'\{(?:\s*"\w+"\s*:\s*(?:"[^"]*"|[0-9.]+|null|\{[^{}]*\})\s*,)*\s*"interactions"\s*:')
_REQUESTS = b"requests:"
_FIRST = frozenset({"direction", "kind", "request_sample", "request_stream", "collections_method"})
_TOP = frozenset({"interactions", "version", "metadata"})
_BEGUN = frozenset({"body", "parsed_body", "headers", "method"})
"""Keys of a request that come before its address, where a file stops."""
_ASKED = ("request_sample", "request_stream", "request")
_READ = frozenset({*_ASKED, "response_sample", "response_stream", "response", "method", "collections_method"})
_PORTS = {"http": 80, "https": 443}


def sniff(source: Source) -> bool:
    first_bytes = source.start_of_text
    if not (first_bytes.startswith(_REQUESTS) or _HEAD.search(source.head) or _JSON.match(first_bytes)):
        return xai_calls.is_one(source)
    entries = _entries(source)
    if not entries:
        return _is_empty(source)
    known = [entry for entry in entries if isinstance(entry, dict)]
    if not known:
        return any(isinstance(entry, Unread) and "uri:" in entry.text for entry in entries)
    return any(_is_one(entry, source.cut is not None) for entry in known)


def _is_one(entry: dict[str, Any], cut: bool) -> bool:
    if "request" not in entry:
        return not entry.keys().isdisjoint(_FIRST)
    return _is_request(entry["request"], cut)


def _is_request(request: Any, cut: bool) -> bool:
    if not isinstance(request, dict):
        return cut and request is None
    return "uri" in request or {"host", "path", "protocol"} <= request.keys() or (cut and request.keys() <= _BEGUN)


def _is_empty(source: Source) -> bool:
    """A cassette without interactions, as a test leaves it that asked nobody."""
    is_json = source.start_of_text.startswith(b"{")
    top = source.json.value if is_json else next(iter(source.yaml.documents), None)
    if top == {"requests": [], "responses": []}:
        return True
    return isinstance(top, dict) and "interactions" in top and top.keys() <= _TOP and top.get("version") in (1, None)


def read(source: Source) -> Iterator[Exchange]:
    entries = _entries(source)
    test_id = pytest_id(source.path)
    if any(isinstance(entry, dict) and "direction" in entry for entry in entries):
        yield _conversation(entries, source.path, test_id)
        return
    yield from each(source, entries, lambda number, entry: _exchange(number, entry, source.path, test_id), _READ)


def _entries(source: Source) -> list[Any]:
    """Since version 1 a list under a key; before that the document was the list."""
    if source.start_of_text.startswith(_REQUESTS):
        return _paired(source)
    if xai_calls.is_one(source):
        return xai_calls.entries(source)
    return source.listed("interactions") or (source.listed("") if source.start_of_text.startswith(b"- ") else [])


def _paired(source: Source) -> list[Any]:
    """LangChain's serializer writes all requests and then all responses, in the same order."""
    requests, responses = source.listed("requests"), source.listed("responses")
    if not responses and not all(_is_whole(request) for request in requests[:1]):
        return []
    return [
        next((one for one in pair if isinstance(one, Unread)), {"request": pair[0], "response": pair[1]})
        for pair in zip_longest(requests, responses)
    ]


def _is_whole(request: Any) -> bool:
    """Whether this can only be a request of a cassette, where a file stops before its responses."""
    return isinstance(request, dict) and {"body", "headers", "method", "uri"} <= request.keys()


def _exchange(number: int, entry: Json, path: str, test_id: str | None) -> Exchange:
    if not isinstance(entry, dict):
        raise ValueError("an interaction is a mapping")
    problems: list[Problem] = []
    if _FIRST.isdisjoint(entry):
        request, response = _request(entry.get("request"), problems), _response(entry.get("response"), problems)
        provider = None
    else:
        request, response = _call(entry, problems)
        provider = "x_ai"
    return Exchange(
        entry=number,
        request=request,
        response=response,
        test_id=test_id,
        started_at=bodies.date(response.headers) if response else None,
        provider=provider,
        hint=path,
        problems=tuple(problems),
        raw=bodies.plain(entry),
    )


def _request(recorded: Json, problems: list[Problem]) -> Request:
    raw = bodies.obj(recorded)
    headers = _headers(raw.get("headers"))
    body = halves.kept(raw, headers, problems, "request body")
    return Request(str(raw.get("method") or "").upper(), _url(raw), headers, body)


def _url(raw: dict[str, Any]) -> str:
    """The address, which was kept in parts before version 1."""
    if "uri" in raw or "host" not in raw:
        return str(raw.get("uri") or "")
    scheme, port = str(raw.get("protocol") or "https"), raw.get("port")
    standard = port is None or str(port) == str(_PORTS.get(scheme))
    return f"{scheme}://{raw['host']}{'' if standard else f':{port}'}{raw.get('path') or ''}"


def _headers(recorded: Json) -> Headers:
    """Before version 1 a response's headers were lines."""
    if isinstance(recorded, list) and recorded and all(isinstance(line, str) and ":" in line for line in recorded):
        pairs = (line.partition(":") for line in recorded)
        return tuple((name.strip(), value.strip()) for name, _, value in pairs)
    return bodies.headers(recorded)


def _response(raw: Json, problems: list[Problem]) -> Response | None:
    """``body: {string: …}``; an older stub for httpx wrote ``content`` and ``status_code``."""
    if not isinstance(raw, dict):
        return None
    headers = _headers(raw.get("headers"))
    status = bodies.status(raw.get("status", raw.get("status_code")))
    return Response(status, headers, halves.kept(raw, headers, problems, "response body"))


def _call(raw: dict[str, Any], problems: list[Problem]) -> tuple[Request, Response | None]:
    """A gRPC call as the xAI SDK makes it: messages as JSON beside their bytes, or the bytes alone."""
    asked: dict[str, Any] = next((raw[key] for key in _ASKED if isinstance(raw.get(key), dict)), {})
    whole, stream = raw.get("response_sample"), raw.get("response_stream")
    request = Request("", str(raw.get("method") or ""), (), _told(asked, problems, "request body"))
    if isinstance(stream, dict):
        chunks, sent = stream.get("chunks_json"), stream.get("chunks_raw")
        joined = b"".join(one for one in sent if isinstance(one, bytes)) if isinstance(sent, list) else None
        body = Body("chunks", bodies.plain(chunks or [])) if chunks or not joined else None
        return request, Response(body=body or _told({"raw": joined}, problems, "response body"))
    told = _told(whole, problems, "response body") if isinstance(whole, dict) else None
    return request, Response(body=told) if told else None


def _told(message: dict[str, Any], problems: list[Problem], where: str) -> Body | None:
    """A message by its JSON; its bytes say nothing without their schema."""
    told, raw = message.get("json"), message.get("raw")
    if told is None and isinstance(raw, bytes):
        problems.append(Problem(where, "kept only as the bytes of a protobuf message"))
        return Body("bytes", raw)
    return None if told is None else Body("value", bodies.plain(told))


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
