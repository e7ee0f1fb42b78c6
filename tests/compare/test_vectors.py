"""Answers that are numbers."""

from __future__ import annotations

from typing import Any

import pytest

from inspector.compare.vectors import of_numbers

_LAMP = [0.5, -0.25, 0.125, 0.75, -0.5, 0.25, 0.0625, -0.125]
_FOG = [-0.5, 0.25, 0.625, -0.75, 0.5, 0.25, -0.0625, 0.125]


def _vectors(*vectors: list[float]) -> Any:
    return {"data": [{"embedding": vector, "index": at} for at, vector in enumerate(vectors)]}


def _ranking(*indices: int) -> Any:
    return {"results": [{"index": index, "relevance_score": 1 / (at + 2)} for at, index in enumerate(indices)]}


@pytest.mark.parametrize(
    ("before", "after", "is_another"),
    [
        (_vectors(_LAMP), _vectors(_LAMP), False),
        (_vectors(_LAMP), _vectors([one + 0.0001 for one in _LAMP]), False),
        (_vectors(_LAMP), _vectors(_FOG), True),
        (_vectors(_LAMP, _FOG), _vectors(_FOG, _LAMP), True),
        (_vectors(_LAMP), _vectors(_LAMP, _FOG), True),
        (_vectors(_LAMP), _vectors([*_LAMP[:-1], float("nan")]), True),
        (_vectors([0.0] * 8), _vectors([0.0] * 8), False),
        ({"embedding": "AAAAPwAAgL4AAAA+AABAPwAAAL8AAIA+AACAPQAAAL4="}, {"embedding": _LAMP}, False),
        (_ranking(0, 1, 2), _ranking(0, 1, 2), False),
        (_ranking(0, 1, 2), _ranking(1, 0, 2), True),
        (None, None, False),
    ],
)  # fmt: skip
def test_what_points_elsewhere_is_another_answer(before: Any, after: Any, is_another: bool) -> None:
    found = [*of_numbers(before, after)]
    assert bool(found) is is_another
    assert {one.side for one in found} <= {"answer"}
