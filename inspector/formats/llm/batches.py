"""Batches of OpenAI, Anthropic, Google and those who took their shape: lines of requests, or of answers, each with the
`custom_id` (Google: `key`) that says which belong together.

The requests of a file of answers are looked for beside it, under its name with ``input`` for ``output``.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from inspector.formats.reading import bodies, halves
from inspector.formats.reading.entries import each_record
from inspector.formats.reading.records import first_records
from inspector.formats.reading.source import Source
from inspector.formats.reading.unread import unread
from inspector.model import Body, Exchange, Json, Problem, ProviderError, Request, Response
from inspector.model.expressions import expression
from inspector.model.jsonio import NotJson, loads

NAME = "batch"
FILES = "batches of OpenAI, Anthropic, Gemini, Mistral: input and output `*.jsonl`"

_HEAD = expression(rb'"(?:custom_id|key|requests)"\s*:')
_IDS = ("custom_id", "key")
_HALVES = frozenset({"body", "params", "response", "result", "error", "request"})
_READ = frozenset({*_IDS, *_HALVES, "id", "method", "url", "status", "processed_time"})
_NAMES = (
    ("output", "input"),
    ("results", "requests"),
    ("results", "input"),
    ("result", "request"),
    ("responses", "requests"),
)
_SENT_AS = {"params": "/v1/messages"}


def sniff(source: Source) -> bool:
    if _HEAD.search(source.head) is None:
        return False
    return any(map(_is_one, first_records(source)))


def _is_one(record: dict[str, Any]) -> bool:
    if isinstance(record.get("requests"), list):
        return any(_is_one(one) for one in record["requests"][:1] if isinstance(one, dict)) and "url" not in record
    named = isinstance(record.get("custom_id"), str) or (isinstance(record.get("key"), str) and "method" not in record)
    return named and any(isinstance(record.get(key), dict) for key in _HALVES) and "headers" not in record


def read(source: Source) -> Iterator[Exchange]:
    asked: dict[str, dict[str, Any]] | None = None

    def made(number: int, entry: Json, position: int | None) -> Exchange | None:
        nonlocal asked
        if not isinstance(entry, dict):
            raise ValueError("an object is expected")
        if asked is None:
            asked = _asked(source) if _answers(entry) else {}
        return _exchange(number, {**asked.get(_id(entry), {}), **entry}, source.path, position)

    value = source.json.value
    inner = value.get("requests") if isinstance(value, dict) else None
    if isinstance(inner, list):
        yield from (one for number, entry in enumerate(inner) if (one := made(number, entry, None)) is not None)
        return
    yield from each_record(source, made, _READ)


def _id(entry: dict[str, Any]) -> str:
    return next((entry[key] for key in _IDS if isinstance(entry.get(key), str)), "")


def _answers(entry: dict[str, Any]) -> bool:
    return not {"response", "result", "error"}.isdisjoint(entry)


def _asked(source: Source) -> dict[str, dict[str, Any]]:
    """The requests beside a file of answers, by their ids; none where there is no such file."""
    name = source.path.rpartition("/")[2]
    for answered, asked in _NAMES:
        if answered in name:
            try:
                lines = source.beside(name.replace(answered, asked)).splitlines()
            except ValueError:
                continue
            return {_id(entry): entry for entry in map(_line, lines) if not _answers(entry)}
    return {}


def _line(line: bytes) -> dict[str, Any]:
    try:
        return bodies.obj(loads(line))
    except NotJson:
        return {}


def _exchange(number: int, entry: dict[str, Any], path: str, position: int | None) -> Exchange:
    problems: list[Problem] = []
    return Exchange(
        entry=number,
        request=_request(entry),
        response=_response(entry, problems),
        hint=path,
        position=position,
        problems=tuple(problems),
        raw=entry,
    )


def _request(entry: dict[str, Any]) -> Request:
    key = next((key for key in ("body", "params", "request") if entry.get(key) is not None), "")
    url = bodies.text(entry.get("url")) or _SENT_AS.get(key, "")
    method = bodies.text(entry.get("method")) or ("POST" if url else "")
    return Request(method, url, (), Body("value", entry[key]) if key else None)


def _response(entry: dict[str, Any], problems: list[Problem]) -> Response | None:
    """OpenAI wraps an HTTP response, Google has the answer itself, Anthropic a `result` of some type."""
    if isinstance(result := entry.get("result"), dict):
        return _result(result, problems)
    answered = entry.get("response")
    if isinstance(answered, dict) and "body" in answered:
        return halves.response(answered, problems)
    if answered:
        return Response(body=Body("value", answered))
    return _failed(entry.get("error"))


def _result(result: dict[str, Any], problems: list[Problem]) -> Response:
    kind = bodies.text(result.get("type"))
    said = result.get("message", result.get("error"))
    problems += unread(result, ("type", "message", "error"), "result", is_answered=said is not None)
    if said is not None:
        return Response(body=Body("value", said))
    return Response(error=ProviderError(kind or None, f"the request was {kind}" if kind else None, None, result))


def _failed(error: Json) -> Response | None:
    if not error:
        return None
    raw = bodies.obj(error)
    kind, said = raw.get("code", raw.get("type")), raw.get("message", error)
    return Response(error=ProviderError(str(kind) if kind else None, str(said), None, error))
