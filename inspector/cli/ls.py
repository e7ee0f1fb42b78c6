"""``inspector ls``."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from inspector.cli.common import Failure, check, link_base, roots_at
from inspector.cli.terminal import Reached, out, say
from inspector.output.escape import visible_line

if TYPE_CHECKING:
    from inspector.files.roots import Roots
    from inspector.index import Row
    from inspector.testruns.replay_marks import Why


@click.command()
@click.argument("paths", nargs=-1, required=True, metavar="PATH…", type=click.Path(path_type=Path))
@click.option("-q", "--query", default="", help="Only exchanges that the query finds.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "paths", "json"]),
    default="text",
    show_default=True,
    help="A line an exchange; the path of each recording once; or a list for scripts.",
)
@link_base
def ls(paths: tuple[Path, ...], query: str, form: str, link_base: str) -> None:
    """List exchanges, one line each."""
    from inspector.cli import gather
    from inspector.cli.ls_line import columns
    from inspector.cli.ls_line import line as row_line
    from inspector.files.urls import link

    check(query)
    roots = roots_at(paths)
    rows, around = gather.rows(roots, query, say, Reached(), around=form == "json")
    if not rows:
        raise Failure(gather.nothing(roots, query))
    if form != "text":
        out(_for_scripts(roots, rows, form, around))
        return
    widths = columns(rows)
    for row in rows:
        at = f"  {link(link_base, f'e/{row.uid}')}" if link_base else ""
        out(f"{row_line(row, widths, color=sys.stdout.isatty())}{at}\n")


def _for_scripts(roots: Roots, rows: Sequence[Row], form: str, around: Mapping[str, Why]) -> str:
    """The paths of recordings, each once and as other programs take them here, or a JSON list of what a line says."""
    if form == "paths":
        places = dict.fromkeys(os.path.relpath(roots.place(row.path).file) for row in rows)
        return "".join(f"{visible_line(place)}\n" for place in places)
    from inspector.output.escape import json_page

    told = [
        {
            "id": row.uid,
            "path": row.path,
            "entry": row.entry,
            "test_id": row.test_id,
            "format": row.format,
            "model": row.model,
            "operation": row.operation,
            "odd": list(row.marks),
            "around": {kind: whys[row.uid] for kind, whys in around.items() if row.uid in whys},
        }
        for row in rows
    ]
    return json_page(told)
