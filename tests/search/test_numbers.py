"""Numbers and dates of a query."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from inspector.index import Index
from inspector.index.conditions import bounded
from inspector.search import QueryError
from inspector.search.numbers import COUNTS, SIZES, TIMES, Bounds, bounds, time_bounds

_INDEX = Index(None)


def _holds(wanted: Bounds, number: float | None) -> bool:
    """Whether SQLite finds a number."""
    where = bounded("x", wanted)
    sql = f"SELECT {where.sql} FROM (SELECT ? AS x) AS exchange"
    return bool(_INDEX.all(sql, [*where.parameters, number])[0][0])


@pytest.mark.parametrize(
    ("value", "meets", "misses"),
    [
        ("5", [5], [4, 6, None]), ("=5", [5], [4, None]), (">5", [6], [5, None]), (">=5", [5], [4]),
        ("<5", [4], [5, None]),
        ("<=5", [5], [6, None]), ("5..7", [5, 6, 7], [4, 8, None]), ("..7", [0, 7], [8, None]),
        ("5..", [5, 99], [4, None]),
        ("1k", [1000], [1, 999]), ("1.5K", [1500], [1000]), (">2m", [2_000_001], [2_000_000]),
        ("7..5", [], [5, 6, 7]),
        ("999999999999999g", [], [0]),
    ],
)  # fmt: skip
def test_counts(value: str, meets: list[int], misses: list[int | None]) -> None:
    wanted = bounds(value, COUNTS)
    assert all(_holds(wanted, number) for number in meets)
    assert not any(_holds(wanted, number) for number in misses)


@pytest.mark.parametrize(
    ("value", "units", "meets"),
    [
        ("1kb", SIZES, 1_000), ("1MB", SIZES, 1_000_000), ("2gb", SIZES, 2_000_000_000), ("7b", SIZES, 7),
        ("5", TIMES, 5_000), ("5ms", TIMES, 5), ("2m", TIMES, 120_000), ("2min", TIMES, 120_000),
        ("1h", TIMES, 3_600_000),
        ("1d", TIMES, 86_400_000), ("1w", TIMES, 604_800_000),
    ],
)  # fmt: skip
def test_units(value: str, units: dict[str, int], meets: int) -> None:
    assert [bound for _, bound in bounds(value, units)] == [meets]


@pytest.mark.parametrize(
    "value", ["", "x", "5x", "..", "5..x", "--5", ">", ">>5", "5\n", "٣", "1e5", "5 k", ">5..7", "-5"]
)
def test_what_is_no_number(value: str) -> None:
    with pytest.raises(QueryError):
        bounds(value, COUNTS)


@pytest.fixture
def berlin(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Where clocks went back on 2026-10-25 and forward on 2026-03-29."""
    monkeypatch.setenv("TZ", "Europe/Berlin")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.usefixtures("berlin")
@pytest.mark.parametrize(
    ("value", "first", "last"),
    [
        ("2026-11-20", "2026-11-20T00:00:00+01:00", "2026-11-20T23:59:59+01:00"),
        ("=2026-11-20", "2026-11-20T00:00:00+01:00", "2026-11-20T23:59:59+01:00"),
        ("2026-10-25", "2026-10-25T00:00:00+02:00", "2026-10-25T23:59:59+01:00"),  # 25 hours
        ("2026-03-29", "2026-03-29T00:00:00+01:00", "2026-03-29T23:59:59+02:00"),  # 23
        ("2026-02", "2026-02-01T00:00:00+01:00", "2026-02-28T23:59:59+01:00"),
        ("2026-12", "2026-12-01T00:00:00+01:00", "2026-12-31T23:59:59+01:00"),
        ("2026-11-20T10:30", "2026-11-20T10:30:00+01:00", "2026-11-20T10:30:59+01:00"),
        ("2026-11-20T10:30:05", "2026-11-20T10:30:05+01:00", "2026-11-20T10:30:05+01:00"),
        ("2026-11-01..2026-11-20", "2026-11-01T00:00:00+01:00", "2026-11-20T23:59:59+01:00"),
        ("2026-11..2026-12-03", "2026-11-01T00:00:00+01:00", "2026-12-03T23:59:59+01:00"),
        (">=2026-11-20", "2026-11-20T00:00:00+01:00", None), (">2026-11-20", "2026-11-21T00:00:00+01:00", None),
        ("<=2026-11-20", None, "2026-11-20T23:59:59+01:00"), ("<2026-11-20", None, "2026-11-19T23:59:59+01:00"),
        ("2026-11-20..", "2026-11-20T00:00:00+01:00", None), ("..2026-11-20", None, "2026-11-20T23:59:59+01:00"),
    ],
)  # fmt: skip
def test_dates_are_local(value: str, first: str | None, last: str | None) -> None:
    wanted = time_bounds(value)

    def holds(moment: datetime) -> bool:
        return _holds(wanted, int(moment.timestamp()) * 1_000_000_000)

    second = timedelta(seconds=1)
    begin = datetime.fromisoformat(first or "1990-01-01T00:00:00+00:00")
    end = datetime.fromisoformat(last or "2090-01-01T00:00:00+00:00")
    assert holds(begin)
    assert holds(end)
    assert last is None or not holds(end + second)
    assert first is None or not holds(begin - second)


@pytest.mark.parametrize(
    ("value", "meets", "misses"),
    [
        ("2d", [0, 1, 1.9], [2.1, 9]), ("<2d", [0, 1.9], [2.1]), ("<=2d", [0, 1.9], [2.1]),
        (">2d", [2.1, 900], [0, 1.9]),
        (">=2d", [2.1], [1.9]), ("1d..2d", [1.1, 1.9], [0.9, 2.1]), ("2d..1d", [1.1, 1.9], [0.9, 2.1]),
        ("..2d", [0, 1.9], [2.1]),
        ("2d..", [2.1, 900], [1.9]), ("48h", [1.9], [2.1]), ("1w", [6.9], [7.1]),
        ("999999999999999w", [0, 9_000], []),
    ],
)  # fmt: skip
def test_ages_grow_into_the_past(value: str, meets: list[float], misses: list[float]) -> None:
    wanted = time_bounds(value)
    days = 86_400 * 1_000_000_000
    assert all(_holds(wanted, time.time_ns() - int(age * days)) for age in meets)
    assert not any(_holds(wanted, time.time_ns() - int(age * days)) for age in misses)


@pytest.mark.parametrize(
    "value",
    [
        "",
        "x",
        "2026-13",
        "2026-02-30",
        "2026-1-1",
        "2026-11-20T25:00",
        "..",
        "2026-11-20 10:00",
        "yesterday",
        ">",
        "2026-11-20T10:00+02:00",
        "2026-11-20..soon",
        "9999-12-31",
        "2d..x",
    ],
)
def test_what_is_no_date(value: str) -> None:
    with pytest.raises(QueryError):
        time_bounds(value)


def test_the_first_days_of_the_calendar_are_said_or_understood() -> None:
    for value in ("0001-01-01", "0000-01-01", "1969-12-31", ">0001-01", "9998-12-31"):
        try:
            wanted = time_bounds(value)
        except QueryError:
            continue
        _holds(wanted, 0)
