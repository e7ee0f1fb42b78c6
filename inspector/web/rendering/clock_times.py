"""Moments and durations for pages. Pages say moments in UTC; a script puts them into the reader's own zone."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Protocol

from markupsafe import Markup

_MOMENT = Markup("<time datetime='{}' data-local>{}</time>")
_UNITS = ((86_400_000, "d", 3_600_000, "h"), (3_600_000, "h", 60_000, "min"), (60_000, "min", 1_000, "s"))


class Timed(Protocol):
    """What has a time: both are None where the recording keeps none."""

    @property
    def started(self) -> int | None: ...
    @property
    def duration(self) -> int | None: ...


def clock(milliseconds: int) -> Markup:
    """A moment, in milliseconds since 1970."""
    when = datetime.fromtimestamp(milliseconds / 1000, UTC)
    return _MOMENT.format(when.isoformat(timespec="milliseconds"), f"{when.day} {when:%b %Y, %H:%M:%S} UTC")


def lasting(milliseconds: int) -> str:
    """A duration in its two largest units: ``250 ms``, ``1.8 s``, ``2 min 5 s``, ``1 h 3 min``."""
    if milliseconds < 1_000:
        return f"{milliseconds} ms"
    if milliseconds < 59_950:
        return f"{milliseconds / 1000:.1f} s" if milliseconds < 9_950 else f"{milliseconds / 1000:.0f} s"
    size, unit, smaller, its = next(one for one in _UNITS if milliseconds >= one[0] - one[2] / 2)
    whole, rest = divmod(round(milliseconds / smaller), size // smaller)
    return f"{whole} {unit} {rest} {its}" if rest else f"{whole} {unit}"


def gap(before: Timed, after: Timed) -> int | None:
    """Milliseconds between the end of one and the begin of another; None where that is not known, or none."""
    if before.started is None or after.started is None:
        return None
    between = after.started - before.started - (before.duration or 0)
    return between if between > 0 else None
