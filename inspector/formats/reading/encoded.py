"""Bytes that a recorder wrote as text: base64, hex, Latin-1, an Erlang term, whole or in pieces.

Few recorders say which. What is encoded is told by what it becomes: compressed data, an AWS event stream, a medium,
JSON or server-sent events. Text that becomes none of these is text.
"""

from __future__ import annotations

import base64
import binascii
import zlib
from collections.abc import Iterator, Sequence
from itertools import islice

from inspector.decode.framing import aws_event_stream, content_encoding, media_types
from inspector.model import Json
from inspector.model.expressions import expression
from inspector.model.jsonio import parse_or_none

_BASE64 = (
    "H4sI", "KLUv/", "eJ", "eA", "eF", "eN",  # gzip, zstandard, zlib
    "AAA",  # the length of a frame of an AWS event stream
    "eyI", "eyJ", "eyA", "ewo", "ewk", "ew0", "e30", "W3s", "W10", "W1s",  # an object or an array
    "ZGF0YT", "ZXZlbn", "aWQ6", "cmV0cnk6", "Ojo", "Oi",  # fields and comments of server-sent events
    "g20A", "g2wA", "g1A", "g2s",  # an Erlang term: a binary, a list, a compressed one, text
)  # fmt: skip
_HEX = (
    "1f8b08",
    "28b52ffd",
    "7801",
    "785e",
    "789c",
    "78da",
    "0000",
    "7b",
    "5b",
    "3a20",
    "64617461",
    "6576656e74",
    "69643a",
)
"""What encoded bodies begin with. Whatever begins otherwise is not looked at."""

_BEGINNINGS = (*_BASE64, *_HEX, *(one.upper() for one in _HEX))
_IS_HEX = expression(r"(?:[0-9a-fA-F]{2})+").fullmatch
_IS_BASE64 = expression(r"[A-Za-z0-9+/\r\n]+={0,2}\s*").fullmatch
_IS_URL_SAFE = expression(r"[A-Za-z0-9_-]+={0,2}").fullmatch
_SAID = expression(rb'\s*(?:\{\s*["}]|\[\s*[{"]|(?:data|event|id|retry): ?\S[^\n]*\n|:[^\n]*\n)')
_SIGNATURES = "(x\x89\xffGIORf%P\x1a"
"""What compressed data, images, audio and documents begin with, beside control characters."""

_ERLANG = 131
_MOST_ERLANG = 8 * 1024 * 1024
"""Bytes that a compressed Erlang term may unpack to."""


def from_base64(text: str) -> bytes:
    """The bytes of base64 text of either alphabet, line breaks ignored; raises `ValueError`."""
    plain = "".join(text.split())
    if ("-" in plain or "_" in plain) and _IS_URL_SAFE(plain):
        plain = plain.translate(str.maketrans("-_", "+/"))
        plain += "=" * (-len(plain) % 4)
    try:
        return base64.b64decode(plain, validate=True)
    except ValueError as error:
        raise ValueError(f"not base64: {error}") from None


def from_hex(text: str) -> bytes:
    """The bytes of hex text, line breaks ignored; raises `ValueError`."""
    try:
        return bytes.fromhex(text)
    except ValueError as error:
        raise ValueError(f"not hex: {error}") from None


def from_either(text: str) -> bytes:
    """The bytes of text that is known to be encoded, as hex or as base64; raises `ValueError`."""
    return from_hex(text) if _IS_HEX(text) else from_erlang(from_base64(text))


def from_latin1(text: str) -> bytes | None:
    """The bytes of binary that a recorder wrote as text, one character a byte; None where the text is one."""
    if len(text) < 4 or (text[0] >= " " and text[0] not in _SIGNATURES):
        return None
    try:
        data = text.encode("latin-1")
    except UnicodeEncodeError:
        return None
    return data if is_binary(data) else None


def undone(text: str) -> bytes | None:
    """The bytes of a text that is encoded without saying so: one piece, or a JSON array of pieces, as Polly.js and nock
    keep what was compressed. None where the text is what it says."""
    if text.startswith('["') and text.endswith('"]'):
        pieces = parse_or_none(text)
        return in_pieces(pieces) if isinstance(pieces, list) else None
    return in_pieces((text,)) if text.startswith(_BEGINNINGS) and len(text) >= 8 else None


def in_pieces(pieces: Sequence[Json]) -> bytes | None:
    """The bytes of several encoded pieces, put together before anything is read: they are cut anywhere."""
    if not pieces or not all(isinstance(piece, str) for piece in pieces):
        return None
    for is_one, decoded in ((_IS_HEX, from_hex), (_IS_BASE64, from_base64)):
        if all(is_one(piece) for piece in islice(pieces, 2)):
            try:
                data = from_erlang(b"".join(map(decoded, pieces)))
            except (ValueError, binascii.Error):
                continue
            if is_binary(data) or _says_something(data):
                return data
    return None


def _says_something(data: bytes) -> bool:
    """Whether bytes are the text of JSON or of server-sent events."""
    if _SAID.match(data) is None:
        return False
    try:
        data[:4096].decode()
    except UnicodeDecodeError as error:
        return error.start > len(data[:4096]) - 4  # a character that the sample cuts
    return True


def is_binary(data: bytes) -> bool:
    """Whether bytes are known for compressed, an AWS event stream or a medium, and for no text."""
    if aws_event_stream.looks_like(data) or data.startswith((content_encoding.GZIP, content_encoding.ZSTD)):
        return True
    return (data.startswith(content_encoding.ZLIB) or media_types.mime_type(data) is not None) and not is_mostly_text(
        data
    )


def is_mostly_text(data: bytes) -> bool:
    """Whether few bytes are control characters: a text with a broken character, and not an unknown binary."""
    sample = data[:4096]
    control = len(sample) - len(sample.translate(None, _CONTROL))
    return control * 50 <= len(sample)


_CONTROL = bytes(byte for byte in range(32) if byte not in b"\t\n\r\f\x1b")


# ---------------------------------------------------------------- Erlang


def from_erlang(data: bytes) -> bytes:
    """The bytes in an Erlang term (https://www.erlang.org/doc/apps/erts/erl_ext_dist.html): a binary, a text, or a list
    of them; what is no such term as it is."""
    if data[:1] != bytes([_ERLANG]):
        return data
    term = data[1:]
    if term[:1] == b"P":
        unpacker = zlib.decompressobj()
        try:
            term = unpacker.decompress(term[5:], _MOST_ERLANG)
        except zlib.error:
            return data
    pieces = list(_terms(term))
    return b"".join(pieces) if pieces else data


def _terms(term: bytes) -> Iterator[bytes]:
    """The binaries and texts in a term and, flat, in the lists in it, up to what is neither."""
    at = 0
    while at < len(term):
        tag, length = term[at : at + 1], int.from_bytes(term[at + 1 : at + 5], "big")
        if tag == b"m":  # BINARY_EXT
            yield term[at + 5 : at + 5 + length]
            at += 5 + length
        elif tag == b"k":  # STRING_EXT
            length = int.from_bytes(term[at + 1 : at + 3], "big")
            yield term[at + 3 : at + 3 + length]
            at += 3 + length
        elif tag == b"l":  # LIST_EXT
            at += 5
        elif tag == b"a":  # SMALL_INTEGER_EXT: one byte of a list
            yield term[at + 1 : at + 2]
            at += 2
        elif tag == b"j":  # NIL_EXT
            at += 1
        else:
            return
