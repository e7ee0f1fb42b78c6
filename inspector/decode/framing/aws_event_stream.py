"""AWS event streams (``application/vnd.amazon.eventstream``): binary frames with headers and two checksums.

A frame is its length, the length of its headers, a CRC-32 of these eight bytes, headers, payload, a CRC-32 of all that.
https://docs.aws.amazon.com/AmazonS3/latest/API/RESTSelectObjectAppendix.html describes the encoding.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from typing import NamedTuple

from inspector.model import Json
from inspector.model.jsonio import NotJson, loads

_SIZES = {2: 1, 3: 2, 4: 4, 5: 8, 8: 8, 9: 16}
_PRELUDE = 12
_LEAST = 16


class Frame(NamedTuple):
    headers: dict[str, str | int | bool]
    payload: bytes


class Cut(ValueError):
    """The bytes stop being frames before their end; `at` says where."""

    def __init__(self, at: int, size: int) -> None:
        super().__init__(f"no event stream from byte {at} of {size} on")
        self.at = at


def looks_like(data: bytes) -> bool:
    """Whether bytes begin with a frame's length and its checksum."""
    return len(data) >= _LEAST and _fits(data[:8], data[8:_PRELUDE])


def _fits(data: bytes, checksum: bytes) -> bool:
    return zlib.crc32(data) == int.from_bytes(checksum, "big")


def frames(data: bytes) -> Iterator[Frame]:
    """The frames in order; raises `Cut` where what follows is none."""
    at = 0
    while at < len(data):
        head = data[at : at + _PRELUDE]
        if len(head) < _PRELUDE or not _fits(head[:8], head[8:]):
            raise Cut(at, len(data))
        total, headers = struct.unpack_from(">II", head)
        end = at + total
        if total < _LEAST + headers or end > len(data):
            raise Cut(at, len(data))
        if not _fits(data[at : end - 4], data[end - 4 : end]):
            raise Cut(at, len(data))
        start = at + _PRELUDE
        try:
            named = dict(_headers(data[start : start + headers]))
        except (IndexError, KeyError):  # they end early, or are of a type that nobody has
            raise Cut(at, len(data)) from None
        yield Frame(named, data[start + headers : end - 4])
        at = end


def chunk(frame: Frame) -> Json:
    """A frame as the SDKs show it: ``{"contentBlockDelta": {…}}``, named after its event or exception; an error
    stands under ``error``."""
    kind = frame.headers.get(":event-type") or frame.headers.get(":exception-type")
    if kind is None and ":error-code" in frame.headers:
        return {"error": {"code": frame.headers[":error-code"], "message": frame.headers.get(":error-message")}}
    try:
        payload = loads(frame.payload) if frame.payload else {}
    except NotJson:
        payload = frame.payload.decode("utf-8", "replace")
    return {str(kind): payload} if kind else payload


def _headers(data: bytes) -> Iterator[tuple[str, str | int | bool]]:
    at = 0
    while at < len(data):
        size = data[at]
        name = data[at + 1 : at + 1 + size].decode("utf-8", "replace")
        at += 1 + size
        kind = data[at]
        at += 1
        if kind < 2:
            yield name, kind == 0
        elif kind in (6, 7):
            end = at + 2 + int.from_bytes(data[at : at + 2], "big")
            yield name, data[at + 2 : end].decode("utf-8", "replace")
            at = end
        else:
            end = at + _SIZES[kind]
            yield name, data[at:end].hex() if kind == 9 else int.from_bytes(data[at:end], "big", signed=True)
            at = end
