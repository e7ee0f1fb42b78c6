"""What ``inspector export`` writes for other systems: spans, and a table."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import IO, TYPE_CHECKING

import click

from inspector import DISTRIBUTION
from inspector.cli.common import Failure
from inspector.cli.terminal import Reached, line, out, say

if TYPE_CHECKING:
    from inspector.files.roots import Roots
    from inspector.output.shown_exchange import Shown

Write = Callable[["Iterable[Shown]", IO[bytes]], int]
"""Writes exchanges to a file, and returns how many there were."""

_HEAD = 4096
"""Bytes at the beginning of a file of spans that say who wrote it."""

_FOOTER = 2**20
"""Bytes at the end of a table in which its metadata stands, and with it who wrote it."""


def write_data(roots: Roots, target: Path, query: str, write: Write, what: str) -> None:
    """Write the exchanges of some roots to a file. Raises `click.UsageError`, `Failure`, `NotOurs` and `OSError`."""
    from inspector.cli import gather
    from inspector.export.publish import in_one
    from inspector.output.plural import count

    if roots.path_of(str(target.resolve())) is not None:
        raise click.UsageError(f"{line(str(target))} lies among the recordings, and would be one of them")
    with in_one(target, _is_ours) as (file, _):
        exported = write(gather.exchanges(roots, query, say, Reached()), file)
        if not exported:
            raise Failure(gather.nothing(roots, query))
    out(f"{count(exported, 'exchange')} {what}: {line(str(target))}\n")


def write_spans(shown: Iterable[Shown], file: IO[bytes]) -> int:
    from inspector.output.otlp.exports import lines

    written = 0

    def counted() -> Iterator[Shown]:
        nonlocal written
        for one in shown:
            written += 1
            yield one

    file.writelines(line.encode() for line in lines(counted()))
    return written


def write_table(shown: Iterable[Shown], file: IO[bytes]) -> int:
    """Raises `click.UsageError` without pyarrow, which only this needs."""
    try:
        from inspector.output import parquet_file
    except ImportError:
        raise click.UsageError("Parquet needs pyarrow: pip install 'llm-traffic-inspector[parquet]'") from None
    return parquet_file.write(shown, file)


def _is_ours(file: Path) -> bool:
    """Whether a file is empty or was written here, so that another may take its place."""
    with file.open("rb") as opened:
        head = opened.read(_HEAD)
        opened.seek(-min(_FOOTER, os.fstat(opened.fileno()).st_size), os.SEEK_END)
        end = opened.read()
    is_table = head.startswith(b"PAR1") and DISTRIBUTION.encode() in end
    return not head or is_table or f'"scope":{{"name":"{DISTRIBUTION}"'.encode() in head
