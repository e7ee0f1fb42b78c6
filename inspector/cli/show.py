"""``inspector show``."""

from __future__ import annotations

import sys
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

import click

from inspector.cli.common import Failure, check, link_base, roots_at
from inspector.cli.terminal import Reached, out, say

if TYPE_CHECKING:
    from inspector.cli.gather import Shown


@click.command()
@click.argument("paths", nargs=-1, required=True, metavar="PATH…|-")
@click.option("-q", "--query", default="", help="Only exchanges that the query finds.")
@click.option("--format", "form", type=click.Choice(["text", "json", "jsonl"]), default="text", show_default=True)
@click.option("--blobs", is_flag=True, help="JSON with the bytes of images and files.")
@link_base
def show(paths: tuple[str, ...], query: str, form: str, blobs: bool, link_base: str) -> None:
    """Print exchanges: a transcript, or JSON for scripts. `-` reads one recording from standard input."""
    from inspector.cli import gather
    from inspector.files.urls import link

    if query and "-" in paths:
        raise click.UsageError("a query needs files: standard input is shown as it is")
    check(query)
    files = tuple(Path(path) for path in paths if path != "-")
    roots = roots_at(files) if files else None
    given = gather.unnamed(sys.stdin.buffer.read(), say) if "-" in paths else ()
    found = gather.exchanges(roots, query, say, Reached()) if roots else ()
    shown = 0
    for one in chain(given, found):
        at = link(link_base, f"e/{one.place['id']}") if link_base and one.place["recording"]["path"] != "-" else ""
        _print(one, at, form, blobs, first=shown == 0)
        shown += 1
    if form == "json":
        out("\n]\n" if shown else "[]\n")
    if not shown:
        raise Failure("no exchange found" + (f" for {query}" if query else ""))


def _print(one: Shown, at: str, form: str, blobs: bool, first: bool) -> None:
    from inspector.model import jsonio
    from inspector.output.escape import json_text
    from inspector.output.otel_json import exchange_json

    if form == "text":
        _print_transcript(one, at, first)
        return
    place = {**one.place, "link": at} if at else one.place
    text = json_text(jsonio.dumps(exchange_json(place, one.exchange, one.call, blobs=blobs)))
    lead = "" if form == "jsonl" else "[\n" if first else ",\n"
    out(lead + text + ("\n" if form == "jsonl" else ""))


def _print_transcript(one: Shown, at: str, first: bool) -> None:
    import shutil

    from inspector.output.transcript import transcript

    color = sys.stdout.isatty()
    width = min(shutil.get_terminal_size().columns, 120) if color else 100
    where = f"{one.place['id']}  {one.place['recording']['path']}{f'  {at}' if at else ''}"
    out(("" if first else "\n") + transcript(where, one.exchange, one.call, color=color, width=width))
