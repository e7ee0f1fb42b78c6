"""Cassettes of go-vcr (https://github.com/dnaeon/go-vcr): format version 1 (v1, v2 of the library) and 2 (v3, v4)."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

from inspector.formats import bodies
from inspector.formats.entries import each
from inspector.formats.source import Source, Unread
from inspector.formats.testname import go_id
from inspector.model import Exchange, Json, Problem, Request, Response

NAME = "go-vcr"
FILES = "cassettes of go-vcr: `testdata/<Test>/**/*.yaml`"

_HEAD = re.compile(rb"^interactions:", re.MULTILINE)
_SIGNS = ("url", "proto", "proto_major", "form")
_DURATION = re.compile(r"([0-9]*\.?[0-9]+)(ns|us|µs|μs|ms|s|m|h)")
_SECONDS = {"ns": 1e-9, "us": 1e-6, "µs": 1e-6, "μs": 1e-6, "ms": 1e-3, "s": 1.0, "m": 60.0, "h": 3600.0}


def sniff(source: Source) -> bool:
    if _HEAD.search(source.head) is None:
        return False
    entries = source.listed("interactions")
    if not entries:
        top = next(iter(source.documents), None)
        return isinstance(top, dict) and top.keys() == {"version", "interactions"} and top["version"] == 2
    first = next((entry for entry in entries if isinstance(entry, dict)), None)
    if first is None:
        return any(isinstance(entry, Unread) and "url:" in entry.text for entry in entries)
    request = first.get("request")
    return isinstance(request, dict) and "uri" not in request and any(sign in request for sign in _SIGNS)


def read(source: Source) -> Iterator[Exchange]:
    test_id = go_id(source.path)
    entries = source.listed("interactions")
    yield from each(entries, lambda number, entry: _exchange(number, entry, source.path, test_id))


def _exchange(number: int, entry: Json, path: str, test_id: str | None) -> Exchange:
    if not isinstance(entry, dict):
        raise ValueError("an interaction is a mapping")
    problems: list[Problem] = []
    raw = entry.get("response")
    raw = raw if isinstance(raw, dict) else {}
    response = _response(raw, problems) if raw else None
    return Exchange(
        entry=number,
        request=_request(entry.get("request"), problems),
        response=response,
        test_id=test_id,
        started_at=bodies.moment(bodies.header(response.headers, "date")) if response else None,
        duration=seconds(raw.get("duration")),
        hint=path,
        problems=tuple(problems),
        raw=bodies.plain(entry),
    )


def _request(recorded: Json, problems: list[Problem]) -> Request:
    raw = recorded if isinstance(recorded, dict) else {}
    headers = bodies.headers(raw.get("headers"))
    body = raw.get("body") or _form(raw.get("form"))
    return Request(
        str(raw.get("method") or "").upper(), _url(raw), headers, bodies.body(body, problems, headers, "request body")
    )


def _url(raw: dict[str, Any]) -> str:
    url, host = str(raw.get("url") or ""), raw.get("host")
    return f"//{host}{url}" if url.startswith("/") and host else url


def _form(raw: Json) -> str | None:
    return urlencode(raw, doseq=True) if isinstance(raw, dict) and raw else None


def _response(raw: dict[str, Any], problems: list[Problem]) -> Response:
    headers = bodies.headers(raw.get("headers"))
    body = bodies.body(raw.get("body"), problems, headers, "response body")
    return Response(bodies.status(raw.get("code", raw.get("status"))), headers, body)


def seconds(duration: Json) -> float | None:
    """A duration as Go writes it, ``1m2.5s``; a number is of nanoseconds. None where there is none."""
    if isinstance(duration, (int, float)) and not isinstance(duration, bool):
        return duration / 1e9 if duration > 0 else None
    text = duration if isinstance(duration, str) else ""
    parts = _DURATION.findall(text)
    if not parts or "".join(number + unit for number, unit in parts) != text:
        return None
    total = sum(float(number) * _SECONDS[unit] for number, unit in parts)
    return total if 0 < total < math.inf else None
