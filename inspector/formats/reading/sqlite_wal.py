"""What was committed to the write-ahead log of a SQLite database, put into its pages
(https://sqlite.org/fileformat2.html#the_write_ahead_log)."""

from __future__ import annotations

import struct
from collections.abc import Iterator

_MAGIC = (0x377F0682, 0x377F0683)
_HEADER, _FRAME = 32, 24
_SIZES = (512, 1024, 2048, 4096, 8192, 16384, 32768, 65536)


def apply(image: bytearray, log: bytes) -> None:
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
    if len(log) < _HEADER:
        return
    magic, _, size = struct.unpack(">3I", log[:12])
    if magic not in _MAGIC or size not in _SIZES:
        return
    order = ">" if magic & 1 else "<"
    salt = log[16:24]
    sums = _summed(order, log[:24], (0, 0))
    view = memoryview(log)
    for start in range(_HEADER, len(log) - _FRAME - size + 1, _FRAME + size):
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
