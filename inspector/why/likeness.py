"""The recorded requests that are most like one that is known, what they differ in, and what of that their recorder
looks at."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence, Set
from dataclasses import replace
from hashlib import sha256
from typing import NamedTuple

from inspector.analysis.exchange_summary import Summary, summarise
from inspector.compare.difference import Difference
from inspector.compare.difference_line import columns, line
from inspector.compare.exchanges import differences
from inspector.files.roots import Roots
from inspector.index import Index, Row
from inspector.library import reader
from inspector.model import Exchange, Request
from inspector.recorders import llama_stack_rules as rules
from inspector.recorders import recorder_of
from inspector.recorders.matchers import MATCHERS, body_of, failing
from inspector.redaction.decoded import masked
from inspector.testruns.missed_request import MissedRequest
from inspector.why.lookup_rules import Matching, matching

MOST = 3
"""Recordings that a request is compared with."""

_LOOKED_AT = 5_000
_LINES = 12

_OF_BODY = ("body", "raw_body", "key")
_OF_ADDRESS = ("method", "scheme", "host", "port", "path", "query", "uri", "key")


class Unlike(NamedTuple):
    """One thing in which a recorded request and one that is asked for differ."""

    text: str
    what: str
    recorded: str
    asked: str
    by: tuple[str, ...]
    """The matchers that fail for it; none where the recorder does not look at it."""


class Compared(NamedTuple):
    """A recorded exchange beside a request that is known."""

    row: Row
    matching: Matching
    fails: tuple[str, ...]
    """The matchers by which it is another request."""
    unlike: tuple[Unlike, ...]
    """What differs, of what its recorder looks at first."""
    more: int
    was_played: bool = False
    """Whether it is known that it was played before."""
    is_elsewhere: bool = False
    """Whether it is known that the test opens another cassette."""

    @property
    def lines(self) -> tuple[str, ...]:
        return tuple(one.text for one in self.unlike)

    @property
    def words(self) -> str:
        """What the recorder makes of it."""
        recorder, matched_by, repeats, by, _ = self.matching
        if recorder is None:
            return "which recorder reads it is not known"
        if matched_by == ("key",):
            return "its key is another one" if self.fails else "it has the key of the request"
        if self.fails:
            told = f"{recorder.NAME} compares {', '.join(matched_by)}{f' ({by})' if by else ''}"
            return f"{told}; not the same: {', '.join(self.fails)}{self._unknown}"
        if self.is_elsewhere:
            return "it matches, and lies in another cassette than the test opens"
        if self.was_played:
            return "it matches, and was already played: it is played once"
        again = "" if repeats else ", unless it was already played: it is played once"
        return f"by {by or f'the defaults of {recorder.NAME}'} it matches{again}{self._unknown}"

    @property
    def _unknown(self) -> str:
        """Matchers of a project's own, which nobody runs here."""
        own = [name for name in self.matching.matched_by if name not in (*MATCHERS, *self.fails, "key")]
        return f"; what {', '.join(own)} says is not known here" if own else ""

    @property
    def cure(self) -> str:
        """What would make it match."""
        if self.matching.recorder is None:
            return ""
        if self.is_elsewhere and not self.fails:
            return "it would be played if it lay where the test looks: was the test renamed? Or record the request anew"
        if not self.fails:
            return "with allow_playback_repeats it would be played again; or record the request once more" * (
                self.was_played
            )
        if self.matching.matched_by == ("key",):
            return "it would match without these differences; or record the request anew"
        otherwise = self.matching.on_a_miss or "or record the request anew"
        return f"it would match with the same {', '.join(self.fails)}; {otherwise}"

    def told(self) -> Iterator[str]:
        """All of it for a terminal, line by line; what is recorded in it still has to be made visible."""
        yield self.words
        for one in self.unlike:
            yield f"{'✗' if one.by else '·'} {one.text}"
        if self.more:
            yield f"· and {self.more} more"
        if self.cure:
            yield self.cure


def compared(
    roots: Roots,
    index: Index,
    asked: Exchange,
    but: str = "",
    *,
    missed: MissedRequest | None = None,
    among: Sequence[Row] | None = None,
) -> list[Compared]:
    """The recordings most like a request, the likest first, without the exchange that has the id `but`. `missed` is how
    a recorder looked it up, where that is known; `among` those that it may be compared with, else all."""
    summary = summarise(*masked(asked))
    prompt = {said.key for said in summary.prompt}
    rows = [row for row in (index.rows(limit=_LOOKED_AT) if among is None else among) if row.uid != but]
    like = {row.id: _likeness(row, summary, prompt, asked.test_id) for row in rows}
    found: list[Compared] = []
    for row in sorted(rows, key=lambda row: like[row.id], reverse=True):
        if len(found) == MOST or not (any(like[row.id]) or among):
            break
        found.append(_beside(roots, row, asked, missed))
    return sorted(found, key=lambda one: len(one.fails)) if missed and not missed.key else found


def _likeness(row: Row, asked: Summary, prompt: Set[int], test: str | None) -> tuple[float, ...]:
    """How like a row is to what is asked, whose messages have the keys of `prompt`."""
    shared = len(prompt & {*row.prompt}) / max(len(prompt | {*row.prompt}), 1)
    same = (row.test_id == test and test is not None, row.model == asked.model, row.operation == asked.operation)
    return (shared + 0.2 * sum(same) if shared or any(same[:2]) else 0.0, float(row.request == asked.request))


def _beside(roots: Roots, row: Row, asked: Exchange, missed: MissedRequest | None) -> Compared:
    one = reader.load(roots, row.path).exchange(row.entry)
    if one is None:
        return Compared(row, Matching(recorder_of(row.format), (), True), (), (), 0)
    how = matching(roots, row.path, row.format, one, missed)
    url = asked.request.url or one.request.url
    method = asked.request.method or one.request.method
    whole = Request(method, url, asked.request.headers, asked.request.body)
    seen, now = masked(_only_asked(one)), masked(replace(_only_asked(asked), request=whole))
    recorded = one if missed is None else replace(one, request=seen.exchange.request)  # what a map keeps is masked
    fails = _fails(how.matched_by, recorded, whole, asked.test_id, missed.key if missed else "")
    if missed and not fails and not missed.was_played:  # then the recorder, or a project's own matcher, is stricter
        fails = tuple(name for name in missed.differs if name not in MATCHERS or name == "body")
    told = [_unlike(found, fails) for found in differences(seen, now) if _counts(found, how.matched_by)]
    told += _as_text(fails, recorded.request, whole)
    told.sort(key=lambda one: not one.by)
    return Compared(
        row,
        how,
        fails,
        tuple(told[:_LINES]),
        max(len(told) - _LINES, 0),
        bool(missed and missed.was_played and not fails),
        missed is not None and _is_elsewhere(row.path, missed.cassette),
    )


def _is_elsewhere(path: str, cassette: str) -> bool:
    """Whether a recording is not the cassette that a test opens, each seen from a folder of its own."""
    is_it = f"/{path}".endswith(f"/{cassette}") or f"/{cassette}".endswith(f"/{path}")
    return bool(cassette) and not is_it


def _only_asked(one: Exchange) -> Exchange:
    return Exchange(entry=0, request=one.request, response=None)


def _fails(matched_by: tuple[str, ...], one: Exchange, asked: Request, test: str | None, key: str) -> tuple[str, ...]:
    if matched_by != ("key",):
        return failing(matched_by, one.request, asked)
    return () if _key(one.request, one.test_id) == (key or _key(asked, test or one.test_id)) else ("key",)


def _key(request: Request, test: str | None) -> str:
    """The key of a request whose test is known."""
    raw = {"method": request.method, "url": request.url, "body": body_of(request)}
    key = rules.key({"test_id": test, "request": raw})
    return key if isinstance(key, str) else sha256(json.dumps(raw, default=str).encode()).hexdigest()


def _unlike(found: Difference, fails: tuple[str, ...]) -> Unlike:
    is_address = found.part == "setting" and found.place == "settings" and found.key in ("url", "method")
    looked = ("headers",) if found.part == "headers" else _OF_ADDRESS if is_address else _OF_BODY
    return Unlike(line(found), *columns(found), tuple(name for name in fails if name in looked))


def _as_text(fails: tuple[str, ...], recorded: Request, asked: Request) -> Iterator[Unlike]:
    """Bodies that are the same JSON, where VCR.py compares them as texts: it reads one as JSON only where its
    content-type says so (https://github.com/kevin1024/vcrpy/blob/master/vcr/matchers.py)."""
    if "body" in fails and body_of(recorded) == body_of(asked):
        same = "the same as JSON"
        why = "the bodies are the same JSON, which VCR.py compares as text where content-type does not call both JSON"
        yield Unlike(why, "body", same, same, ("body",))


def _counts(difference: Difference, matched_by: tuple[str, ...]) -> bool:
    """Whether a difference may make another request. Hosts are no part of a key, and headers seldom are compared."""
    if difference.side == "answer" or difference.part in ("times", "stream"):
        return False
    if difference.part in ("headers", "order"):
        return {"headers": "headers", "order": "raw_body"}[difference.part] in matched_by
    return difference.part != "provider" or matched_by != ("key",)
