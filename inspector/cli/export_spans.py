"""What ``inspector export`` writes for other systems: spans."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from inspector.cli.common import Failure
from inspector.cli.terminal import Reached, line, out, say

if TYPE_CHECKING:
    from inspector.files.roots import Roots

_HEAD = 4096
"""Bytes in which a file of spans says who wrote it."""


def write_spans(roots: Roots, target: Path, query: str) -> None:
    """Write the exchanges of some roots to a file as spans. Raises `click.UsageError`, `Failure` and `OSError`."""
    from inspector.cli import gather
    from inspector.export.publish import in_one
    from inspector.output.otlp.exports import lines
    from inspector.output.plural import count

    if roots.path_of(str(target.resolve())) is not None:
        raise click.UsageError(f"{line(str(target))} lies among the recordings, and would be one of them")
    exported = 0
    with in_one(target, _is_ours) as (file, _):
        for one in lines(gather.exchanges(roots, query, say, Reached())):
            file.write(one.encode())
            exported += one.count('"inspector.recording.entry"')
        if not exported:
            raise Failure("no exchange found" + (f" for {query}" if query else ""))
    out(f"{count(exported, 'exchange')} as spans: {line(str(target))}\n")


def _is_ours(file: Path) -> bool:
    from inspector.output.otlp.exports import SCOPE

    with file.open("rb") as opened:
        head = opened.read(_HEAD)
    return not head or f'"scope":{{"name":"{SCOPE}"'.encode() in head
