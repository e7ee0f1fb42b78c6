"""Cassettes with ``http_interactions``: VCR for Ruby (https://benoittgt.github.io/vcr) and what took its shape, vcr for
R and betamax for Python. Their URLs may hold placeholders."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from inspector.formats.reading import bodies, halves
from inspector.formats.reading.entries import each
from inspector.formats.reading.source import Source
from inspector.formats.reading.test_name import name_below
from inspector.formats.reading.yaml_file import Unread
from inspector.model import Exchange, Json, Problem, Request, Response
from inspector.model.expressions import expression

NAME = "ruby-vcr"
FILES = "cassettes of VCR for Ruby, vcr for R, betamax: `vcr_cassettes/**/*.yml`, `_vcr/*.yml`, `.json`"

_KEY = "http_interactions"
_HEAD = expression(rb'^["\']?http_interactions["\']?:', re.MULTILINE)
_JSON = expression(rb'\{(?:\s*"\w+"\s*:\s*"[^"]*"\s*,)*\s*"http_interactions"\s*:')
_FOLDERS = ("vcr_cassettes", "cassettes", "vcr", "_vcr")


def sniff(source: Source) -> bool:
    if not (_HEAD.search(source.head) or _JSON.match(source.start_of_text)):
        return False
    entries = source.listed(_KEY)
    if not entries:
        return source.start_of_text[:1] == b"{" or any(
            isinstance(top, dict) and _KEY in top for top in source.yaml.documents
        )
    return any(
        isinstance(entry, Unread) or "request" in entry for entry in entries if isinstance(entry, (dict, Unread))
    )


def read(source: Source) -> Iterator[Exchange]:
    name = name_below(source.path, *_FOLDERS)
    yield from each(source, source.listed(_KEY), lambda number, entry: _exchange(number, entry, source.path, name))


def _exchange(number: int, entry: Json, path: str, name: str | None) -> Exchange | None:
    if not isinstance(entry, dict):
        raise ValueError("an interaction is a mapping")
    problems: list[Problem] = []
    response = _response(entry.get("response"), problems)
    date = bodies.date(response.headers) if response else None
    return Exchange(
        entry=number,
        request=_request(entry.get("request"), problems),
        response=response,
        test_id=name,
        started_at=bodies.moment(entry.get("recorded_at")) or date,
        hint=path,
        problems=tuple(problems),
        raw=bodies.plain(entry),
    )


def _request(recorded: Json, problems: list[Problem]) -> Request:
    raw = bodies.obj(recorded)
    headers = bodies.headers(raw.get("headers"))
    body = halves.kept(raw, headers, problems, "request body")
    return Request(str(raw.get("method") or "").upper(), str(raw.get("uri") or ""), headers, body)


def _response(raw: Json, problems: list[Problem]) -> Response | None:
    if not isinstance(raw, dict):
        return None
    headers = bodies.headers(raw.get("headers"))
    body = halves.kept(raw, headers, problems, "response body")
    return Response(bodies.status(_code(raw.get("status", raw.get("status_code")))), headers, body)


def _code(status: Any) -> Any:
    """A number in vcr for R and in early betamax; in vcr for R before its version 2 an object with a `status_code`."""
    return status.get("code", status.get("status_code")) if isinstance(status, dict) else status
