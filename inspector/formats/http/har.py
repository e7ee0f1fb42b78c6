"""HAR 1.2 (http://www.softwareishard.com/blog/har-12-spec/), as browsers, proxies, Playwright and Polly.js write it.

A body that was not kept, or not in this file, is said to be missing; its size is there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

from inspector.formats.reading import bodies
from inspector.formats.reading.entries import each
from inspector.formats.reading.source import Source
from inspector.model import Body, Exchange, Headers, Json, Problem, ProviderError, Request, Response

NAME = "har"
FILES = "HAR of browsers, Charles, Insomnia, mitmproxy, Playwright, Polly.js: `*.har`"

_HEAD = re.compile(rb'\{\s*"log"\s*:\s*\{')
_WAYS = {"send": "sent", "receive": "received"}
_BINARY = 2
"""The opcode of a WebSocket's binary frame."""


def sniff(source: Source) -> bool:
    if _HEAD.match(source.start_of_text) is None:
        return False
    log = bodies.obj(source.json.value).get("log")
    return isinstance(log, dict) and isinstance(log.get("entries"), list)


def read(source: Source) -> Iterator[Exchange]:
    log = source.json.value["log"]
    test_id = bodies.text(log.get("_recordingName")) or None  # Polly.js: the titles of suite and test
    creator = bodies.text(bodies.obj(log.get("creator")).get("name"))
    entries = log["entries"]

    def made(number: int, entry: dict[str, Any]) -> Exchange:
        problems: list[Problem] = []
        if not isinstance(entry.get("request"), dict):
            problems.append(Problem("request", "there is none"))
        response = _response(entry, creator, problems)
        return Exchange(
            entry=number,
            request=_request(bodies.obj(entry.get("request")), creator, problems),
            response=response,
            test_id=test_id,
            started_at=bodies.moment(entry.get("startedDateTime")),
            duration=_seconds(entry.get("time")),
            hint=source.path,
            problems=tuple(problems),
            raw=entry,
        )

    return each(source, entries, made)


def _request(raw: dict[str, Any], creator: str, problems: list[Problem]) -> Request:
    headers = bodies.headers(raw.get("headers"))
    posted = bodies.obj(raw.get("postData"))
    body = _content(posted, creator, headers, problems, "request body") or _form(posted)
    return Request(bodies.text(raw.get("method")), bodies.text(raw.get("url")), headers, body)


def _form(posted: dict[str, Any]) -> Body | None:
    """The fields of a form that is not kept as text."""
    fields = [field for field in posted.get("params") or () if isinstance(field, dict) and "name" in field]
    if not fields:
        return None
    pairs = [(str(field["name"]), str(field.get("value", field.get("fileName", "")))) for field in fields]
    is_multipart = "multipart" in (bodies.text(posted.get("mimeType")))
    return Body("value", dict(pairs)) if is_multipart else Body("text", urlencode(pairs))


def _response(entry: dict[str, Any], creator: str, problems: list[Problem]) -> Response | None:
    """Status 0 is no answer: the request was blocked, broken off, or never came through."""
    raw = bodies.obj(entry.get("response"))
    headers = bodies.headers(raw.get("headers"))
    status = bodies.status(raw.get("status"))
    content = bodies.obj(raw.get("content"))
    body = _frames(entry, problems) or _content(content, creator, headers, problems, "response body")
    failure = bodies.text(raw.get("_error"))
    error = ProviderError(None, failure, None, failure) if failure else None
    if status is None and body is None and error is None:
        return None
    if body is None and error is None:
        _note_missing(content, problems)
    return Response(status, headers, body, error)


def _content(raw: dict[str, Any], creator: str, headers: Headers, problems: list[Problem], where: str) -> Body | None:
    """Text, base64, or (mitmproxy) bytes of unknown charset as Latin-1."""
    text = raw.get("text")
    if not isinstance(text, str):
        return bodies.body(text, problems, headers, where)
    if raw.get("encoding") == "base64":
        try:
            return bodies.body(bodies.from_base64(text), problems, headers, where)
        except ValueError as error:
            problems.append(Problem(where, str(error)))
            return bodies.body(text, problems, headers, where)
    data = bodies.from_latin1(text)
    if data is None and creator == "mitmproxy" and not text.isascii():
        text = _from_mitmproxy(text, bodies.text(raw.get("mimeType")))
    return bodies.body(text if data is None else data, problems, headers, where)


def _from_mitmproxy(text: str, mime_type: str) -> str:
    """It takes for Latin-1 what names no charset and is no JSON: most event streams, which are UTF-8."""
    if "charset" in mime_type or "json" in mime_type:
        return text
    try:
        return text.encode("latin-1").decode()
    except UnicodeError:
        return text


def _note_missing(content: dict[str, Any], problems: list[Problem]) -> None:
    size, kept, why = content.get("size"), bodies.text(content.get("_file")), bodies.text(content.get("comment"))
    if kept:
        problems.append(Problem("response body", f"kept in another file: {kept}"))
    elif isinstance(size, int) and size > 0:
        problems.append(Problem("response body", f"not saved by the recorder ({size:,} bytes)"))
    elif why and "text" not in content:
        problems.append(Problem("response body", f"not saved by the recorder: {why}"[:300]))


def _frames(entry: dict[str, Any], problems: list[Problem]) -> Body | None:
    messages = entry.get("_webSocketMessages")
    if not isinstance(messages, list):
        return None
    frames: list[tuple[str, Json]] = []
    for message in messages:
        way = _WAYS.get(bodies.text(bodies.obj(message).get("type")))
        if way:
            frames.append((way, _frame(message)))
        else:
            why = message.get("data") if isinstance(message, dict) else message
            problems.append(Problem("websocket", f"not a message: {why}"[:300]))
    return Body("frames", frames)


def _frame(message: dict[str, Any]) -> Json:
    data = message.get("data")
    if message.get("opcode") == _BINARY and isinstance(data, str):
        try:
            return bodies.frame(bodies.from_base64(data))
        except ValueError:
            return bodies.frame(data)
    return bodies.frame(data)


def _seconds(milliseconds: Json) -> float | None:
    known = bodies.seconds(milliseconds)
    return None if known is None else known / 1000
