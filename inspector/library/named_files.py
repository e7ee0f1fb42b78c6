"""Files that are read by what others say of them: a recording whose body lies in a file beside it, and that body, which
is no recording of its own once one names it. Whatever the order in which they come, the index is the same."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Set

from inspector.files import neighbours
from inspector.files.roots import Roots
from inspector.index import FileRow, Index
from inspector.library.plan import Plan, plan, together
from inspector.library.reader import APART


def once_more(roots: Roots, index: Index, done: Plan) -> Plan:
    """What has to be read once more after a plan was carried out: recordings that name what changed, and bodies of
    which another recording, or none, now says that they are its own."""
    changed = {*(found.path for found in done.read), *done.gone}
    if not changed:
        return done
    neighbours.forget()
    rows = {row.path: row for row in (*_naming(index, changed), *_misjudged(roots, index, changed))}
    return together(plan([row._replace(changed=0, resume=None)], roots.found(row.path)) for row in rows.values())


def _naming(index: Index, changed: Set[str]) -> Iterator[FileRow]:
    for row in index.naming():
        if row.inside is None and row.path not in changed and not changed.isdisjoint((row.named or "").splitlines()):
            yield row


def _misjudged(roots: Roots, index: Index, changed: Iterable[str]) -> Iterator[FileRow]:
    folders = {folder for path in changed if (folder := neighbours.bodies_of(path)) is not None}
    for folder in folders:
        for row in index.bare_below(folder, APART):
            if neighbours.is_a_body(roots, row.path) != (row.why == APART):
                yield row
