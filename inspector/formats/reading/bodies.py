"""Recorded bodies, headers and times in the forms that `inspector.model` has for them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from inspector.decode.framing import aws_event_stream, content_encoding, media_types, multipart
from inspector.formats.reading.encoded import from_base64 as from_base64
from inspector.formats.reading.encoded import from_latin1 as from_latin1
from inspector.formats.reading.encoded import is_binary as is_binary
from inspector.formats.reading.encoded import is_mostly_text, undone
from inspector.model import Body, Headers, Json, Problem, jsonio
from inspector.model.expressions import expression
from inspector.model.jsonio import parse_or_none

_DURATION = expression(r"(?<![0-9.])([0-9]++(?:\.[0-9]++)?|\.[0-9]++)(ns|us|µs|μs|ms|s|m|h)")
_SECONDS = {"ns": 1e-9, "us": 1e-6, "µs": 1e-6, "μs": 1e-6, "ms": 1e-3, "s": 1.0, "m": 60.0, "h": 3600.0}
_HEADER_LINE = expression(r"(:?[A-Za-z0-9!#$%&'*+.^_`|~-]+):[ \t]*(.*)", re.DOTALL)


def body(recorded: Json | bytes, problems: list[Problem], headers: Headers = (), where: str = "body") -> Body | None:
    """A body however it was kept: text, bytes in any encoding and as any text, or parsed already. None where there is
    none.

    What is wrong with it is added to `problems`. No header decides; `content-encoding` is a hint for brotli.
    """
    if recorded is None or recorded in ("", b""):
        return None
    if isinstance(recorded, str):
        data = undone(recorded)
        return Body("text", recorded) if data is None else of_bytes(data, problems, headers, where)
    return of_bytes(recorded, problems, headers, where) if isinstance(recorded, bytes) else Body("value", recorded)


def of_bytes(data: bytes, problems: list[Problem], headers: Headers = (), where: str = "body") -> Body:
    """Bytes as the text, the AWS event stream, or the binary that they are once their encoding is undone."""
    try:
        data = content_encoding.decoded(data, header(headers, "content-encoding") or "")
    except content_encoding.NotDecoded as error:
        problems.append(Problem(where, str(error)))
        return Body("bytes", data)
    if aws_event_stream.looks_like(data):
        return Body("chunks", _chunks(data, problems, where))
    if is_binary(data):
        return Body("bytes", data)  # silence is UTF-8 too
    try:
        return Body("text", data.decode())
    except UnicodeDecodeError as error:
        if multipart.looks_like(data) or media_types.mime_type(data) or not is_mostly_text(data):
            return Body("bytes", data)
        problems.append(Problem(where, f"byte {error.start} is not UTF-8; replaced by U+FFFD"))
        return Body("text", data.decode("utf-8", "replace"))


def _chunks(data: bytes, problems: list[Problem], where: str) -> list[Json]:
    chunks: list[Json] = []
    try:
        chunks += map(aws_event_stream.chunk, aws_event_stream.frames(data))  # extended frame by frame, up to the cut
    except aws_event_stream.Cut as error:
        problems.append(Problem(where, f"{error}; what stands before that is shown"))
    return chunks


def frame(data: Json | bytes) -> Json:
    """One message of a WebSocket: the JSON that it is, text or bytes; else the text, else what the bytes are."""
    if isinstance(data, bytes):
        try:
            return frame(data.decode())
        except UnicodeDecodeError:
            return media_types.described(data)
    if not isinstance(data, str):
        return plain(data)
    parsed = parse_or_none(data) if data.lstrip()[:1] in ("{", "[") else None
    return data if parsed is None else parsed


def obj(recorded: Json) -> dict[str, Any]:
    """The object that is expected, an empty one where something else is."""
    return recorded if isinstance(recorded, dict) else {}


def text(recorded: Json) -> str:
    """The text that is expected, an empty one where something else is."""
    return recorded if isinstance(recorded, str) else ""


def seconds(recorded: Json) -> float | None:
    """A duration of seconds as a number, or of any units as text (``812ms``, ``1m2.5s``); None where there is none."""
    if isinstance(recorded, str):
        parts = _DURATION.findall(recorded)
        whole = "".join(map("".join, parts)) == recorded
        recorded = sum(float(number) * _SECONDS[unit] for number, unit in parts) if parts and whole else None
    known = isinstance(recorded, (int, float)) and not isinstance(recorded, bool) and 0 <= recorded < 1e9
    return float(recorded) if known else None


def header(headers: Headers, name: str) -> str | None:
    """The value of a header, whatever the case of its name."""
    return next((value for key, value in headers if key.lower() == name), None)


def headers(recorded: Json) -> Headers:
    """Headers from any shape that recorders use: a mapping to values or lists of them, pairs, objects of name and
    value, lines such as ``Name: value``, or one flat list of names and values in turn."""
    return tuple((_text(name), _text(value)) for name, value in _pairs(recorded))


def _pairs(recorded: Json) -> Iterable[tuple[Any, Any]]:
    if isinstance(recorded, dict):
        for name, value in recorded.items():
            for one in value if isinstance(value, list) else (value,):
                yield name, one
    elif isinstance(recorded, list) and all(isinstance(item, str) for item in recorded):
        lines = [_HEADER_LINE.fullmatch(item) for item in recorded]
        if all(lines):
            yield from ((line[1], line[2]) for line in lines if line)
        else:
            yield from zip(recorded[::2], recorded[1::2], strict=False)
    elif isinstance(recorded, list):
        for item in recorded:
            if isinstance(item, dict) and "name" in item:
                yield item["name"], item.get("value", "")
            elif isinstance(item, (list, tuple)) and len(item) == 2:
                yield item[0], item[1]


def _text(value: Any) -> str:
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return "" if value is None else str(value)


def status(recorded: Json) -> int | None:
    """A status from a number, its digits, ``200 OK``, or an object with a ``code``."""
    if isinstance(recorded, dict):
        recorded = recorded.get("code")
    if isinstance(recorded, str):
        recorded = int(recorded[:3]) if recorded[:3].isdecimal() else None
    return recorded if isinstance(recorded, int) and not isinstance(recorded, bool) and 100 <= recorded < 1000 else None


def moment(recorded: Json) -> str | None:
    """A time as ISO 8601 in UTC, from ISO 8601, an HTTP date, or seconds since 1970. A zone that is missing is UTC."""
    try:
        if isinstance(recorded, (int, float)) and not isinstance(recorded, bool):
            when = datetime.fromtimestamp(recorded, UTC)
        elif isinstance(recorded, str) and recorded[:4].isdecimal():
            when = datetime.fromisoformat(recorded.removesuffix(" GMT").removesuffix(" UTC"))
        elif isinstance(recorded, str):
            from email.utils import parsedate_to_datetime  # few recordings need it, and it loads much

            when = parsedate_to_datetime(recorded)
        else:
            return None
    except (ValueError, OverflowError, OSError, TypeError, IndexError):
        return None
    when = when.replace(tzinfo=UTC) if when.tzinfo is None else when
    return when.astimezone(UTC).isoformat().replace("+00:00", "Z") if 1971 < when.year < 9990 else None


def date(headers: Headers) -> str | None:
    """When an answer was sent, by its own header."""
    return moment(header(headers, "date"))


def plain(value: Any) -> Json:
    """A recorded entry as JSON, for the raw view: bytes as the text that they are, or a word about them. What is JSON
    already, as most entries are, is the same object."""
    return value if jsonio.is_plain(value) else _made_plain(value)


def _made_plain(value: Any) -> Json:
    if isinstance(value, dict):
        return {_text(key): _made_plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_made_plain(item) for item in value]
    if isinstance(value, bytes):
        return _readable(value)
    return value if value is None or isinstance(value, (str, int, float)) else str(value)


def _readable(data: bytes) -> Json:
    made = of_bytes(data, [])
    return made.value if made.kind in ("text", "chunks") else f"‹{len(data):,} bytes›"
