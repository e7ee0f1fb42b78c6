"""Pairs of a request and its response as JSON: what proxies, gateways and loggers of one's own write.

One pair, a list of them, or one a line; a response alone, too, if it is a model's. A pair names its halves in one of a
few ways; each half is an HTTP message (address, headers, body) or nothing but the body of one, parsed or as text.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import Any

from inspector.formats.generic import logged
from inspector.formats.reading import bodies, encoded, halves
from inspector.formats.reading.entries import each, each_line
from inspector.formats.reading.file_bytes import HEAD
from inspector.formats.reading.halves import BODY, METHOD, PARSED, STATUS, URL, has_body, one_of, parsed
from inspector.formats.reading.llm_shapes import first, is_answer, is_request
from inspector.formats.reading.source import Source
from inspector.formats.reading.times import between, moment
from inspector.model import Exchange, Json, Problem, ProviderError, Response
from inspector.model.expressions import expression
from inspector.model.jsonio import NotJson, loads, parse_or_none, salvage

NAME = "pairs"
FILES = "request and response pairs of proxies and loggers: `*.json`, `*.jsonl`"

_HALVES = (
    ("request", "response"), ("req", "res"), ("req", "resp"), ("raw_request", "raw_response"), ("input", "output"),
    ("Request", "Response"), ("request_body", "response_body"), ("requestBody", "responseBody"),
    ("modelInput", "modelOutput"),
)  # fmt: skip
_IN_ENTRY = frozenset({*chain.from_iterable(_HALVES), *logged.KEYS, *URL, *BODY})
"""Keys of an entry that are read, or that a request is no news under."""

_MOST_KEYS = 40
"""Keys of an entry that is looked through for halves."""

_NAMES = frozenset(asked for asked, _ in _HALVES)
_FEW = 5
"""Lines that a file is judged by."""

_SPAN = ("gen_ai.", "llm.", "spanContext", "traceId")
"""What keys of a tracing span begin with: it may keep an input and an output too."""

_ANSWERS = tuple(answered for _, answered in _HALVES)
_HEAD = expression(
    rb'"(?:[Rr]equest|req|res|resp|[Rr]esponse|raw_request|input|output|request_body|requestBody|modelInput|'
    rb'messages|prompt)\\?"\s*:'
    rb'|"(?:status|status_code|statusCode|StatusCode)"\s*:\s*[1-5][0-9][0-9]\b'
)

_STREAM = expression(r"\s*(?:event: *[a-z_.]+\r?\n)?data: *\{")

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
        return [value] if _halves(value) else _listed(value)
    return value if isinstance(value, list) else []


def _listed(value: dict[str, Any]) -> list[Json]:
    """The list of pairs in an object, under any key or below one; one that keeps each pair under a key of its own as
    their list. Where none holds any, the object itself."""
    within = chain(value.values(), *(one.values() for one in value.values() if isinstance(one, dict)))
    inner = [one for one in within if isinstance(one, list) and any(map(_is_pair, one[:_FEW]))]
    if inner:
        return inner[0]
    found = [one for one in value.values() if isinstance(one, dict)]
    asks = any(_is_pair(one) and (_halves(one) or (None,))[0] is not None for one in found[:_FEW])
    return found if asks else [value]


def read(source: Source) -> Iterator[Exchange]:
    path = source.path
    if _is_lines(source.start_of_text):
        yield from each_line(source, lambda at, value: _exchange(at.number, value, path, at.position), _keys)
        return
    yield from each(source, _entries(source.json.value), lambda at, value: _exchange(at, value, path), _keys)


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
    found = _halves(entry) if isinstance(entry, dict) else None
    if found is None or any(str(key).startswith(_SPAN) for key in entry):
        return False
    asked, answered = map(parsed, found)
    body = _body_of(asked)
    if is_request(body) or is_answer(_body_of(answered)):
        return True
    if _is_http(asked) and isinstance(body, dict) and "role" in first(body.get("messages")):
        return True  # what else it has may stand behind the head
    if answered is entry:
        return True
    return _is_http(asked) and _is_http_answer(answered) and not entry.keys().isdisjoint(_ANSWERS)


def _halves(entry: dict[str, Any]) -> tuple[Json, Json] | None:
    """The request and the response of an entry. A logger may keep both in the entry itself."""
    if (told := logged.flat(entry)) is not None:
        return told
    for asked, answered in _HALVES:
        if asked in entry and (answered in entry or isinstance(entry[asked], dict)):
            request = entry[asked]
            if asked in ("request_body", "requestBody"):
                headers = entry.get("request_headers", entry.get("requestHeaders"))
                address = {key: entry[key] for key in (*METHOD, *URL) if key in entry}
                return {**address, "headers": headers, "body": request}, _flat_response(entry, answered)
            return request, entry.get(answered)
    if (named := _named_otherwise(entry)) is not None:
        return entry[named[0]], entry[named[1]]
    if not _is_lone_answer(entry):
        return None
    return ({key: entry[key] for key in (*METHOD, *URL) if key in entry} if _is_http(entry) else None), entry


def _keys(entry: dict[str, Any]) -> frozenset[str]:
    """The keys of an entry that are read."""
    named = None if entry.keys() & _NAMES else _named_otherwise(entry)
    return _IN_ENTRY.union(named) if named else _IN_ENTRY


def _named_otherwise(entry: dict[str, Any]) -> tuple[str, str] | None:
    """The keys of the halves under names of a logger's own: where one is a model's request and another an answer, kept
    parsed or as text."""
    if len(entry) > _MOST_KEYS or is_request(entry) or is_answer(entry):
        return None
    halves_of = [(key, parsed(value)) for key, value in entry.items() if isinstance(value, (dict, str))]
    asked = next((key for key, value in halves_of if is_request(value) and not is_answer(value)), None)
    answered = next((key for key, value in halves_of if is_answer(value) and not is_request(value)), None)
    return None if asked is None or answered is None else (asked, answered)


def _is_lone_answer(entry: dict[str, Any]) -> bool:
    """Whether an entry is the HTTP response alone, with a model's answer for its body."""
    if bodies.status(one_of(entry, STATUS)) is None:
        return False
    said = one_of(entry, BODY)
    data = encoded.undone(said) if isinstance(said, str) else None
    text = data.decode("utf-8", "replace") if data else said
    told = parsed(text) if data else _body_of(entry)
    return is_answer(told) or (isinstance(text, str) and _STREAM.match(text) is not None)


def _flat_response(entry: dict[str, Any], answered: str) -> Json:
    status = one_of(entry, ("response_status", "responseStatus", *STATUS))
    headers = entry.get("response_headers", entry.get("responseHeaders"))
    return {"status": status, "headers": headers, "body": entry.get(answered)}


def _is_http(value: Json) -> bool:
    return isinstance(value, dict) and isinstance(one_of(value, URL), str) and any(key in value for key in METHOD)


def _is_http_answer(value: Json) -> bool:
    return value is None or (isinstance(value, dict) and (has_body(value) or not value.keys().isdisjoint(STATUS)))


def _body_of(value: Json) -> Json:
    """The JSON of a half's body, for judging it."""
    if is_request(value) or is_answer(value) or not isinstance(value, dict):
        return first(value) if isinstance(value, list) else value
    inner = parsed(one_of(value, (*PARSED, *BODY)))
    return first(inner) if isinstance(inner, list) else inner


# ---------------------------------------------------------------- reading


def _exchange(number: int, entry: Json, path: str, position: int | None = None) -> Exchange | None:
    """The exchange of a pair; None for what is none, such as a line that only says what the file is."""
    if not isinstance(entry, dict):
        raise ValueError("an object is expected")
    found = _halves(entry)
    if found is None:
        return None
    problems: list[Problem] = []
    asked, answered = found
    answered = logged.as_answer(parsed(asked), answered)
    session = one_of(entry, _SESSION)
    return Exchange(
        entry=number,
        request=halves.request(asked, problems),
        response=halves.response(answered, problems) or _failed(entry),
        session=session if isinstance(session, str) else None,
        started_at=started_at(entry, asked),
        duration=duration(entry, asked, answered),
        hint=path,
        position=position,
        problems=tuple(problems),
        raw=entry,
    )


def _failed(entry: dict[str, Any]) -> Response | None:
    """What a logger keeps in place of a response that never came."""
    error = one_of(entry, logged.ERRORS)
    if not error:
        return None
    known = error if isinstance(error, dict) else {"message": str(error)}
    kind, said = known.get("type", known.get("name")), known.get("message")
    told = ProviderError(kind if isinstance(kind, str) else None, said if isinstance(said, str) else None, None, error)
    return Response(error=told)


# ---------------------------------------------------------------- times


def started_at(entry: dict[str, Any], asked: Json) -> str | None:
    """When the request was sent, as far as somebody says so."""
    told = (one_of(asked, _BEGAN) if _is_http(asked) else None), one_of(entry, _BEGAN)
    return next((known for one in told if (known := moment(one)) is not None), None)


def duration(entry: dict[str, Any], asked: Json, answered: Json) -> float | None:
    """Seconds from the request to the response: as noted, or between two times that are."""
    for keys, unit in ((_MILLISECONDS, 1000), (_SECONDS, 1)):
        noted = one_of(entry, keys)
        if isinstance(noted, (int, float)) and not isinstance(noted, bool) and noted >= 0:
            return noted / unit
    told = None
    if _is_http(asked) and isinstance(answered, dict):
        told = between(one_of(asked, _BEGAN), one_of(answered, _ENDED))
    return between(one_of(entry, _BEGAN), one_of(entry, _ENDED[:-1])) if told is None else told
