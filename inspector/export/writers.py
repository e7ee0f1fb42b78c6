"""Processes that write the pages of an export: what a page leads to is written too, until nothing is left."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable, Collection, Iterable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import active_children, get_context
from pathlib import Path
from typing import NamedTuple

from flask import Flask

from inspector.compare.states.against import Settled
from inspector.export.pages import Pages, family
from inspector.export.publish import put
from inspector.export.selection import reopened
from inspector.files.roots import Roots
from inspector.library.progress import Progress
from inspector.library.workers import cores
from inspector.web.app import Still, create_app
from inspector.web.settings import Settings

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
    against: Settled | None = None
    """What changed since an earlier state, where that is exported too."""


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
    return create_app(Still(reopened(job.roots, job.file)), settings=settings, against=job.against or "")


class Total(NamedTuple):
    """What was written: `changed` counts the files that the old export had otherwise, or not."""

    files: int
    changed: int
    refused: frozenset[str]


def write_all(job: Job, begin: Iterable[str], exchanges: int, reached: Callable[[Progress], None]) -> Total:
    """Write the pages of some addresses, and all that they lead to."""
    left, done = set(begin), set[str]()
    refused: set[str] = set()
    files = changed = 0
    began = time.monotonic()
    with _writers(job, exchanges) as pool:
        while left:  # in rounds: what others lead to may be written in this one, with its own exchange
            found: set[str] = set()
            batches = [*_together(sorted(left))]
            for result in pool.map(_write, batches, [_of_same(some, done) for some in batches]):
                files, changed = files + result.files, changed + result.changed
                done |= result.written
                found |= result.wanted
                refused |= result.refused
                total = len(done | left | found)
                reached(Progress(len(done), max(total, len(done) + 1), time.monotonic() - began, "writing", "page"))
            left = found - done
    return Total(files, changed, frozenset(refused))


def _of_same(wanted: list[str], done: set[str]) -> set[str]:
    """What was written already of the exchanges of some pages."""
    families = {family(address) for address in wanted} - {""}
    return {address for address in done if family(address) in families} if families else set()


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


def _begin_apart(job: Job) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the one who ends these
    _begin(job)


def _write(wanted: list[str], done: Collection[str] = ()) -> _Written:
    """Write pages, and those of the same exchanges that they lead to but for what was done already."""
    assert _own is not None
    job, pages = _own
    families = {family(address) or address for address in wanted}
    pages.wanted, pages.refused = set(), set()
    known, elsewhere = {*wanted, *done}, set[str]()
    files = changed = 0
    left = list(reversed(wanted))
    while left:
        if page := pages.page(left.pop()):
            files += 1
            changed += put(job.new, job.old, page.file, page.content)
        for address in sorted(pages.wanted - known - elsewhere):
            if (family(address) or address) in families:
                known.add(address)
                left.append(address)
            else:
                elsewhere.add(address)
    return _Written(files, changed, elsewhere, known, pages.refused)


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
    if exchanges < _WORTH or cores() < 2:
        _begin(job)
        yield _Here()
        return
    pool = ProcessPoolExecutor(min(cores(), 8), get_context("spawn"), _begin_apart, (job,))
    try:
        yield pool
    except BaseException:
        for process in active_children():  # or they went on writing into a folder that is being removed
            process.kill()
        pool.shutdown(cancel_futures=True)
        raise
    pool.shutdown()
