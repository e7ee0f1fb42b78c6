"""Frames of AWS event streams whose checksums are right and whose headers are not."""

from __future__ import annotations

import struct
import zlib

import pytest

from inspector.decode.framing.aws_event_stream import Cut, frames
from inspector.formats.reading import bodies

NAMED = b"\x0b:event-type\x07\x00\x05chunk"


def frame(headers: bytes, payload: bytes = b"{}") -> bytes:
    """A frame with the checksums that belong to it."""
    prelude = struct.pack(">II", 16 + len(headers) + len(payload), len(headers))
    whole = prelude + struct.pack(">I", zlib.crc32(prelude)) + headers + payload
    return whole + struct.pack(">I", zlib.crc32(whole))


@pytest.mark.parametrize("headers", [b"\x01a\x0cxyz", b"\x01a", b"\x05a", b"\x01a\xff"], ids=bytes.hex)
def test_headers_that_are_none_cut_the_stream_there_and_keep_what_stands_before(headers: bytes) -> None:
    good = frame(NAMED, b'{"lamp": "lit"}')
    read = frames(good + frame(headers))
    assert next(read).payload == b'{"lamp": "lit"}'
    with pytest.raises(Cut) as cut:
        next(read)
    assert cut.value.at == len(good)
    problems: list[object] = []
    kept = bodies.body(good + frame(headers), problems, (), "response body")  # type: ignore[arg-type]
    assert kept is not None
    assert "lit" in repr(kept.value)
    assert problems
