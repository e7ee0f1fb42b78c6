"""The recorded requests that are most like one that is known, what they differ in, and what of that their recorder
looks at."""

from __future__ import annotations

import json
from collections.abc import Set
from hashlib import sha256
from typing import NamedTuple

from inspector.analysis.exchange_summary import Summary, summarise
from inspector.compare.difference import Difference, line
from inspector.compare.exchanges import differences
from inspector.files.roots import Roots
from inspector.index import Index, Row
from inspector.library import reader
from inspector.model import Exchange, Request
from inspector.recorders import Recorder, recorder_of
from inspector.recorders import llama_stack_rules as rules
from inspector.recorders.matchers import body_of, failing
from inspector.redaction.decoded import masked

MOST = 3
"""Recordings that a request is compared with."""

_LOOKED_AT = 5_000
_LINES = 12


class Compared(NamedTuple):
    """A recorded exchange beside a request that is known."""

    row: Row
    recorder: Recorder | None
    fails: tuple[str, ...]
    """The matchers by which it is another request, by its recorder's defaults."""
    lines: tuple[str, ...]
    """What differs, of what its recorder looks at."""
    more: int

    @property
    def words(self) -> str:
        """What the recorder makes of it."""
        if self.recorder is None:
            return "which recorder reads it is not known"
        if self.recorder.MATCHED_BY == ("key",):
            return "its key is another one" if self.fails else "it has the key of the request"
        if self.fails:
            compares = ", ".join(self.recorder.MATCHED_BY)
            return f"{self.recorder.NAME} compares {compares}; not the same: {', '.join(self.fails)}"
        again = "" if self.recorder.REPEATS else ", unless it was played already: it is played once"
        return f"by the defaults of {self.recorder.NAME} it matches{again}"

    @property
    def cure(self) -> str:
        """What would make it match."""
        if self.recorder is None or not self.fails:
            return ""
        if self.recorder.MATCHED_BY == ("key",):
            return "it would match without these differences; or record the request anew"
        return f"it would match with the same {', '.join(self.fails)}; or record the request anew"


def compared(roots: Roots, index: Index, asked: Exchange, but: str = "") -> list[Compared]:
    """The recordings most like a request, the likest first, without the exchange that has the id `but`."""
    summary = summarise(*masked(asked))
    prompt = {said.key for said in summary.prompt}
    rows = [row for row in index.rows(limit=_LOOKED_AT) if row.uid != but]
    like = {row.id: _likeness(row, summary, prompt, asked.test_id) for row in rows}
    near = sorted(rows, key=lambda row: like[row.id], reverse=True)
    return [_beside(roots, row, asked) for row in near[:MOST] if any(like[row.id])]


def _likeness(row: Row, asked: Summary, prompt: Set[int], test: str | None) -> tuple[float, ...]:
    """How like a row is to what is asked, whose messages have the keys of `prompt`."""
    shared = len(prompt & {*row.prompt}) / max(len(prompt | {*row.prompt}), 1)
    same = (row.test_id == test and test is not None, row.model == asked.model, row.operation == asked.operation)
    return (shared + 0.2 * sum(same) if shared or any(same[:2]) else 0.0, float(row.request == asked.request))


def _beside(roots: Roots, row: Row, asked: Exchange) -> Compared:
    one = reader.load(roots, row.path).exchange(row.entry)
    recorder = recorder_of(row.format)
    if one is None:
        return Compared(row, recorder, (), (), 0)
    url = asked.request.url or one.request.url
    method = asked.request.method or one.request.method
    whole = Request(method, url, asked.request.headers, asked.request.body)
    fails = _fails(recorder, one, whole, asked.test_id)
    found = differences(masked(_only_asked(one)), masked(Exchange(entry=0, request=whole, response=None)))
    told = [line(difference) for difference in found if _counts(difference, recorder)]
    return Compared(row, recorder, fails, tuple(told[:_LINES]), max(len(told) - _LINES, 0))


def _only_asked(one: Exchange) -> Exchange:
    return Exchange(entry=0, request=one.request, response=None)


def _fails(recorder: Recorder | None, one: Exchange, asked: Request, test: str | None) -> tuple[str, ...]:
    if recorder is None:
        return ()
    if recorder.MATCHED_BY != ("key",):
        return failing(recorder.MATCHED_BY, one.request, asked)
    return () if _key(one.request, one.test_id) == _key(asked, test or one.test_id) else ("key",)


def _key(request: Request, test: str | None) -> str:
    """The key of a request whose test is known."""
    raw = {"method": request.method, "url": request.url, "body": body_of(request)}
    key = rules.key({"test_id": test, "request": raw})
    return key if isinstance(key, str) else sha256(json.dumps(raw, default=str).encode()).hexdigest()


def _counts(difference: Difference, recorder: Recorder | None) -> bool:
    """Whether a difference makes another request. Hosts and headers are no part of a key."""
    if difference.side == "answer" or difference.part in ("headers", "times", "stream"):
        return False
    is_keyed = recorder is not None and recorder.MATCHED_BY == ("key",)
    return not (is_keyed and difference.part == "provider")
