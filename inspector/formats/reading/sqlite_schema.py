"""The pages of a SQLite database that describe its tables: those of the tree that begins on the first page
(https://sqlite.org/fileformat2.html#b_tree_pages)."""

from __future__ import annotations

from collections.abc import Callable, Iterator

_INTERIOR, _LEAF = 5, 13
_HEADER = 100
"""Bytes before the first page's own."""
_MOST = 500
"""Pages of the largest description that is looked at."""


def pages(size: int, piece: Callable[[int, int], bytes]) -> Iterator[bytes]:
    """The leaves of that tree; `piece` has the bytes from a place on. What is broken leads nowhere."""
    waiting, known = [1], {1}
    while waiting and len(known) <= _MOST:
        number = waiting.pop()
        page = piece((number - 1) * size, size)
        own = page[_HEADER:] if number == 1 else page
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
