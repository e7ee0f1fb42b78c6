"""From the text of a log to the requests that no recording was found for."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator
from typing import NamedTuple

from inspector.redaction import mask
from inspector.testruns.replay_misses.log_lines import Log
from inspector.testruns.replay_misses.test_names import Failed, Named, Names
from inspector.testruns.replay_misses.wordings import (
    BEGINNINGS,
    CLOSING,
    FACT_PATTERNS,
    PATTERNS,
    WORDINGS,
    opening,
    source,
)

MOST = 1_000
"""Different requests that are told of one log."""

_AFTER = 100_000
"""Characters after a message that may hold what belongs to it: some recorders print a whole body between."""
_NEAR = 1_500
"""The same where nothing is printed between."""

_EXCERPT = 300
_FULL_HASH = 64
_SHORTEST_REASON = 8

_ERROR_NAME = re.compile(r"[\w.]{1,200}(?:Error|Exception): ?")
_SIMILAR = re.compile(source("Found {number} similar requests with"))
_NONE_SIMILAR = re.compile(
    source("No similar requests, that have not been played, found") + "|" + source("the cassette has nothing similar")
)
_PLAYED = re.compile(rf"(?m:^){source('{method} {url}')}")
_DIFFERS = re.compile(
    rf"(?m:^(\w{{1,60}})(?:{source(' - assertion failure')}|{source(' differs')}(?=:|$)))"
    rf"|{source('Matcher failed : ')}(\w{{1,60}})"  # in old versions
)
_LOOSE_END = re.compile(r"""(?:[),;\\'"…>]|\.{3})*+""")
"""What does not belong to what a message quotes, read from its end."""


class Miss(NamedTuple):
    """A request that a recorder had no recording for, as a log tells it. What it does not tell is empty."""

    kind: str
    """``recording``, ``http``, ``tool`` or ``cassette``, see `wordings`."""
    line: int
    """The line of the log, from 1."""
    hash: str = ""
    """The recorder's hash of the request; less than 64 digits where the log cut it off."""
    method: str = ""
    url: str = ""
    model: str = ""
    tool: str = ""
    """``provider.tool``."""
    kwargs: str = ""
    """The beginning of a tool's arguments."""
    cassette: str = ""
    differs: tuple[str, ...] = ()
    """The matchers by which the most similar recorded requests differ."""
    similar: int | None = None
    """How many similar ones the recorder found; None where it does not say."""
    tests: tuple[Named, ...] = ()
    times: int = 1


class LogFindings(NamedTuple):
    """What a log tells."""

    misses: tuple[Miss, ...]
    failed: tuple[str, ...]
    """Ids of the tests that it calls failed."""
    more: bool
    """Whether there are more misses than are told."""


class _Said(NamedTuple):
    """A message where it stands in the text."""

    start: int
    end: int
    kind: str
    fields: dict[str, str]


def decoded(data: bytes) -> str:
    """The text of a log: UTF-8, or what PowerShell writes."""
    is_wide = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    return data.decode("utf-16" if is_wide else "utf-8", "replace")


def find(text: str) -> LogFindings:
    """The misses in a log, each once, in the order in which they stand. Secrets are masked."""
    log = Log(text)
    names = Names(log)
    misses: dict[tuple[str, ...], Miss] = {}
    more = False
    for miss in _misses(log, names):
        key = _key(miss)
        if key in misses:
            misses[key] = _both(misses[key], miss)
        elif len(misses) < MOST:
            misses[key] = miss
        else:
            more = True
    told = _without_prefixes(list(misses.values()))
    told += [miss for miss in _cut_off(log, names.failed) if not _is_told(miss, told)]
    told.sort(key=lambda miss: miss.line)
    return LogFindings(
        tuple(told[:MOST]), tuple(dict.fromkeys(mask.text(one.id) for one in names.failed)), more or len(told) > MOST
    )


def _misses(log: Log, names: Names) -> Iterator[Miss]:
    said = _joined_cassettes(_said(log))
    for number, one in enumerate(said):
        end = said[number + 1].start if number + 1 < len(said) else len(log.text)
        fields = {**one.fields, **_facts(log, one, end)}
        line = log.line_at(one.start)
        test = names.at(line)
        similar, differs = _similar(log, one, end) if one.kind == "cassette" else (None, ())
        yield Miss(
            one.kind,
            log.number(line),
            fields.get("hash", ""),
            fields.get("method", "").upper(),
            mask.url(fields.get("url", "")),
            mask.text(fields.get("model", "")),
            mask.text(fields.get("tool", "")),
            fields.get("kwargs", ""),
            mask.text(fields.get("path", "") or fields.get("file", "")),
            differs,
            similar,
            (test._replace(id=mask.text(test.id)),) if test else (),
        )


def _said(log: Log) -> list[_Said]:
    """The messages in their order; of those that begin at the same place the first of the table."""
    return [one for begin in BEGINNINGS.finditer(log.text) if (one := _at(log, begin.start()))]


def _at(log: Log, start: int) -> _Said | None:
    for kind, names, pattern in PATTERNS:
        if match := pattern.match(log.text, start):
            fields = {name: _field(log, name, *match.span(at)) for at, name in enumerate(names, 1)}
            if kind != "tool" or "." in fields["tool"]:
                return _Said(start, match.end(), kind, fields)
    return None


def _field(log: Log, name: str, start: int, end: int) -> str:
    match name:
        case "hash" | "method":
            digits = log.text[start:end].replace("\n", "")
            is_whole = name == "method" or len(digits) == _FULL_HASH or log.text.startswith((".", "…"), end)
            return digits if is_whole else log.joined(start, end)
        case "tool":
            return log.text[start:end].replace("\n", "")
        case "path" | "file":
            path = log.text[start:end].replace("\n", "").removeprefix("PosixPath(").removesuffix(")")
            return path.strip("\\").strip("'\"").rstrip("\\").replace("\\\\", "\\")
        case _:
            said = log.joined(start, end)
            loose = _LOOSE_END.match(said[::-1])
            return said[: len(said) - (loose.end() if loose else 0)]


def _joined_cassettes(said: list[_Said]) -> list[_Said]:
    """VCR's two sentences, which come in either order, as one message."""
    told: list[_Said] = []
    for one in said:
        before = told[-1] if told else None
        is_second = (
            one.kind == "cassette"
            and before is not None
            and before.kind == "cassette"
            and one.fields
            and before.fields
            and not one.fields.keys() & before.fields.keys()
            and one.start - before.end < _NEAR
        )
        if is_second and before is not None:
            told[-1] = before._replace(end=one.end, fields={**before.fields, **one.fields})
        else:
            told.append(one)
    return told


def _facts(log: Log, one: _Said, end: int) -> dict[str, str]:
    """What stands after a message and belongs to it."""
    if one.kind == "tool":
        return {"kwargs": _kwargs(log, one.end, end)}
    if one.kind == "cassette" and "file" in one.fields and (match := _PLAYED.search(log.text, one.start, one.end)):
        return {name: _field(log, name, *match.span(at)) for at, name in enumerate(("method", "url"), 1)}
    if one.kind != "recording":
        return {}
    told: dict[str, str] = {}
    near = min(end, one.end + _NEAR)
    closing = CLOSING.search(log.text, one.end, min(end, one.end + _AFTER))
    for names, pattern in FACT_PATTERNS:
        match = pattern.search(log.text, one.end, near)
        if closing and names == ("model",):  # what stands before may be a body, which says anything
            match = next(iter(deque(pattern.finditer(log.text, one.end, closing.start()), 1)), None)
        if match:
            told = {**{name: _field(log, name, *match.span(at)) for at, name in enumerate(names, 1)}, **told}
    return told


def _kwargs(log: Log, start: int, end: int) -> str:
    """The beginning of a tool's arguments, to their last brace where it is near."""
    end = min(end, start + 2 * _EXCERPT)
    blank = log.text.find("\n\n", start, end)
    said = log.joined(start, end if blank < 0 else blank, blank=True)
    depth = 0
    for at, letter in enumerate(said):
        depth += (letter == "{") - (letter == "}")
        if letter == "}" and depth <= 0:
            said = said[: at + 1]
            break
    return str(mask.value(said.strip()))[:_EXCERPT]


def _similar(log: Log, one: _Said, end: int) -> tuple[int | None, tuple[str, ...]]:
    """How many similar requests VCR says that it has, and by what matchers they differ."""
    near = log.text[one.start : min(end, one.end + 2 * _NEAR)]
    match = _SIMILAR.search(near)
    similar = int(match[1].replace("\n", "")) if match else 0 if _NONE_SIMILAR.search(near) else None
    return similar, tuple(dict.fromkeys(now or once for now, once in _DIFFERS.findall(near)))


# ---------------------------------------------------------------- each once


def _key(miss: Miss) -> tuple[str, ...]:
    if miss.hash:
        return ("hash", miss.hash)
    return (miss.kind, miss.method, miss.url, miss.tool, "".join(miss.kwargs.split())[:60], miss.cassette)


def _both(first: Miss, again: Miss) -> Miss:
    """What two places of a log tell of one miss."""
    known = {test.id: test for test in (*again.tests, *first.tests) if test.sure}
    guessed = {test.id: test for test in (*again.tests, *first.tests) if not test.sure}
    told = {name: getattr(first, name) or value for name, value in again._asdict().items()}
    return Miss(**{**told, "tests": tuple((known or guessed).values()), "times": first.times + again.times})


def _without_prefixes(misses: list[Miss]) -> list[Miss]:
    """Without those whose hash was cut off and stands elsewhere in full."""
    full = sorted((miss for miss in misses if len(miss.hash) == _FULL_HASH), key=lambda miss: miss.hash)
    by_hash = {miss.hash: miss for miss in full}
    others = []
    for miss in misses:
        if miss.hash in by_hash:
            continue
        same = next((one.hash for one in full if miss.hash and one.hash.startswith(miss.hash)), None)
        if same is None:
            others.append(miss)
        else:
            by_hash[same] = _both(by_hash[same], miss._replace(hash=same))
    return [*others, *by_hash.values()]


# ---------------------------------------------------------------- reasons that were cut off


def _cut_off(log: Log, failed: list[Failed]) -> Iterator[Miss]:
    """Failures whose reason, in the summary, is the cut off beginning of a message."""
    for one in failed:
        reason = _ERROR_NAME.sub("", one.why, count=1).rstrip(".… ")
        kinds = [kind for kind, words in WORDINGS if _begins(opening(words), reason)]
        if "CannotOverwriteExistingCassette" in one.why:
            kinds = ["cassette"]
        if kinds:
            yield Miss(
                kinds[0], log.number(one.line), tests=(Named(mask.text(one.id), "the line that says that it failed"),)
            )


def _begins(words: str, reason: str) -> bool:
    return len(reason) >= _SHORTEST_REASON and (words.startswith(reason) or reason.startswith(words))


def _is_told(miss: Miss, told: list[Miss]) -> bool:
    return any(miss.tests[0].id in {test.id for test in one.tests} for one in told)
