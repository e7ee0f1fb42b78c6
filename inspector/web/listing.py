"""The list: exchanges by the test, session or file that they belong to."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from flask import Blueprint, render_template, request

from inspector import search
from inspector.index import Index, Row
from inspector.index.store import GroupRow, Totals, Where
from inspector.story import story
from inspector.testid import TestId, parse
from inspector.web import rendering

blueprint = Blueprint("listing", __name__)

GROUPS = 40
"""Groups on a first page; "show more" adds as many."""

MOST_GROUPS = 400
ROWS = 8
"""Rows of a group before the rest is left to its own page."""

FOLDED = 12
"""Rows that a folded line holds before the rest is left to the group's own page."""

_FEW = 3
"""Calls of one guard from which on they are folded."""

_LABELS = {"models": "model list", "documents": "document service", "web": "other web traffic"}
"""What a folded line says, where the word that rows are folded under says too little."""


@dataclass(frozen=True, slots=True)
class FoldView:
    """Many rows of one kind in one line: model lists, a guard's calls."""

    label: str
    rows: tuple[Row, ...]
    total: int
    odd: int


@dataclass(frozen=True, slots=True)
class GroupView:
    kind: str
    id: str
    test: TestId
    mtime: int
    rows: tuple[Row, ...]
    folds: tuple[FoldView, ...]
    hidden: int
    """Rows that are left to the group's own page."""
    total: int
    odd: int
    newest: str
    """The id of the exchange that changed last."""


@dataclass(frozen=True, slots=True)
class ListView:
    """Everything that the list pane prints."""

    query: str
    error: str | None
    clauses: tuple[search.Clause, ...]
    groups: tuple[GroupView, ...]
    totals: Totals
    matching: Totals
    show: int
    more: int
    """Groups to ask for next; 0 where all are shown."""

    @property
    def newest(self) -> str:
        """The id of the exchange that changed last."""
        return max(self.groups, key=lambda group: group.mtime).newest if self.groups else ""

    @property
    def only_odd(self) -> bool:
        return search.Clause("is", "odd") in self.clauses

    @property
    def chips(self) -> list[tuple[str, str]]:
        """Each clause as it is written, and the query without it."""
        return [
            (search.write([clause]), search.write([other for other in self.clauses if other is not clause]))
            for clause in self.clauses
        ]


def list_view(index: Index, query: str, show: int, at: str = "") -> ListView:
    """The list for a query. A query that means nothing lists everything, with its error.

    The group of the exchange `at` stands first where it would not be on the page.
    """
    error: str | None = None
    clauses: tuple[search.Clause, ...] = ()
    try:
        where, clauses = search.where(query), search.parse(query)
    except search.QueryError as wrong:
        where, error = ("1", []), str(wrong)
    show = min(max(show, GROUPS), MOST_GROUPS)
    found = index.groups(where, show + 1)
    groups = _groups(index, where, [*_missing(index, where, at, found[:show]), *found[:show]])
    totals = index.totals()
    matching = index.totals(where) if clauses else totals
    more = min(show + GROUPS, MOST_GROUPS) if len(found) > show and show < MOST_GROUPS else 0
    return ListView(query, error, clauses, groups, totals, matching, show, more)


def _missing(index: Index, where: Where, at: str, found: list[GroupRow]) -> list[GroupRow]:
    row = index.row(at) if at else None
    if row is None or any(group.id == row.shelf for group in found):
        return []
    condition, parameters = where
    return index.groups((f"({condition}) AND exchange.shelf = ?", [*parameters, row.shelf]), 1)


def _groups(index: Index, where: Where, found: Sequence[GroupRow]) -> tuple[GroupView, ...]:
    rows: dict[str, list[Row]] = {group.id: [] for group in found}
    for row in index.rows_of_groups(where, found):
        rows[row.shelf].append(row)
    return tuple(group_view(group, rows[group.id]) for group in found)


def group_view(group: GroupRow, rows: Sequence[Row], limit: int = ROWS) -> GroupView:
    """A group's rows in the order of their story, with infrastructure and guards folded."""
    ordered = [turn.row for turn in story(rows)]
    folds, plain = fold(ordered)
    return GroupView(
        kind=group.kind,
        id=group.id,
        test=parse(group.id) if group.kind == "test" else TestId("", "", group.id, ""),
        mtime=group.mtime,
        rows=tuple(_shown(plain, limit)),
        folds=folds,
        hidden=max(len(plain) + group.total - len(rows) - limit, 0),
        total=group.total,
        odd=group.odd,
        newest=max(rows, key=lambda row: (row.mtime, row.id)).uid,
    )


def _shown(rows: list[Row], limit: int) -> list[Row]:
    """The first rows, and the one that changed last even where it stands further down."""
    if len(rows) <= limit:
        return rows
    newest = max(rows, key=lambda row: (row.mtime, row.id))
    return rows[:limit] if newest in rows[:limit] else [*rows[: limit - 1], newest]


def fold(rows: Iterable[Row]) -> tuple[tuple[FoldView, ...], list[Row]]:
    """The rows that are folded, by what they are folded under, and the others."""
    by_label: dict[str, list[Row]] = {}
    plain: list[Row] = []
    for row in rows:
        by_label.setdefault(row.fold, []).append(row) if row.fold else plain.append(row)
    folds = []
    for label, members in by_label.items():
        if not _is_guard(members[0]) or len(members) >= _FEW:
            folds.append(
                FoldView(_label(label), tuple(members[:FOLDED]), len(members), sum(bool(r.odd) for r in members))
            )
        else:
            plain += members
    return tuple(sorted(folds, key=lambda fold: -fold.total)), plain


def _is_guard(row: Row) -> bool:
    """Whether a row is folded under the name of a guarding model, and not as what is no talk with a model at all."""
    return row.fold == row.model


def _label(fold: str) -> str:
    return _LABELS.get(fold, fold)


@blueprint.get("/")
def home() -> str:
    library = rendering.library()
    query = request.args.get("q", "").strip()
    at = request.args.get("at", "")
    view = list_view(library.index, query, request.args.get("show", GROUPS, int), at)
    values = {"list": view, "at": at, "library": library, "files": files_view(library.index)}
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
