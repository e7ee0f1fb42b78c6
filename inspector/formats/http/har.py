"""HAR 1.2 (http://www.softwareishard.com/blog/har-12-spec/), as browsers, proxies, Playwright and Polly.js write it.

A body that was not kept, or not in this file, is said to be missing; its size is there.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

from inspector.formats.reading import bodies, body_file, encoded, times
from inspector.formats.reading.entries import each
from inspector.formats.reading.source import Source
from inspector.formats.reading.unread import unread
from inspector.model import Body, Exchange, Headers, Json, Problem, ProviderError, Request, Response
from inspector.model.expressions import expression

NAME = "har"
FILES = "HAR of browsers, Charles, Insomnia, mitmproxy, Playwright, Polly.js: `*.har`"

_YAML = expression(rb"(?:---[^\n]*\n|#[^\n]*\n)*log:\s*\n")
_HEAD = expression(rb'\{\s*"log"\s*:\s*\{')
_ENCODINGS = {"base64": encoded.from_base64, "hex": encoded.from_hex}
_MESSAGE = {"headers", "cookies", "httpVersion", "headersSize", "bodySize", "comment", "_id", "_order", "_error"}
_REQUEST = _MESSAGE | {"method", "url", "queryString", "postData", "_content"}
_RESPONSE = _MESSAGE | {"status", "statusText", "content", "redirectURL", "_transferSize"}
_CONTENT = {
    "size",
    "mimeType",
    "compression",
    "text",
    "textJSON",
    "encoding",
    "params",
    "comment",
    "_file",
    "_isBinary",
}
_ENTRY = {
    "request", "response", "startedDateTime", "time", "timings", "cache", "pageref", "comment", "connection",
    "serverIPAddress", "_webSocketMessages", "_eventSourceMessages", "_initiator",
}  # fmt: skip
"""Keys that are read, or say nothing of what was said. Recorders have many more of their own; those that hold an
answer are told by it."""

_WAYS = {"send": "sent", "receive": "received"}
_BINARY = 2
"""The opcode of a WebSocket's binary frame."""


def sniff(source: Source) -> bool:
    if _HEAD.match(source.start_of_text) is None and _YAML.match(source.start_of_text) is None:
        return False
    return isinstance(_log(source).get("entries"), list)


def _log(source: Source) -> dict[str, Any]:
    """The log, which a persister of Polly.js may write as YAML."""
    is_json = source.start_of_text.startswith(b"{")
    document = source.json.value if is_json else bodies.plain(next(iter(source.yaml.documents), None))
    return bodies.obj(bodies.obj(document).get("log"))


def read(source: Source) -> Iterator[Exchange]:
    log = _log(source)
    test_id = bodies.text(log.get("_recordingName")) or None  # Polly.js: the titles of suite and test
    creator = bodies.text(bodies.obj(log.get("creator")).get("name"))
    entries = log["entries"]

    def made(number: int, entry: dict[str, Any]) -> Exchange:
        problems: list[Problem] = []
        if not isinstance(entry.get("request"), dict):
            problems.append(Problem("request", "there is none"))
        response = _response(entry, creator, source, problems)
        return Exchange(
            entry=number,
            request=_request(bodies.obj(entry.get("request")), creator, source, problems),
            response=response,
            test_id=test_id,
            started_at=bodies.moment(entry.get("startedDateTime")),
            duration=_seconds(entry.get("time")),
            hint=source.path,
            problems=tuple(problems),
            raw=entry,
        )

    return each(source, entries, made, _ENTRY)


def _request(raw: dict[str, Any], creator: str, source: Source, problems: list[Problem]) -> Request:
    headers = bodies.headers(raw.get("headers"))
    posted = bodies.obj(raw.get("postData")) or bodies.obj(
        raw.get("_content")
    )  # HTTP Toolkit's, for what HAR cannot hold
    body = _content(posted, creator, headers, problems, "request body") or _form(posted)
    if body is None and (kept := bodies.text(posted.get("_file"))):
        body = body_file.read(source, kept, problems, headers, "request body")
    problems += unread(raw, _REQUEST, "request", is_answered=True)
    return Request(bodies.text(raw.get("method")), bodies.text(raw.get("url")), headers, body)


def _form(posted: dict[str, Any]) -> Body | None:
    """The fields of a form that is not kept as text."""
    fields = [field for field in posted.get("params") or () if isinstance(field, dict) and "name" in field]
    if not fields:
        return None
    pairs = [(str(field["name"]), str(field.get("value", field.get("fileName", "")))) for field in fields]
    is_multipart = "multipart" in (bodies.text(posted.get("mimeType")))
    return Body("value", dict(pairs)) if is_multipart else Body("text", urlencode(pairs))


def _response(entry: dict[str, Any], creator: str, source: Source, problems: list[Problem]) -> Response | None:
    """Status 0 is no answer: the request was blocked, broken off, or never came through."""
    raw = bodies.obj(entry.get("response"))
    headers = bodies.headers(raw.get("headers"))
    status = bodies.status(raw.get("status"))
    content = bodies.obj(raw.get("content"))
    body = _frames(entry, problems) or _content(content, creator, headers, problems, "response body") or _events(entry)
    if body is None and (kept := bodies.text(content.get("_file"))):
        body = body_file.read(source, kept, problems, headers, "response body")
    if body is None:
        problems += unread(entry, _ENTRY, "entry", is_answered=False)
    problems += unread(raw, _RESPONSE, "response", is_answered=body is not None or "content" in raw)
    failure = bodies.text(raw.get("_error"))
    error = ProviderError(None, failure, None, failure) if failure else None
    if status is None and body is None and error is None:
        return None
    if body is None and error is None:
        _note_missing(content, problems)
    return Response(status, headers, body, error, _times(entry, body))


def _content(raw: dict[str, Any], creator: str, headers: Headers, problems: list[Problem], where: str) -> Body | None:
    """Text, base64, or (mitmproxy) bytes of unknown charset as Latin-1."""
    text = raw.get("text")
    problems += unread(raw, _CONTENT, where, is_answered=bool(text) or raw.get("textJSON") is not None)
    if not isinstance(text, str):
        return bodies.body(text if text is not None else raw.get("textJSON"), problems, headers, where)
    if (pieces := encoded.undone(text)) is not None and text.startswith("["):  # Polly.js: a JSON array of chunks
        return bodies.of_bytes(pieces, problems, headers, where)
    if raw.get("encoding") in _ENCODINGS:
        try:
            return bodies.body(_ENCODINGS[raw["encoding"]](text), problems, headers, where)
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
    size, why = content.get("size"), bodies.text(content.get("comment"))
    if "_file" in content:
        return  # said where it was looked for
    if isinstance(size, int) and size > 0:
        problems.append(Problem("response body", f"not saved by the recorder ({size:,} bytes)"))
    elif why and "text" not in content:
        problems.append(Problem("response body", f"not saved by the recorder: {why}"[:300]))


def _events(entry: dict[str, Any]) -> Body | None:
    """The events of a stream that the page read with an EventSource, put back into words: Chrome keeps no content."""
    kept = entry.get("_eventSourceMessages")
    if not isinstance(kept, list) or not kept:
        return None
    events = [_event(message) for message in map(bodies.obj, kept)]
    return Body("text", "".join(events))


def _event(message: dict[str, Any]) -> str:
    name, id, data = (bodies.text(message.get(key)) for key in ("eventName", "eventId", "data"))
    lines = [f"event: {name}"] if name not in ("", "message") else []
    lines += [f"id: {id}"] if id else []
    return "\n".join([*lines, *(f"data: {line}" for line in data.split("\n"))]) + "\n\n"


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


def _times(entry: dict[str, Any], body: Body | None) -> tuple[float, ...]:
    """When the frames, or the events of a stream, came."""
    if body is not None and body.kind == "frames":
        messages = [one for one in entry["_webSocketMessages"] if bodies.text(bodies.obj(one).get("type")) in _WAYS]
    else:
        kept = entry.get("_eventSourceMessages")
        messages = kept if isinstance(kept, list) else []
    return times.all_seconds(bodies.obj(one).get("time") for one in messages)


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
