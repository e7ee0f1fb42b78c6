"""placeholder"""

from __future__ import annotations

from collections.abc import Iterator

from inspector.formats.source import Source
from inspector.model import Exchange

NAME = "hurl"
FILES = "`*.hurl`"
SUFFIXES = (".hurl",)


def sniff(source: Source) -> bool:
    return False


def read(source: Source) -> Iterator[Exchange]:
    yield from ()
