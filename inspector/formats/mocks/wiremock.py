"""Stub mappings of WireMock (https://wiremock.org), JSON or YAML, one a file or several under ``mappings``.

A request is kept as what has to match: the body that a pattern is equal to is what was sent.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

from inspector.formats.reading import bodies, body_file
from inspector.formats.reading.entries import each
from inspector.formats.reading.source import Source
from inspector.formats.reading.unread import unread
from inspector.formats.reading.yaml_file import Unread
from inspector.model import Body, Exchange, Headers, Json, Problem, ProviderError, Request, Response
from inspector.model.expressions import expression

NAME = "wiremock"
FILES = "stub mappings of WireMock: `mappings/*.json`, `.yaml`"

_HEAD = expression(rb'"(?:request|mappings)"\s*:|^(?:request|mappings)\s*:', re.MULTILINE)
_URLS = ("url", "urlPath", "urlPathTemplate", "urlPattern", "urlPathPattern")
_IN_REQUEST = frozenset({*_URLS[1:], "bodyPatterns", "queryParameters", "urlPathTemplate"})
_IN_RESPONSE = frozenset({"jsonBody", "base64Body", "bodyFileName", "fault", "proxyBaseUrl", "transformers"})
_RESPONSE = _IN_RESPONSE | {
    "status", "statusMessage", "headers", "body", "fixedDelayMilliseconds", "delayDistribution", "chunkedDribbleDelay",
    "transformerParameters", "fromConfiguredStub",
}  # fmt: skip
_BESIDE = frozenset({"insertionIndex", "persistent", "priority", "scenarioName", "newScenarioState", "uuid"})
_EQUAL = ("equalToJson", "equalTo", "equalToXml", "binaryEqualTo", "contains", "matches")


def sniff(source: Source) -> bool:
    head = source.head
    if _HEAD.search(head) is None or (b"url" not in head and b"mappings" not in head):
        return False
    return any(_is_mapping(entry) for entry in _entries(source))


def read(source: Source) -> Iterator[Exchange]:
    entries = _entries(source)

    def made(number: int, entry: dict[str, Any]) -> Exchange:
        problems: list[Problem] = []
        response = _response(entry.get("response"), source, problems)
        return Exchange(
            entry=number,
            request=_request(bodies.obj(entry.get("request")), problems),
            response=response,
            started_at=bodies.date(response.headers) if response else None,
            hint=source.path,
            problems=tuple(problems),
            raw=bodies.plain(entry),
        )

    return each(source, entries, made)


def _entries(source: Source) -> list[Any]:
    several = source.listed("mappings") if b"mappings" in source.head else []
    if several:
        return several
    return [source.json.value] if source.start_of_text.startswith((b"{", b"[")) else source.yaml.parts


def _is_mapping(entry: Json) -> bool:
    if isinstance(entry, Unread):
        return any(f"{key}:" in entry.text for key in _IN_REQUEST)
    request, response = (bodies.obj(bodies.obj(entry).get(key)) for key in ("request", "response"))
    if not request or request.keys().isdisjoint(_URLS) or "response" not in entry:
        return False
    known = (request.keys() & _IN_REQUEST, response.keys() & _IN_RESPONSE, entry.keys() & _BESIDE)
    return any(known)


def _request(raw: dict[str, Any], problems: list[Problem]) -> Request:
    url = next((str(raw[key]) for key in _URLS if raw.get(key)), "")
    asked = [(name, _wanted(value) or "") for name, value in bodies.obj(raw.get("queryParameters")).items()]
    if asked and "?" not in url:
        url += f"?{urlencode(asked)}"
    host = _wanted(raw.get("host"))
    if host:
        port = f":{raw['port']}" if raw.get("port") else ""
        url = f"{bodies.text(raw.get('scheme')) or 'http'}://{host}{port}{url}"
    headers: Headers = tuple(
        (name, wanted) for name, value in bodies.obj(raw.get("headers")).items() if (wanted := _wanted(value))
    )
    return Request(bodies.text(raw.get("method")).upper(), url, headers, _sent(raw.get("bodyPatterns"), problems))


def _wanted(matcher: Json) -> str | None:
    """What a matcher compares with, where it names one text."""
    if isinstance(matcher, dict):
        matcher = next((matcher[key] for key in _EQUAL if key in matcher), None)
    return matcher if isinstance(matcher, str) else None


def _sent(patterns: Json, problems: list[Problem]) -> Body | None:
    """The body that has to be equal. Patterns that only describe it say too little."""
    patterns = patterns if isinstance(patterns, list) else []
    for pattern in patterns:
        for key in _EQUAL[:4]:
            wanted = bodies.obj(pattern).get(key)
            if wanted is not None:
                data = _unpacked(wanted, problems, "request body") if key == "binaryEqualTo" else wanted
                return bodies.body(data, problems, where="request body")
    if described := sorted({str(key) for pattern in patterns for key in bodies.obj(pattern)}):
        problems.append(Problem("request body", f"only described, by {', '.join(described)}"[:300]))
    return None


def _response(raw: Json, source: Source, problems: list[Problem]) -> Response | None:
    if not isinstance(raw, dict):
        return None
    headers = bodies.headers(raw.get("headers"))
    fault, status = bodies.text(raw.get("fault")), bodies.status(raw.get("status"))
    if "base64Body" in raw:
        kept = _unpacked(raw["base64Body"], problems, "response body")
    else:
        kept = raw.get("jsonBody", raw.get("body"))
    if "bodyFileName" in raw:
        body = _in_file(bodies.text(raw["bodyFileName"]), source, problems, headers)
    else:
        body = bodies.body(kept, problems, headers, "response body")
    if proxied := bodies.text(raw.get("proxyBaseUrl")):
        problems.append(Problem("response", f"none is kept: it comes from {proxied}"[:300]))
    error = ProviderError(None, fault, None, fault) if fault else None
    problems += unread(raw, _RESPONSE, "response body", is_answered=body is not None or error is not None)
    return Response(status, headers, body, error)


def _in_file(name: str, source: Source, problems: list[Problem], headers: Headers) -> Body | None:
    """The body in a file below ``__files``, beside the folder of mappings that this one lies in or below."""
    folders = source.path.split("/")[:-1]
    up = next((depth for depth, folder in enumerate(reversed(folders), 1) if folder == "mappings"), 1)
    return body_file.read(source, f"{'../' * up}__files/{name}", problems, headers, "response body")


def _unpacked(text: Json, problems: list[Problem], where: str) -> Json | bytes:
    try:
        return bodies.from_base64(bodies.text(text))
    except ValueError as error:
        problems.append(Problem(where, str(error)))
        return text
