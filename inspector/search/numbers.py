"""Numbers, sizes, durations and times of a query: ``>1000``, ``5k..20k``, ``<2d``, ``2026-11-01..2026-11-20``."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from datetime import datetime, timedelta

from inspector.index.store import Where
from inspector.search.grammar import QueryError

COUNTS = {"": 1, "k": 1_000, "m": 1_000_000, "g": 1_000_000_000}
SIZES = {**COUNTS, "b": 1, "kb": 1_000, "mb": 1_000_000, "gb": 1_000_000_000}
TIMES = {"ms": 1, "": 1_000, "s": 1_000, "m": 60_000, "min": 60_000, "h": 3_600_000, "d": 86_400_000, "w": 604_800_000}
"""Milliseconds of a unit; a number alone counts seconds."""

_NUMBER = re.compile(r"(\d{1,15}(?:\.\d{1,9})?)([a-z]*)")
_COMPARED = re.compile(r"(>=|<=|>|<|=)?(.+)")
_PRECISION = {10: timedelta(days=1), 16: timedelta(minutes=1), 19: timedelta(seconds=1)}
"""What a date of so many characters names."""

_DATE = re.compile(r"\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d)?)?")


def compared(column: str, value: str, units: Mapping[str, int]) -> Where:
    """The condition that a column of numbers meets a value: a comparison, a range, or a number alone."""
    low, dots, high = value.partition("..")
    if dots:
        if not low and not high:
            raise QueryError(f"{value} is no range")
        return _between(column, low and _number(low, units), high and _number(high, units))
    operator, text = _COMPARED.fullmatch(value).groups()  # type: ignore[union-attr]  # a value is never empty
    return f"ifnull({column} {operator or '='} ?, 0)", [_number(text, units)]


def _between(column: str, low: object, high: object) -> Where:
    bounds = [(sign, bound) for sign, bound in ((">=", low), ("<=", high)) if bound != ""]
    return " AND ".join(f"ifnull({column} {sign} ?, 0)" for sign, _ in bounds), [bound for _, bound in bounds]


def _number(text: str, units: Mapping[str, int]) -> float:
    found = _NUMBER.fullmatch(text.lower())
    if found is None or found[2] not in units:
        raise QueryError(f"{text} is no number here")
    return float(found[1]) * units[found[2]]


def changed(column: str, value: str) -> Where:
    """The condition on a time in nanoseconds: ``2d`` and ``<2d`` are the last two days, ``>2d`` is before them."""
    low, dots, high = value.partition("..")
    if dots or _DATE.fullmatch(value):
        begin, end = (low, high) if dots else (value, value)
        return _between(column, begin and _day(begin), end and _day(end, after=True) - 1)
    operator, text = _COMPARED.fullmatch(value).groups()  # type: ignore[union-attr]
    if _DATE.fullmatch(text):
        bound = _day(text, after=operator in (">", "<="))
        return f"{column} {'>=' if operator in ('>', '>=') else '<'} ?", [bound]
    age = _number(text, TIMES)
    return f"{column} {'<' if operator in ('>', '>=') else '>='} ?", [int((time.time() * 1000 - age) * 1_000_000)]


def _day(text: str, after: bool = False) -> int:
    """The beginning of a day or minute in local time, or the one after it, in nanoseconds."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise QueryError(f"{text} is no date") from None
    if after:
        moment += (
            timedelta(days=1) if len(text) == 10 else timedelta(minutes=1) if len(text) == 16 else timedelta(seconds=1)
        )
    return int(moment.timestamp() * 1_000_000_000)
