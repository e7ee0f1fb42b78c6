"""Cassettes of PHP-VCR (https://php-vcr.github.io): a list of requests and responses, YAML or JSON."""

from __future__ import annotations

from collections.abc import Iterator

from inspector.formats.reading import bodies, halves
from inspector.formats.reading.entries import each
from inspector.formats.reading.source import Source
from inspector.formats.reading.test_name import name_below
from inspector.model import Exchange, Json, Problem, Request, Response
from inspector.model.expressions import expression

NAME = "php-vcr"
FILES = "cassettes of PHP-VCR: `tests/fixtures/*`, YAML or JSON"

_HEAD = expression(rb'(?:-(?![^\S\n]*+\n\s)[^\n]*+\n)*+-[^\S\n]*+\n\s++request:|\[\s*\{\s*"request"\s*:\s*\{')
_SIGN = expression(rb"[\"']?http_version[\"']?\s*:|curl_options")

_READ = frozenset({"curl_info", "curl_options", "post_fields", "post_files"})


def sniff(source: Source) -> bool:
    if _HEAD.match(source.start_of_text) is None or _SIGN.search(source.head) is None:
        return False
    return any(map(_is_one, source.listed("")))


def _is_one(entry: Json) -> bool:
    return isinstance(entry, dict) and "url" in bodies.obj(entry.get("request")) and "response" in entry


def read(source: Source) -> Iterator[Exchange]:
    name = name_below(source.path, "fixtures", "cassettes")
    yield from each(source, source.listed(""), lambda number, entry: _exchange(number, entry, source.path, name))


def _exchange(number: int, entry: Json, path: str, name: str | None) -> Exchange:
    raw = bodies.obj(entry).get("request")
    if not isinstance(raw, dict):
        raise ValueError("there is no request")
    problems: list[Problem] = []
    headers = bodies.headers(raw.get("headers"))
    body = halves.kept(raw, headers, problems, "request body", _READ)
    response = _response(entry.get("response"), problems)
    return Exchange(
        entry=number,
        request=Request(str(raw.get("method") or "").upper(), str(raw.get("url") or ""), headers, body),
        response=response,
        test_id=name,
        started_at=bodies.date(response.headers) if response else None,
        hint=path,
        problems=tuple(problems),
        raw=bodies.plain(entry),
    )


def _response(raw: Json, problems: list[Problem]) -> Response | None:
    if not isinstance(raw, dict):
        return None
    headers = bodies.headers(raw.get("headers"))
    body = halves.kept(raw, headers, problems, "response body", _READ)
    return Response(bodies.status(raw.get("status")), headers, body)
