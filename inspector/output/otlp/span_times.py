"""When a span began and ended: as recorded, and where a recording does not say it, what stands in for that."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from inspector.analysis.measures import zoned
from inspector.model import Exchange, ModelCall

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_LAST = 2**64


class SpanTimes(NamedTuple):
    """Nanoseconds since 1970."""

    began: int
    ended: int
    unknown: str | None = None
    """What of them stands in for what was not recorded: ``not recorded``, ``start not recorded`` or
    ``end not recorded``."""


def span_times(exchange: Exchange, call: ModelCall, modified: int) -> SpanTimes:
    """The times of an exchange. `modified` is when its file was changed last, in nanoseconds since 1970: it stands in
    for a start that nobody noted, in the order of the file's entries."""
    started = _nanoseconds(exchange.started_at or call.created_at)
    lasted = round((exchange.duration or 0) * 10**6) * 1000
    began = modified + exchange.entry * 1000 if started is None else started
    if exchange.duration is None or lasted < 0 or began + lasted >= _LAST:
        return SpanTimes(began, began, "not recorded" if started is None else "end not recorded")
    return SpanTimes(began, began + lasted, "start not recorded" if started is None else None)


def _nanoseconds(moment: str | None) -> int | None:
    when = zoned(moment)
    return None if when is None or when < _EPOCH else (when - _EPOCH) // _MICROSECOND * 1000


def first_chunk_after(exchange: Exchange) -> float | None:
    """Seconds until the first chunk of a stream came, where the recording says so."""
    times, began = exchange.response.times if exchange.response else (), _nanoseconds(exchange.started_at)
    waited = None if began is None or not times else times[0] - began / 10**9
    return round(waited, 6) if waited is not None and waited >= 0 else None
