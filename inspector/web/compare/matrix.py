"""Tests and their variants: rows are test functions, columns clients, providers or models, and each cell says what a
variant is beside the first one of its row."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from inspector.compare.siblings import Calls, beside, calls
from inspector.compare.variants import MOST_COLUMNS, WAYS, Variant, best_way, variants
from inspector.index import Row
from inspector.index.conditions import ALL, Where, of_tests
from inspector.testruns.node_id import TestId, parse
from inspector.web.rendering import context
from inspector.web.rendering.memo import once
from inspector.web.test_runs.results_view import outcome_of

ROWS = 40
"""Test functions on one page."""

_EXCHANGES = 4_000
"""Exchanges that one page looks at."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A variant: `state` is a key of `siblings.STATES`, or ``first`` for the one that the others stand beside.
    `before` and `after` are the ids of the exchanges that show it."""

    state: str
    test: str = ""
    turns: int = 0
    total: int = 0
    before: str = ""
    after: str = ""
    others: int = 0
    """Further tests in the same place."""


@dataclass(frozen=True, slots=True)
class FunctionRow:
    test: TestId
    rest: str
    """What all of the row have for parameters besides."""
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Matrix:
    by: str
    ways: tuple[str, ...]
    columns: tuple[str, ...]
    first: str
    """The column that the others stand beside, where a row has it."""
    rows: tuple[FunctionRow, ...]
    begin: int
    total: int
    """Rows that there are, of which those from `begin` on are on this page."""
    alone: int
    """Tests that have no variant beside them."""
    more_columns: int


@dataclass(frozen=True, slots=True)
class Sibling:
    """A variant of a test beside it."""

    variant: Variant
    cell: Cell


def matrix(where: Where = ALL, by: str = "", first: str = "", begin: int = 0) -> Matrix:
    """The tests whose exchanges meet a condition, with their variants."""
    found = variants(context.library().index.test_models(where))
    by = by if by in WAYS else best_way(found)
    grid: dict[tuple[str, str], dict[str, list[Variant]]] = {}
    for one in found:
        grid.setdefault(one.row(by), {}).setdefault(one.column(by), []).append(one)
    several = {key: cells for key, cells in grid.items() if len(cells) > 1}
    filled = Counter(column for cells in several.values() for column in cells)
    columns = sorted(filled, key=lambda column: (column != first, -filled[column], column))
    shown = tuple(columns[:MOST_COLUMNS])
    keys = sorted(several, key=lambda key: ([one not in several[key] for one in columns[:2]], key))  # compared first
    begin = min(max(begin, 0), max(len(keys) - 1, 0))
    page = keys[begin : begin + ROWS]
    tests = [one.id for key in page for those in several[key].values() for one in those[:1]]
    told = _Told.of(tests)
    rows = tuple(told.row(key, several[key], shown) for key in page)
    return Matrix(
        by, WAYS, shown, shown[0] if shown else "", rows, begin, len(keys), len(grid) - len(several),
        len(columns) - len(shown),
    )  # fmt: skip


def siblings(id: str) -> list[Sibling]:
    """The other variants of a test, each beside it."""
    base = parse(id).base
    found, told = once("variants", base, lambda: _of_function(base))
    if id not in found:
        return []
    return [Sibling(one, told.cell([one], id)) for one in found.values() if one.id != id]


def _of_function(base: str) -> tuple[dict[str, Variant], _Told]:
    """The variants of a test function by their ids, and what they say."""
    index = context.library().index
    names = [name for name, _ in index.groups_like("test", f"{base}[")]
    several = names if len(names) > 1 else []
    return {one.id: one for one in variants(index.test_models(of_tests(several)))}, _Told.of(several)


@dataclass(frozen=True, slots=True)
class _Told:
    """What the index says of the tests of one page."""

    rows: Mapping[str, Sequence[Row]]
    said: Calls

    @classmethod
    def of(cls, tests: Sequence[str]) -> _Told:
        index = context.library().index
        rows: dict[str, list[Row]] = {}
        found = index.rows(of_tests(tests), limit=_EXCHANGES)
        for row in found:
            rows.setdefault(row.group_id, []).append(row)
        return cls(rows, calls(index, found))

    def row(self, key: tuple[str, str], cells: Mapping[str, Sequence[Variant]], columns: Sequence[str]) -> FunctionRow:
        base, rest = key
        there = next((column for column in columns if column in cells), "")
        first = cells[there][0].id if there else ""
        return FunctionRow(parse(base), rest, tuple(self._cells(cells, columns, first)))

    def _cells(self, cells: Mapping[str, Sequence[Variant]], columns: Sequence[str], first: str) -> Iterator[Cell]:
        for column in columns:
            yield self.cell(cells[column], first) if column in cells else Cell("none")

    def cell(self, those: Sequence[Variant], first: str) -> Cell:
        test, others = those[0].id, len(those) - 1
        own = self.rows.get(test, ())
        failed = self._has_failed(test, own)
        if test == first:
            return Cell("failed" if failed else "first", test, len(own), len(own), others=others)
        its = beside(self.rows.get(first, ()), own, self.said)
        before = its.shown.before.uid if its.shown and its.shown.before else ""
        after = its.shown.after.uid if its.shown and its.shown.after else ""
        return Cell("failed" if failed else its.state, test, its.turns, its.total, before, after, others)

    def _has_failed(self, test: str, rows: Sequence[Row]) -> bool:
        tested = outcome_of("test", test, [row.path for row in rows])
        return tested is not None and tested.is_failing
