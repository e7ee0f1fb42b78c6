"""Content encodings, told by the bytes and not by the header, which recorders keep after they undid the encoding."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from importlib import import_module

MAX_DECODED = 256 * 1024 * 1024
"""Bytes that a body may unpack to."""

_ALWAYS, _GROWTH = 8 * 1024 * 1024, 500
"""Bytes that even the smallest body may unpack to, and by how much a larger one may grow: what grows more is a bomb,
and a file may hold thousands of them."""

_STEP = 64
"""Bytes that are unpacked at a time where the unpacker has no limit of its own: brotli makes megabytes of a byte."""

GZIP, ZSTD = b"\x1f\x8b", b"\x28\xb5\x2f\xfd"
ZLIB = (b"\x78\x01", b"\x78\x5e", b"\x78\x9c", b"\x78\xda")


class NotDecoded(ValueError):
    """The bytes are compressed and cannot be unpacked, and why, in words for the page."""


def decoded(data: bytes, said: str = "") -> bytes:
    """The bytes with their encoding undone; `said` is the header, believed for brotli alone, which has no signature.

    Raises `NotDecoded` where the bytes are compressed without doubt and nothing can be made of them. What was cut is
    given as far as it goes.
    """
    if data.startswith(GZIP):
        return _inflated(data, 16 + zlib.MAX_WBITS)
    if data.startswith(ZSTD):
        return _zstandard(data)
    if data.startswith(ZLIB) and (inflated := _or_none(lambda: _inflated(data, zlib.MAX_WBITS))):
        return inflated
    if "br" in said.lower().replace(",", " ").split() and not _is_text(data):
        return _brotli(data)
    return data


def _inflated(data: bytes, wbits: int) -> bytes:
    """All members of a gzip file, or one zlib stream, up to the limit."""
    out: list[bytes] = []
    room = limit = _limit(data)
    while data and room > 0:
        unpacker = zlib.decompressobj(wbits)
        try:
            piece = unpacker.decompress(data, room)
        except zlib.error as error:
            if out:
                break  # what follows a whole member is padding
            raise NotDecoded(f"not unpacked: {error}") from None
        out.append(piece)
        room -= len(piece)
        data = unpacker.unused_data.lstrip(b"\0")
    if room <= 0:
        raise NotDecoded(_too_large(limit))
    return b"".join(out)


def _limit(data: bytes) -> int:
    return min(MAX_DECODED, max(_ALWAYS, _GROWTH * len(data)))


def _too_large(limit: int) -> str:
    return f"not unpacked: more than {limit // 2**20} MB"


def _zstandard(data: bytes) -> bytes:
    try:
        module = import_module("zstandard")
    except ImportError:
        raise NotDecoded("compressed with zstandard, which needs: pip install zstandard") from None
    try:
        unpacker = module.ZstdDecompressor().decompressobj(read_across_frames=True)
        return _limited(unpacker.decompress, data)
    except module.ZstdError as error:
        raise NotDecoded(f"not unpacked: {error}") from None


def _brotli(data: bytes) -> bytes:
    try:
        module = import_module("brotli")
    except ImportError:
        raise NotDecoded("compressed with brotli, which needs: pip install brotli") from None
    try:
        return _limited(module.Decompressor().process, data)
    except module.error as error:
        raise NotDecoded(f"not unpacked: {error or 'no brotli'}") from None


def _limited(unpack: Callable[[bytes], bytes], data: bytes) -> bytes:
    """Unpack in steps, so that a bomb is noticed before it fills the memory."""
    out: list[bytes] = []
    size, limit = 0, _limit(data)
    for at in range(0, len(data), _STEP):
        out.append(unpack(data[at : at + _STEP]))
        size += len(out[-1])
        if size > limit:
            raise NotDecoded(_too_large(limit))
    return b"".join(out)


def _or_none(unpack: Callable[[], bytes]) -> bytes | None:
    try:
        return unpack()
    except NotDecoded:
        return None


def _is_text(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True
