"""A file read line by line, as far as it was not read before."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from inspector.formats.reading.file_bytes import FileBytes


class Line(NamedTuple):
    """A line: its number among those that are not empty, from 0, and where its text begins, in bytes."""

    number: int
    position: int
    data: bytes = b""
    ended: bool = True
    """Whether a line break follows; without one the line may still be growing."""


START = Line(0, 0)


class Lines:
    """The lines of a file that are not empty, from `start` on, or the `one` that begins there. The whole file is never
    held. Raises `TooLarge` for a line that is longer than what is read."""

    def __init__(self, file: FileBytes, start: Line, one: bool) -> None:
        self._file = file
        self.start = start
        """What stands before it is known already."""
        self.is_one = one
        """Whether only what begins at the start is asked for."""
        self.resume: Line | None = None
        """Where to go on when the file grows; None until somebody asks for its lines."""

    def __iter__(self) -> Iterator[Line]:
        for line in self.further():
            yield line
            if self.is_one:
                return

    def whole(self) -> Lines:
        """All lines, for formats that have to know all of a file, wherever reading was to begin."""
        return Lines(self._file, START, False)

    def around(self) -> Line:
        """The line that reading begins within, from where its text begins."""
        begun = next(self._file.lines_before(self.start.position), b"").lstrip()
        data = begun + next(self._file.lines(self.start.position), b"")
        return Line(self.start.number, self.start.position - len(begun), data.rstrip(), data.endswith(b"\n"))

    def before(self) -> Iterator[bytes]:
        """The lines before the start, the nearest first, for formats that have to know what stood there."""
        return filter(bytes.strip, self._file.lines_before(self.start.position))

    def further(self) -> Iterator[Line]:
        """The same for formats whose entries are several lines: they stop where the one that is asked for ends."""
        number, position = self.start.number, self.start.position
        self.resume = Line(number, position)
        for raw in self._file.lines(position):
            ended = raw.endswith(b"\n")
            text = raw.lstrip()
            if text:
                yield Line(number, position + len(raw) - len(text), text.rstrip(), ended)
                number += 1
            position += len(raw)
            if ended:
                self.resume = Line(number, position)
