"""What a directory of recordings amounts to, for ``inspector summary``: what cannot be read, what failed, issues,
what changed since another state of it, and how much there is."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from inspector.compare.states.given import NoRevision, earlier
from inspector.compare.states.state import state
from inspector.files.roots import Roots
from inspector.index import Row
from inspector.library.progress import Progress
from inspector.report.counting import gathered
from inspector.report.reported import Broken, Failing, Report
from inspector.testruns.results import Outcomes, load

__all__ = ["NoRevision", "Report", "report"]

Reached = Callable[[Progress], None]


def report(roots: Roots, query: str, given: str, reached: Reached) -> Report:
    """What lies below some roots, and what changed since an earlier state: a directory, an archive or a git revision,
    empty for none. Raises `search.QueryError`, `NoRevision`, and what a path raises that cannot be read."""
    with state(roots, query, reached) as now:
        changes = None
        if given:
            with earlier(now, given, query, reached) as (_, changes):
                pass
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
