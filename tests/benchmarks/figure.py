"""A figure with its baseline, and how times are taken."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Sequence
from typing import NamedTuple


class Figure(NamedTuple):
    what: str
    value: float
    unit: str
    baseline: float | None
    against: str
    """What the baseline is."""


def seconds(run: Callable[[], object], times: int = 5) -> float:
    """The median time of a run."""
    taken = []
    for _ in range(times):
        began = time.perf_counter()
        run()
        taken.append(time.perf_counter() - began)
    return statistics.median(taken)


def percentile(taken: Sequence[float], share: float) -> float:
    return sorted(taken)[min(int(len(taken) * share), len(taken) - 1)]


def table(figures: Sequence[Figure]) -> str:
    """The figures as a Markdown table."""
    lines = ["| what | measured | baseline | ratio |", "|---|---:|---|---:|"]
    for figure in figures:
        ratio = f"{figure.value / figure.baseline:.1f}" if figure.baseline else ""
        baseline = f"{figure.against} {_written(figure.baseline, figure.unit)}" if figure.baseline else figure.against
        lines.append(f"| {figure.what} | {_written(figure.value, figure.unit)} | {baseline} | {ratio} |")
    return "\n".join(lines)


def _written(value: float, unit: str) -> str:
    if unit != "s":
        return f"{value:,.0f} {unit}"
    return f"{value * 1000:,.1f} ms" if value < 1 else f"{value:.2f} s"
