"""Moments for pages, and what lies between them. They are said in UTC; a script puts them into the reader's zone."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Protocol

from markupsafe import Markup

_MOMENT = Markup("<time datetime='{}' data-local>{}</time>")
_AGO = Markup("<time datetime='{}' data-ago>{}</time>")


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


def since(milliseconds: int) -> Markup:
    """The same in short; a script says how long ago it was."""
    when = datetime.fromtimestamp(milliseconds / 1000, UTC)
    return _AGO.format(when.isoformat(timespec="milliseconds"), f"{when.day} {when:%b %Y}")


def gap(before: Timed, after: Timed) -> int | None:
    """Milliseconds between the end of one and the begin of another; None where that is not known, or none."""
    if before.started is None or after.started is None:
        return None
    between = after.started - before.started - (before.duration or 0)
    return between if between > 0 else None
