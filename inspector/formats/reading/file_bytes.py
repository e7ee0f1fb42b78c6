"""The bytes of a file, read as far as somebody asks for them."""

from __future__ import annotations

import os
import zlib
from collections.abc import Iterator
from functools import cached_property
from typing import IO

from inspector.decode.framing import content_encoding

HEAD = 64 * 1024
"""Bytes that a file is judged by."""

MAX_SIZE = 512 * 1024 * 1024
"""Bytes of the largest file that is read whole."""

MAX_LINE = 128 * 1024 * 1024
"""Bytes of the longest line."""

_STEP = 1024 * 1024

_NEAR = 16 * 1024
"""Bytes before a place that are looked at first."""


_MANY_ROWS = 1_500_000
"""Values of the largest YAML, told by its lines and, where it is written in one, by its commas."""

_FEW_BYTES = 1_000_000
"""Bytes that cannot hold too many."""


def check_yaml(data: bytes) -> None:
    """Raises `TooLarge` for so many values that they would take a gigabyte."""
    if len(data) > _FEW_BYTES and data.count(b"\n") + data.count(b",") // 8 > _MANY_ROWS:
        raise TooLarge(f"more than {_MANY_ROWS / 10**6} million values in YAML")


class TooLarge(ValueError):
    """The file, or a line of it, is larger than what is read whole."""


class FileBytes:
    """The first bytes of a file at once, the others when asked for. Gzip is undone."""

    def __init__(self, content: bytes | IO[bytes]) -> None:
        self._content = content
        self._first = self._begun()
        self.is_compressed = self._first.startswith(content_encoding.GZIP)
        self.head = _head(self._first) if self.is_compressed else self._first

    def _begun(self) -> bytes:
        if isinstance(self._content, bytes):
            return self._content[:HEAD]
        self._content.seek(0)
        return self._content.read(HEAD)

    @cached_property
    def start_of_text(self) -> bytes:
        """The first bytes from the first that is no white space on, without a byte order mark."""
        return self.head.removeprefix(b"\xef\xbb\xbf").lstrip()

    @cached_property
    def data(self) -> bytes:
        """All bytes. Raises `TooLarge`."""
        raw = self._whole()
        return content_encoding.decoded(raw) if raw.startswith(content_encoding.GZIP) else raw

    def _whole(self) -> bytes:
        if isinstance(self._content, bytes):
            return self._content
        if len(self._first) < HEAD:
            return self._first
        self._content.seek(HEAD)
        rest = self._content.read(MAX_SIZE) if _size(self._content) <= MAX_SIZE else None
        if rest is None or len(rest) == MAX_SIZE:
            raise TooLarge(f"larger than {MAX_SIZE // 2**20} MB")
        return self._first + rest

    @cached_property
    def text(self) -> str:
        """The bytes as text; what is not UTF-8 becomes U+FFFD."""
        return self.data.decode("utf-8", "replace").removeprefix("\ufeff")

    def lines(self, position: int) -> Iterator[bytes]:
        """The lines from a place on, with their line breaks, without ever holding the whole file. Raises `TooLarge`."""
        if self._is_held:
            data = self.data
            while position < len(data):
                end = data.find(b"\n", position) + 1 or len(data)
                yield data[position:end]
                position = end
            return
        pieces: list[bytes] = []
        size = HEAD  # who reads on from a place often wants a few lines
        while piece := self._piece(position, size):
            position, size = position + len(piece), _STEP
            first, *others = piece.split(b"\n")
            pieces.append(first)
            for other in others:
                yield b"".join(pieces) + b"\n"
                pieces = [other]
            if sum(map(len, pieces)) > MAX_LINE:
                raise TooLarge(f"a line is longer than {MAX_LINE // 2**20} MB")
        if any(pieces):
            yield b"".join(pieces)

    def lines_before(self, position: int) -> Iterator[bytes]:
        """The lines before a place that a line begins at, the nearest first; as far as `MAX_LINE` bytes reach."""
        end, size = position, _NEAR
        while end > 0:
            start = max(position - size, 0)
            piece = self.piece(start, end - start)
            lines = piece.split(b"\n")
            whole = lines if not start else lines[1:]
            yield from reversed(whole[:-1] if piece.endswith(b"\n") else whole)
            if size > MAX_LINE:
                return
            end = start + (len(lines[0]) + 1 if start else 0)
            size *= 4

    @property
    def _is_held(self) -> bool:
        return isinstance(self._content, bytes) or self.is_compressed

    def piece(self, position: int, size: int) -> bytes:
        """Some bytes from a place on. Raises `TooLarge` where they are compressed and too many."""
        return self.data[position : position + size] if self._is_held else self._piece(position, size)

    def _piece(self, position: int, size: int) -> bytes:
        """Some bytes from a place on, whatever else was read meanwhile."""
        assert not isinstance(self._content, bytes)
        self._content.seek(position)
        return self._content.read(size)


def _size(content: IO[bytes]) -> int:
    """Bytes of a file on the disk, which are known before they are read; 0 of any other."""
    try:
        return os.fstat(content.fileno()).st_size
    except (OSError, AttributeError):  # a file in an archive; that in a tar file does not know the word
        return 0


def _head(compressed: bytes) -> bytes:
    try:
        return zlib.decompressobj(16 + zlib.MAX_WBITS).decompress(compressed, HEAD)
    except zlib.error:
        return b""
