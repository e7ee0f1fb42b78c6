"""A recording in an export of ours: what was understood of a file, whatever format that had, in one line of JSON.

Written and read here, so that the two cannot disagree. What is read may come from anybody: whatever is not of the type
that it should be costs the exchange that it stands in.
"""

from __future__ import annotations

import re
from base64 import b64decode, b64encode
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from inspector.formats.reading import bodies, times
from inspector.formats.reading.entries import each
from inspector.formats.reading.source import CutShort, Source
from inspector.model import (
    Assertion,
    Body,
    Exchange,
    Expectation,
    Headers,
    Json,
    Problem,
    ProviderError,
    Request,
    Response,
)
from inspector.model.expressions import expression
from inspector.model.jsonio import dumps

NAME = "exported"
FILES = "`recordings.jsonl.gz` of an export, and an export in one file"

_BEGIN = b'{"exported":'
_FORMAT = expression(r"[\w .-]{1,40}", re.ASCII)
_KINDS = ("value", "chunks", "text", "frames", "bytes")
_LARGEST = 2**31
_KEYS = frozenset({"request", "response", "raw", "problems", "expectation"})
_PLAIN = (
    "test_id", "session", "started_at", "duration", "provider", "hint", "several", "sdk", "unreachable", "continues",
    "called_from", "title",
)  # fmt: skip
"""What is written as it is."""


def line(path: str, format: str | None, exchanges: Iterable[Exchange], broken: str | None = None) -> bytes:
    """A recording as one line of JSON. The place of an entry in its file means nothing here, and is left out."""
    document = {
        "exported": format,
        "path": path,
        "broken": broken,
        "exchanges": [_written(exchange) for exchange in exchanges],
    }
    return dumps({key: value for key, value in document.items() if key != "broken" or value}).encode() + b"\n"


def beside(path: str) -> bytes:
    """How the line of a JSON object begins that is no recording and goes with them. Its own members follow."""
    return _BEGIN + b'null,"path":' + dumps(path).encode() + b","


def sniff(source: Source) -> bool:
    return source.head.startswith(_BEGIN) and isinstance(source.json.value, dict) and "exchanges" in source.json.value


def read(source: Source) -> Iterator[Exchange]:
    document = source.json.value
    items = document.get("exchanges")
    items = items if isinstance(items, list) else []
    numbers = _numbers(items)
    for exchange in each(source, items, lambda _, item: _exchange(item), _KEYS):
        yield replace(exchange, entry=next(numbers))
    if isinstance(broken := document.get("broken"), str):
        raise CutShort(broken)


def kept_as(source: Source) -> str | None:
    """The name of the format that the exchanges had before."""
    name = bodies.obj(source.json.value).get("exported")
    return name if isinstance(name, str) and _FORMAT.fullmatch(name) else None


def _numbers(items: list[Any]) -> Iterator[int]:
    """The entries' own numbers, which addresses are made of; those of their order where they are no such numbers."""
    own = [item.get("entry") if isinstance(item, dict) else None for item in items]
    before = -1
    for number in own:
        if type(number) is not int or not before < number < _LARGEST:
            return iter(range(len(items)))
        before = number
    return iter(own)  # type: ignore[arg-type]  # each was seen to be one


# ---------------------------------------------------------------- an exchange as JSON


def _written(exchange: Exchange) -> dict[str, Any]:
    known = {name: getattr(exchange, name) for name in _PLAIN}
    expected, response = exchange.expectation, exchange.response
    return {
        "entry": exchange.entry,
        **{name: value for name, value in known.items() if value not in (None, "") and value is not False},
        **({} if exchange.sent else {"sent": False}),
        **({"known_as": exchange.known_as} if exchange.known_as else {}),
        "request": {
            "method": exchange.request.method,
            "url": exchange.request.url,
            "headers": exchange.request.headers,
            "body": _written_body(exchange.request.body),
        },
        "response": response
        and {
            "status": response.status,
            "headers": response.headers,
            "body": _written_body(response.body),
            "error": _written_error(response.error),
            **({"times": response.times} if response.times else {}),
        },
        **({"expectation": _written_expectation(expected)} if expected else {}),
        **({"problems": exchange.problems} if exchange.problems else {}),
        "raw": exchange.raw,
    }


def _written_body(body: Body | None) -> dict[str, Any] | None:
    if body is None:
        return None
    value = b64encode(body.value).decode() if body.kind == "bytes" else body.value
    return {"kind": body.kind, "value": value}


def _written_error(error: ProviderError | None) -> dict[str, Any] | None:
    if error is None:
        return None
    return {"type": error.type, "message": error.message, "status": error.status, "raw": error.raw}


def _written_expectation(expected: Expectation) -> dict[str, Any]:
    return {"status": expected.status, "asserts": [(one.text, one.comment) for one in expected.asserts]}


# ---------------------------------------------------------------- and back


def _exchange(item: dict[str, Any]) -> Exchange:
    request = item["request"]
    response = item.get("response")
    return Exchange(
        entry=0,
        request=Request(
            _text(request.get("method")) or "",
            _text(request.get("url")) or "",
            _headers(request.get("headers")),
            _body(request.get("body")),
        ),
        response=None if response is None else _response(response),
        test_id=_text(item.get("test_id")),
        session=_text(item.get("session")),
        sent=item.get("sent") is not False,
        expectation=_expectation(item.get("expectation")),
        started_at=bodies.moment(item.get("started_at")),
        duration=_number(item.get("duration")),
        provider=_text(item.get("provider")),
        hint=_text(item.get("hint")) or "",
        several=item.get("several") is True,
        sdk=_text(item.get("sdk")) or "",
        unreachable=_text(item.get("unreachable")) or "",
        continues=_text(item.get("continues")) or "",
        known_as=tuple(map(_needed, item.get("known_as") or ())),
        called_from=_text(item.get("called_from")) or "",
        title=_text(item.get("title")) or "",
        problems=tuple(Problem(_needed(where), _needed(why)) for where, why in item.get("problems") or ()),
        raw=item.get("raw"),
    )


def _response(item: dict[str, Any]) -> Response:
    error = item.get("error")
    return Response(
        _whole(item.get("status")),
        _headers(item.get("headers")),
        _body(item.get("body")),
        error and ProviderError(_text(error["type"]), _text(error["message"]), _whole(error["status"]), error["raw"]),
        times.all_seconds(item.get("times") or ()),
    )


def _body(item: dict[str, Any] | None) -> Body | None:
    if item is None:
        return None
    kind, value = item["kind"], item["value"]
    if kind not in _KINDS:
        raise ValueError(f"a body of the kind {kind}"[:100])
    if kind == "bytes":
        return Body("bytes", b64decode(_needed(value), validate=True))
    if kind == "text":
        return Body("text", _needed(value))
    if kind == "frames":
        return Body("frames", [(_direction(way), frame) for way, frame in value])
    if kind == "chunks" and not isinstance(value, list):
        raise ValueError("chunks that are no list")
    return Body(kind, value)


def _direction(way: Json) -> str:
    if way not in ("sent", "received"):
        raise ValueError("a frame is either sent or received")
    return str(way)


def _expectation(item: dict[str, Any] | None) -> Expectation | None:
    if item is None:
        return None
    asserts = tuple(Assertion(_needed(text), _text(comment)) for text, comment in item["asserts"])
    return Expectation(_whole(item["status"]), asserts)


def _headers(items: Json) -> Headers:
    return tuple((_needed(name), _needed(value)) for name, value in items or ())


def _text(value: Json) -> str | None:
    return None if value is None else _needed(value)


def _needed(value: Json) -> str:
    if not isinstance(value, str):
        raise ValueError("text is expected")
    return value


def _whole(value: Json) -> int | None:
    if value is not None and type(value) is not int:
        raise ValueError("a whole number is expected")
    return value


def _number(value: Json) -> float | None:
    if value is not None and type(value) not in (int, float):
        raise ValueError("a number is expected")
    return value  # type: ignore[no-any-return]
