"""Small pictures as inline SVG: shapes with classes, whose colours the style sheet has, under a policy that allows no
inline style. Whoever shows one writes its numbers beside it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from markupsafe import Markup

BAR = 60
"""Pixels of the widest bar of tokens."""

_SVG = Markup("<svg class='{}' viewBox='0 0 {} {}' width='{}' height='{}' role='img'><title>{}</title>{}</svg>")
_RECT = Markup("<rect class='{}' x='{:.1f}' width='{:.1f}' height='{}'/>")
_HEIGHT = 8


class Counted(Protocol):
    """What has counts of tokens; the input includes what came from a cache, the output what was reasoning."""

    @property
    def input_tokens(self) -> int | None: ...
    @property
    def output_tokens(self) -> int | None: ...
    @property
    def cached_tokens(self) -> int | None: ...


def token_bar(row: Counted, most: int, reasoning: int | None = None) -> Markup:
    """The tokens of an exchange as one bar, cached, input, reasoning and output after each other; `most` tokens are as
    long as a bar gets. Empty where nothing was counted."""
    counts = token_counts(row, reasoning)
    if not counts or most <= 0:
        return Markup()
    at, shapes = 0.0, Markup()
    for kind, count in counts:
        width = max(BAR * min(count / most, 1), 1.0)
        shapes += _RECT.format(kind, at, width, _HEIGHT)
        at += width
    title = ", ".join(f"{kind} {count:,}" for kind, count in counts)
    return _SVG.format("token-bar", round(at + 0.5), _HEIGHT, round(at + 0.5), _HEIGHT, title, shapes)


def token_counts(row: Counted, reasoning: int | None = None) -> list[tuple[str, int]]:
    """What the tokens of an exchange were spent on; what was not counted is left out."""
    cached, thought = row.cached_tokens or 0, reasoning or 0
    parts = (
        ("cached", cached), ("input", max((row.input_tokens or 0) - cached, 0)), ("reasoning", thought),
        ("output", max((row.output_tokens or 0) - thought, 0)),
    )  # fmt: skip
    return [(kind, count) for kind, count in parts if count]


def most_tokens(rows: Sequence[Counted]) -> int:
    """The scale for the bars of some exchanges: the largest sum."""
    return max(((row.input_tokens or 0) + (row.output_tokens or 0) for row in rows), default=0)


def growth(values: Sequence[int], title: str) -> Markup:
    """Values in their order as columns that stand beside each other, the largest as high as the picture."""
    most = max(values, default=0)
    if len(values) < 2 or most <= 0:
        return Markup()
    width, height = min(max(len(values) * 6, 40), 240), 20
    step = width / len(values)
    columns = (f"M{step * at:.1f} {height}v-{max(height * value / most, 1):.1f}h{step * 0.8:.1f}V{height}z"
               for at, value in enumerate(values))  # fmt: skip
    path = Markup("<path d='{}'/>").format("".join(columns))
    return _SVG.format("growth", width, height, width, height, title, path)
