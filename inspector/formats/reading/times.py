"""Times as loggers note them: seconds since 1970 or their thousandths or millionths, or ISO 8601."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from inspector.formats.reading import bodies
from inspector.model import Json

_LAST = 1e11
"""Seconds after which no recording was made."""
_MOST = 1e20
"""What no number of nanoseconds that is a time comes to."""


def moment(told: Json) -> str | None:
    """A time as ISO 8601 in UTC; None where it is none."""
    known = seconds(told)
    return bodies.moment(told if known is None else known)


def between(began: Json, ended: Json) -> float | None:
    """The seconds from one time to another, None where they are none or in the wrong order."""
    first, last = seconds(began), seconds(ended)
    return round(last - first, 6) if first is not None and last is not None and last >= first else None


def of_milliseconds(told: Json) -> float | None:
    """The seconds of a duration in thousandths of one; None where it is none."""
    is_number = isinstance(told, (int, float)) and not isinstance(told, bool) and 0 <= told < _LAST
    return told / 1000 if is_number else None


def nanoseconds(told: Json) -> int | None:
    """A time in nanoseconds since 1970, exact to a millionth of a second; None where it is none."""
    known = seconds(told)
    return None if known is None else round(known * 10**6) * 1000


def all_seconds(told: Iterable[Json]) -> tuple[float, ...]:
    """Several times in seconds since 1970; none where one of them is none that a calendar has."""
    every = [*map(seconds, told)]
    known = tuple(one for one in every if one is not None and 0 <= one < _LAST)
    return known if len(known) == len(every) else ()


def seconds(told: Json) -> float | None:
    """Seconds since 1970; None for what is no time."""
    if isinstance(told, (int, float)) and not isinstance(told, bool):
        if not -_MOST < told < _MOST:  # what is no number neither
            return None
        return told if told <= 1e11 else told / next((unit for unit in (1e9, 1e6, 1e3) if told > unit * 1e8), 1)
    known = bodies.moment(told)
    return None if known is None else datetime.fromisoformat(known).timestamp()
