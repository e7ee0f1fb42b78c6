"""Windows of a list: groups of exchanges, or exchanges in an order. A key in the address says where one begins."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from inspector.index import MOST, Index, Row
from inspector.index.groups import QUICK
from inspector.index.store import ALL, GroupRow, Order, Rank, Totals, Where, Window
from inspector.search import Query
from inspector.web.list.excerpts import Excerpt, hits, told
from inspector.web.list.group_views import FOLDED, GroupView, group_view

GROUPS = 160
"""Groups that a window holds at most."""

LINES = 160
"""Lines that a window of groups holds, give or take one group: enough that a tall screen can slide over it."""

NAMED = {"tests": GROUPS, "files": 3 * GROUPS}
"""Groups that a window holds where only their names are seen, or not even these."""

_AT_ONCE = 40
"""Groups whose exchanges are asked for together."""

AROUND = 12
"""Groups, or exchanges, that stand before the one that a window has to hold."""

ORDERED = 120
"""Exchanges that a window holds where the list has an order of its own."""

END = "end"
"""The key of what follows everything."""

_LOOKED_AT = 60
"""Exchanges of a group whose story a list tells."""

_MOST_OPEN = 20
"""Groups that are shown whole."""

_LARGEST = (1 << 63) - 1
_KEY = re.compile(r"(-?\d{1,19})-([0-9a-f]{16})")

WindowPlace = Mapping[str, str]
"""Where a window is: ``from`` a key on, ``after`` it, ``before`` it, or around the exchange ``at``; the groups of the
exchanges ``open``, joined with points, are shown whole."""


class Listed(NamedTuple):
    """A window of a list. `before` and `after` lead to the next ones, None where the list ends."""

    groups: tuple[GroupView, ...]
    rows: tuple[tuple[str, Row], ...]
    """The exchanges with their keys, where the list has an order of its own, and no groups."""
    found: dict[str, list[Excerpt]]
    """What was found in those."""
    matching: Totals | None
    """None where counting would hold up the list."""
    before: dict[str, str] | None
    after: dict[str, str] | None
    newest: str
    """The id of the exchange that changed last; empty where it stands in another window."""


# ---------------------------------------------------------------- groups


def grouped(index: Index, query: Query | None, place: WindowPlace, level: str = "") -> Listed:
    """The window of groups at a place; without a query of everything. Of the levels in `NAMED` it holds more."""
    where = query.where if query else ALL
    most = NAMED.get(level, GROUPS)
    at = index.row(place["at"]) if "at" in place else None
    window, is_back = _window(index, where, place, at, most)
    if at and not index.meets(at, where):
        at = None
    seen = _Views(lambda some: _views(index, query, some, at, place), window.groups)
    bounds = _all if level in NAMED else _bounds
    first, last = bounds(seen, _anchor(window, is_back, at))
    if is_back and not window.before and last - first == len(seen):  # at the top a window is full again
        window = index.window(where, most)
        seen = _Views(lambda some: _views(index, query, some, at, place), window.groups)
        first, last = bounds(seen, 0)
    views, cut = tuple(map(seen.at, range(first, last))), (first > 0, last < len(window.groups))
    before, after = window.before or cut[0], window.after or cut[1]
    return Listed(
        groups=views,
        rows=(),
        found={},
        matching=window.totals,
        before={"before": views[0].key} if before and views else None,
        after={"after": views[-1].key} if after and views else None,
        newest="" if before or not views else max(views, key=lambda group: group.mtime).newest,
    )


def _window(index: Index, where: Where, place: WindowPlace, at: Row | None, most: int) -> tuple[Window, bool]:
    """Up to `most` groups at a place, and whether they end there and do not begin."""
    if at is not None:
        start = index.group_of(at)
        ahead = index.window(where, AROUND, start, back=True).groups
        return index.window(where, most, ahead[0] if ahead else start), False
    for name in ("from", "before", "after"):
        if named := _named(index, place.get(name, "")):
            window = index.window(where, most, named, back=name == "before", past=name == "after")
            if name == "before" and window.groups:
                return window._replace(after=place[name] != END), True
            if name != "before" and window.groups:
                return window, False
            if name != "before":  # nothing is left there: the list's end is the nearest
                return index.window(where, most, _AFTER_ALL, back=True)._replace(after=False), False
    return index.window(where, most), False


_AFTER_ALL = GroupRow("", "", 0, 0, 0, moment=-_LARGEST)


def _named(index: Index, key: str) -> GroupRow | None:
    """The place in the list that a key names: that of its group then, should it have moved on or gone meanwhile."""
    if key == END:
        return _AFTER_ALL
    found = _KEY.fullmatch(key)
    if found is None:
        return None
    group = GroupRow("", "", 0, 0, 0)
    if row := index.row(found[2]):
        group = index.group_of(row)
    elif gone := index.gone(found[2]):
        group = group._replace(id=gone.group_id)
    return group._replace(moment=min(int(found[1]), _LARGEST))


def _anchor(window: Window, is_back: bool, at: Row | None) -> int:
    """The group that a window grows around."""
    if at is not None:
        return next((number for number, group in enumerate(window.groups) if group.id == at.list_group), 0)
    return len(window.groups) - 1 if is_back else 0


class _Views:
    """The views of groups, some made at once when the first of them is wanted: a window may need few of those found."""

    def __init__(self, make: Callable[[Sequence[GroupRow]], Sequence[GroupView]], groups: Sequence[GroupRow]) -> None:
        self._make, self._groups = make, groups
        self._made: dict[int, Sequence[GroupView]] = {}

    def __len__(self) -> int:
        return len(self._groups)

    def at(self, number: int) -> GroupView:
        some, place = divmod(number, _AT_ONCE)
        if some not in self._made:
            self._made[some] = self._make(self._groups[some * _AT_ONCE : (some + 1) * _AT_ONCE])
        return self._made[some][place]


def _bounds(views: _Views, anchor: int) -> tuple[int, int]:
    """Which groups fit into a window around one of them; there are always two where there are two at all."""
    first, last = anchor, min(anchor + 1, len(views))
    size = sum(views.at(number).size for number in range(first, last))
    while (first > 0 or last < len(views)) and (size < LINES or last - first < 2):
        down = last < len(views) and (first == 0 or last - anchor <= anchor - first)
        first, last = (first, last + 1) if down else (first - 1, last)
        size += views.at(last - 1 if down else first).size
    return first, last


def _all(views: _Views, anchor: int) -> tuple[int, int]:
    return 0, len(views)


def _views(
    index: Index, query: Query | None, found: Sequence[GroupRow], at: Row | None, place: WindowPlace
) -> tuple[GroupView, ...]:
    where = query.where if query else ALL
    rows: dict[int, list[Row]] = {group.number: [] for group in found}
    numbers = {(group.kind, group.id): group.number for group in found}
    for row in [*index.rows_of_groups(where, found, _LOOKED_AT), *([at] if at else [])]:
        rows.get(numbers.get((_kind(row), row.list_group), -1), []).append(row)
    opened = _opened(index, place.get("open", ""), numbers)
    for row in index.rows_of_groups(where, [group for group in found if group.number in opened], MOST):
        rows[numbers[_kind(row), row.list_group]].append(row)
    folds = {group.number: index.collapsed(where, group) for group in found if group.total > _LOOKED_AT}
    for group in found:
        for one in folds.get(group.number, ()):
            rows[group.number] += index.rows_collapsed_under(where, group, one.label, FOLDED)
    each = {number: list({row.id: row for row in some}.values()) for number, some in rows.items()}
    marker = query.marker if query else None
    said = hits(index, marker, [row for some in each.values() for row in some])
    keep = at.uid if at else ""
    names = index.session_names(found)
    return tuple(
        group_view(
            group,
            each[group.number],
            folds.get(group.number),
            query,
            marker,
            said,
            keep,
            group.number in opened,
            names.get(group.number, ""),
        )
        for group in found
    )


def _kind(row: Row) -> str:
    return row.group_kind if row.list_group == row.group_id else "folder"


def _opened(index: Index, uids: str, numbers: Mapping[tuple[str, str], int]) -> set[int]:
    """The groups of which all is shown, by exchanges that they have."""
    rows = (index.row(uid) for uid in uids.split(".")[:_MOST_OPEN] if uid)
    return {numbers.get((_kind(row), row.list_group), -1) for row in rows if row}


# ---------------------------------------------------------------- an order


def ordered(index: Index, query: Query, order: Order, place: WindowPlace) -> Listed:
    """The window of exchanges at a place in an order of their own."""
    where = query.where
    rows, before, after = _stretch(index, where, order, place)
    marker = query.marker
    said = hits(index, marker, rows)
    found: dict[str, list[Excerpt]] = {}
    if marker:
        for row in rows:
            found |= told([row], said, marker)[1]
    keyed = tuple((f"{order.rank(row).value}-{row.uid}", row) for row in rows)
    totals = index.totals()
    newest = max(rows, key=lambda row: (row.mtime, row.id)).uid if rows and not before else ""
    return Listed(
        groups=(),
        rows=keyed,
        found=found,
        matching=index.totals(where) if totals.exchanges <= QUICK else totals if where == ALL else None,
        before={"before": keyed[0][0]} if before else None,
        after={"after": keyed[-1][0]} if after else None,
        newest=newest,
    )


def _stretch(index: Index, where: Where, order: Order, place: WindowPlace) -> tuple[list[Row], bool, bool]:
    """The exchanges at a place, and whether there are more before and after them."""
    at = index.row(place["at"]) if "at" in place else None
    if at is not None:
        ahead, before = index.in_order(where, order, AROUND, order.rank(at), back=True)
        rest, after = index.in_order(where, order, ORDERED - len(ahead), order.rank(at))
        return ahead + rest, before, after
    for name in ("from", "before", "after"):
        if (start := _rank(index, order, place.get(name, ""))) is None:
            continue
        rows, more = index.in_order(where, order, ORDERED, start, back=name == "before", past=name == "after")
        if name == "before":
            if not more:
                break
            return rows, True, bool(rows) and bool(index.in_order(where, order, 1, order.rank(rows[-1]), past=True)[0])
        if not rows:
            rows, more = index.in_order(where, order, ORDERED, _rank(index, order, END), back=True)
            return rows, more, False
        return rows, bool(index.in_order(where, order, 1, order.rank(rows[0]), back=True)[0]), more
    rows, more = index.in_order(where, order, ORDERED)
    return rows, False, more


def _rank(index: Index, order: Order, key: str) -> Rank | None:
    if key == END:
        return Rank(-_LARGEST if order.descending else _LARGEST, 0)
    found = _KEY.fullmatch(key)
    if found is None:
        return None
    row = index.row(found[2])
    return Rank(min(int(found[1]), _LARGEST), row.id if row else 0)
