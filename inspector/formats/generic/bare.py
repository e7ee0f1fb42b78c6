"""A body without its recording: one response, request or stream, as ``curl`` prints it or a test suite keeps it.

Nothing says where it came from. One value, an array or lines of events, server-sent events and AWS event streams are
one exchange whose response may hold several, one after the other; lines of whole values are an exchange each.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from inspector.decode.framing import aws_event_stream, sse
from inspector.formats.reading import bodies
from inspector.formats.reading.entries import each, each_line
from inspector.formats.reading.file_bytes import HEAD
from inspector.formats.reading.lines import Line
from inspector.formats.reading.llm_shapes import is_answer, is_request, is_whole
from inspector.formats.reading.source import CutShort, Source
from inspector.model import Body, Event, Exchange, Headers, Json, Problem, Request, Response
from inspector.model.expressions import expression
from inspector.model.jsonio import NotJson, first, loads, parse_or_none, salvage

NAME = "bare"
FILES = "a response, request or stream on its own: `*.json`, `*.sse`, `*.ndjson`, `*.chunks.txt`, AWS event streams"

_MARK = expression(
    rb'"(?:choices|candidates|promptFeedback|usageMetadata|usage|object|delta|message|messages|contents|input|prompt|'
    rb"output|embeddings?|predictions|generations?|completions?|results|outputs|data|error|done|bytes|outputText|"
    rb'event_type|messageStart|messageStop|contentBlock\w+)"\s*:|"type"\s*:\s*"(?:message|content|response|tool)'
    rb'|"(?:chunk|event|payload|body)"\s*:\s*(?:\{|"\{)'
)
_DATA = expression(rb"^data: ?[\[{]", re.MULTILINE)
_HEADERS = expression(rb"\s*HTTP/\d(?:\.\d)? (\d{3})[^\n]*\n((?:[\w-]+:[^\n]*\n)*)\r?\n")
_LINE_END = expression(r"\r\n|\r|\n")
_BETWEEN = expression(r"[\s,]*")
_WRAPPED = ("data", "chunk", "event", "delta", "message", "payload", "body")
_MOST_KEYS = 8
"""Keys of an object that wraps an event."""

_FEW = 20
"""Events that a stream is judged by."""


def sniff(source: Source) -> bool:
    if aws_event_stream.looks_like(source.head):
        return b":message-type" in source.head[:1024]
    start = _without_headers(source.start_of_text)[1]
    if start[:1] in (b"{", b"["):
        return _MARK.search(start) is not None and _is_known(_first(start))
    if _DATA.search(start) is None or not sse.looks_like(start[:64].decode("utf-8", "replace")):
        return False
    events = zip(sse.events(start.decode("utf-8", "replace")), range(_FEW), strict=False)
    return any(is_answer(_seen(event)) for event, _ in events)


def _seen(event: Event) -> Json:
    """An event's data, or of the last one in the head as much as it holds."""
    return event.data if event.data is not None else salvage(event.raw or "")


def _first(start: bytes) -> Json:
    """The first of the JSON values that a text consists of, as far as it goes."""
    try:
        return first(start.decode("utf-8", "replace"))[0]
    except NotJson:
        return salvage(start)


def _is_known(value: Json) -> bool:
    ones = value[:_FEW] if isinstance(value, list) else (value,)
    return any(is_answer(one) or is_request(one) or _held(one) is not one for one in ones)


def _held(value: Json) -> Json:
    """The event in a line that a logger wrapped with its name or its time, parsed or as text; what is no such wrapper
    as it is."""
    if not isinstance(value, dict) or len(value) > _MOST_KEYS or is_answer(value) or is_request(value):
        return value
    for key in _WRAPPED:
        inner = value.get(key)
        told = parse_or_none(inner) if isinstance(inner, str) and inner[:1] == "{" else inner
        if is_answer(told):
            return told
    return value


# ---------------------------------------------------------------- reading


def read(source: Source) -> Iterator[Exchange]:
    if _is_lines(source.start_of_text):
        yield from each_line(source, lambda line, value: _of_line(line, value, source.path))
        return
    head, data = _without_headers(source.data)
    if not head:
        yield from _exchanges(source, None, ())
        return
    inner = Source(source.path, data)
    yield from _exchanges(inner, bodies.status(head[0]), bodies.headers(head[1:]))
    if inner.cut:
        raise CutShort(inner.cut)


def _is_lines(start: bytes) -> bool:
    """Whether every line is a value of its own, by the first one."""
    line, more, rest = start.partition(b"\n")
    if more and not rest.strip():
        return False
    try:
        return is_whole(loads(line)) and bool(more)
    except NotJson:
        return not more and len(start) == HEAD and is_whole(salvage(line))


def _of_line(line: Line, value: Json, path: str) -> Exchange:
    return replace(_of_value(value, path), entry=line.number, position=line.position)


def _of_value(value: Json, path: str) -> Exchange:
    return _exchange(Body("value", value), path, value)


def _exchanges(source: Source, status: int | None, headers: Headers) -> Iterator[Exchange]:
    problems: list[Problem] = []
    cut: CutShort | None = None
    if source.start_of_text[:1] not in (b"{", b"["):
        body = bodies.of_bytes(source.data, problems, headers)
        if body.kind == "text":
            cut = _cut_event(body.value)
        raw = {"text": body.value} if body.kind == "text" else bodies.plain(body.value)
    else:
        value = source.json.value
        if value is None:
            value = []
            try:
                value += _values(source.text.lstrip())  # extended value by value, up to the cut
            except CutShort as error:
                cut = error
        else:
            problems += source.json.problems
        if isinstance(value, list) and value and all(map(is_request, value)):
            yield from each(source, value, lambda at, one: replace(_of_value(one, source.path), entry=at))
            return
        held = list(map(_held, value)) if isinstance(value, list) else value
        body, raw = Body("chunks" if isinstance(value, list) else "value", held), value
    made = _exchange(body, source.path, raw, status, headers)
    yield replace(made, several=made.response is not None, problems=tuple(problems))
    if cut:
        raise cut


def _exchange(body: Body, path: str, raw: Json, status: int | None = None, headers: Headers = ()) -> Exchange:
    asks = body.kind == "value" and is_request(body.value) and not is_answer(body.value)
    return Exchange(
        entry=0,
        request=Request("", "", (), body if asks else None),
        response=None if asks else Response(status, headers, body),
        hint=path,
        raw=raw,
    )


def _values(text: str) -> Iterator[Json]:
    """JSON values one a line, or one after the other. What is none of that comes as its text. Raises `CutShort`."""
    lines = [line for line in _LINE_END.split(text) if line.strip()]
    if parse_or_none(lines[0]) is None:
        yield from _in_a_row(text)
        return
    for number, line in enumerate(lines):
        try:
            yield loads(line)
        except NotJson as error:
            yield line
            if number == len(lines) - 1 and error.truncated and not text.endswith("\n"):
                raise CutShort(f"line {number + 1} stops in the middle") from None


def _in_a_row(text: str) -> Iterator[Json]:
    at = 0
    while at < len(text):
        try:
            value, at = first(text, at)
        except NotJson:
            rest = text[at:]
            whole = salvage(rest)
            yield rest if whole is None else whole
            if whole is not None:
                raise CutShort("it ends in the middle of a value") from None
            return
        yield value
        found = _BETWEEN.match(text, at)
        at = found.end() if found else len(text)


def _cut_event(text: str) -> CutShort | None:
    """That a stream of events stops too early, where its last one is half a value."""
    last = text[max(text.rfind("\ndata:"), 0) :]
    if text.endswith(("\n", "\r")) or "data:" not in last:
        return None
    try:
        loads(last.partition("data:")[2].strip())
    except NotJson as error:
        return CutShort("the stream stops in the middle of an event") if error.truncated else None
    return None


def _without_headers(data: bytes) -> tuple[list[str], bytes]:
    """The status and headers that ``curl -i`` prints before a body, a flat list of them, and the body."""
    found = _HEADERS.match(data)
    if found is None:
        return [], data
    lines = found[2].decode("utf-8", "replace").splitlines()
    pairs = (line.partition(":")[::2] for line in lines if ":" in line)
    return [found[1].decode(), *(word.strip() for pair in pairs for word in pair)], data[found.end() :].lstrip()
