"""What a recording format offers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from inspector.formats.reading.source import Source
from inspector.model import Exchange


class Format(Protocol):
    """One recording format. Both functions may raise; `inspector.formats.read` turns that into a problem."""

    NAME: str

    FILES: str
    """What such files are called, for the table of formats."""

    def sniff(self, source: Source) -> bool:
        """Whether the file is of this format. Asked of every file there is: looks at `source.head` first."""

    def read(self, source: Source) -> Iterator[Exchange]:
        """The exchanges of the file, in file order."""
