"""The pages of a SQLite database, as its file format has them: what was committed to its write-ahead log, and those
that describe its tables (https://sqlite.org/fileformat2.html)."""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator

_MAGIC = (0x377F0682, 0x377F0683)
_LOG_HEADER, _FRAME = 32, 24
_SIZES = (512, 1024, 2048, 4096, 8192, 16384, 32768, 65536)
_INTERIOR, _LEAF = 5, 13
_FILE_HEADER = 100
"""Bytes before the first page's own."""
_MOST_DESCRIBING = 500
"""Pages of the largest description that is looked at."""


def apply_log(image: bytearray, log: bytes) -> None:
    """Put the pages of every transaction that was committed where they belong; what follows the last one, and what is
    left of an older log, is passed over."""
    waiting: dict[int, memoryview] = {}
    committed: dict[int, memoryview] = {}
    count = size = 0
    for number, pages, page in _frames(log):
        waiting[number] = page
        if pages:
            committed |= waiting
            waiting, count, size = {}, pages, len(page)
    if not committed:
        return
    del image[count * size :]
    most = len(image) + len(log)
    for at, content in sorted(committed.items()):  # each once: a log may say of its pages what it likes
        start = (at - 1) * size
        if 0 < at <= count and start + size <= most:
            image += bytes(max(start - len(image), 0))
            image[start : start + size] = content


def _frames(log: bytes) -> Iterator[tuple[int, int, memoryview]]:
    """Page number, pages of the database after a commit or 0, and the page of every frame that is whole."""
    if len(log) < _LOG_HEADER:
        return
    magic, _, size = struct.unpack(">3I", log[:12])
    if magic not in _MAGIC or size not in _SIZES:
        return
    order = ">" if magic & 1 else "<"
    salt = log[16:24]
    sums = _summed(order, log[:24], (0, 0))
    if struct.unpack(">2I", log[24:32]) != sums:
        return
    view = memoryview(log)
    for start in range(_LOG_HEADER, len(log) - _FRAME - size + 1, _FRAME + size):
        head, page = view[start : start + _FRAME], view[start + _FRAME : start + _FRAME + size]
        sums = _summed(order, page, _summed(order, head[:8], sums))
        if head[8:16] != salt or struct.unpack(">2I", head[16:]) != sums:
            return
        number, pages = struct.unpack(">2I", head[:8])
        yield number, pages, page


def _summed(order: str, data: bytes | memoryview, sums: tuple[int, int]) -> tuple[int, int]:
    first, second = sums
    words = struct.unpack(f"{order}{len(data) // 4}I", data)
    for one, other in zip(words[::2], words[1::2], strict=True):
        first = (first + one + second) & 0xFFFFFFFF
        second = (second + other + first) & 0xFFFFFFFF
    return first, second


def describing(size: int, piece: Callable[[int, int], bytes]) -> Iterator[bytes]:
    """The leaves of the tree of descriptions, which begins on the first page; `piece` has the bytes from a place on.
    What is broken leads nowhere."""
    waiting, known = [1], {1}
    while waiting and len(known) <= _MOST_DESCRIBING:
        number = waiting.pop()
        page = piece((number - 1) * size, size)
        own = page[_FILE_HEADER:] if number == 1 else page
        if own[:1] == bytes([_LEAF]):
            yield page
        elif own[:1] == bytes([_INTERIOR]):
            children = [one for one in _children(page, own) if one > 0 and one not in known]
            known.update(children)
            waiting += children


def _children(page: bytes, own: bytes) -> Iterator[int]:
    yield int.from_bytes(own[8:12], "big")
    for cell in range(int.from_bytes(own[3:5], "big")):
        at = int.from_bytes(own[12 + 2 * cell : 14 + 2 * cell], "big")
        yield int.from_bytes(page[at : at + 4], "big")
