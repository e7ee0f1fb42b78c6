"""The library that an export is made from: all that a query finds, in the order of the paths, and without times, so
that the same recordings give the same pages."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path

from inspector import search
from inspector.files.roots import Roots
from inspector.index import Entry, Index
from inspector.library import reader
from inspector.library.library import Library
from inspector.library.progress import Progress
from inspector.testruns.replay_marks import queries_ask

_BATCH = 200
"""Files of one transaction."""


def gathered(roots: Roots, file: Path, query: str, reached: Callable[[Progress], None]) -> Library:
    """Read everything into an index that is only for this. Raises `search.QueryError`."""
    wanted = search.read(query)
    library = Library(roots, Index(file))
    entries = _entries(roots, reached)
    while batch := list(islice(entries, _BATCH)):
        library.index.write(batch)
    with queries_ask(library.index, roots):
        library.index.keep_only(wanted.where)
    library.looked = True
    return library


def _entries(roots: Roots, reached: Callable[[Progress], None]) -> Iterator[Entry]:
    began = time.monotonic()
    files = [found._replace(mtime=0) for found in roots.found()]
    known: set[int] = set()
    for done, found in enumerate(files):
        reached(Progress(done, len(files), time.monotonic() - began))
        yield from reader.entries(roots, found, known, None)
    reached(Progress(len(files), len(files), time.monotonic() - began))


def reopened(roots: Roots, file: Path) -> Library:
    """The same library in another process."""
    library = Library(roots, Index(file))
    library.looked = True
    return library
