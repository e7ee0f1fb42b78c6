"""Pairs of a request and its response as JSON: what proxies, gateways and loggers of one's own write.

One pair, a list of them, or one a line; a response alone, too, if it is a model's. A pair names its halves in one of a
few ways; each half is an HTTP message (address, headers, body) or nothing but the body of one, parsed or as text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from inspector.formats.reading import bodies
from inspector.formats.reading.entries import each, each_line
from inspector.formats.reading.file_bytes import HEAD
from inspector.formats.reading.llm_shapes import first, is_answer, is_request
from inspector.formats.reading.source import Source
from inspector.model import Body, Exchange, Headers, Json, Problem, ProviderError, Request, Response
from inspector.model.jsonio import NotJson, loads, parse_or_none, salvage

NAME = "pairs"
FILES = "request and response pairs of proxies and loggers: `*.json`, `*.jsonl`"

_HALVES = (
    ("request", "response"), ("req", "res"), ("req", "resp"), ("raw_request", "raw_response"), ("input", "output"),
    ("request_body", "response_body"), ("requestBody", "responseBody"),
)  # fmt: skip
_FEW = 5
"""Lines that a file is judged by."""

_SPAN = ("gen_ai.", "llm.", "spanContext", "traceId")
"""What keys of a tracing span begin with: it may keep an input and an output too."""

_ANSWERS = tuple(answered for _, answered in _HALVES)
_LISTS = ("pairs", "entries", "exchanges", "calls", "logs", "requests", "records", "traffic", "rawPairs")
_HEAD = re.compile(
    rb'"(?:request|req|res|resp|response|raw_request|input|output|request_body|requestBody|messages)"\s*:'
    rb'|"(?:status|status_code|statusCode)"\s*:\s*[1-5][0-9][0-9]\b'
)

_STREAM = re.compile(r"\s*(?:event: *[a-z_.]+\r?\n)?data: *\{")

_URL = ("url", "uri", "endpoint", "path", "target")
_STATUS = ("status_code", "statusCode", "status", "code")
_HEADERS = ("headers", "header")
_BODY = ("body", "body_raw", "bodyRaw", "content", "payload", "data", "json", "text", "events", "chunks")
_MILLISECONDS = ("duration_ms", "durationMs", "latency_ms", "latencyMs", "elapsed_ms", "elapsedMs", "response_time_ms")
_SECONDS = ("duration_seconds", "duration_s", "elapsed_seconds", "latency_seconds", "response_time")
_BEGAN = ("timestamp", "started_at", "startTime", "start_time", "startedAt", "time", "ts", "date", "created_at")
_ENDED = ("ended_at", "endTime", "end_time", "finished_at", "timestamp")
_SESSION = ("session_id", "sessionId", "conversation_id", "conversationId", "thread_id")


def sniff(source: Source) -> bool:
    start = source.start_of_text
    if not (start[:1] in (b"{", b"[") or b"\n{" in start) or _HEAD.search(start) is None:
        return False
    return any(map(_is_pair, _entries(_seen(start)))) or any(map(_is_pair, _few_lines(start)))


def _few_lines(start: bytes) -> Iterator[dict[str, Any]]:
    """The first lines that are objects: the very first may be the end of one, or say what the file is."""
    for line in start.split(b"\n", _FEW)[:_FEW]:
        value = parse_or_none(line.decode("utf-8", "replace")) if line.startswith(b"{") else None
        if isinstance(value, dict):
            yield value


def _seen(start: bytes) -> Json:
    """The file's first line where that is a value of its own, else the file as far as the head has it."""
    line, _, _ = start.partition(b"\n")
    if line[:1] not in (b"{", b"["):
        return None
    try:
        return loads(line)
    except NotJson:
        return salvage(line if len(line) == len(start) or line.rstrip()[-1:] == b"}" else start)


def _entries(value: Json) -> list[Json]:
    if isinstance(value, dict):
        inner = next((value[key] for key in _LISTS if isinstance(value.get(key), list)), None)
        return [value] if inner is None or _halves(value) else inner
    return value if isinstance(value, list) else []


def read(source: Source) -> Iterator[Exchange]:
    if _is_lines(source.start_of_text):
        yield from each_line(source, lambda line, value: _exchange(line.number, value, source.path, line.position))
        return
    yield from each(source, _entries(source.json.value), lambda number, value: _exchange(number, value, source.path))


def _is_lines(start: bytes) -> bool:
    """Whether one of the first lines is a pair; of one that goes on behind the head, what can be seen of it."""
    if any(_halves(value) is not None for value in _few_lines(start)):
        return True
    line, more, _ = start.partition(b"\n")
    try:
        seen = loads(line)
    except NotJson:
        seen = salvage(line) if not more and len(start) >= HEAD - 3 else None
    return isinstance(seen, dict) and _halves(seen) is not None


# ---------------------------------------------------------------- what is a pair


def _is_pair(entry: Json) -> bool:
    """Whether an entry is a pair of HTTP messages or of a model's request and answer, as far as it can be seen."""
    halves = _halves(entry) if isinstance(entry, dict) else None
    if halves is None or any(str(key).startswith(_SPAN) for key in entry):
        return False
    asked, answered = map(_parsed, halves)
    body = _body_of(asked)
    if is_request(body) or is_answer(_body_of(answered)):
        return True
    if _is_http(asked) and isinstance(body, dict) and "role" in first(body.get("messages")):
        return True  # what else it has may stand behind the head
    if asked is None and answered is entry:
        return True
    return _is_http(asked) and _is_http_answer(answered) and not entry.keys().isdisjoint(_ANSWERS)


def _halves(entry: dict[str, Any]) -> tuple[Json, Json] | None:
    """The request and the response of an entry. A logger may keep the prompt in the entry itself."""
    for asked, answered in _HALVES:
        if asked in entry and (answered in entry or isinstance(entry[asked], dict)):
            request = entry[asked]
            if asked in ("request_body", "requestBody"):
                headers = entry.get("request_headers", entry.get("requestHeaders"))
                return {**entry, "headers": headers, "body": request}, _flat_response(entry, answered)
            return request, entry.get(answered)
    if "role" in first(entry.get("messages")) and "response" in entry:
        settings = entry.get("model_parameters", entry.get("optional_params"))
        return {"model": entry.get("model"), **bodies.obj(settings), "messages": entry["messages"]}, entry["response"]
    return (None, entry) if _is_lone_answer(entry) else None


def _is_lone_answer(entry: dict[str, Any]) -> bool:
    """Whether an entry is the HTTP response alone, with a model's answer for its body."""
    if bodies.status(_one(entry, _STATUS)) is None:
        return False
    said = _one(entry, _BODY)
    return is_answer(_body_of(entry)) or (isinstance(said, str) and _STREAM.match(said) is not None)


def _flat_response(entry: dict[str, Any], answered: str) -> Json:
    status = _one(entry, ("response_status", "responseStatus", *_STATUS))
    headers = entry.get("response_headers", entry.get("responseHeaders"))
    return {"status": status, "headers": headers, "body": entry.get(answered)}


def _is_http(value: Json) -> bool:
    return isinstance(value, dict) and isinstance(_one(value, _URL), str) and "method" in value


def _is_http_answer(value: Json) -> bool:
    return value is None or (isinstance(value, dict) and not value.keys().isdisjoint((*_STATUS, *_BODY)))


def _body_of(value: Json) -> Json:
    """The JSON of a half's body, for judging it."""
    if is_request(value) or is_answer(value) or not isinstance(value, dict):
        return first(value) if isinstance(value, list) else value
    inner = _parsed(_one(value, _BODY))
    return first(inner) if isinstance(inner, list) else inner


def _parsed(value: Json) -> Json:
    """A half that is kept as JSON text."""
    if isinstance(value, str) and value.lstrip()[:1] in ("{", "["):
        try:
            return loads(value)
        except NotJson:
            return value
    return value


def _one(value: dict[str, Any], keys: Iterable[str]) -> Any:
    """What stands under the first of some keys that has anything."""
    return next((value[key] for key in keys if value.get(key) not in (None, "")), None)


# ---------------------------------------------------------------- reading


def _exchange(number: int, entry: Json, path: str, position: int | None = None) -> Exchange | None:
    """The exchange of a pair; None for what is none, such as a line that only says what the file is."""
    if not isinstance(entry, dict):
        raise ValueError("an object is expected")
    halves = _halves(entry)
    if halves is None:
        return None
    problems: list[Problem] = []
    asked, answered = halves
    session = _one(entry, _SESSION)
    return Exchange(
        entry=number,
        request=request(asked, problems),
        response=response(answered, problems) or _failed(entry),
        session=session if isinstance(session, str) else None,
        started_at=started_at(entry, asked),
        duration=duration(entry, asked, answered),
        hint=path,
        position=position,
        problems=tuple(problems),
        raw=entry,
    )


def request(raw: Json, problems: list[Problem]) -> Request:
    """A request from its HTTP message, or from nothing but its body."""
    if not isinstance(raw, dict) or is_request(raw) or raw.keys().isdisjoint((*_URL, *_BODY)):
        return Request("", "", (), _body(raw, (), problems, "request body"))
    headers = bodies.headers(_one(raw, _HEADERS))
    url = _one(raw, _URL)
    body = _inner(raw, headers, problems, "request body")
    return Request(str(raw.get("method") or "").upper(), url if isinstance(url, str) else "", headers, body)


def response(raw: Json, problems: list[Problem]) -> Response | None:
    """A response from its HTTP message, or from nothing but its body; None where there was none."""
    if raw in (None, ""):
        return None
    if not isinstance(raw, dict) or is_answer(raw) or raw.keys().isdisjoint((*_STATUS, *_HEADERS, *_BODY)):
        return Response(None, (), _body(raw, (), problems, "response body"))
    headers = bodies.headers(_one(raw, _HEADERS))
    return Response(bodies.status(_one(raw, _STATUS)), headers, _inner(raw, headers, problems, "response body"))


def _inner(raw: dict[str, Any], headers: Headers, problems: list[Problem], where: str) -> Body | None:
    encoded = next((raw[key] for key in ("body_base64", "bodyBase64") if isinstance(raw.get(key), str)), None)
    content = _one(raw, _BODY) if encoded is None else encoded
    if isinstance(content, str) and (encoded or raw.get("encoding") == "base64" or raw.get("isBase64Encoded") is True):
        content = bodies.from_base64(content)
    return _body(content, headers, problems, where)


def _body(content: Json, headers: Headers, problems: list[Problem], where: str) -> Body | None:
    """A body; a list of a stream's events, which may be wrapped with their names, as the chunks that they are."""
    if not isinstance(content, list) or not content:
        return bodies.body(content, problems, headers, where)
    if all(isinstance(piece, str) for piece in content):
        return Body("text", "".join(content))
    wrapped = all(isinstance(one, dict) and "event" in one and "data" in one for one in content)
    chunks = [_parsed(one["data"]) for one in content] if wrapped else content
    return Body("chunks" if wrapped or is_answer(first(chunks)) else "value", chunks)


def _failed(entry: dict[str, Any]) -> Response | None:
    """What a logger keeps in place of a response that never came."""
    error = entry.get("error")
    if not error:
        return None
    known = error if isinstance(error, dict) else {"message": str(error)}
    kind, said = known.get("type", known.get("name")), known.get("message")
    told = ProviderError(kind if isinstance(kind, str) else None, said if isinstance(said, str) else None, None, error)
    return Response(error=told)


# ---------------------------------------------------------------- times


def started_at(entry: dict[str, Any], asked: Json) -> str | None:
    """When the request was sent, as far as somebody says so."""
    told = (_one(asked, _BEGAN) if _is_http(asked) else None), _one(entry, _BEGAN)
    return next((moment for one in told if (moment := bodies.moment(_seconds(one) or one)) is not None), None)


def duration(entry: dict[str, Any], asked: Json, answered: Json) -> float | None:
    """Seconds from the request to the response: as noted, or between two times that are."""
    for keys, unit in ((_MILLISECONDS, 1000), (_SECONDS, 1)):
        noted = _one(entry, keys)
        if isinstance(noted, (int, float)) and not isinstance(noted, bool) and noted >= 0:
            return noted / unit
    told = None
    if _is_http(asked) and isinstance(answered, dict):
        told = _between(_one(asked, _BEGAN), _one(answered, _ENDED))
    return _between(_one(entry, _BEGAN), _one(entry, _ENDED[:-1])) if told is None else told


def _between(began: Json, ended: Json) -> float | None:
    first_, last = _seconds(began), _seconds(ended)
    return round(last - first_, 6) if first_ is not None and last is not None and last >= first_ else None


def _seconds(told: Json) -> float | None:
    """Seconds since 1970 from a number of them, or of their thousandths or millionths, or from ISO 8601."""
    if isinstance(told, (int, float)) and not isinstance(told, bool):
        return told / next((unit for unit in (1e9, 1e6, 1e3) if told > unit * 1e8), 1)
    moment = bodies.moment(told)
    if moment is None:
        return None
    from datetime import datetime

    return datetime.fromisoformat(moment).timestamp()
