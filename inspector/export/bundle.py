"""The recordings that an export carries, so that it can be served again: masked as its pages are, and otherwise all
that was recorded."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Iterable, Iterator
from typing import IO

from inspector.decode import decoder
from inspector.files.repository_paths import header
from inspector.files.roots import Roots
from inspector.files.scan import TEST_RUN_MAP
from inspector.formats.generic import exported
from inspector.library import reader
from inspector.model import Exchange, ModelCall, jsonio
from inspector.redaction import decoded
from inspector.testruns import results

_LEVEL = 9

Wanted = Callable[[str, int], bool]
"""Whether an export holds an entry of a recording."""

Seen = Callable[[str, int, ModelCall], None]
"""Takes the path and the entry of an exchange, and what it comes to."""


def _nobody(path: str, entry: int, call: ModelCall) -> None:
    """Nobody asks."""


def carried(
    roots: Roots,
    paths: Iterable[str],
    unmasked: bool = False,
    wanted: Wanted = lambda path, entry: True,
    seen: Seen = _nobody,
) -> Iterator[bytes]:
    """The lines: one that says where the recordings belong, and one for each of them, in the order of the paths. What
    each exchange comes to is `seen` by the way."""
    understood = _plain if unmasked else decoded.masked_anyhow
    yield jsonio.dumps(header(roots.belonging)).encode() + b"\n"
    for path in paths:
        recording = reader.load(roots, path)
        held = [understood(one) for one in recording.exchanges if wanted(path, one.entry)]
        for exchange, call in held:
            seen(path, exchange.entry, call)
        yield exported.line(path, recording.format, (exchange for exchange, _ in held), recording.broken)


def told(tests: bytes) -> Iterator[bytes]:
    """The map of the tests as a line of its own, which is no recording; none where no test is known."""
    if results.read(tests).tests:
        yield exported.beside(TEST_RUN_MAP) + b"".join(tests.splitlines())[1:] + b"\n"


def write(file: IO[bytes], lines: Iterable[bytes]) -> None:
    """Write the gzip of lines; the same lines give the same bytes."""
    with gzip.GzipFile(filename="", mode="wb", compresslevel=_LEVEL, fileobj=file, mtime=0) as packed:
        packed.writelines(lines)


def _plain(exchange: Exchange) -> decoded.Masked:
    return decoded.Masked(exchange, decoder.decode(exchange))
