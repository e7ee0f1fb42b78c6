"""The recordings that an export of ours carries: a line of JSON that says what they are, and one for each of them.

In an export of many files they are a gzip beside the pages, in an export in one file that gzip as base64 in an element
of its own.
"""

from __future__ import annotations

import gzip
import struct
import zlib
from base64 import b64decode
from collections.abc import Iterator
from io import BytesIO
from typing import IO, cast

from inspector.files.urls import MARKER
from inspector.model.expressions import expression
from inspector.model.jsonio import NotJson, loads

CARRIED = "recordings.jsonl.gz"
"""The file that holds them, and what it is called."""

ELEMENT = "recordings"
"""The id of the element that holds them in an export in one file."""

HEADER = b'{"inspector-export":'

_GZIP = b"\x1f\x8b"
_LARGEST_PAGE = 512 * 1024 * 1024
_EMBEDDED = expression(
    rb"<script\b[^>]{0,200}\bid=[\"']?%s\b[^>]{0,200}>\s*(H4sI[A-Za-z0-9+/=\s]*)<" % ELEMENT.encode()
)
_PATH = expression(rb'\{"exported":[^{}\[\]]{1,60}?,"path":("(?:[^"\\]|\\.)*")')
"""How a line begins. Its path is all that is needed to find it, and quicker to see than to parse the line."""


def may_be(path: str) -> bool:
    """Whether a file is called what an export, or what it carries, may be called."""
    return path.lower().endswith((".html", ".htm")) or path.rpartition("/")[2] == CARRIED


def is_export(path: str, file: IO[bytes]) -> bool:
    """Whether a file carries recordings as our exports do."""
    if not may_be(path):
        return False
    try:
        return (_unpacked(file) or BytesIO()).read(len(HEADER)) == HEADER
    except (OSError, EOFError, ValueError, zlib.error, struct.error):
        return False


def members(file: IO[bytes], longest: int) -> Iterator[tuple[str, bytes]]:
    """The lines that a file carries, each with its path; that of the first is `MARKER`. Raises `ValueError` where there
    are none, or not to their end, and what reading a gzip raises."""
    lines = _unpacked(file)
    if lines is None:
        raise ValueError("it carries no recordings")
    first = lines.readline(longest)
    if not first.startswith(HEADER):
        raise ValueError("it is no export of ours")
    yield MARKER, first
    while line := lines.readline(longest):
        if not line.endswith(b"\n"):
            raise ValueError("a line of it is too long, or stops in the middle")
        yield _path(line), line


def _path(line: bytes) -> str:
    found = _PATH.match(line)
    try:
        path = loads(found[1]) if found else None
    except NotJson:
        path = None
    if not isinstance(path, str) or not path:
        raise ValueError("a line of it does not say which recording it is")
    return path


def _unpacked(file: IO[bytes]) -> IO[bytes] | None:
    """The lines of a gzip, or of the one that stands in a page; None where there is none."""
    file.seek(0)
    if file.read(2) == _GZIP:
        file.seek(0)
        return cast(IO[bytes], gzip.open(file))
    file.seek(0)
    found = _EMBEDDED.search(file.read(_LARGEST_PAGE))
    return cast(IO[bytes], gzip.open(BytesIO(b64decode(found[1])))) if found else None
