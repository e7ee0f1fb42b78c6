"""What ``gemini --record-responses`` writes: one JSON line a call of the SDK, its response without the request."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from inspector.formats.reading import bodies
from inspector.formats.reading.entries import each_line
from inspector.formats.reading.lines import Line
from inspector.formats.reading.source import Source
from inspector.formats.reading.unread import unread
from inspector.model import Body, Exchange, Problem, Request, Response
from inspector.model.expressions import expression

NAME = "gemini-cli"
FILES = "Gemini CLI `--record-responses`: `*.responses`"

_HEAD = expression(
    rb'\{\s*"method"\s*:\s*"(?:generateContent(?:Stream)?|countTokens|embedContent)"\s*,\s*"response"\s*:'
)


def sniff(source: Source) -> bool:
    return _HEAD.match(source.start_of_text) is not None


def read(source: Source) -> Iterator[Exchange]:
    return each_line(source, lambda line, entry: _exchange(line, entry, source.path))


def _exchange(line: Line, entry: dict[str, Any], path: str) -> Exchange:
    problems: list[Problem] = []
    method, kept = bodies.text(entry.get("method")), entry.get("response")
    body = Body("chunks", kept) if isinstance(kept, list) else bodies.body(kept, problems, where="response body")
    problems += unread(entry, ("method", "response"), "entry", is_answered=kept is not None)
    return Exchange(
        entry=line.number,
        request=Request("", f":{method}" if method else ""),  # as at the end of Google's addresses
        response=Response(body=body),
        hint=path,
        position=line.position,
        problems=tuple(problems),
        raw=entry,
    )
