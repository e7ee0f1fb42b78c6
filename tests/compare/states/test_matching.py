"""Which exchange is which of an earlier state."""

from __future__ import annotations

from typing import Any

import pytest

from inspector.compare.states.matching import files, pairs
from inspector.compare.states.row_changes import apart
from inspector.index import Row

_EMPTY: dict[str, Any] = dict.fromkeys(Row._fields) | {"odd": "", "replies": (), "group_kind": "test", "group_id": "t"}


def _row(id: int, path: str, request: int, prompt: tuple[int, ...] = (1,), **more: Any) -> Row:
    said = {"request": request, "prompt": prompt, "chain": hash(prompt), "operation": "chat", "asked": f"{prompt}"}
    return Row(**(_EMPTY | {"id": id, "path": path, "entry": 0} | said | more))


def _other(id: int, asked: str, request: int = 1) -> Row:
    """An exchange that is no talk with a model, of a file that belongs to no test."""
    return _row(id, "a", request, (), operation="other", asked=asked, group_kind="file", group_id="a")


@pytest.mark.parametrize(
    ("before", "after", "same"),
    [
        (["tests/a.json", "tests/b.json"], ["tests/b.json", "tests/c.json"], {"tests/b.json": "tests/b.json"}),
        (["old.zip/lamp/a.json"], ["tests/lamp/a.json"], {"tests/lamp/a.json": "old.zip/lamp/a.json"}),
        (["z/one/a.yaml", "z/two/a.yaml"], ["t/two/a.yaml"], {"t/two/a.yaml": "z/two/a.yaml"}),
        (["z/one/a.yaml", "z/two/a.yaml"], ["a.yaml"], {}),
        (["a.json"], [], {}),
    ],
)
def test_files_are_found_at_another_depth(before: list[str], after: list[str], same: dict[str, str]) -> None:
    assert files({path: path for path in before}, {path: path for path in after}) == same


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ([_row(1, "a", 1)], [_row(1, "a", 2, (2,))]),  # the same file says something else
        ([_row(1, "a", 1)], [_row(9, "b", 1)]),  # the same request in a file of another name
        ([_row(1, "a", 1)], [_row(9, "b", 2, model="other")]),  # the same prompt for another model
        ([_row(1, "a", 1, (1,), asked="x")], [_row(9, "b", 2, (2,), asked="x")]),  # a tool was renamed
        ([_row(1, "a", 1, (1, 2, 3))], [_row(9, "b", 2, (4, 5, 6))]),  # the same turn, in other words
        ([_row(1, "a", 1, group_id="t")], [_row(1, "b", 1, group_id="renamed")]),
        (  # the same question about another id
            [_other(1, "GET /v1/files/file-2mUq1sGXk9oB4nTr"), _other(2, "GET /v1/files", 3)],
            [_other(8, "GET /v1/files/file-9oB4nTr2mUq1sGXk", 2), _other(9, "GET /v1/files", 3)],
        ),
        ([_other(1, "GET /v1/lamps/7")], [_other(9, "GET /v1/lamps/8", 2)]),  # all that is left of the file
    ],
)
def test_an_exchange_is_found_again(before: list[Row], after: list[Row]) -> None:
    assert pairs(before, after, {row.path: row.path for row in before}) == [*zip(before, after, strict=True)]


def test_what_asks_in_another_way_is_another_exchange() -> None:
    before, after = [_other(1, "GET /v1/lamps/7")], [_other(9, "DELETE /v1/lamps/8", 2)]
    assert pairs(before, after, {"a": "a"}) == [(None, after[0]), (before[0], None)]


def test_one_that_came_before_the_others_moves_none_of_them() -> None:
    before = [_row(1, "a", 11, (1,)), _row(2, "a", 12, (2,), entry=1)]
    after = [_row(5, "a", 10, (9,)), _row(6, "a", 11, (1,), entry=1), _row(7, "a", 12, (2,), entry=2)]
    found = pairs(before, after, {"a": "a"})
    assert found == [(None, after[0]), (before[0], after[1]), (before[1], after[2])]


def test_every_exchange_stands_in_one_pair() -> None:
    before = [_row(number, f"{number % 3}", number % 4, (number % 5,)) for number in range(12)]
    after = [_row(number, f"{number % 4}", number % 3, (number % 2,)) for number in range(9)]
    found = pairs(before, after, {"0": "0", "1": "1", "2": "2"})
    assert sorted(pair.after.id for pair in found if pair.after) == list(range(9))
    assert sorted(pair.before.id for pair in found if pair.before) == list(range(12))


def test_the_same_question_is_found_among_several_turns() -> None:
    before = [_row(1, "a", 1, (1,), asked="x"), _row(2, "b", 2, (2,), asked="y")]
    after = [_row(1, "c", 3, (3,), asked="y"), _row(2, "d", 4, (4,), asked="x")]
    assert pairs(before, after, {}) == [(before[1], after[0]), (before[0], after[1])]


def test_what_several_turns_could_be_is_not_guessed() -> None:
    before = [_row(1, "a", 1, (1,)), _row(2, "b", 2, (2,))]
    after = [_row(1, "c", 3, (3,)), _row(2, "d", 4, (4,))]
    assert {pair.before is None or pair.after is None for pair in pairs(before, after, {})} == {True}


@pytest.mark.parametrize(
    ("was", "now", "told"),
    [
        ("It is three.", "It is four.", ("It is three.", "It is four.")),
        ("", "new", ("", "new")),
        ("a " * 200 + "end", "a " * 200 + "stop", ("…" + "a " * 11 + "end", "…" + "a " * 11 + "stop")),
    ],
)
def test_texts_are_told_from_their_first_difference(was: str, now: str, told: tuple[str, str]) -> None:
    assert apart(was, now) == told
