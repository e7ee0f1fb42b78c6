"""Numbers, sizes, durations and times of a query: ``>1000``, ``5k..20k``, ``<2d``, ``2026-11-01..2026-11-20``."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from inspector.search.grammar import QueryError

COUNTS = {"": 1, "k": 1_000, "m": 1_000_000, "g": 1_000_000_000}
SIZES = {**COUNTS, "b": 1, "kb": 1_000, "mb": 1_000_000, "gb": 1_000_000_000}
TIMES = {"ms": 1, "": 1_000, "s": 1_000, "m": 60_000, "min": 60_000, "h": 3_600_000, "d": 86_400_000, "w": 604_800_000}
"""Milliseconds of a unit; a number alone counts seconds."""

_NUMBER = re.compile(r"([0-9]{1,15}(?:\.[0-9]{1,9})?)([a-z]*)")
_COMPARED = re.compile(r"(>=|<=|>|<|=)?(.*)", re.DOTALL)
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}(?:-[0-9]{2}(?:T[0-9]{2}:[0-9]{2}(?::[0-9]{2})?)?)?", re.IGNORECASE)
_FAMILY = re.compile(r"([1-5])xx")
_STEPS = {
    7: timedelta(days=31),
    10: timedelta(days=1),
    16: timedelta(minutes=1),
    19: timedelta(seconds=1),
}
"""What a date of so many characters names: a month, a day, a minute, a second."""

_LAST = (1 << 63) - 1
"""Nanoseconds since 1970 that the index can hold."""


Bounds = Sequence[tuple[str, float]]
"""Signs, such as ``>=``, and numbers."""


def bounds(value: str, units: Mapping[str, int]) -> Bounds:
    """What a number has to keep to: a comparison, a range, or a number alone. Raises `QueryError`."""
    low, dots, high = value.partition("..")
    if dots:
        ends = [(">=", low), ("<=", high)]
        return _some(value, [(sign, _number(text, units)) for sign, text in ends if text])
    operator, text = _operator(value)
    return [(operator or "=", _number(text, units))]


def status_bounds(value: str) -> Bounds:
    """The same for a status of HTTP, whose families are ``4xx`` and their like."""
    family = _FAMILY.fullmatch(value.lower())
    return bounds(f"{family[1]}00..{family[1]}99" if family else value, COUNTS)


def time_bounds(value: str) -> Bounds:
    """The same for a time in nanoseconds: ``2d`` and ``<2d`` are the last two days, ``>2d`` is before them, and
    ``1d..2d`` is the day before yesterday's. A date is all of the month, day, minute or second that it names."""
    low, dots, high = value.partition("..")
    if dots:
        if all(map(_is_age, (low, high))):  # they grow into the past
            low, high = (high, low) if not (low and high) or _span(high) < _span(low) else (low, high)
        ends = [*([(">=", _span(low)[0])] if low else []), *([("<", _span(high)[1])] if high else [])]
        return _some(value, ends)
    operator, text = _operator(value)
    begin, end = _span(text)
    if _is_age(text):  # an age grows into the past
        operator = {"": "<", "=": "<"}.get(operator, operator)
        return [("<" if operator[0] == ">" else ">=", begin)]
    spans = {">": [(">=", end)], ">=": [(">=", begin)], "<": [("<", begin)], "<=": [("<", end)]}
    return spans.get(operator, [(">=", begin), ("<", end)])


def _operator(value: str) -> tuple[str, str]:
    found = _COMPARED.fullmatch(value)
    return (found[1] or "", found[2]) if found else ("", value)


def _some(value: str, bounds: Bounds) -> Bounds:
    if not bounds:
        raise QueryError(f"{value} is no range")
    return bounds


def _number(text: str, units: Mapping[str, int]) -> float:
    found = _NUMBER.fullmatch(text.lower())
    if found is None or found[2] not in units:
        raise QueryError(f"{text} is no number here" if text else "a number is missing")
    return float(found[1]) * units[found[2]]


def _is_age(text: str) -> bool:
    return not _DATE.fullmatch(text)


def _span(text: str) -> tuple[int, int]:
    """From when to when a text is, in nanoseconds; an age is a moment."""
    if _is_age(text):
        moment = round((time.time() * 1000 - _number(text, TIMES)) * 1_000_000)
        return _within(moment), _within(moment)
    try:
        begin = datetime.fromisoformat(f"{text}-01" if len(text) == 7 else text)
        after = begin + _STEPS[len(text)]
        return _nanoseconds(begin), _nanoseconds(after.replace(day=1) if len(text) == 7 else after)
    except (ValueError, OverflowError, OSError):
        raise QueryError(f"{text} is no date") from None


def _nanoseconds(moment: datetime) -> int:
    """Of a moment in local time, whose days may have 23 hours or 25."""
    return _within(int(moment.timestamp()) * 1_000_000_000)


def _within(nanoseconds: int) -> int:
    return max(-_LAST, min(nanoseconds, _LAST))
