"""Moments: what was recorded, and nothing else."""

from __future__ import annotations

from typing import NamedTuple

import pytest

from inspector.web.rendering.clock_times import clock, gap
from tests.web.pages import Shelf, message, recording


def test_a_moment_is_said_in_utc_for_a_script_to_translate() -> None:
    html = "<time datetime='2026-02-02T02:40:00.250+00:00' data-local>2 Feb 2026, 02:40:00 UTC</time>"
    assert clock(1_770_000_000_250) == html


class Times(NamedTuple):
    started: int | None
    duration: int | None


@pytest.mark.parametrize(
    ("before", "after", "between"),
    [
        (Times(0, 100), Times(350, None), 250),
        (Times(0, None), Times(350, 5), 350),
        (Times(None, 100), Times(350, None), None),
        (Times(0, 100), Times(None, None), None),
        (Times(0, 500), Times(350, None), None),
    ],
)
def test_a_gap_is_never_invented(before: Times, after: Times, between: int | None) -> None:
    assert gap(before, after) == between


def test_times_stand_in_head_response_and_story_where_there_are_any(samples: Shelf, shelf: Shelf) -> None:
    row = next(row for row in samples.rows if "wool" in row.replied and row.path.endswith(".jsonl"))
    page = samples.page(f"/e/{row.uid}")
    moments = [one["datetime"] for tag, one in page.having("datetime") if tag == "time"]
    assert moments == ["2026-02-02T02:40:10.500+00:00"]
    assert "2.5 s · 2 Feb 2026, 02:40:10 UTC" in " ".join(page.text.split())
    assert "(2,500 ms)" in samples.page(f"/e/{row.uid}/response").text
    story = " ".join(samples.page(f"/s/{row.group_id}").text.split())
    assert "9.0 s later" in story
    uid = shelf.put("a.json", recording("Yes.", [message("Lit?")]))
    for address in (f"/e/{uid}", f"/e/{uid}/response", "/t/tests/test_lamp.py::test_lit[a]"):
        assert not shelf.page(address).having("datetime"), "no time was recorded"
