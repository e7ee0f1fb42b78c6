"""Windows over lists: whoever walks from one to the next meets everything once."""

from __future__ import annotations

import random
import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from inspector import search
from inspector.index import Index
from inspector.index.conditions import ALL, Where
from inspector.index.rows import EXCHANGE, GroupRow
from inspector.index.store import Order
from inspector.library.library import Library
from inspector.search.fields import ORDERS
from tests.making import chat, library, put

_QUERIES = ["", "odd", "-odd", "model:mini", "model:nothing", "even OR odd", "file:d*", "is:empty -odd"]


def _write(root: Path, number: int, chance: random.Random) -> None:
    test = f"tests/{chance.choice('abcdefgh')}.py::test_{chance.randint(0, 9)}" if chance.random() < 0.7 else None
    folder = chance.choice(["d", "e", "f/g", "."])
    model = chance.choice(["gpt-4o", "gpt-4o-mini"])
    said = "odd" if number % 2 else "even"
    data = chat(f"{said} {number}", chance.choice(["", "fine"]), test=test, model=model)
    put(root / folder / f"{number:03}.json", data, age=1_000 + 2 * chance.randint(0, 20))


@pytest.fixture(scope="module")
def read(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with recordings and their index; each test has a copy."""
    folder = tmp_path_factory.mktemp("windows")
    chance = random.Random(7)
    for number in range(120):
        _write(folder / "r", number, chance)
    made = library(folder / "r", folder / "x.sqlite")
    made.refresh()
    made.index.close()
    return folder


@pytest.fixture(scope="module")
def still(read: Path) -> Iterator[Library]:
    """For tests that change nothing."""
    made = library(read / "r", read / "x.sqlite")
    with closing(made.index):
        yield made


@pytest.fixture
def shelf(read: Path, tmp_path: Path) -> Iterator[Library]:
    shutil.copytree(read, tmp_path, dirs_exist_ok=True)  # with the times of the files
    made = library(tmp_path / "r", tmp_path / "x.sqlite")
    with closing(made.index):
        yield made


def _of_all(index: Index, where: Where) -> list[tuple[str, str, int, int]]:
    """The groups that meet a condition with their counts, in the order of the list; counted by hand."""
    groups: dict[tuple[str, str], list[int]] = {}
    for row in index.rows(where):
        kind = row.group_kind if row.list_group == row.group_id else "folder"
        count = groups.setdefault((kind, row.list_group), [0, 0])
        count[0] += 1
        count[1] += row.odd != ""
    newest: dict[tuple[str, str], int] = {}
    for row in index.rows():
        kind = row.group_kind if row.list_group == row.group_id else "folder"
        newest[kind, row.list_group] = max(newest.get((kind, row.list_group), 0), row.mtime // 2_000_000_000)
    listed = sorted(groups, key=lambda key: (-newest[key], key[1], key[0]))
    return [(*key, *groups[key]) for key in listed]


def _told(groups: tuple[GroupRow, ...]) -> list[tuple[str, str, int, int]]:
    return [group[:2] + group[3:5] for group in groups]


@pytest.mark.parametrize("query", _QUERIES)
@pytest.mark.parametrize("count", [1, 7, 40, 1000])
def test_walking_meets_every_group_once(still: Library, query: str, count: int) -> None:
    where = search.where(query) if query else ALL
    whole = _of_all(still.index, where)
    walked: list[GroupRow] = []
    window = still.index.window(where, count)
    assert not window.before
    while True:
        walked += window.groups
        assert (window.totals.exchanges, window.totals.odd) == (sum(g[2] for g in whole), sum(g[3] for g in whole))
        if not window.after:
            break
        window = still.index.window(where, count, window.groups[-1], past=True)
        assert window.before
    assert _told(tuple(walked)) == whole
    back: list[GroupRow] = []
    while walked and (window := still.index.window(where, count, back[0] if back else walked[-1], back=True)).groups:
        assert window.after
        assert window.before == (len(back) + len(window.groups) + 1 < len(walked))
        back[:0] = window.groups
    assert back == walked[:-1]


@pytest.mark.parametrize("query", _QUERIES)
def test_a_window_begins_anywhere(still: Library, query: str) -> None:
    """At each group of the whole list, those that the query does not find too."""
    where = search.where(query) if query else ALL
    whole = _of_all(still.index, where)
    for start in still.index.window(ALL, 1000).groups:
        key = (-start.moment, start.id, start.kind)
        after = [one for one in whole if _key_of(still.index, one) >= key]
        before = [one for one in whole if _key_of(still.index, one) < key]
        window = still.index.window(where, 5, start)
        assert _told(window.groups) == after[:5]
        assert (window.before, window.after) == (bool(before), len(after) > 5)
        window = still.index.window(where, 5, start, back=True)
        assert _told(window.groups) == before[-5:]
        assert window.before == (len(before) > 5)


def _key_of(index: Index, group: tuple[str, str, int, int]) -> tuple[int, str, str]:
    found = index.group(group[0], group[1])
    assert found is not None
    return -found.moment, found.id, found.kind


def test_a_walk_goes_on_while_groups_come_and_move(shelf: Library) -> None:
    """What stays where it is is met once, whatever moves to the front meanwhile."""
    chance = random.Random(3)
    root = shelf.roots.all[0].served
    before = {group[:2]: group.moment for group in shelf.index.window(ALL, 1000).groups}
    window = shelf.index.window(ALL, 5)
    walked = [*window.groups]
    number = 500
    while window.after:
        for _ in range(3):
            number += 1
            _write(root, number, chance)
        touched = chance.choice(sorted(root.rglob("*.json")))
        put(touched, touched.read_bytes().replace(b"fine", b"fine again"), age=chance.randint(1, 900))
        shelf.refresh()
        window = shelf.index.window(ALL, 5, walked[-1], past=True)
        walked += window.groups
    stayed = {group[:2] for group in shelf.index.window(ALL, 1000).groups if before.get(group[:2]) == group.moment}
    met = [group[:2] for group in walked]
    assert [one for one in met if one in stayed] == list(dict.fromkeys(one for one in met if one in stayed))
    assert stayed <= set(met)


@pytest.mark.parametrize("name", [name + ending for name in ORDERS for ending in ("", "-asc")])
@pytest.mark.parametrize("query", ["odd", *(pytest.param(query, marks=pytest.mark.long) for query in ("", "nothing"))])
def test_an_order_is_walked_both_ways(shelf: Library, name: str, query: str) -> None:
    index = shelf.index
    chance = random.Random(name)
    column = ORDERS[name.removesuffix("-asc")][0]
    for row in index.rows():  # ties, and rows without a value
        value = 1 if "NOT NULL" in EXCHANGE.columns[column].type else chance.choice([None, 0, 1, 1, 2, 5])
        with index._write_lock:
            index._writer.execute(f"UPDATE exchange SET {column} = ? WHERE id = ?", [value, row.id])
    where = search.where(query) if query else ALL
    values = dict(index.all(f"SELECT uid, {column} FROM exchange"))
    order = Order(column, not name.endswith("-asc"))
    sign = -1 if order.descending else 1
    whole = sorted(index.rows(where), key=lambda row: (values[row.uid] is None, sign * (values[row.uid] or 0), row.id))
    rows, more = index.in_order(where, order, 9)
    walked = [*rows]
    while more:
        at = order.rank(walked[-1])
        assert index.in_order(where, order, 1, at)[0] == walked[-1:], "the first is the one that it starts from"
        rows, more = index.in_order(where, order, 9, at, past=True)
        walked += rows
    assert [row.uid for row in walked] == [row.uid for row in whole]
    back: list[str] = []
    start = walked[-1] if walked else None
    while start is not None:
        rows, more = index.in_order(where, order, 9, order.rank(start), back=True)
        back[:0] = [row.uid for row in rows]
        start = rows[0] if more else None
    assert back == [row.uid for row in whole[:-1]]


@pytest.mark.parametrize("query", _QUERIES)
def test_rows_of_groups_are_those_that_meet_the_query(still: Library, query: str) -> None:
    where = search.where(query) if query else ALL
    groups = still.index.window(where, 1000).groups
    found = still.index.rows_of_groups(where, groups, 60)
    assert {row.uid for row in found} == {row.uid for row in still.index.rows(where)}
    assert len(found) == len({row.uid for row in found})


@pytest.mark.parametrize("query", _QUERIES)
def test_counts_are_what_counting_gives(still: Library, query: str) -> None:
    where = search.where(query) if query else ALL
    rows = still.index.rows(where)
    for column in ("model", "provider", "test_id", "finish"):
        columns = ("model", "response_model") if column == "model" else (column,)
        values = [value for row in rows for value in {getattr(row, name) for name in columns}]
        expected = {value: values.count(value) for value in values if value}
        assert dict(still.index.counts(column, where)) == expected
    odd = [kind for row in rows for kind in row.odd.split(",") if kind]
    assert dict(still.index.odd_counts(where)) == {kind: odd.count(kind) for kind in odd}
    assert still.index.is_any(where) == bool(rows)
