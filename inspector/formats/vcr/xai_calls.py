"""Cassettes of xAI's gRPC calls before they were pairs: lists of requests and of responses, each as protobuf bytes, and
as JSON in a list beside it where the suite was asked to write that. Calls that stream have lists of their own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import zip_longest
from typing import Any

from inspector.formats.reading.bodies import obj
from inspector.formats.reading.source import Source
from inspector.formats.reading.yaml_file import Unread
from inspector.model import Json
from inspector.model.expressions import expression

_HEAD = expression(rb"version: \d+\r?\n(?:(?:sample|stream)_requests|responses|stream_chunks)(?:_json)?:\s*\n")
_SAMPLES = ("sample_requests", "sample_requests_json", "responses", "responses_json")
_STREAMS = ("stream_requests", "stream_requests_json", "stream_chunks", "stream_chunks_json")
_LISTS = frozenset({*_SAMPLES, *_STREAMS})


def is_one(source: Source) -> bool:
    if _HEAD.match(source.start_of_text) is None:
        return False
    top = next(iter(source.yaml.documents), None)
    if isinstance(top, dict) and not top.keys() <= _LISTS | {"version"}:
        return False
    return any(_is_raw(source.listed(key)) for key in _LISTS)


def _is_raw(items: list[Any]) -> bool:
    """Whether a list is one of messages: bytes, or for a stream lists of them."""
    first = items[0] if items else None
    return isinstance(first[0] if isinstance(first, list) and first else first, bytes)


def entries(source: Source) -> list[Any]:
    """The calls as pairs, those that stream after the others: nothing tells in which order they were made."""
    return [*_pairs(source, _SAMPLES, _sample), *_pairs(source, _STREAMS, _stream)]


def _pairs(source: Source, keys: tuple[str, ...], make: Callable[..., dict[str, Any]]) -> Iterator[Any]:
    for row in zip_longest(*map(source.listed, keys)):
        yield next((one for one in row if isinstance(one, Unread)), None) or make(*row)


def _sample(asked: Json, called: Json, raw: Json, told: Json) -> dict[str, Any]:
    return {"request_sample": _asked(asked, called), "response_sample": {"raw": raw, "json": told}}


def _stream(asked: Json, called: Json, raw: Json, told: Json) -> dict[str, Any]:
    answered = {"chunks_raw": raw, "chunks_json": _chunks(told)}
    return {"request_stream": _asked(asked, called), "response_stream": answered}


def _asked(raw: Json, called: Json) -> dict[str, Any]:
    """The request by the arguments of the call, which are its fields."""
    arguments = obj(called).get("kwargs")
    return {"raw": raw, "json": arguments if arguments is not None else called}


def _chunks(told: Json) -> Json:
    """The chunks of a stream, each of them kept under a key."""
    if not isinstance(told, list):
        return None
    return [item.get("chunk", item) if isinstance(item, dict) else item for item in told]
