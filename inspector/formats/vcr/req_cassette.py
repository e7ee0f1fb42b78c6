"""Cassettes of ReqCassette for Elixir (https://hexdocs.pm/req_cassette): a body is kept parsed, as text or as base64,
and `body_type` says which."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from inspector.formats.reading import bodies, halves
from inspector.formats.reading.entries import each
from inspector.formats.reading.source import Source
from inspector.formats.reading.test_name import name_below
from inspector.model import Exchange, Json, Problem, Request, Response
from inspector.model.expressions import expression

NAME = "req_cassette"
FILES = "cassettes of ReqCassette (Elixir): `cassettes/*.json`"

_HEAD = expression(rb'"interactions"\s*:\s*\[')
_MARK = expression(rb'"body_type"\s*:|"body_(?:json|blob)"\s*:')


def sniff(source: Source) -> bool:
    if source.start_of_text[:1] != b"{" or not (_HEAD.search(source.head) and _MARK.search(source.head)):
        return False
    return any("uri" in bodies.obj(bodies.obj(entry).get("request")) for entry in source.listed("interactions"))


def read(source: Source) -> Iterator[Exchange]:
    name = name_below(source.path, "cassettes")

    def made(number: int, entry: dict[str, Any]) -> Exchange:
        problems: list[Problem] = []
        return Exchange(
            entry=number,
            request=_request(bodies.obj(entry.get("request")), problems),
            response=_response(entry.get("response"), problems),
            test_id=name,
            started_at=bodies.moment(entry.get("recorded_at")),
            hint=source.path,
            problems=tuple(problems),
            raw=entry,
        )

    return each(source, source.listed("interactions"), made)


def _request(raw: dict[str, Any], problems: list[Problem]) -> Request:
    url, query = bodies.text(raw.get("uri")), bodies.text(raw.get("query_string"))
    headers = bodies.headers(raw.get("headers"))
    address = f"{url}?{query}" if query and "?" not in url else url
    return Request(
        bodies.text(raw.get("method")).upper(), address, headers, halves.kept(raw, headers, problems, "request body")
    )


def _response(raw: Json, problems: list[Problem]) -> Response | None:
    if not isinstance(raw, dict):
        return None
    headers = bodies.headers(raw.get("headers"))
    return Response(bodies.status(raw.get("status")), headers, halves.kept(raw, headers, problems, "response body"))
