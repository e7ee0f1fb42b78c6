"""What claude-trace and claude-bridge log of Claude Code's traffic (https://github.com/badlogic/lemmy): lines of
request and response, and claude-trace's page of the same, which embeds them as base64.

A streamed answer is its server-sent events as text (``body_raw``); an orphaned request has no answer. The page is
searched as text; nothing in it is ever run.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from inspector.formats.generic import pairs
from inspector.formats.reading import bodies, halves
from inspector.formats.reading.entries import each, each_line
from inspector.formats.reading.source import CutShort, Source
from inspector.model import Exchange, Json, Problem
from inspector.model.expressions import expression
from inspector.model.jsonio import NotJson, loads, parse_or_none, salvage

NAME = "claude-trace"
FILES = "logs of claude-trace and claude-bridge: `.claude-trace/log-*.jsonl` and `.html`, `requests-*.jsonl`"

_LINE = expression(rb'\{\s*"request"\s*:\s*\{\s*"timestamp"\s*:\s*\d')
_PAGE = expression(rb"<(?:!doctype )?html", re.IGNORECASE)
_DATA = expression(rb"window\.claudeData\s*=\s*JSON\.parse\((?:decodeURIComponent\(escape\()?\s*atob\(\s*(['\"])")
_BASE64 = expression(rb"[A-Za-z0-9+/]*={0,2}")
_SESSION = expression(r"_session_([\w-]+)")


def sniff(source: Source) -> bool:
    start = source.start_of_text
    if _PAGE.match(start):
        return _DATA.search(start) is not None
    if _LINE.match(start) is None:
        return False
    try:
        entry = loads(start.partition(b"\n")[0])
    except NotJson:
        entry = salvage(start.partition(b"\n")[0])
    request = bodies.obj(bodies.obj(entry).get("request"))
    return isinstance(request.get("url"), str) and "body" in request


def read(source: Source) -> Iterator[Exchange]:
    if not _PAGE.match(source.start_of_text):
        yield from each_line(source, lambda line, value: _exchange(line.number, value, source.path, line.position))
        return
    entries, cut = _embedded(source.data)
    yield from each(source, entries, lambda number, value: _exchange(number, value, source.path))
    if cut:
        raise CutShort(cut)


def _embedded(data: bytes) -> tuple[list[Json], str | None]:
    """The pairs in a page, and why they are not all."""
    found = _DATA.search(data)
    if found is None:
        return [], None
    cut, end = None, data.find(found[1], found.end())
    literal = data[found.end() : end if end >= 0 else len(data)].translate(None, b"\r\n\t \\")
    whole = _BASE64.match(literal)
    if end < 0 or whole is None or whole.end() < len(literal):
        cut = "the page stops in the middle of its data" if end < 0 else "the page's data is broken in the middle"
        literal = literal[: (whole.end() if whole else 0) // 4 * 4]
    text = bodies.from_base64(literal.decode("ascii", "replace"))
    value = salvage(text) if cut else loads(text)
    inner = value.get("rawPairs") if isinstance(value, dict) else value
    return inner if isinstance(inner, list) else [], cut


def _exchange(number: int, entry: Json, path: str, position: int | None = None) -> Exchange | None:
    if not isinstance(entry, dict):
        raise ValueError("an object is expected")
    if not isinstance(entry.get("request"), dict):
        return None
    problems: list[Problem] = []
    asked, answered = entry["request"], entry.get("response")
    note = entry.get("note")
    return Exchange(
        entry=number,
        request=halves.request(asked, problems),
        response=halves.response(answered, problems),
        session=_session(asked.get("body")),
        started_at=pairs.started_at(entry, asked),
        duration=pairs.duration(entry, asked, answered),
        hint=path,
        position=position,
        problems=(*problems, *((Problem("entry", note),) if isinstance(note, str) and note else ())),
        raw=entry,
    )


def _session(body: Json) -> str | None:
    """Claude Code names its session in ``metadata.user_id``: at the end of a text, or in JSON. A plain id of the user
    is the same in every session, and says nothing."""
    told = bodies.obj(bodies.obj(body).get("metadata")).get("user_id")
    if not isinstance(told, str):
        return None
    found = _SESSION.search(told)
    if found:
        return found[1]
    parsed = parse_or_none(told) if told.startswith("{") else None
    return bodies.text(bodies.obj(parsed).get("session_id")) or None
