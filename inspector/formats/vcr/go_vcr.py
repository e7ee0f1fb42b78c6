"""Cassettes of go-vcr (https://github.com/dnaeon/go-vcr): format version 1 (v1, v2 of the library) and 2 (v3, v4)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

from inspector.formats.reading import bodies, halves
from inspector.formats.reading.entries import each
from inspector.formats.reading.source import Source
from inspector.formats.reading.test_name import go_id
from inspector.formats.reading.yaml_file import Unread
from inspector.model import Exchange, Json, Problem, Request, Response
from inspector.model.expressions import expression

NAME = "go-vcr"
FILES = "cassettes of go-vcr: `testdata/<Test>/**/*.yaml`"

_HEAD = expression(rb"^interactions:", re.MULTILINE)
_READ = frozenset({"form", "transfer_encoding", "transferEncoding", "uncompressed", "remote_addr", "request_uri"})
_SIGNS = ("url", "proto", "proto_major", "form")


def sniff(source: Source) -> bool:
    if _HEAD.search(source.head) is None:
        return False
    entries = source.listed("interactions")
    if not entries:
        top = next(iter(source.yaml.documents), None)
        return isinstance(top, dict) and top.keys() == {"version", "interactions"} and top["version"] == 2
    known = [entry.get("request") for entry in entries if isinstance(entry, dict)]
    if not known:
        return any(isinstance(entry, Unread) and "url:" in entry.text for entry in entries)
    return any(isinstance(one, dict) and "uri" not in one and any(sign in one for sign in _SIGNS) for one in known)


def read(source: Source) -> Iterator[Exchange]:
    test_id = go_id(source.path)
    entries = source.listed("interactions")
    yield from each(source, entries, lambda number, entry: _exchange(number, entry, source.path, test_id))


def _exchange(number: int, entry: Json, path: str, test_id: str | None) -> Exchange:
    if not isinstance(entry, dict):
        raise ValueError("an interaction is a mapping")
    problems: list[Problem] = []
    raw = bodies.obj(entry.get("response"))
    response = _response(raw, problems) if raw else None
    return Exchange(
        entry=number,
        request=_request(entry.get("request"), problems),
        response=response,
        test_id=test_id,
        started_at=bodies.date(response.headers) if response else None,
        duration=seconds(raw.get("duration")),
        hint=path,
        problems=tuple(problems),
        raw=bodies.plain(entry),
    )


def _request(recorded: Json, problems: list[Problem]) -> Request:
    raw = bodies.obj(recorded)
    headers = bodies.headers(raw.get("headers"))
    shown = raw if raw.get("body") else {**raw, "body": _form(raw.get("form"))}
    body = halves.kept(shown, headers, problems, "request body", _READ)
    return Request(str(raw.get("method") or "").upper(), _url(raw), headers, body)


def _url(raw: dict[str, Any]) -> str:
    url, host = str(raw.get("url") or ""), raw.get("host")
    return f"//{host}{url}" if url.startswith("/") and host else url


def _form(raw: Json) -> str | None:
    return urlencode(raw, doseq=True) if isinstance(raw, dict) and raw else None


def _response(raw: dict[str, Any], problems: list[Problem]) -> Response:
    headers = bodies.headers(raw.get("headers"))
    body = halves.kept(raw, headers, problems, "response body", _READ)
    return Response(bodies.status(raw.get("code", raw.get("status"))), headers, body)


def seconds(duration: Json) -> float | None:
    """A duration as Go writes it, ``1m2.5s``; a number is of nanoseconds. None where there is none."""
    number = isinstance(duration, (int, float)) and not isinstance(duration, bool)
    return bodies.seconds(duration / 1e9 if number else duration) or None
