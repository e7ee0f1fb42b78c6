"""Traces of httprr for Go (golang.org/x/oscar/internal/httprr): after a first line, requests and responses as they went
over the wire, each pair after a line of their lengths in bytes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from inspector.formats import bodies
from inspector.formats.entries import unreadable
from inspector.formats.source import Source
from inspector.formats.testname import go_id
from inspector.model import Body, Exchange, Headers, Problem, Request, Response

NAME = "httprr"
FILES = "traces of httprr for Go: `testdata/*.httprr`, `.httprr.gz`"

_FIRST = re.compile(rb"httprr trace v\d+\r?\n")
_LENGTHS = re.compile(rb"(\d{1,12}) (\d{1,12})\r?\n")
_HEAD_END = re.compile(rb"\r?\n\r?\n")
_LONGEST = 30  # bytes of what may be left of a line of lengths
_CHUNK = re.compile(rb"([0-9a-fA-F]{1,8})[ \t]*(?:;[^\r\n]*)?\r\n")


def sniff(source: Source) -> bool:
    return _FIRST.match(source.head) is not None


def read(source: Source) -> Iterator[Exchange]:
    data, test_id = source.data, go_id(source.path)
    first = _FIRST.match(data)
    at, number = first.end() if first else 0, 0
    while data[at : at + 64].strip():
        lengths = _LENGTHS.match(data, at)
        if lengths is None:
            if len(data) - at < _LONGEST:
                source.cut = f"it stops before exchange {number + 1}"
            else:
                error = ValueError(f"the lengths of the exchange are expected at byte {at}")
                yield unreadable(number, error, data[at:])
            return
        middle = lengths.end() + int(lengths[1])
        end = middle + int(lengths[2])
        if end > len(data):
            source.cut = f"exchange {number + 1} stops in the middle"
        try:
            yield _exchange(number, data[lengths.end() : middle], data[middle:end], source.path, test_id)
        except Exception as error:
            yield unreadable(number, error, data[lengths.end() : end])
        at, number = end, number + 1


def _exchange(number: int, asked: bytes, answered: bytes, path: str, test_id: str | None) -> Exchange:
    problems: list[Problem] = []
    line, headers, body = _message(asked)
    method, _, rest = line.partition(" ")
    request = Request(method.upper(), _url(rest, headers), headers, _body(body, problems, headers, "request body"))
    response = _response(answered, problems) if answered else None
    return Exchange(
        entry=number,
        request=request,
        response=response,
        test_id=test_id,
        started_at=bodies.moment(bodies.header(response.headers, "date")) if response else None,
        hint=path,
        problems=tuple(problems),
        raw={"request": bodies.plain(asked), "response": bodies.plain(answered)},
    )


def _response(answered: bytes, problems: list[Problem]) -> Response:
    line, headers, body = _message(answered)
    status = bodies.status(line.partition(" ")[2])
    return Response(status, headers, _body(body, problems, headers, "response body"))


def _message(data: bytes) -> tuple[str, Headers, bytes]:
    """First line, headers and body of an HTTP/1.1 message."""
    head, *rest = _HEAD_END.split(data, maxsplit=1)
    first, *lines = head.decode("utf-8", "replace").splitlines() or [""]
    pairs = (line.partition(":") for line in lines)
    headers = tuple((name.strip(), value.strip()) for name, colon, value in pairs if colon)
    return first, headers, rest[0] if rest else b""


def _url(rest: str, headers: Headers) -> str:
    """The request line holds the whole address; where it does not, the host is a header."""
    target = rest.removesuffix(rest[rest.rfind(" HTTP/") :]) if " HTTP/" in rest else rest
    host = bodies.header(headers, "host")
    return f"//{host}{target}" if target.startswith("/") and host else target


def _body(data: bytes, problems: list[Problem], headers: Headers, where: str) -> Body | None:
    said = "chunked" in (bodies.header(headers, "transfer-encoding") or "").lower()
    whole = _dechunked(data, said)
    return bodies.body(data if whole is None else whole, problems, headers, where)


def _dechunked(data: bytes, said: bool) -> bytes | None:
    """A body without its chunked framing; None where it has none, whatever is `said`. One that is said to be framed may
    be cut."""
    out: list[bytes] = []
    at = 0
    while size := _CHUNK.match(data, at):
        length, at = int(size[1], 16), size.end()
        if length == 0:
            return b"".join(out)
        out.append(data[at : at + length])
        at += length
        if not b"\r\n".startswith(data[at : at + 2]):
            return None
        at += 2
    is_cut = said and out and len(data) - at < _LONGEST
    return b"".join(out) if is_cut else None
