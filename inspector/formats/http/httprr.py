"""Traces of httprr for Go (golang.org/x/oscar/internal/httprr): after a first line, requests and responses as they went
over the wire, each pair after a line of their lengths in bytes.

Git may have changed the line ends of a trace. Then the lengths are wrong: a response is found by its status line, the
next pair by its line of lengths and the request line after it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from inspector.formats.reading import bodies
from inspector.formats.reading.entries import unreadable
from inspector.formats.reading.source import CutShort, Source
from inspector.formats.reading.test_name import go_id
from inspector.model import Body, Exchange, Headers, Problem, Request, Response
from inspector.model.expressions import expression

NAME = "httprr"
FILES = "traces of httprr for Go: `testdata/*.httprr`, `.httprr.gz`"

_FIRST = expression(rb"httprr trace v\d+\r?\n")
_LENGTHS = expression(rb"(\d{1,12}) (\d{1,12})\r?\n")
_STATUS = expression(rb"HTTP/\d(?:\.\d)? \d{3}(?: [^\r\n]{0,1000}+)?\r?\n")
_NEXT = expression(rb"\d{1,12} \d{1,12}\r?\n(?=[A-Z]{3,10} [^\r\n]+ HTTP/\d)")
_HEAD_END = expression(rb"\r?\n\r?\n")
_LONGEST = 30  # bytes of what may be left of a line of lengths
_WRONG = Problem("lengths", "they do not add up, as where line ends were changed: the ends were found by what follows")
_CHUNK = expression(rb"([0-9a-fA-F]{1,8})[ \t]*(?:;[^\r\n]*)?\r\n")


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
                raise CutShort(f"it stops before exchange {number + 1}")
            error = ValueError(f"the lengths of the exchange are expected at byte {at}")
            yield unreadable(number, error, data[at:])
            return
        middle, end, problems = _ends(data, lengths)
        try:
            made = _exchange(number, data[lengths.end() : middle], data[middle:end], source.path, test_id)
            yield replace(made, problems=(*problems, *made.problems)) if problems else made
        except Exception as error:
            yield unreadable(number, error, data[lengths.end() : end])
        if end > len(data):
            raise CutShort(f"exchange {number + 1} stops in the middle")
        at, number = end, number + 1


def _ends(data: bytes, lengths: re.Match[bytes]) -> tuple[int, int, tuple[Problem, ...]]:
    """Where a request ends, and its response, by their lengths; by what they hold where those lead nowhere."""
    start, size = lengths.end(), int(lengths[2])
    middle = start + int(lengths[1])
    end = middle + size
    if size and _STATUS.match(data, middle) is None:
        following = _NEXT.search(data, start)
        limit = following.start() if following else len(data)
        status = _STATUS.search(data, start, limit)
        return (status.start(), limit, (_WRONG,)) if status else (middle, end, ())
    if not _leads_on(data, end):
        following = _NEXT.search(data, middle)
        if following and following.start() != end:
            return middle, following.start(), (_WRONG,)
    return middle, end, ()


def _leads_on(data: bytes, end: int) -> bool:
    """Whether the file ends here, or goes on with lengths that hold; the last digits of some would be lengths, too."""
    if end <= len(data) and not data[end : end + 64].strip():
        return True
    lengths = _LENGTHS.match(data, end)
    return lengths is not None and _STATUS.match(data, lengths.end() + int(lengths[1])) is not None


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
        started_at=bodies.date(response.headers) if response else None,
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
    if whole is None and said:
        whole = _dechunked_roughly(data)
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


_SIZE = expression(rb"([0-9a-fA-F]{1,8})[ \t]*(?:;[^\n]*)?\n")
_SIZE_LINE = expression(rb"\n(?=[0-9a-fA-F]{1,8}[ \t]*(?:;[^\n]*)?\n)")


def _dechunked_roughly(data: bytes) -> bytes | None:
    """The same where line ends lost a byte each: a chunk is as long as it says or shorter, and a line of a size
    follows it."""
    out: list[bytes] = []
    at = 0
    while size := _SIZE.match(data, at):
        length, at = int(size[1], 16), size.end()
        if length == 0:
            return b"".join(out)
        ends = [found.start() for found in _SIZE_LINE.finditer(data, at, min(at + length, len(data)) + 12)]
        end = max((one for one in ends if one <= at + length), default=None)
        if end is None:
            return None
        out.append(data[at:end])
        at = end + 1
    return None
