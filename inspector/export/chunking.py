"""Files cut where their content says so: what two of them have in common is cut alike in both, wherever it stands."""

from __future__ import annotations

import re
from collections.abc import Iterator

LONG = 150
"""Bytes from which on a line is a fragment of its own: what was said stands in long lines."""

LEAST = 64
"""Bytes that short lines come to before they are cut: each fragment costs a few bytes wherever it is used."""

_LINE = re.compile(rb"[^\n]*\n|[^\n]+\Z")


def fragments(content: bytes) -> Iterator[bytes]:
    """The fragments of a content, which are it again once they are joined. A long line stands without the indentation
    before it and the comma after it, which depend on where it is quoted."""
    short = b""
    for found in _LINE.finditer(content):
        line = found[0]
        said = line.strip(b" ,\n") if len(line) >= LONG else b""
        if said:
            before, _, after = line.partition(said)
            if short + before:
                yield short + before
            yield said
            short = after
        else:
            short += line
        if len(short) >= LEAST:
            yield short
            short = b""
    if short:
        yield short
