"""The same pages as files: a site for any static host or none, or one file that holds everything."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from html import escape
from io import BytesIO
from itertools import chain
from pathlib import Path
from typing import NamedTuple

from flask import Flask

from inspector.compare.states.against import Against, Settled, known_verdicts
from inspector.compare.states.change import Since
from inspector.compare.states.revisions import NoRevision
from inspector.export import bundle, one_file, search_index
from inspector.export.pages import assets_used
from inspector.export.provenance import Made, made
from inspector.export.publish import NotOurs, beside, in_one, put
from inspector.export.selection import gathered, reopened
from inspector.export.settings_and_tools import SettingsAndTools
from inspector.export.writers import Job, Total, application, write_all
from inspector.files.export_bundle import CARRIED
from inspector.files.roots import Roots
from inspector.files.scan import TEST_RUN_MAP
from inspector.files.urls import HOME, MARKER
from inspector.index import conditions
from inspector.library import identity
from inspector.library.nothing_found import nothing_found
from inspector.library.progress import Progress
from inspector.model import jsonio
from inspector.testruns import results
from inspector.web.test_runs.results_view import known

__all__ = ["Exported", "NoRevision", "NotOurs", "Nothing", "report", "site"]

_MADE = '<p class="made" id="made"></p>'
"""What the list's own page has in the place of the line that says from what the export was made."""

_SIGNED = re.compile(re.escape(_MADE).replace("><", ">[^<]*<"))

_BEGIN = ("", "help", "find", "log", "tests")
"""Addresses from which, with those of all exchanges, every page is led to."""

Reached = Callable[[Progress], None]


class Nothing(Exception):
    """No exchange is there to export."""


class Exported(NamedTuple):
    """What was exported: `changed` counts the files that were written, the others are as they were."""

    exchanges: int
    files: int
    changed: int
    made: Made
    refused: frozenset[str]
    """Addresses that pages lead to and nothing answers."""
    since: Since | None = None
    """What changed since the earlier state, where one was named."""


class _Kept(NamedTuple):
    """What is exported: ids of exchanges, in order, and the recordings that they lie in."""

    uids: dict[str, None]
    paths: list[str]


def site(roots: Roots, out: Path, query: str, unmasked: bool, reached: Reached, against: str = "") -> Exported:
    """Write the pages of what a query finds below some roots to a folder, with those of what changed since an earlier
    state where one is named. Raises `search.QueryError`, `Nothing`, `NotOurs` and `NoRevision`."""
    with (
        tempfile.TemporaryDirectory(prefix="inspector-") as scratch,
        beside(out) as new,
        closing(Against(against, query)) as earlier,
    ):
        index = Path(scratch) / "export.sqlite"
        kept = _kept(roots, index, query, reached)
        old = out if out.is_dir() else None
        job = Job(roots, index, new, old, unmasked, _settled(earlier, roots, index))
        put(new, None, MARKER, _marker(kept))  # the first of all: who scans passes over the rest
        total = _write(job, kept, reached)
        app = _application(job)
        tests = _outcomes(app)
        asked = SettingsAndTools()
        carried = _carried(job, kept, tests, asked)
        rest = (
            *assets_used(),
            *search_index.scripts(app, asked),
            (CARRIED, carried),
            (TEST_RUN_MAP, tests),
        )
        written = [put(new, old, *file) for file in rest]
        about = _made(roots, query, unmasked)
        changed = total.changed + sum(written) - _sign(new, old, about) + (old is None)
        return Exported(len(kept.uids), total.files + len(written) + 1, changed, about, total.refused, _since(job))


def report(roots: Roots, out: Path, query: str, unmasked: bool, reached: Reached, against: str = "") -> Exported:
    """Write the same pages to one file, which holds everything. Raises as `site` does."""
    with in_one(out) as (file, scratch), closing(Against(against, query)) as earlier:
        index, pages = scratch / "export.sqlite", scratch / "pages"
        kept = _kept(roots, index, query, reached)
        job = Job(roots, index, pages, None, unmasked, _settled(earlier, roots, index))
        total = _write(job, kept, reached)
        about = _made(roots, query, unmasked)
        _sign(pages, None, about)
        app = _application(job)
        asked = SettingsAndTools()
        carried = _carried(job, kept, _outcomes(app), asked)
        searched = ((f"search/{name}", value) for name, value in search_index.data(app, asked))
        one_file.write(chain(one_file.of_folder(pages, kept.uids), searched), file, carried)
        return Exported(len(kept.uids), 1, 1, about, total.refused, _since(job))


def _since(job: Job) -> Since | None:
    return job.against.found.since if job.against else None


def _settled(earlier: Against, roots: Roots, index: Path) -> Settled | None:
    """What changed since an earlier state, of which the pages tell; None where none is named."""
    if not earlier.given:
        return None
    library = reopened(roots, index)
    with closing(library.index):
        return earlier.settled(library)


def _kept(roots: Roots, index: Path, query: str, reached: Reached) -> _Kept:
    library = gathered(roots, index, query, reached)
    with closing(library.index):
        rows = library.index.rows()
        if not rows:
            raise Nothing(nothing_found(library.index, query))
    return _Kept(dict.fromkeys(row.uid for row in rows), sorted({row.path for row in rows}))


def _write(job: Job, kept: _Kept, reached: Reached) -> Total:
    changes = ("changes",) if job.against else ()
    begin: Iterator[str] = chain(_BEGIN, changes, (f"e/{uid}" for uid in kept.uids))
    return write_all(job, begin, len(kept.uids), reached)


def _carried(job: Job, kept: _Kept, tests: bytes, asked: SettingsAndTools) -> bytes:
    """The recordings themselves and the map of their tests, so that the export can be served again. What their requests
    ask for is noted by the way."""

    def uid(path: str, entry: int) -> str:
        return identity.uid(job.roots, path, entry)

    packed = BytesIO()
    lines = bundle.carried(
        job.roots, kept.paths, job.unmasked, lambda path, entry: uid(path, entry) in kept.uids,
        lambda path, entry, call: asked.note(uid(path, entry), call),
    )  # fmt: skip
    bundle.write(packed, chain(lines, bundle.told(tests)))
    return packed.getvalue()


def _application(job: Job) -> Flask:
    """The application, of which queries are asked that may name verdicts."""
    conditions.compare_with(known_verdicts(job.against.found if job.against else None))
    return application(job)


def _outcomes(app: Flask) -> bytes:
    """What became of the tests, as far as a run of them told it."""
    with app.app_context():
        return results.written(known()).encode()


def _marker(kept: _Kept) -> bytes:
    return jsonio.dumps({"inspector": "export", "exchanges": len(kept.uids)}).encode() + b"\n"


def _made(roots: Roots, query: str, unmasked: bool) -> Made:
    served = [root.served for root in roots.all]
    return made(served, [path.name for path in served], query, unmasked)


def _sign(new: Path, old: Path | None, about: Made) -> bool:
    """Put the line that says from what the export was made onto the list's own page. Whether that page is as it was
    but for this line."""
    home = new / HOME
    page = home.read_text("utf-8")
    home.write_text(page.replace(_MADE, _MADE.replace("><", f">{escape(about.text)}<"), 1), "utf-8")
    before = old / HOME if old else None
    return before is not None and before.is_file() and _SIGNED.sub(_MADE, before.read_text("utf-8"), count=1) == page
