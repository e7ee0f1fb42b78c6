"""How much of two sequences is the same from their beginning on."""

from __future__ import annotations

from collections.abc import Sequence


def common_head(before: Sequence[object], after: Sequence[object]) -> int:
    """How many items, or characters, two sequences begin with that are the same. Halves are compared, which is quicker
    than one by one."""
    low, high = 0, min(len(before), len(after))
    while low < high:
        middle = (low + high + 1) // 2
        if before[low:middle] == after[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low
