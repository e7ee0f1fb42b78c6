"""A whole stream as one strip: a column for each chunk, or for as many as fit, by what they add and how much of it.
Where times are known, columns are stretches of time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from inspector.model.call import Step
from inspector.model.delta import (
    ArgumentDelta,
    ErrorDelta,
    FinishDelta,
    ReasoningDelta,
    RefusalDelta,
    SoFarDelta,
    TextDelta,
    ToolCallDelta,
    UsageDelta,
)

COLUMNS = 400
"""Columns of a strip; of a longer stream a column stands for several chunks."""

HEIGHT = 32

_KINDS: dict[type, str] = {
    TextDelta: "text", RefusalDelta: "text", SoFarDelta: "text", ReasoningDelta: "reasoning", ToolCallDelta: "call",
    ArgumentDelta: "call", UsageDelta: "usage", FinishDelta: "finish", ErrorDelta: "error",
}  # fmt: skip
_NOTHING = "other"
KINDS = ("text", "reasoning", "call", "finish", "usage", "error", _NOTHING)
"""What a chunk is by what it adds, in the order in which pages tell them."""

_RANK = {kind: rank for rank, kind in enumerate((_NOTHING, "usage", "text", "reasoning", "call", "finish", "error"))}
"""Which kind a chunk has that adds several things, and a column that stands for several chunks: what is rare is seen.
"""


class KindView(NamedTuple):
    """Chunks of one kind: how many, which is the first and the last, and their columns as a path of SVG."""

    kind: str
    total: int
    first: int
    last: int
    path: str


class StripView(NamedTuple):
    kinds: tuple[KindView, ...]
    total: int
    columns: int
    firsts: tuple[tuple[int, int], ...]
    """The columns that are not empty, each with its first chunk, where they are stretches of time."""


def stream_strip(steps: Sequence[Step], at: Sequence[int] = ()) -> StripView | None:
    """The strip of a stream, whose chunks came `at` some milliseconds; None for a whole response."""
    total = len(steps)
    if total < 2:
        return None
    columns = COLUMNS if at else min(total, COLUMNS)
    places = _places(total, columns, at)
    sizes: dict[int, int] = {}
    shown: dict[int, str] = {}
    counts: dict[str, list[int]] = {}
    for number, (step, column) in enumerate(zip(steps, places, strict=True)):
        kind, size = _of(step)
        count = counts.setdefault(kind, [0, number, number])
        count[0] += 1
        count[2] = number
        sizes[column] = sizes.get(column, 0) + size
        if _RANK[kind] >= _RANK[shown.get(column, _NOTHING)]:
            shown[column] = kind
    most = max(*sizes.values(), 1)
    paths: dict[str, list[str]] = {}
    for column, kind in shown.items():
        height = HEIGHT if kind in ("finish", "error") else max(round(HEIGHT * sizes[column] / most), 3)
        paths.setdefault(kind, []).append(f"M{column} {HEIGHT}v-{height}h.8V{HEIGHT}z")
    kinds = (
        KindView(kind, total=count[0], first=count[1], last=count[2], path="".join(paths.get(kind, ())))
        for kind, count in sorted(counts.items(), key=lambda one: KINDS.index(one[0]))
    )
    firsts = {column: number for number, column in reversed([*enumerate(places)])} if at else {}
    return StripView(tuple(kinds), total, columns, tuple(sorted(firsts.items())))


def _places(total: int, columns: int, at: Sequence[int]) -> list[int]:
    """The column of each chunk."""
    if at:
        last = max(*at, 1)
        return [one * (columns - 1) // last for one in at]
    return [number * columns // total for number in range(total)]


def kind_of(step: Step) -> str:
    """What a chunk is."""
    return _of(step)[0]


def _of(step: Step) -> tuple[str, int]:
    """What a chunk is, and how many characters of words it adds."""
    found, size = _NOTHING, 0
    for delta in step.deltas:
        kind = _KINDS.get(type(delta))
        if kind is None:
            continue
        if kind in ("text", "reasoning"):
            size += len(delta.text)  # type: ignore[union-attr]
            kind = kind if delta.text else _NOTHING  # type: ignore[union-attr]
        elif isinstance(delta, ToolCallDelta):
            size += len(delta.arguments)
        if _RANK[kind] > _RANK[found]:
            found = kind
    return found, size
