"""The exchanges of paths that were named on the command line, without a server."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import replace
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

from inspector import search
from inspector.files.roots import Root, Roots, repository
from inspector.formats import Recording
from inspector.index import FileRow, Row
from inspector.library import reader
from inspector.library.identity import group_of, uid
from inspector.library.library_of_one_answer import momentary
from inspector.library.nothing_found import nothing_found
from inspector.library.progress import Progress
from inspector.output.otel_json import place
from inspector.output.shown_exchange import Shown
from inspector.redaction.decoded import masked_anyhow
from inspector.search.suggest import unknown
from inspector.testruns.replay_marks import Why, queries_ask

Say = Callable[[str], None]
Reached = Callable[[Progress], None]


_MOST_SAID = 100
"""Files in trouble that are said by name."""


def _nobody(progress: Progress) -> None:
    """Nobody wants to know."""


def exchanges(roots: Roots, query: str, say: Say, reached: Reached = _nobody) -> Iterator[Shown]:
    """Every exchange below some roots, decoded; what cannot be read is said on the way."""
    for path, modified, recording, wanted in _recordings(roots, query, say, reached):
        yield from _all_shown(roots, path, modified, recording, wanted, say)


def nothing(roots: Roots | None, query: str) -> str:
    """What to say where no exchange was found, below some roots or, without any, in standard input."""
    if roots is None or query:  # for which nothing has to be read again
        return nothing_found(None, query)
    with closing(momentary(roots, _nobody).index) as index:
        return nothing_found(index, query)


def unnamed(data: bytes, say: Say) -> Iterator[Shown]:
    """The exchanges of standard input."""
    yield from _all_shown(_NOWHERE, "-", time.time_ns(), reader.read_unnamed("-", data), None, say)


_NOWHERE = Roots(Root(Path(), ""))


def _all_shown(
    roots: Roots, path: str, modified: int, recording: Recording, wanted: set[int] | None, say: Say
) -> Iterator[Shown]:
    if recording.broken:
        say(f"{path}: {recording.broken}")
    root = roots.place(path).root
    library = "standard input" if roots is _NOWHERE else repository(root.path).name or root.title
    for exchange in recording.exchanges:
        if wanted is None or exchange.entry in wanted:
            kind, group = group_of(exchange, path)
            where = place(uid(roots, path, exchange.entry), path, exchange.entry, recording.format, kind, group)
            yield Shown(where, *masked_anyhow(replace(exchange, raw=None)), modified, library)


_Found = tuple[str, int, Recording, set[int] | None]
"""Path, time of the last change, recording, and the entries that are wanted of it (None for all)."""


def _recordings(roots: Roots, query: str, say: Say, reached: Reached) -> Iterator[_Found]:
    if not query:
        for found in roots.found():
            yield from ((path, found.mtime, recording, None) for path, recording in reader.recordings(roots, found))
        return
    found_rows = rows(roots, query, say, reached, files=False).rows
    is_sorted = search.read(query).order is not None
    for path, of_file in groupby(found_rows, lambda row: row.path):
        recording = reader.load(roots, path)
        listed = [*of_file]
        wanted: list[set[int]] = [{row.entry} for row in listed] if is_sorted else [{row.entry for row in listed}]
        yield from ((path, listed[0].mtime, recording, entries) for entries in wanted)


class Checkable(NamedTuple):
    """What checks look at: exchanges, and files that cannot be read."""

    rows: list[Row]
    files: list[FileRow]
    around: Mapping[str, Why]
    """Marks that depend on others, where they were asked for."""


def checkable(
    roots: Roots, query: str, reached: Reached = _nobody, *, around: bool = False, since: float = 0.0
) -> Checkable:
    """The exchanges below some roots that a query finds, and without one the files in trouble."""
    with closing(momentary(roots, reached).index) as index:
        files = [] if query else list(index.files_in_state("broken"))
        known = search.read(query)
        with queries_ask(index, roots, since) as marks:
            return Checkable(index.sorted_rows(known.where, known.order), files, marks() if around else {})


class Listed(NamedTuple):
    """Exchanges that a query finds."""

    rows: list[Row]
    around: Mapping[str, Why]
    """Marks that depend on others, where they were asked for."""


def rows(
    roots: Roots,
    query: str,
    say: Say,
    reached: Reached = _nobody,
    *,
    files: bool = True,
    around: bool = False,
) -> Listed:
    """The exchanges below some roots that a query finds, by path or in the order that it asks for, with the marks that
    depend on others, where these are wanted. A value that no recording has is said, and so are `files` in trouble.
    Raises `search.QueryError`."""
    known = search.read(query)
    with closing(momentary(roots, reached).index) as index:
        troubled = index.files_in_state("broken", "writing") if files else []
        for file in troubled[:_MOST_SAID]:
            say(f"{file.path}: {file.why}")
        if len(troubled) > _MOST_SAID:
            say(f"{len(troubled) - _MOST_SAID:,} files more cannot be read; `inspector summary` counts them")
        with queries_ask(index, roots) as marks:
            found = index.sorted_rows(known.where, known.order)
            marked = marks() if around else {}
        if not found and (nothing := unknown(index, known)):
            say(nothing.text + (f"; did you mean {nothing.meant}?" if nothing.meant else ""))
        return Listed(found, marked)
