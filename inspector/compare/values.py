"""What differs between two JSON values, key by key."""

from __future__ import annotations

import json
from collections.abc import Iterator
from enum import Enum
from typing import Final, NamedTuple

import orjson

from inspector.compare.sequences import Block, Budget, Gap, aligned, paired
from inspector.model import Json, jsonio

_STEPS = 4_000_000
"""Characters of JSON, and steps, that one comparison may look at."""

_ALIGNED = 40_000
"""Steps that may be taken to find what two lists have in common."""

_VECTOR = 32
"""Numbers from which on a list of nothing else is a vector, which differs as a whole."""

_LIKE = 200
"""Characters of two values that tell how alike they are."""


class Absent(Enum):
    ABSENT = "absent"


ABSENT: Final = Absent.ABSENT
"""What stands where one side has nothing, which is something else than null."""

Path = tuple[str | int, ...]


class Edit(NamedTuple):
    """One difference. The numbers in a path count elements of lists of `before`; of one that came (`before` is
    `ABSENT`), the last counts in `after`. The path goes on inside of a string that holds JSON."""

    path: Path
    before: object
    after: object


def edits(before: object, after: object, budget: Budget | None = None) -> list[Edit]:
    """The differences of two JSON values, as deep as they go, in the order of the keys. The order of keys is none, nor
    are spaces of JSON in strings. Where the budget ends, what is left differs as a whole."""
    return list(_edits((), before, after, budget or Budget(_STEPS)))


def same(before: object, after: object) -> bool:
    """Whether two JSON values say the same: 1 is 1.0, and is not true."""
    if isinstance(before, dict) and isinstance(after, dict):
        return before.keys() == after.keys() and all(same(value, after[key]) for key, value in before.items())
    if isinstance(before, list) and isinstance(after, list):
        return len(before) == len(after) and all(map(same, before, after))
    if isinstance(before, bool) or isinstance(after, bool):
        return before is after
    return before == after or (before != before and after != after)  # NaN


def _edits(path: Path, before: object, after: object, budget: Budget) -> Iterator[Edit]:
    if not isinstance(before, (dict, list)) and same(before, after):
        return
    if isinstance(before, str) and isinstance(after, str):
        inner, inner_after = _inner(before), _inner(after)
        if inner is not None and type(inner) is type(inner_after):
            yield from _edits(path, inner, inner_after, budget)
            return
    if isinstance(before, dict) and isinstance(after, dict) and budget.spend(len(before) + len(after)):
        yield from _of_objects(path, before, after, budget)
        return
    is_list = isinstance(before, list) and isinstance(after, list)
    if is_list and not (_is_vector(before) and _is_vector(after)) and (keys := _keys(before, after, budget)):
        yield from _of_lists(path, before, after, keys, budget)
    elif not same(before, after):
        yield Edit(path, before, after)


def _inner(text: str) -> Json:
    """The object or list that a string holds as JSON; None for any other."""
    if text[:1] not in ("{", "[") and text[:200].lstrip()[:1] not in ("{", "["):
        return None
    value = jsonio.parse_or_none(text)
    return value if isinstance(value, (dict, list)) else None


def _of_objects(path: Path, before: dict[str, Json], after: dict[str, Json], budget: Budget) -> Iterator[Edit]:
    for key, value in before.items():
        if key in after:
            yield from _edits((*path, key), value, after[key], budget)
        else:
            yield Edit((*path, key), value, ABSENT)
    yield from (Edit((*path, key), ABSENT, value) for key, value in after.items() if key not in before)


def _is_vector(value: Json) -> bool:
    return len(value) >= _VECTOR and all(type(one) in (int, float) for one in value)


_Keys = tuple[list[bytes], list[bytes]]


def _keys(before: Json, after: Json, budget: Budget) -> _Keys | None:
    """What tells the elements of two lists apart; None where there is no budget for that."""
    keys = [[_key(one) for one in each] for each in (before, after)]
    return (keys[0], keys[1]) if budget.spend(sum(map(len, keys[0])) + sum(map(len, keys[1])) + 1) else None


def _key(value: Json) -> bytes:
    try:
        key = orjson.dumps(value, option=orjson.OPT_SORT_KEYS)
        return json.dumps(value, sort_keys=True).encode() if b"null" in key else key  # orjson's word for Infinity too
    except (TypeError, RecursionError):
        return jsonio.dumps(value).encode("utf-8", "replace")


def _of_lists(path: Path, before: Json, after: Json, keys: _Keys, budget: Budget) -> Iterator[Edit]:
    steps = Budget(min(budget.left, _ALIGNED))
    found = aligned(*keys, steps) if keys[0] != keys[1] else []
    budget.spend(_ALIGNED - max(steps.left, 0) if found else 0)
    for stretch in found:
        if isinstance(stretch, Block):
            continue
        for one, other in _matched(before, after, stretch):
            if one is not None and other is not None:
                yield from _edits((*path, one), before[one], after[other], budget)
            elif one is not None:
                yield Edit((*path, one), before[one], ABSENT)
            elif other is not None:
                yield Edit((*path, other), ABSENT, after[other])


def _matched(before: list[Json], after: list[Json], gap: Gap) -> Iterator[tuple[int | None, int | None]]:
    old, new = before[gap.begin : gap.end], after[gap.begin_after : gap.end_after]
    if len(old) == len(new):
        yield from zip(range(gap.begin, gap.end), range(gap.begin_after, gap.end_after), strict=True)
        return
    for one, other in paired(len(old), len(new), lambda one, other: _likeness(old[one], new[other])):
        yield (
            None if one is None else gap.begin + one,
            None if other is None else gap.begin_after + other,
        )


_NAMES = ("id", "name", "type", "role", "key", "title")


def _likeness(before: Json, after: Json) -> float:
    """How alike two elements of lists are, from 0 to about 1."""
    if isinstance(before, dict) and isinstance(after, dict):
        shared = [key for key in before if key in after]
        alike = sum(_shallow(before[key], after[key]) * (3 if key in _NAMES else 1) for key in shared)
        return (alike + 0.1 * len(shared)) / (len(before) + len(after) + 1)
    if type(before) is not type(after):
        return 0.0
    if isinstance(before, str):
        return 0.05 + _of_words(before, after)
    return 0.05 + _shallow(before, after)


def _shallow(before: Json, after: Json) -> float:
    if type(before) is not type(after):
        return 0.0
    if isinstance(before, (dict, list)):
        return 0.5 if len(before) == len(after) else 0.2
    return 1.0 if before == after else _of_words(before, after) / 2 if isinstance(before, str) else 0.0


def _of_words(before: str, after: str) -> float:
    """Which part of the words at the beginning two texts share."""
    old, new = set(before[:_LIKE].split()), set(after[:_LIKE].split())
    return len(old & new) / max(len(old | new), 1)
