"""The verdict of a change: what the differences of two exchanges amount to."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

Verdict = Literal["same", "noise", "request", "answer"]

VERDICTS = {
    "answer": "other words, other calls or arguments, another finish, an error",
    "request": "what was asked differs, the answer says the same",
    "new": "not there before",
    "gone": "not there any more",
    "moved": "recorded again under another name",
    "noise": "ids, times, scores, token counts, chunking, the order of keys",
    "same": "nothing",
}
"""Of a pair of exchanges, with what differs; those that matter most first."""

QUIET = frozenset({"moved", "noise", "same"})
"""The verdicts of what nobody has to look at."""


def verdict(sides: Iterable[str]) -> Verdict:
    """The gravest of what differs; `sides` are those of the differences."""
    found = {*sides}
    if "answer" in found:
        return "answer"
    return "request" if "request" in found else "noise" if found else "same"
