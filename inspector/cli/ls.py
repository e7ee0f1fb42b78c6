"""``inspector ls``."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from inspector.cli.common import Failure, check, link_base, roots_at
from inspector.cli.terminal import Reached, out, say


@click.command()
@click.argument("paths", nargs=-1, required=True, metavar="PATH…", type=click.Path(path_type=Path))
@click.option("-q", "--query", default="", help="Only exchanges that the query finds.")
@link_base
def ls(paths: tuple[Path, ...], query: str, link_base: str) -> None:
    """List exchanges, one line each."""
    from inspector.cli import gather
    from inspector.cli.ls_line import columns
    from inspector.cli.ls_line import line as row_line
    from inspector.files.urls import link

    check(query)
    rows = gather.rows(roots_at(paths), query, say, Reached())
    if not rows:
        raise Failure("no exchange found" + (f" for {query}" if query else ""))
    widths = columns(rows)
    for row in rows:
        at = f"  {link(link_base, f'e/{row.uid}')}" if link_base else ""
        out(f"{row_line(row, widths, color=sys.stdout.isatty())}{at}\n")
