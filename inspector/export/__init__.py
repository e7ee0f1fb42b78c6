"""The same pages as files: a site for any static host or none, or one file that holds everything."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from html import escape
from pathlib import Path
from typing import NamedTuple

from inspector import jsonio
from inspector.addresses import HOME, MARKER
from inspector.export.library import gathered
from inspector.export.made import Made, made
from inspector.export.pages import assets_used
from inspector.export.placing import NotOurs, beside, put
from inspector.export.writers import Job, write_all
from inspector.progress import Progress
from inspector.roots import Roots

__all__ = ["Exported", "NotOurs", "Nothing", "site"]

_MADE = '<p class="made" id="made"></p>'
_SIGNED = re.compile(re.escape(_MADE).replace("><", ">[^<]*<"))
"""What the list's own page has in the place of the line that says from what the export was made."""

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


def site(roots: Roots, out: Path, query: str, unmasked: bool, reached: Reached) -> Exported:
    """Write the pages of what a query finds below some roots to a folder. Raises `search.QueryError`, `Nothing` and
    `NotOurs`."""
    with tempfile.TemporaryDirectory(prefix="inspector-") as scratch, beside(out) as new:
        index = Path(scratch) / "export.sqlite"
        uids = _read(roots, index, query, reached)
        old = out if out.is_dir() else None
        job = Job(roots, index, new, old, unmasked)
        total = write_all(job, _begin(uids), len(uids), reached)
        about = made([root.served for root in roots.all], [root.served.name for root in roots.all], query, unmasked)
        rest = [put(new, old, *page) for page in (*assets_used(), _marker(len(uids)))]
        changed = total.changed + sum(rest) - _sign(new, old, about)
        return Exported(len(uids), total.files + len(rest), changed, about, total.refused)


def _read(roots: Roots, index: Path, query: str, reached: Reached) -> list[str]:
    library = gathered(roots, index, query, reached)
    with closing(library.index):
        uids = [row.uid for row in library.index.rows()]
    if not uids:
        raise Nothing("no exchange found" + (f" for {query}" if query else ""))
    return uids


def _begin(uids: Sequence[str]) -> Iterator[str]:
    yield ""
    yield "help"
    yield "log"
    yield from (f"e/{uid}" for uid in uids)


def _marker(exchanges: int) -> tuple[str, bytes]:
    return MARKER, jsonio.dumps({"inspector": "export", "exchanges": exchanges}).encode() + b"\n"


def _sign(new: Path, old: Path | None, about: Made) -> bool:
    """Put the line that says from what the export was made onto the list's own page. Whether that page is as it was
    but for this line."""
    home = new / HOME
    page = home.read_text("utf-8")
    home.write_text(page.replace(_MADE, _MADE.replace("><", f">{escape(about.text)}<"), 1), "utf-8")
    before = old / HOME if old else None
    return before is not None and before.is_file() and _SIGNED.sub(_MADE, before.read_text("utf-8"), count=1) == page
