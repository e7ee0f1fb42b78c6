"""When the chunks of a stream came, where the recording or the provider's own clock says so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from inspector.analysis.measures import moment
from inspector.model import Exchange, ModelCall
from inspector.model.call import Step
from inspector.web.exchange.stream_strip import kind_of

MOST_GAPS = 3
"""Waits between chunks that are told."""

_NOTABLE = 3
"""A wait is told that is this many times as long as the one in the middle of all."""


class Gap(NamedTuple):
    """The wait before a chunk, in milliseconds."""

    before: int
    length: int


@dataclass(frozen=True, slots=True)
class ChunkTimes:
    """`at` has milliseconds for each chunk, since the request where `is_since_request`, else since the first chunk."""

    at: tuple[int, ...]
    is_since_request: bool
    is_of_provider: bool
    """Whether it is the provider's clock, and not that of who recorded."""
    first_words: int | None
    """The first chunk that adds words."""
    gaps: tuple[Gap, ...]
    """The longest waits, the longest first."""

    @property
    def total(self) -> int:
        return self.at[-1]


def chunk_times(exchange: Exchange, call: ModelCall) -> ChunkTimes | None:
    """The times of a stream's chunks; None where they are not recorded."""
    recorded = exchange.response.times if exchange.response else ()
    if len(recorded) == len(call.steps) > 1:
        began = moment(exchange.started_at)
        return _since([round(seconds * 1000) for seconds in recorded], began, call.steps, is_of_provider=False)
    own = [_own(step) for step in call.steps] if (call.protocol or "").startswith("ollama.") else []
    known = [one for one in own if one is not None]
    if len(known) < 2 or len(known) < len(own) or len({*known}) == 1:
        return None
    return _since(known, None, call.steps, is_of_provider=True)


def _own(step: Step) -> int | None:
    """The time that Ollama writes into each of its chunks."""
    data = step.event.data
    written = data.get("created_at") if isinstance(data, dict) else None
    return moment(written) if isinstance(written, str) else None


def _since(moments: Sequence[int], began: int | None, steps: Sequence[Step], *, is_of_provider: bool) -> ChunkTimes:
    is_since_request = began is not None and began <= moments[0]
    zero = began if began is not None and is_since_request else moments[0]
    at = tuple(max(one - zero, 0) for one in moments)
    words = next((number for number, step in enumerate(steps) if kind_of(step) in ("text", "reasoning", "call")), None)
    return ChunkTimes(at, is_since_request, is_of_provider, words, _gaps(at))


def _gaps(at: Sequence[int]) -> tuple[Gap, ...]:
    waits = [Gap(number, after - before) for number, (before, after) in enumerate(pairwise(at), 1)]
    usual = sorted(wait.length for wait in waits)[len(waits) // 2]
    notable = [wait for wait in waits if wait.length > max(usual * _NOTABLE, 1)]
    return tuple(sorted(notable, key=lambda wait: -wait.length)[:MOST_GAPS])
