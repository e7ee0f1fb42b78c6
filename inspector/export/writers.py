"""Processes that write the pages of an export: what a page leads to is written too, until nothing is left."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ProcessPoolExecutor, wait
from contextlib import contextmanager
from multiprocessing import get_context
from pathlib import Path
from typing import NamedTuple

from flask import Flask

from inspector.export.library import reopened
from inspector.export.pages import Pages, family
from inspector.export.placing import put
from inspector.progress import Progress
from inspector.roots import Roots
from inspector.web.app import Settings, Still, create_app

_AT_ONCE = 40
"""Exchanges, or other pages, that a process is given together."""

_WORTH = 200
"""Exchanges from which on other processes are worth their start."""


class Job(NamedTuple):
    """What the pages are made of, and where they are put. `old` is the export that these take the place of."""

    roots: Roots
    file: Path
    """The index."""
    new: Path
    old: Path | None
    unmasked: bool = False
    single: bool = False


class _Written(NamedTuple):
    files: int
    changed: int
    wanted: set[str]
    """Addresses of pages that others have to write."""
    written: set[str]
    refused: set[str]


def application(job: Job) -> Flask:
    """The application whose answers become files."""
    settings = Settings(exported=True, unmasked=job.unmasked)
    return create_app(Still(reopened(job.roots, job.file)), settings=settings)


class Total(NamedTuple):
    """What was written: `changed` counts the files that the old export had otherwise, or not."""

    files: int
    changed: int
    refused: frozenset[str]


def write_all(job: Job, begin: Iterable[str], exchanges: int, reached: Callable[[Progress], None]) -> Total:
    """Write the pages of some addresses, and all that they lead to."""
    known: set[str] = set()
    done: set[str] = set()
    refused: set[str] = set()
    files = changed = 0
    began = time.monotonic()
    with _writers(job, exchanges) as pool:
        running: set[Future[_Written]] = set()
        running |= {pool.submit(_write, some) for some in _together(_new(begin, known))}
        while running:
            finished, running = wait(running, return_when=FIRST_COMPLETED)
            for one in finished:
                result = one.result()
                files, changed = files + result.files, changed + result.changed
                done |= result.written
                known |= result.written
                refused |= result.refused
                running |= {pool.submit(_write, some) for some in _together(_new(result.wanted, known))}
            reached(Progress(len(done), max(len(known), len(done) + 1), time.monotonic() - began, "writing", "page"))
    return Total(files, changed, frozenset(refused))


def _new(wanted: Iterable[str], known: set[str]) -> list[str]:
    """The addresses that nobody was told to write; those of one exchange stand for all of its own."""
    found = sorted({address for address in wanted if address not in known})
    known |= set(found)
    return found


def _together(wanted: list[str]) -> Iterator[list[str]]:
    """Pages of one exchange come together: its file is read for each."""
    some: list[str] = []
    families: set[str] = set()
    for address in wanted:
        families.add(family(address) or address)
        if len(families) > _AT_ONCE:
            yield some
            some, families = [], {family(address) or address}
        some.append(address)
    if some:
        yield some


# ---------------------------------------------------------------- in a process of its own

_own: tuple[Job, Pages] | None = None


def _begin(job: Job) -> None:
    global _own
    _own = (job, Pages(application(job)))


def _write(wanted: list[str]) -> _Written:
    """Write pages, and those of the same exchanges that they lead to."""
    assert _own is not None
    job, pages = _own
    families = {family(address) or address for address in wanted}
    pages.wanted, pages.refused = set(), set()
    written: set[str] = set()
    files = changed = 0
    left = list(reversed(wanted))
    while left:
        address = left.pop()
        if address in written:
            continue
        written.add(address)
        if page := pages.page(address):
            files += 1
            changed += put(job.new, job.old, page.file, page.content)
        near = sorted(one for one in pages.wanted - written if (family(one) or one) in families)
        left += [one for one in near if one not in left]
    return _Written(files, changed, pages.wanted - written, written, set(pages.refused))


class _Here(Executor):
    """Does at once what it is given."""

    def submit(self, act, /, *given, **named):  # type: ignore[no-untyped-def]
        done: Future[object] = Future()
        try:
            done.set_result(act(*given, **named))
        except BaseException as error:
            done.set_exception(error)
        return done


@contextmanager
def _writers(job: Job, exchanges: int) -> Iterator[Executor]:
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    if exchanges < _WORTH or cores < 2:
        _begin(job)
        yield _Here()
        return
    pool = ProcessPoolExecutor(min(cores, 8), get_context("spawn"), _begin, (job,))
    try:
        yield pool
    except BaseException:
        pool.shutdown(wait=False, cancel_futures=True)
        raise
    pool.shutdown()
