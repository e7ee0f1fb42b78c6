"""A figure with its baseline, and how times are taken."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple


class Figure(NamedTuple):
    what: str
    value: float
    unit: str
    baseline: float | None
    against: str
    """What the baseline is."""
    aim: str = ""


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
        baseline = f"{figure.against} {written(figure.baseline, figure.unit)}" if figure.baseline else figure.against
        lines.append(f"| {figure.what} | {written(figure.value, figure.unit)} | {baseline} | {ratio} |")
    return "\n".join(lines)


def side_by_side(runs: Mapping[str, Sequence[Figure]]) -> str:
    """The figures of several runs as a Markdown table, a column for each; a ratio to the baseline stands behind."""
    lines = [f"| | aim | {' | '.join(runs)} |", f"|---|---|{'---:|' * len(runs)}"]
    cells = {name: {figure.what: _cell(figure) for figure in figures} for name, figures in runs.items()}
    for what, aim in dict.fromkeys((figure.what, figure.aim) for figures in runs.values() for figure in figures):
        lines.append(f"| {what} | {aim} | {' | '.join(cells[name].get(what, '') for name in runs)} |")
    return "\n".join(lines)


def _cell(figure: Figure) -> str:
    ratio = f" ({figure.value / figure.baseline:.1f} ×)" if figure.baseline else ""
    return written(figure.value, figure.unit) + ratio


def written(value: float, unit: str) -> str:
    """A figure with its unit."""
    if unit != "s":
        return f"{value:,.0f} {unit}"
    return f"{value * 1000:,.1f} ms" if value < 1 else f"{value:.2f} s"
