"""Cassettes of ExVCR for Elixir (https://github.com/parroty/exvcr): a JSON list of requests and responses.

A binary body is base64 of an Erlang term; a response of the type `error` is the client's exception.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from inspector.formats.reading import bodies, halves
from inspector.formats.reading.entries import each
from inspector.formats.reading.source import Source
from inspector.formats.reading.test_name import name_below
from inspector.model import Exchange, Json, Problem, ProviderError, Request, Response
from inspector.model.expressions import expression

NAME = "exvcr"
FILES = "cassettes of ExVCR (Elixir): `fixture/vcr_cassettes/*.json`"

_HEAD = expression(rb'"(?:binary|request_body)"\s*:')
_ANSWER = frozenset({"type", "binary", "status_code"})
_READ = frozenset({"request_body", "options"})


def sniff(source: Source) -> bool:
    if source.start_of_text[:1] != b"[" or _HEAD.search(source.head) is None:
        return False
    return any(map(_is_one, source.json.value or ()))


def _is_one(entry: Json) -> bool:
    answer = bodies.obj(bodies.obj(entry).get("response"))
    return len(answer.keys() & _ANSWER) > 1 and "url" in bodies.obj(entry.get("request"))


def read(source: Source) -> Iterator[Exchange]:
    name = name_below(source.path, "vcr_cassettes", "custom_cassettes", "cassettes")

    def made(number: int, entry: dict[str, Any]) -> Exchange:
        problems: list[Problem] = []
        response = _response(bodies.obj(entry.get("response")), problems)
        return Exchange(
            entry=number,
            request=_request(bodies.obj(entry["request"]), problems),
            response=response,
            test_id=name,
            started_at=bodies.date(response.headers) if response else None,
            hint=source.path,
            problems=tuple(problems),
            raw=entry,
        )

    return each(source, source.json.value, made)


def _request(raw: dict[str, Any], problems: list[Problem]) -> Request:
    """The body, or what a stub matches in its place."""
    headers = bodies.headers(raw.get("headers"))
    shown = raw if raw.get("body") else {**raw, "body": raw.get("request_body")}
    body = halves.kept(shown, headers, problems, "request body", _READ)
    return Request(bodies.text(raw.get("method")).upper(), bodies.text(raw.get("url")), headers, body)


def _response(raw: dict[str, Any], problems: list[Problem]) -> Response | None:
    if not raw:
        return None
    headers = bodies.headers(raw.get("headers"))
    if raw.get("type") == "error":
        said = raw.get("body")
        return Response(None, headers, error=ProviderError(None, str(said or "error"), None, said))
    body = halves.kept(raw, headers, problems, "response body")
    return Response(bodies.status(raw.get("status_code")), headers, body)
