"""Times of several events: all of them are known, or none."""

from __future__ import annotations

from typing import Any

import pytest

from inspector.formats.reading.times import all_seconds


@pytest.mark.parametrize(
    ("told", "known"),
    [
        ([1_772_438_400, 1_772_438_400.5], (1_772_438_400.0, 1_772_438_400.5)),
        ([1_772_438_400_500, "2026-03-02T08:00:01Z"], (1_772_438_400.5, 1_772_438_401.0)),
        ([1_772_438_400, None], ()),
        ([1_772_438_400, 1e308], ()),
        ([1_772_438_400, float("nan")], ()),
        ([1_772_438_400, {}, True], ()),
        ([], ()),
    ],
)
def test_all_times_are_known_or_none_is(told: list[Any], known: tuple[float, ...]) -> None:
    assert all_seconds(told) == known
