"""Replays of the Google GenAI SDKs (https://github.com/googleapis/python-genai): requests and responses, parsed.

Names are in snake case, or in camel case where an SDK for another language wrote them. Hosts are placeholders.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from inspector.formats.reading import bodies, halves
from inspector.formats.reading.entries import each
from inspector.formats.reading.source import Source
from inspector.formats.reading.unread import unread
from inspector.model import Body, Exchange, Json, Problem, Request, Response
from inspector.model.expressions import expression

NAME = "genai-replay"
FILES = "replays of the Google GenAI SDKs: `<module>/<test>/vertex.json`, `mldev.json`"

_HEAD = expression(rb'"replay_?[iI]d"\s*:')
_SEGMENTS = ("body_segments", "bodySegments", "byte_segments", "byteSegments")
_KNOWN = halves.NEUTRAL.union(_SEGMENTS, ("sdk_response_segments", "sdkResponseSegments"))
_PROVIDERS = {"{VERTEX_URL_PREFIX}": "gcp.vertex_ai", "{MLDEV_URL_PREFIX}": "gcp.gemini"}


def sniff(source: Source) -> bool:
    if not source.start_of_text.startswith(b"{") or _HEAD.search(source.head) is None:
        return False
    return isinstance(bodies.obj(source.json.value).get("interactions"), list)


def read(source: Source) -> Iterator[Exchange]:
    value = source.json.value
    test_id = bodies.text(_named(value, "replay_id")) or None

    def made(number: int, entry: dict[str, Any]) -> Exchange:
        problems: list[Problem] = []
        raw = bodies.obj(entry.get("request"))
        url = bodies.text(raw.get("url"))
        request = Request(bodies.text(raw.get("method")).upper(), url, bodies.headers(raw.get("headers")), _whole(raw))
        return Exchange(
            entry=number,
            request=request,
            response=_response(entry.get("response"), "stream" in url.lower(), problems),
            test_id=test_id,
            provider=next((name for prefix, name in _PROVIDERS.items() if url.startswith(prefix)), None),
            hint=source.path,
            problems=tuple(problems),
            raw=entry,
        )

    return each(source, value["interactions"], made)


def _named(raw: dict[str, Any], name: str) -> Json:
    """The value of a name in either case."""
    first, *others = name.split("_")
    return raw.get(name, raw.get(first + "".join(map(str.capitalize, others))))


def _whole(raw: dict[str, Any]) -> Body | None:
    """A request is one segment."""
    segments = _named(raw, "body_segments")
    found = [segment for segment in segments if segment not in (None, {})] if isinstance(segments, list) else []
    return Body("value", found[0] if len(found) == 1 else found) if found else None


def _response(raw: Json, is_stream: bool, problems: list[Problem]) -> Response | None:
    if not isinstance(raw, dict):
        return None
    segments, pieces = _named(raw, "body_segments"), _named(raw, "byte_segments")
    headers = bodies.headers(raw.get("headers"))
    body = None
    problems += unread(raw, _KNOWN, "response body", is_answered=bool(segments or pieces))
    if isinstance(segments, list) and segments:
        body = Body("chunks", segments) if is_stream or len(segments) > 1 else Body("value", segments[0])
    elif isinstance(pieces, list) and pieces:
        data = b"".join(_unpacked(bodies.text(piece)) for piece in pieces)
        body = bodies.body(data, problems, headers, "response body")
    return Response(bodies.status(_named(raw, "status_code")), headers, body)


def _unpacked(piece: str) -> bytes:
    """Bytes, as base64 of the alphabet for addresses; longer ones are cut."""
    try:
        return bodies.from_base64(piece.replace("-", "+").replace("_", "/"))
    except ValueError:
        return piece.encode()
