"""What differs between two JSON values."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from inspector.compare.sequences import Budget
from inspector.compare.values import ABSENT, Edit, edits, same
from tests.making import examples

JSON = some.recursive(
    some.none() | some.booleans() | some.integers(-3, 3) | some.floats(allow_nan=False) | some.sampled_from("ab"),
    lambda inner: some.lists(inner, max_size=6) | some.dictionaries(some.sampled_from("abcd"), inner, max_size=4),
    max_leaves=20,
)


def applied(value: Any, found: list[Edit]) -> Any:
    """A value with edits made to it; what went is taken out last and what came is put in after that."""
    value = copy.deepcopy(value)
    for edit in found:
        if edit.before is not ABSENT and edit.after is not ABSENT:
            value = _put(value, edit.path, edit.after)
    by_list: dict[int, tuple[list[Any], list[Edit]]] = {}
    for edit in found:
        if edit.before is ABSENT or edit.after is ABSENT:
            holder = _at(value, edit.path[:-1])
            if isinstance(holder, dict):
                _change_key(holder, edit)
            else:
                by_list.setdefault(id(holder), (holder, []))[1].append(edit)
    for holder, own in by_list.values():
        for edit in sorted((one for one in own if one.after is ABSENT), key=_last, reverse=True):
            del holder[_last(edit)]
        for edit in sorted((one for one in own if one.before is ABSENT), key=_last):
            holder.insert(_last(edit), edit.after)
    return value


def _last(edit: Edit) -> int:
    assert isinstance(edit.path[-1], int)
    return edit.path[-1]


def _change_key(holder: dict[Any, Any], edit: Edit) -> None:
    if edit.after is ABSENT:
        del holder[edit.path[-1]]
    else:
        holder[edit.path[-1]] = edit.after


def _at(value: Any, path: tuple[str | int, ...]) -> Any:
    for key in path:
        value = value[key]
    return value


def _put(value: Any, path: tuple[str | int, ...], new: object) -> Any:
    if not path:
        return new
    _at(value, path[:-1])[path[-1]] = new
    return value


@given(JSON, JSON)
@examples(400)
def test_edits_make_the_one_of_the_other(before: Any, after: Any) -> None:
    found = edits(before, after)
    assert same(applied(before, found), after)
    assert bool(found) is not same(before, after)


@given(JSON)
@examples(50)
def test_nothing_differs_from_itself(value: Any) -> None:
    assert edits(value, copy.deepcopy(value)) == []


@given(some.lists(JSON, max_size=8), JSON, some.integers(0, 8))
@examples(100)
def test_an_element_put_in_is_one_edit(before: list[Any], new: Any, at: int) -> None:
    after = [*before[:at], new, *before[at:]]
    (edit,) = edits(before, after)
    assert edit.before is ABSENT
    assert same(edit.after, new)


@pytest.mark.parametrize(
    ("before", "after", "found"),
    [
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}, []),
        ({"a": 1}, {"a": 1.0}, []),
        ({"a": 1}, {"a": True}, [Edit(("a",), 1, True)]),
        ({"a": None}, {}, [Edit(("a",), None, ABSENT)]),
        ({"a": {"b": [1, 2]}}, {"a": {"b": [1, 3]}}, [Edit(("a", "b", 1), 2, 3)]),
        ('{"city": "Oslo"}', '{ "city":"Bergen"}', [Edit(("city",), "Oslo", "Bergen")]),
        ('{"city": "Oslo"}', '{ "city":"Oslo"}', []),
        ("[1]", "[1", [Edit((), "[1]", "[1")]),
        (
            [{"name": "lamp", "to": 1}, {"name": "bell", "to": 2}],
            [{"name": "horn", "to": 9}, {"name": "lamp", "to": 1}, {"name": "bell", "to": 3}],
            [Edit((0,), ABSENT, {"name": "horn", "to": 9}), Edit((1, "to"), 2, 3)],
        ),
        ({"a": float("nan")}, {"a": float("nan")}, []),
    ],
)
def test_what_differs_is_named_by_its_keys(before: Any, after: Any, found: list[Edit]) -> None:
    assert edits(before, after) == found


def test_without_a_budget_what_is_left_differs_as_a_whole() -> None:
    before, after = {"a": {"b": 1, "c": 2}}, {"a": {"b": 1, "c": 3}}
    assert edits(before, after, Budget(0)) == [Edit((), before, after)]


def test_a_vector_differs_as_a_whole() -> None:
    before, after = [number / 7 for number in range(50)], [number / 9 for number in range(50)]
    assert edits({"v": before}, {"v": after}) == [Edit(("v",), before, after)]
    assert edits(before, [*before]) == []
