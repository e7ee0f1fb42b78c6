"""Recordings of httpmock for Rust (https://docs.rs/httpmock): a YAML document of ``when`` and ``then`` an exchange.

They rarely name a host: who answered is told by the path of the file. In a bank of replies, as rig has them, a document
keeps what was answered alone: ``provider``, the ``encoder`` of requests (``POST /v1/messages``) and ``then``.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from inspector.formats.reading import bodies, halves
from inspector.formats.reading.entries import each
from inspector.formats.reading.source import Source
from inspector.formats.reading.test_name import name_below
from inspector.formats.reading.yaml_file import Unread
from inspector.model import Exchange, Json, Problem, Request, Response
from inspector.model.expressions import expression

NAME = "httpmock"
FILES = "recordings of httpmock for Rust: YAML documents of `when:` and `then:`; rig's banks of replies"

_HEAD = expression(rb"(?:\s*(?:#[^\n]*|---[^\n]*|%[^\n]*)\n)*\s*(?:when|then|provider):\s")
_BANK = frozenset({"provider", "encoder", "then"})
_HALVES = frozenset({"when", "then"})
_READ = frozenset({"query_param", "delay", "cookie", "x_www_form_urlencoded", "form_urlencoded_tuple"})
_SAFE = "[]*,:/@-._~!$'()"  # a masked key stays as it reads


def sniff(source: Source) -> bool:
    if _HEAD.match(source.head.removeprefix(b"\xef\xbb\xbf")) is None:
        return False
    return any(isinstance(part, Unread) or _is_one(part) for part in source.yaml.parts) or source.cut is not None


def read(source: Source) -> Iterator[Exchange]:
    name = name_below(source.path, "cassettes", "recordings")
    test_id = name.replace("/", "::") if name else None
    parts = (part for part in source.yaml.parts if part is not None)
    yield from each(source, parts, lambda number, entry: _exchange(number, entry, source.path, test_id), _HALVES)


def _is_one(part: Any) -> bool:
    if not isinstance(part, dict):
        return False
    if part.keys() >= _BANK:
        return "when" not in part and isinstance(part["then"], dict)
    return isinstance(part.get("when"), dict) and part.keys() <= {"when", "then"}


def _exchange(number: int, entry: Json, path: str, test_id: str | None) -> Exchange:
    if not isinstance(entry, dict) or not (isinstance(entry.get("when"), dict) or entry.keys() >= _BANK):
        raise ValueError("there is no `when`")
    problems: list[Problem] = []
    when, then = entry.get("when") or _encoder(entry), entry.get("then")
    delay = then.get("delay") if isinstance(then, dict) else None
    return Exchange(
        entry=number,
        request=_request(when, problems),
        response=_response(then, problems) if isinstance(then, dict) else None,
        test_id=test_id if "when" in entry else _source(entry),
        duration=delay / 1000 if isinstance(delay, (int, float)) and delay > 0 else None,
        hint=path if "when" in entry else str(entry["provider"]),
        problems=tuple(problems),
        raw=bodies.plain(entry),
    )


def _encoder(entry: dict[str, Any]) -> dict[str, Any]:
    """What a reply of a bank answered: a method and the template of a path."""
    method, _, path = str(entry["encoder"]).partition(" ")
    return {"method": method, "path": path}


def _source(entry: dict[str, Any]) -> str | None:
    """The name of the recording that a reply of a bank was taken from: ``anthropic/tools/parallel.yaml#0``."""
    name = str(entry.get("source") or "").partition("#")[0].removesuffix(".yaml")
    return name.replace("/", "::") or None


def _request(when: dict[str, Any], problems: list[Problem]) -> Request:
    headers = bodies.headers(when.get("header"))
    return Request(
        str(when.get("method") or "").upper(),
        _url(when),
        headers,
        halves.kept(when, headers, problems, "request body", _READ),
    )


def _response(then: dict[str, Any], problems: list[Problem]) -> Response:
    headers = bodies.headers(then.get("header"))
    return Response(
        bodies.status(then.get("status")), headers, halves.kept(then, headers, problems, "response body", _READ)
    )


def _url(when: dict[str, Any]) -> str:
    url, host, port = str(when.get("path") or ""), when.get("host"), when.get("port")
    if host:
        url = f"{when.get('scheme') or 'http'}://{host}{f':{port}' if port else ''}{url}"
    query = "&".join(
        f"{quote(name, _SAFE)}={quote(value, _SAFE)}" for name, value in bodies.headers(when.get("query_param"))
    )
    return f"{url}{'&' if '?' in url else '?'}{query}" if query else url
