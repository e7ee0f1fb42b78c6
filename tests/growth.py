"""Whether the time that something takes grows faster than what it is given.

Time is compared with time, and only where it is worth measuring. What looks bad is measured again: a busy machine is no
fault of ours.
"""

from __future__ import annotations

import time
from collections.abc import Callable

FEW = 28
SIZES = (16, 20, 24, FEW, 80, 320, 1280, 5120, 20480)
"""Characters: few at first, for what grows with their power is seen before it never ends."""

WORTH = 0.03
"""Seconds below which nobody minds."""

MOST = 8
"""How much longer four times as much may take: linear is 4, quadratic 16."""

AGAIN = 5


def grows_too_fast(act: Callable[[str], object], before: str, unit: str, end: str = "") -> str:
    """What is wrong with the time that something takes for a unit that is repeated; empty if nothing is."""
    last = 0.0
    for size in SIZES:
        text = before + unit * max(size // len(unit), 1) + end
        took = _seconds(act, text)
        if _is_bad(size, took, last):
            took = min(took, *(_seconds(act, text) for _ in range(AGAIN)))
        if _is_bad(size, took, last):
            return f"{before!r} + {unit!r} * n + {end!r}: {last:.4f} s, then {took:.4f} s for four times as much"
        last = max(took, WORTH / 16)
    return ""


def _is_bad(size: int, took: float, last: float) -> bool:
    return took > WORTH and (size <= FEW or took > MOST * last)


def _seconds(act: Callable[[str], object], text: str) -> float:
    began = time.thread_time()
    act(text)
    return time.thread_time() - began
