"""Fixtures of nock and its nock-back recorder (https://github.com/nock/nock): a JSON list of what was asked.

JSON bodies are kept parsed, binary as hex, and what was compressed as a list of hex texts, one a chunk.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from inspector.formats.reading import bodies
from inspector.formats.reading.entries import each
from inspector.formats.reading.source import Source
from inspector.formats.reading.unread import unread
from inspector.model import Body, Exchange, Headers, Json, Problem, Request, Response
from inspector.model.expressions import expression

NAME = "nock"
FILES = "fixtures of nock and nock-back: `**/*.json`"

_KNOWN = frozenset({
    "scope", "method", "path", "body", "status", "response", "rawHeaders", "headers", "reqheaders", "responseIsBinary",
    "badheaders", "options",
})  # fmt: skip
_HEX = expression(r"(?:[0-9a-fA-F]{2})+")
_DEFAULT_PORT = expression(r"^(https://[^/]*):443$|^(http://[^/]*):80$")


def sniff(source: Source) -> bool:
    if not source.start_of_text.startswith(b"[") or b'"scope"' not in source.head:
        return False
    entries = source.json.value if isinstance(source.json.value, list) else []
    return any({"scope", "method", "path"} <= bodies.obj(entry).keys() for entry in entries)


def read(source: Source) -> Iterator[Exchange]:
    entries = source.json.value

    def made(number: int, entry: dict[str, Any]) -> Exchange:
        problems: list[Problem] = []
        is_binary = entry.get("responseIsBinary") is True
        headers = bodies.headers(entry.get("rawHeaders", entry.get("headers")))
        answer = _body(entry.get("response"), is_binary, problems, headers, "response body")
        status = bodies.status(entry.get("status"))
        if answer is None:
            problems += unread(entry, _KNOWN, "entry", is_answered=False)
        return Exchange(
            entry=number,
            request=_request(entry, problems),
            response=Response(status, headers, answer) if status or answer else None,
            started_at=bodies.date(headers),
            hint=source.path,
            problems=tuple(problems),
            raw=entry,
        )

    return each(source, entries, made, _KNOWN)


def _request(entry: dict[str, Any], problems: list[Problem]) -> Request:
    host = _DEFAULT_PORT.sub(r"\1\2", bodies.text(entry.get("scope")))
    headers = bodies.headers(entry.get("reqheaders"))
    body = _body(entry.get("body"), False, problems, headers, "request body")
    return Request(bodies.text(entry.get("method")).upper(), host + bodies.text(entry.get("path")), headers, body)


def _body(kept: Json, is_binary: bool, problems: list[Problem], headers: Headers, where: str) -> Body | None:
    pieces = [kept] if isinstance(kept, str) else kept
    hexed = isinstance(pieces, list) and bool(pieces) and all(_is_hex(piece) for piece in pieces)
    if hexed and isinstance(pieces, list):
        data = bytes.fromhex("".join(pieces))
        if is_binary or isinstance(kept, list) or bodies.is_binary(data):
            return bodies.of_bytes(data, problems, headers, where)
    return bodies.body(kept, problems, headers, where)


def _is_hex(piece: Json) -> bool:
    return isinstance(piece, str) and _HEX.fullmatch(piece) is not None
