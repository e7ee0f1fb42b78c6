"""The exchanges of paths that were named on the command line, without a server."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

from inspector import reader, search
from inspector.formats import Recording
from inspector.index import Index, Row
from inspector.library import Library
from inspector.masking import masked
from inspector.model import Exchange, ModelCall, Problem
from inspector.opening import Root
from inspector.reader import group_of, uid
from inspector.scan import Found, scan
from inspector.show import place
from inspector.workers import WORTH, Workers

Say = Callable[[str], None]


class Shown(NamedTuple):
    """One exchange with its place, its secrets masked."""

    place: dict[str, Any]
    exchange: Exchange
    call: ModelCall


def exchanges(root: Root | None, query: str, say: Say) -> Iterator[Shown]:
    """Every exchange below a root (of standard input without one), decoded; what cannot be read is said on the way."""
    for path, recording, wanted in _recordings(root, query):
        if recording.broken:
            say(f"{path}: {recording.broken}")
        for exchange in recording.exchanges:
            if wanted is None or exchange.entry in wanted:
                yield _shown(root or Root(Path.cwd(), ""), path, recording, exchange)


def _shown(root: Root, path: str, recording: Recording, exchange: Exchange) -> Shown:
    kind, group = group_of(exchange, path)
    where = place(uid(root, path, exchange.entry), path, exchange.entry, recording.format, kind, group)
    try:
        return Shown(where, *masked(exchange))
    except Exception as error:  # one exchange that we fail at must not hide the others
        return Shown(where, *masked(_unread(exchange, error)))


def _unread(exchange: Exchange, error: Exception) -> Exchange:
    """The exchange without the bodies that we fail at."""
    why = Problem("exchange", f"not understood: {type(error).__name__}: {error}")
    request = replace(exchange.request, body=None)
    return replace(exchange, request=request, response=None, problems=(*exchange.problems, why))


def _recordings(root: Root | None, query: str) -> Iterator[tuple[str, Recording, set[int] | None]]:
    """Path, recording, and the entries that are wanted of it (None for all)."""
    if root is None:
        yield "-", reader.read_unnamed("-", sys.stdin.buffer.read()), None
    elif query:
        wanted: dict[str, set[int]] = {}
        for row in rows(root, query, lambda _: None):
            wanted.setdefault(row.path, set()).add(row.entry)
        for path, entries in wanted.items():
            yield path, reader.load(root, path), entries
    else:
        for found in _files(root):
            yield from ((path, recording, None) for path, recording in reader.recordings(root, found))


def _files(root: Root) -> Iterable[Found]:
    """The files below a root, by path."""
    return sorted(found for found in scan(root.path) if root.only in (None, found.path))


def rows(root: Root, query: str, say: Say) -> list[Row]:
    """The exchanges below a root that a query finds, by path. Files in trouble are said. Raises `search.QueryError`."""
    where = search.where(query)
    many = root.only is None and sum(1 for _ in zip(scan(root.path), range(WORTH), strict=False)) == WORTH
    workers = Workers(root) if many else None
    with closing(Index(None)) as index:
        try:
            Library(root, index).refresh(workers=workers)
        finally:
            if workers:
                workers.close()
        for file in index.files_in_state("broken", "writing"):
            say(f"{file.path}: {file.why}")
        return index.rows(where, "file.path, exchange.entry")
