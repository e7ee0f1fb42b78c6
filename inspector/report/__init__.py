"""What a directory of recordings amounts to, for ``inspector summary``: what cannot be read, what failed, what is odd,
what changed since another state of it, and how much there is."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from inspector.compare.change import Since
from inspector.compare.changes import since
from inspector.compare.revisions import NoRevision, revision, unpacked
from inspector.compare.states import State, state
from inspector.files.roots import Roots, roots_of
from inspector.index import Row
from inspector.library.progress import Progress
from inspector.report.counting import gathered
from inspector.report.reported import Broken, Failing, Report
from inspector.testruns.results import Outcomes, load

__all__ = ["NoRevision", "Report", "report"]

_REVISION = "git:"
"""What forces a revision where there is a path of that name."""

Reached = Callable[[Progress], None]


def report(roots: Roots, query: str, earlier: str, reached: Reached) -> Report:
    """What lies below some roots, and what changed since an `earlier` state: a directory, an archive or a git revision,
    empty for none. Raises `search.QueryError`, `NoRevision`, and what a path raises that cannot be read."""
    with state(roots, query, reached) as now:
        changes = _since(now, query, earlier, reached) if earlier else None
        rows = tuple(row for row in now.rows if row.id in now.found)
        broken = tuple(Broken(file.path, file.why or "?") for file in now.known.files_in_state("broken", "writing"))
        failing = tuple(_failing(load(roots), rows, bool(query)))
        return Report(roots.served, query, rows, broken, changes, failing)


def _failing(known: Outcomes, rows: Sequence[Row], is_narrowed: bool) -> Iterator[Failing]:
    by_test = gathered(rows, lambda row: row.group_id)
    by_path = gathered(rows, lambda row: row.path)
    for test in known.failing:
        used = [row for path in test.recordings for row in by_path.get(path, ())]
        its = tuple(by_test.get(test.key) or by_test.get(test.id) or used)
        if its or not is_narrowed:
            yield Failing(test.id, test.message, its)


def _since(now: State, query: str, earlier: str, reached: Reached) -> Since:
    if os.path.exists(earlier) and not earlier.startswith(_REVISION):
        with state(roots_of(Path(earlier)), query, reached) as before:
            return since(before, now, earlier)
    with _at_revision(now, query, earlier.removeprefix(_REVISION), reached) as (name, before, same):
        return since(before, now, name, same)


@contextmanager
def _at_revision(now: State, query: str, given: str, reached: Reached) -> Iterator[tuple[str, State, frozenset[str]]]:
    found = revision(now.roots, given)
    present = {now.place(path): now.roots.place(path).file for path, file in now.files.items() if file.inside is None}
    with (
        unpacked(now.roots, found, present) as (archive, same),
        state(roots_of(archive), query, reached, is_tree=True) as before,
    ):
        yield found.name, before, same
