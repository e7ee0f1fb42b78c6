"""Recordings of Mastra's LLM recorder (https://github.com/mastra-ai/mastra, packages/_llm-recorder): a list of
exchanges, of late below `recordings` with the test in `meta`. Audio is kept in a file beside."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from inspector.formats.reading import bodies, body_file, halves
from inspector.formats.reading.entries import each
from inspector.formats.reading.source import Source
from inspector.model import Exchange, Json, Problem, Response
from inspector.model.expressions import expression

NAME = "mastra"
FILES = "recordings of Mastra's LLM recorder: `__recordings__/*.json`"

_HEAD = expression(rb'"(?:recordings|hash)"\s*:')
_READ = frozenset({"binaryArtifact"})


def sniff(source: Source) -> bool:
    head = source.head
    if source.start_of_text[:1] not in (b"{", b"[") or b'"request"' not in head or _HEAD.search(head) is None:
        return False
    return any(map(_is_one, _entries(source.json.value)))


def _is_one(entry: Json) -> bool:
    raw = bodies.obj(entry)
    return {"hash", "request", "response"} <= raw.keys() and "url" in bodies.obj(raw["request"])


def _entries(value: Json) -> list[Json]:
    inner = value.get("recordings") if isinstance(value, dict) else value
    return inner if isinstance(inner, list) else []


def read(source: Source) -> Iterator[Exchange]:
    value = source.json.value
    test_id = _test_id(bodies.obj(bodies.obj(value).get("meta")))

    def made(number: int, entry: dict[str, Any]) -> Exchange:
        problems: list[Problem] = []
        asked = bodies.obj(entry.get("request"))
        return Exchange(
            entry=number,
            request=halves.request(asked, problems),
            response=_response(source, entry.get("response"), problems),
            test_id=test_id,
            started_at=bodies.moment(_seconds(asked.get("timestamp"))),
            hint=source.path,
            problems=tuple(problems),
            raw=entry,
        )

    return each(source, _entries(value), made)


def _test_id(meta: dict[str, Any]) -> str | None:
    """The file and the name of the test, as Vitest prints them."""
    return "::".join(filter(None, (bodies.text(meta.get("testFile")), bodies.text(meta.get("testName"))))) or None


def _seconds(milliseconds: Json) -> Json:
    return milliseconds / 1000 if isinstance(milliseconds, (int, float)) else milliseconds


def _response(source: Source, raw: Json, problems: list[Problem]) -> Response | None:
    """A response; one whose body is in a file beside, which is told by a note in its place, with that."""
    kept = bodies.obj(bodies.obj(raw).get("binaryArtifact"))
    if not kept:
        return halves.response(raw, problems)
    headers = bodies.headers(raw.get("headers"))
    body = body_file.read(source, bodies.text(kept.get("path")), problems, headers, "response body")
    response = Response(bodies.status(raw.get("status")), headers)
    return replace(response, body=body)
