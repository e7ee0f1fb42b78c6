"""A group of a list: its exchanges in the order of their story, what is folded, and what was found in them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from inspector.analysis.issues import HELPER
from inspector.analysis.story_order import in_order
from inspector.index import Row
from inspector.index.store import Collapsed, GroupRow
from inspector.search import Marker, Query
from inspector.testruns.node_id import TestId, parse
from inspector.web.list.excerpts import Excerpt, Hit, told

ROWS = 8
"""Rows of a group before the rest is left to its own page."""

FOLDED = 4
"""Rows that a folded line holds before the rest is left to the group's own page."""

FEW = 3
"""Calls of one guard from which on they are folded."""

_LABELS = {"models": "model list", "documents": "document service", "web": "other web traffic"}
"""What a folded line says, where the word that rows are folded under says too little."""

_COUNTED = ("model list", "document service", HELPER)


@dataclass(frozen=True, slots=True)
class FoldView:
    """Many rows of one kind in one line: model lists, a guard's calls."""

    label: str
    rows: tuple[Row, ...]
    total: int
    odd: int

    @property
    def what(self) -> str:
        """The label for as many as there are; names of models stay as they are."""
        return f"{self.label}s" if self.total != 1 and self.label in _COUNTED else self.label


@dataclass(frozen=True, slots=True)
class GroupView:
    kind: str
    id: str
    name: str
    """What a session is called; empty where nothing says."""
    test: TestId
    mtime: int
    rows: tuple[Row, ...]
    found: dict[str, list[Excerpt]]
    """What the query's words were found in, by the ids of the rows."""
    folds: tuple[FoldView, ...]
    hidden: int
    """Rows that are left out, until somebody opens them."""
    gap: int
    """The number of the row before which they are missing."""
    total: int
    odd: int
    has_error: bool
    """Whether an exchange failed, also one that is left out; of a group too large to be looked at, of its first."""
    newest: str
    """The id of the exchange that changed last."""
    key: str
    """How an address names the place of the group in the list."""

    @property
    def model(self) -> str:
        """What all of its rows have as their model, as far as they name one; empty where they differ."""
        models = {row.model for row in self.rows if row.model}
        return models.pop() if len(models) == 1 else ""

    @property
    def started(self) -> int | None:
        """When its last exchange began, in milliseconds since 1970, where recordings say so."""
        return max((row.started for row in self.rows if row.started is not None), default=None)

    @property
    def is_alone(self) -> bool:
        """Whether there is only one exchange, which then stands in the line of its group."""
        return self.total == len(self.rows) == 1 and not self.folds and not self.found.get(self.rows[0].uid)

    @property
    def size(self) -> int:
        """What it adds to a window: its rows, and a line for its name and for each fold, though these may share one."""
        return 1 if self.is_alone else 1 + len(self.rows) + len(self.folds)


def group_view(
    group: GroupRow,
    rows: Sequence[Row],
    counted: Sequence[Collapsed] | None = None,
    query: Query | None = None,
    marker: Marker | None = None,
    said: dict[int, list[Hit]] | None = None,
    keep: str = "",
    is_open: bool = False,
    name: str = "",
) -> GroupView:
    """A group's rows in the order of their story, with infrastructure and guards folded.

    The exchange `keep` is shown whatever else is left out; of one that `is_open` nothing is.
    """
    folds, plain = fold(in_order(rows), counted, keep)
    if not plain and len(folds) == 1:
        plain, folds = _first_of(folds[0]) if not (query and query.tree.of) else ([*folds[0].rows], ())  # if asked for
    folded = sum(one.total for one in folds)
    first, found = told(plain, said, marker, keep) if marker and said else (plain, {})
    later = len(plain) - len(first)
    most = len(first) if is_open else ROWS
    shown = _shown(first, most, keep)
    return GroupView(
        kind=group.kind,
        id=group.id,
        name=name,
        test=parse(group.id) if group.kind == "test" else TestId("", "", group.id, ""),
        mtime=group.mtime,
        rows=tuple(shown),
        found=found,
        folds=folds,
        hidden=max(group.total - folded - later - min(len(first), most), 0),
        gap=next((at for at, (a, b) in enumerate(zip(shown, first, strict=False)) if a is not b), len(shown)),
        total=group.total,
        odd=group.odd,
        has_error=any("error" in row.marks for row in rows),
        newest=max(rows, key=lambda row: (row.mtime, row.id)).uid,
        key=_key(group, rows),
    )


def _first_of(only: FoldView) -> tuple[list[Row], tuple[FoldView, ...]]:
    """Where there is nothing but what is folded, its first exchange stands for it."""
    first, *others = only.rows
    left = FoldView(only.label, tuple(others), only.total - 1, only.odd - bool(first.odd))
    return [first], (left,) if others else ()


def _key(group: GroupRow, rows: Sequence[Row]) -> str:
    return f"{group.moment}-{min(row.uid for row in rows)}"


def _shown(rows: list[Row], limit: int, keep: str) -> list[Row]:
    """The first rows, with the one that changed last and the one to keep even where they stand further down."""
    if len(rows) <= limit:
        return rows
    newest = max(rows, key=lambda row: (row.mtime, row.id))
    further = [row for row in rows[limit:] if row is newest or row.uid == keep]
    kept = [row for row in rows[:limit] if row is newest or row.uid == keep]
    first = [row for row in rows[:limit] if row not in kept][: limit - len(further) - len(kept)]
    return [row for row in rows if row in first or row in kept or row in further]


def fold(
    rows: Iterable[Row], counted: Sequence[Collapsed] | None = None, keep: str = ""
) -> tuple[tuple[FoldView, ...], list[Row]]:
    """The rows that are folded, by what they are folded under, and the others. What was `counted` may be more."""
    by_label: dict[str, list[Row]] = {}
    plain: list[Row] = []
    for row in rows:
        by_label.setdefault(row.collapsed_under, []).append(row) if row.collapsed_under else plain.append(row)
    totals = {one.label: one for one in counted or ()}
    folds = []
    for name, members in by_label.items():
        total, odd = len(members), sum(bool(row.odd) for row in members)
        if name in totals:
            _, total, odd = totals[name]
        if not is_guard(members[0]) or total >= FEW:
            folds.append(FoldView(label(name), tuple(_first(members, keep)), total, odd))
        else:
            plain += members
    return tuple(sorted(folds, key=lambda fold: -fold.total)), plain


def _first(members: list[Row], keep: str) -> list[Row]:
    return members[:FOLDED] + [row for row in members[FOLDED:] if row.uid == keep]


def is_guard(row: Row) -> bool:
    """Whether a row is folded under the name of a guarding model, and not as what is no talk with a model at all."""
    return row.collapsed_under == row.model


def label(fold: str) -> str:
    return _LABELS.get(fold, fold)
