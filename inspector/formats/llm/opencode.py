"""Recordings of OpenCode's HTTP recorder (https://github.com/sst/opencode, packages/http-recorder): JSON with
`metadata` and `interactions`, over HTTP or a WebSocket. Bodies are text, bytes base64."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from inspector.formats.reading import bodies, encoded, halves
from inspector.formats.reading.entries import each
from inspector.formats.reading.source import Source
from inspector.formats.reading.unread import closed
from inspector.model import Body, Exchange, Json, Problem, Request, Response
from inspector.model.expressions import expression

NAME = "opencode"
FILES = "recordings of OpenCode's HTTP recorder: `test/fixtures/recordings/**/*.json`"

_HEAD = expression(rb'"interactions"\s*:\s*\[\s*\{\s*"(?:transport|request|open|id)"')
_SIDES = {"client": "sent", "server": "received"}
_ENTRY = frozenset({"transport", "request", "response", "open", "events", "close", "id", "recordedAt", "timing"})


def sniff(source: Source) -> bool:
    if source.start_of_text[:1] != b"{" or _HEAD.search(source.head) is None:
        return False
    return any(map(_is_one, source.listed("interactions")))


def _is_one(entry: Json) -> bool:
    raw = bodies.obj(entry)
    return "url" in bodies.obj(raw.get("request")) or ("url" in bodies.obj(raw.get("open")) and "events" in raw)


def read(source: Source) -> Iterator[Exchange]:
    told = bodies.obj(source.json.value.get("metadata"))
    name = bodies.text(told.get("name")) or None
    began = bodies.moment(told.get("recordedAt"))

    def made(number: int, entry: dict[str, Any]) -> Exchange:
        problems: list[Problem] = []
        request, response = (_session if "events" in entry else _message)(entry, problems)
        return Exchange(
            entry=number,
            request=request,
            response=response,
            test_id=name,
            started_at=began,
            hint=source.path,
            problems=tuple(problems),
            raw=entry,
        )

    return each(source, source.listed("interactions"), made, _ENTRY)


def _message(entry: dict[str, Any], problems: list[Problem]) -> tuple[Request, Response | None]:
    return halves.request(entry.get("request"), problems), halves.response(entry.get("response"), problems)


def _session(entry: dict[str, Any], problems: list[Problem]) -> tuple[Request, Response]:
    """A WebSocket: all frames, both ways."""
    frames: list[tuple[str, Json]] = []
    for number, event in enumerate(map(bodies.obj, entry["events"])):
        side = _SIDES.get(bodies.text(event.get("direction")))
        if side is None:
            problems.append(Problem(f"frame {number + 1}", "not a message: it names no direction"))
        elif event.get("kind") == "close":
            problems += closed(event, f"frame {number + 1}")
        else:
            frames.append((side, bodies.frame(_data(event, problems, f"frame {number + 1}"))))
    problems += closed(entry.get("close"))
    opened = bodies.obj(entry.get("open"))
    request = Request("WEBSOCKET", bodies.text(opened.get("url")), bodies.headers(opened.get("headers")))
    return request, Response(body=Body("frames", frames))


def _data(event: dict[str, Any], problems: list[Problem], where: str) -> Json | bytes:
    said = event.get("body", event.get("data"))
    if isinstance(said, str) and (event.get("bodyEncoding") == "base64" or event.get("kind") == "binary"):
        try:
            return encoded.from_base64(said)
        except ValueError as error:
            problems.append(Problem(where, str(error)))
    return said
