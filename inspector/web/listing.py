"""The list: exchanges by the test, session or file that they belong to."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, render_template, request

from inspector import search
from inspector.index import Index, Row
from inspector.index.store import ALL, GroupRow, Totals, Where, Window
from inspector.search.suggest import unknown
from inspector.web import rendering
from inspector.web.groups import FOLDED, GroupView, group_view
from inspector.web.hits import Found, hits, told

blueprint = Blueprint("listing", __name__)

GROUPS = 40
"""Groups that a window of the list holds."""

AROUND = 12
"""Groups that stand before the one that a window has to hold."""

FLAT = 120
"""Exchanges that a window holds where the list has an order of its own."""

_LOOKED_AT = 60
"""Exchanges of a group whose story a list tells."""


@dataclass(frozen=True, slots=True)
class ListView:
    """Everything that the list pane prints."""

    query: str
    """As it was typed."""
    error: str | None
    known: search.Query | None
    groups: tuple[GroupView, ...]
    rows: tuple[Row, ...]
    """The exchanges, where the list has an order of its own, and no groups."""
    found: dict[str, list[Found]]
    totals: Totals
    matching: Totals
    place: dict[str, str]
    """The parameters of the address that lead to this window."""
    before: dict[str, str] | None
    """Those that lead to the window before, and after; None where the list ends."""
    after: dict[str, str] | None
    slide_up: dict[str, str] | None
    """Those that lead to the windows that begin, or end, in the middle of this one."""
    slide_down: dict[str, str] | None

    @property
    def newest(self) -> str:
        """The id of the exchange that changed last."""
        if self.before is not None:
            return ""
        return max(self.groups, key=lambda group: group.mtime).newest if self.groups else ""

    @property
    def only_odd(self) -> bool:
        return self.known is not None and search.Clause("is", "odd") in self.known.tree.of


def list_view(index: Index, query: str, place: dict[str, str]) -> ListView:
    """The list for a query. A query that means nothing lists everything, with its error.

    `place` says which window: ``from`` the group of a key on, ``before`` it, or around the exchange ``at``.
    """
    error, known = None, None
    try:
        known = search.read(query)
    except search.QueryError as wrong:
        error = str(wrong)
    where = known.where if known else ALL
    if known and known.order:
        return _flat(index, query, known, place)
    window = _window(index, where, place)
    groups = _groups(index, where, known, window.groups)
    if known and not window.totals.exchanges:
        error = unknown(index, known)
    totals = window.totals if where == ALL else index.totals()
    middle = len(groups) // 2
    return ListView(
        query=query,
        error=error,
        known=known,
        groups=groups,
        rows=(),
        found={},
        totals=totals,
        matching=window.totals,
        place=place,
        before={"before": groups[0].key} if window.before and groups else None,
        after={"after": groups[-1].key} if window.after and groups else None,
        slide_up={"before": groups[middle].key} if window.before and groups else None,
        slide_down={"from": groups[middle].key} if window.after and groups else None,
    )


def _window(index: Index, where: Where, place: dict[str, str]) -> Window:
    if (row := index.row(place["at"]) if "at" in place else None) is not None:
        start = index.group_of(row)
        ahead = index.window(where, AROUND, start, back=True).groups
        return index.window(where, GROUPS, ahead[0] if ahead else start)
    for name in ("from", "before", "after"):
        if named := _named(index, place.get(name, "")):
            return index.window(where, GROUPS, named, back=name == "before", past=name == "after")
    return index.window(where, GROUPS)


_KEY = re.compile(r"(\d{1,12})-([0-9a-f]{16})")


def _named(index: Index, key: str) -> GroupRow | None:
    """The place in the list that a key names: that of its group then, should it have moved on meanwhile."""
    found = _KEY.fullmatch(key)
    if found is None:
        return None
    row = index.row(found[2])
    group = index.group_of(row) if row else GroupRow("", "", 0, 0, 0)
    return group._replace(moment=int(found[1]))


def _groups(index: Index, where: Where, query: search.Query | None, found: Sequence[GroupRow]) -> tuple[GroupView, ...]:
    rows: dict[int, list[Row]] = {group.number: [] for group in found}
    shelves = {(group.kind, group.id): group.number for group in found}
    for row in index.rows_of_groups(where, found, _LOOKED_AT):
        kind = row.group_kind if row.shelf == row.group_id else "folder"
        rows[shelves[kind, row.shelf]].append(row)
    folds = {group.number: index.folds(where, group) for group in found if group.total > _LOOKED_AT}
    for group in found:
        for one in folds.get(group.number, ()):
            rows[group.number] += index.rows_of_fold(where, group, one.label, FOLDED)
    said = hits(index, query, [row for some in rows.values() for row in some])
    return tuple(group_view(group, rows[group.number], folds.get(group.number), query, said) for group in found)


def _flat(index: Index, query: str, known: search.Query, place: dict[str, str]) -> ListView:
    """The list in an order of its own: exchanges without groups."""
    order = known.order
    assert order is not None
    back = "before" in place
    start = index.row(place.get("before") or place.get("from") or place.get("at") or "")
    rows, more = index.in_order(known.where, order, FLAT, start, back)
    if back and len(rows) < FLAT:
        rows, more, back = index.in_order(known.where, order, FLAT)[0], True, False
    ahead = bool(rows) and bool(index.in_order(known.where, order, 1, rows[0], back=True)[0])
    behind = more if not back else True
    said = hits(index, known, rows)
    marker = known.marker
    found: dict[str, list[Found]] = {}
    if marker:
        for row in rows:
            found |= told([row], said, marker)[1]
    middle = len(rows) // 2
    return ListView(
        query=query,
        error=None if rows else unknown(index, known),
        known=known,
        groups=(),
        rows=tuple(rows),
        found=found,
        totals=index.totals(),
        matching=index.totals(known.where),
        place=place,
        before={"before": rows[0].uid} if ahead else None,
        after={"from": rows[-1].uid} if behind else None,
        slide_up={"before": rows[middle].uid} if ahead else None,
        slide_down={"from": rows[middle].uid} if behind else None,
    )


@blueprint.get("/")
def home() -> str:
    library = rendering.library()
    query = request.args.get("q", "").strip()
    place = {name: request.args[name] for name in ("at", "from", "before", "after") if request.args.get(name)}
    view = list_view(library.index, query, place)
    values = {"list": view, "library": library, "files": files_view(library.index)}
    if rendering.is_partial() and request.headers.get("HX-Target", "").endswith("#list"):
        return render_template("_list.html", **values)
    return render_template("home.html", overview=library.index.overview(), **values)


@dataclass(frozen=True, slots=True)
class FilesView:
    """The files that are no recordings: those that should be, and a count of those that never were."""

    broken: tuple[tuple[str, str], ...]
    writing: tuple[str, ...]
    strangers: int


def files_view(index: Index) -> FilesView:
    troubled = index.files_in_state("broken", "writing")
    return FilesView(
        tuple((file.path, file.why or "") for file in troubled if file.state == "broken"),
        tuple(file.path for file in troubled if file.state == "writing"),
        index.count_files("stranger"),
    )
