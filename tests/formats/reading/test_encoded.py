"""Bytes as text: what is encoded is told by what it becomes, and what becomes nothing is text."""

from __future__ import annotations

import base64
import gzip
import json
import struct
import zlib
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector.formats.reading import encoded

ANSWER = json.dumps({"choices": [{"message": {"content": "The lamp is lit."}}]}).encode()
STREAM = b'data: {"choices": [{"delta": {"content": "Fog."}}]}\n\ndata: [DONE]\n\n'
WAV = b"RIFF$\0\0\0WAVEfmt \x10\0\0\0\1\0\1\0\x40\x1f\0\0"

WORTH = {
    "JSON": ANSWER, "a list": b"[" + ANSWER + b"]", "spread JSON": json.dumps({"a": 1}, indent=1).encode(),
    "events": STREAM, "named events": b"event: message_start\n" + STREAM, "a comment": b": ping\n\n" + STREAM,
    "gzip": gzip.compress(ANSWER), "zlib": zlib.compress(ANSWER), "quick zlib": zlib.compress(ANSWER, 1),
}  # fmt: skip

ENCODINGS: dict[str, Callable[[bytes], str]] = {
    "base64": lambda data: base64.b64encode(data).decode(),
    "hex": bytes.hex,
    "capital hex": lambda data: data.hex().upper(),
    "base64 chunks": lambda data: json.dumps([base64.b64encode(piece).decode() for piece in halves(data)]),
    "hex chunks": lambda data: json.dumps([piece.hex() for piece in halves(data)]),
    "Erlang": lambda data: base64.b64encode(b"\x83m" + struct.pack(">I", len(data)) + data).decode(),
}


def halves(data: bytes) -> tuple[bytes, bytes]:
    return data[: len(data) // 2], data[len(data) // 2 :]


@pytest.mark.parametrize("encode", ENCODINGS.values(), ids=ENCODINGS)
@pytest.mark.parametrize("data", WORTH.values(), ids=WORTH)
def test_what_becomes_something_is_that(data: bytes, encode: Callable[[bytes], str]) -> None:
    assert encoded.undone(encode(data)) == data


@pytest.mark.parametrize(
    "text",
    [
        "", "{}", '{"a": "eyJhIjogMX0="}', "data: eyJ9\n\n", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln", "7b",
        '["a", "b"]', '["fog", 1]', "[]", "H4sIAAAA not base64", "00001111", "5b5b5b5b", "AAAAAAAA", "Oil is low",
        base64.b64encode(b"The lamp is lit.").decode(), b"The lamp is lit.".hex(),
    ],
)  # fmt: skip
def test_what_becomes_nothing_is_text(text: str) -> None:
    assert encoded.undone(text) is None


@given(st.text(max_size=200))
def test_any_text_is_text_or_bytes_and_raises_nothing(text: str) -> None:
    assert isinstance(encoded.undone(text), bytes | None)


@given(st.lists(st.binary(min_size=1, max_size=40), min_size=1, max_size=5))
def test_pieces_may_be_cut_anywhere(pieces: list[bytes]) -> None:
    whole = gzip.compress(b"".join(pieces))
    cut = [whole[at : at + 7] for at in range(0, len(whole), 7)]
    assert encoded.in_pieces([piece.hex() for piece in cut]) == whole


@pytest.mark.parametrize(
    ("term", "data"),
    [
        (b"\x83m\0\0\0\3fog", b"fog"),
        (b"\x83k\0\3fog", b"fog"),
        (b"\x83l\0\0\0\2m\0\0\0\1fm\0\0\0\2ogj", b"fog"),
        (b"\x83l\0\0\0\2a\x66m\0\0\0\2ogj", b"fog"),
        (b"\x83P\0\0\0\6" + zlib.compress(b"m\0\0\0\3fog"), b"fog"),
        (b"\x83P\0\0\0\6broken", b"\x83P\0\0\0\6broken"),
        (b"\x83d\0\2ok", b"\x83d\0\2ok"),
        (b"fog", b"fog"),
    ],
)
def test_erlang_terms(term: bytes, data: bytes) -> None:
    assert encoded.from_erlang(term) == data


def test_a_medium_is_known_by_its_first_bytes() -> None:
    assert encoded.is_binary(WAV)
    assert not encoded.is_binary(ANSWER)
