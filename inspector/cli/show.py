"""``inspector show``."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

import click

from inspector.cli.common import Failure, check, link_base, roots_at
from inspector.cli.terminal import Reached, out, out_bytes, say

if TYPE_CHECKING:
    from inspector.output.shown_exchange import Shown


_PIECE = 2**20

FORMS = ("text", "json", "jsonl", "otlp", "parquet")


@click.command()
@click.argument("paths", nargs=-1, required=True, metavar="PATH…|-")
@click.option("-q", "--query", default="", help="Only exchanges that the query finds.")
@click.option("--format", "form", type=click.Choice(FORMS), default="text", show_default=True)
@click.option("--blobs", is_flag=True, help="With the bytes of images and files.")
@link_base
def show(paths: tuple[str, ...], query: str, form: str, blobs: bool, link_base: str) -> None:
    """Print exchanges: a transcript, JSON for scripts, spans as OTLP/JSON, or a table. `-` reads one recording from
    standard input."""
    from inspector.cli import gather

    if query and "-" in paths:
        raise click.UsageError("a query needs files: standard input is shown as it is")
    check(query)
    files = tuple(Path(path) for path in paths if path != "-")
    roots = roots_at(files) if files else None
    given = gather.unnamed(sys.stdin.buffer.read(), say) if "-" in paths else ()
    found = gather.exchanges(roots, query, say, Reached()) if roots else ()
    linked = (_linked(one, link_base) for one in chain(given, found))
    if form == "parquet":
        printed = _print_table(linked)
    elif form == "otlp":
        printed = _print_spans(linked, blobs)
    else:
        printed = _print_each(linked, form, blobs)
    if not printed:
        raise Failure(gather.nothing(roots, query))


def _linked(one: Shown, base: str) -> Shown:
    from inspector.files.urls import link

    is_a_page = base and one.place["recording"]["path"] != "-"
    return one._replace(link=link(base, f"e/{one.place['id']}")) if is_a_page else one


def _print_spans(shown: Iterable[Shown], blobs: bool) -> int:
    from inspector.output.otlp.exports import lines

    printed = 0
    for line in lines(shown, blobs=blobs):
        out(line)
        printed += 1
    return printed


def _print_table(shown: Iterable[Shown]) -> int:
    import tempfile

    from inspector.cli.export_data import write_table

    if sys.stdout.isatty():
        raise click.UsageError("a table is no text: send it to a file or a pipe")
    with tempfile.TemporaryFile() as file:  # its writer asks where it is, which a pipe does not know
        printed = write_table(shown, file)
        file.seek(0)
        while printed and (some := file.read(_PIECE)):
            out_bytes(some)
    return printed


def _print_each(shown: Iterable[Shown], form: str, blobs: bool) -> int:
    printed = 0
    for one in shown:
        _print(one, form, blobs, first=printed == 0)
        printed += 1
    if form == "json":
        out("\n]\n" if printed else "[]\n")
    return printed


def _print(one: Shown, form: str, blobs: bool, first: bool) -> None:
    from inspector.model import jsonio
    from inspector.output.escape import json_text
    from inspector.output.otel_json import exchange_json

    if form == "text":
        _print_transcript(one, first)
        return
    place = {**one.place, "link": one.link} if one.link else one.place
    text = json_text(jsonio.dumps(exchange_json(place, one.exchange, one.call, blobs=blobs)))
    lead = "" if form == "jsonl" else "[\n" if first else ",\n"
    out(lead + text + ("\n" if form == "jsonl" else ""))


def _print_transcript(one: Shown, first: bool) -> None:
    import shutil

    from inspector.output.transcript import transcript

    color = sys.stdout.isatty()
    width = min(shutil.get_terminal_size().columns, 120) if color else 100
    where = f"{one.place['id']}  {one.place['recording']['path']}{f'  {one.link}' if one.link else ''}"
    out(("" if first else "\n") + transcript(where, one.exchange, one.call, color=color, width=width))
