"""Cassettes of Datadog's APM test agent (https://github.com/DataDog/dd-apm-test-agent), one JSON file an exchange.

Bodies are text that was unpacked already, whatever `content-encoding` still says; binary is base64, after a word
that says so.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from inspector.formats.reading import bodies, halves
from inspector.formats.reading.source import Source
from inspector.formats.reading.unread import unread
from inspector.model import Body, Exchange, Headers, Json, Problem, Request, Response
from inspector.model.expressions import expression

NAME = "ddapm"
FILES = "cassettes of the dd-trace test agent: `<provider>_<path>_<method>_<hash>.json`"

_HEAD = expression(rb'\{\s*"request"\s*:\s*\{\s*"method"')
_PREFIX = "base64:"
_BASE64 = ("base64_string", "base64", "body_base64")
_KNOWN = halves.NEUTRAL.union(_BASE64, ("body",))


def sniff(source: Source) -> bool:
    if _HEAD.match(source.start_of_text) is None:
        return False
    value = bodies.obj(source.json.value)
    if value.keys() != {"request", "response"}:
        return False
    request, response = bodies.obj(value["request"]), bodies.obj(value["response"])
    return "url" in request and "code" in bodies.obj(response.get("status"))


def read(source: Source) -> Iterator[Exchange]:
    value = source.json.value
    problems = list(source.json.problems)
    asked, answer = value["request"], value["response"]
    sent, received = bodies.headers(asked.get("headers")), bodies.headers(answer.get("headers"))
    yield Exchange(
        entry=0,
        request=Request(
            bodies.text(asked.get("method")).upper(),
            bodies.text(asked.get("url")),
            sent,
            _body(asked, sent, problems, "request body"),
        ),
        response=Response(
            bodies.status(answer.get("status")), received, _body(answer, received, problems, "response body")
        ),
        started_at=bodies.date(received),
        hint=source.path,
        problems=tuple(problems),
        raw=value,
    )


def _body(raw: dict[str, Any], headers: Headers, problems: list[Problem], where: str) -> Body | None:
    kept: Json = raw.get("body")
    inner = bodies.obj(kept)
    coded = next((text for part in (inner, raw) for key in _BASE64 if isinstance(text := part.get(key), str)), None)
    if isinstance(kept, str) and kept.startswith(_PREFIX):
        coded = kept.removeprefix(_PREFIX)
    is_answered = coded is not None or bool(kept)
    problems += unread(raw, _KNOWN, where, is_answered=is_answered)
    if coded is None:
        return bodies.body(inner["string"] if inner.keys() == {"string"} else kept, problems, headers, where)
    try:
        return bodies.body(bodies.from_base64(coded), problems, headers, where)
    except ValueError as error:
        problems.append(Problem(where, str(error)))
        return bodies.body(coded, problems, headers, where)
