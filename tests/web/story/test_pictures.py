"""Pictures of a story: when its exchanges happened, and what they cost."""

from __future__ import annotations

import re
from typing import Any, cast

from inspector.index import Row
from inspector.web.rendering.charts import growth, most_tokens, token_bar, token_counts
from inspector.web.story.waterfall import AXIS, Placed, waterfall
from tests.web.pages import Shelf, message, recording


class _Row:
    def __init__(self, started: int | None = None, duration: int | None = None, **counts: Any) -> None:
        self.started, self.duration = started, duration
        self.input_tokens: int | None = counts.get("input")
        self.output_tokens: int | None = counts.get("output")
        self.cached_tokens: int | None = counts.get("cached")


def _places(*rows: _Row) -> tuple[Placed, ...]:
    return waterfall([(number, cast(Row, row)) for number, row in enumerate(rows, 1)]).places


def test_bars_lie_where_their_times_are() -> None:
    first, second, none = _places(_Row(1_000, 400), _Row(1_500, 500), _Row())
    assert (first.begin, first.width, first.wait) == (0, 400, 0)
    assert (second.begin, second.width, second.wait, second.is_cut) == (500, 500, 100, False)
    assert (none.begin, none.width) == (0, 0), "no time is invented"


def test_a_long_wait_is_cut_and_says_so() -> None:
    first, second = _places(_Row(0, 4_000), _Row(86_400_000, 4_000))
    assert (second.is_cut, round(second.begin + second.width)) == (True, AXIS)
    assert round(second.wait) == 200, "a quarter of the time in the model"
    assert first.width == second.width == 400


def test_what_overlaps_is_one_stretch() -> None:
    view = waterfall(
        [(1, cast(Row, _Row(0, 1_000))), (2, cast(Row, _Row(500, 1_000))), (3, cast(Row, _Row(500, None)))]
    )
    assert (view.total, view.busy) == (1_500, 1_500)
    assert [round(place.begin) for place in view.places] == [0, 333, 333]
    assert all(not place.wait for place in view.places)


def test_bars_of_tokens_have_a_part_for_each_kind_and_their_numbers() -> None:
    row = _Row(input=340, cached=128, output=21)
    assert token_counts(row, 20) == [("cached", 128), ("input", 212), ("reasoning", 20), ("output", 1)]
    html = token_bar(row, most_tokens([row, _Row(output=7)]), 20)
    assert "cached 128, input 212, reasoning 20, output 1" in html
    assert re.findall("rect class='(\\w+)'", html) == ["cached", "input", "reasoning", "output"]
    assert "style" not in html
    assert token_bar(_Row(), 100) == token_bar(row, 0) == ""
    assert growth([3], "x") == growth([0, 0], "x") == ""
    assert growth([14, 340], "x").count("M") == 2


def test_a_story_shows_its_times_or_that_there_are_none(samples: Shelf, shelf: Shelf) -> None:
    row = next(row for row in samples.rows if "wool" in row.replied and row.path.endswith(".jsonl"))
    story = samples.page(f"/s/{row.group_id}")
    words = " ".join(story.text.split())
    assert "6.0 s in the model" in words
    assert "context 14 → 340 tokens" in words
    assert sum(one["class"] == "lane" for tag, one in story.having("class") if tag == "svg") == 6
    assert {"x-turn-" + row.uid} & {(one["href"] or "").removeprefix("#") for _, one in story.having("href")}
    for name in ("a", "b"):
        shelf.put(f"{name}.json", recording("Yes.", [message(name)]))
    story = shelf.page("/t/tests/test_lamp.py::test_lit[a]")
    assert "No times recorded" in story.text
    assert [one["class"] for _, one in story.having("class") if one["class"] in ("strip", "waterfall")] == ["strip"]
