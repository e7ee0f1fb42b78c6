"""Bodies into events. Nothing here reads files or knows a provider.

`content-type` is never asked: the first bytes of a body say how it is framed.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import repeat

from inspector.decode.framing import json_array, json_lines, media_types, sse
from inspector.model import Body, Event, Json, made
from inspector.model.jsonio import NotJson, loads


def frame(body: Body) -> list[Event]:
    """The events of a body, in order. A whole body is one event; text that nothing frames is one event, raw."""
    if body.kind == "text":
        return list(frame_text(body.value))
    if body.kind == "value":
        return list(_of_value(body.value))
    if body.kind == "bytes":
        return [Event(0, media_types.described(body.value))]
    if body.kind == "frames":
        return [_event(number, frame, way) for number, (way, frame) in enumerate(body.value)]
    chunks = body.value
    if str in map(type, chunks):
        return [_event(number, chunk) for number, chunk in enumerate(chunks)]
    return list(made(Event, range(len(chunks)), chunks, repeat(None), repeat(None)))


def _event(number: int, chunk: Json, name: str | None = None) -> Event:
    return Event(number, None, name, chunk) if isinstance(chunk, str) else Event(number, chunk, name)


def _of_value(value: Json) -> Iterator[Event]:
    if (text := _framed(value)) is not None:
        yield from frame_text(text)
        return
    for number, chunk in enumerate(value if json_array.is_stream(value) else (value,)):
        yield Event(number, chunk)


def _framed(value: Json) -> str | None:
    """The body that a recorder wrote as a JSON text, or as the texts of its pieces; None where it is none."""
    first = value[0] if isinstance(value, list) and value and all(isinstance(one, str) for one in value) else value
    if not isinstance(first, str) or not (sse.looks_like(first) or first.lstrip()[:2] in _OBJECTS):
        return None
    return "".join(value) if isinstance(value, list) else first


_OBJECTS = ('{"', "{\n", "{\r", "{ ", '["', "[{", "[\n")
"""How a JSON object or array begins."""


def frame_text(text: str) -> Iterator[Event]:
    """Sniff text and frame it: server-sent events, a whole JSON value, JSON lines, or a JSON array that was cut."""
    if sse.looks_like(text):
        yield from sse.events(text)
        return
    try:
        yield from _of_value(loads(text))
    except NotJson:
        if json_lines.looks_like(text):
            yield from json_lines.events(text)
        elif json_array.looks_like(text):
            yield from json_array.events(text)
        else:
            yield Event(0, None, raw=text)


def is_stream(body: Body | None) -> bool:
    """Whether the body was recorded in pieces: chunks, frames, server-sent events, or JSON lines. (That an array is a
    stream is told by its events.)"""
    if body is None or body.kind != "text":
        return body is not None and body.kind in ("chunks", "frames")
    return sse.looks_like(body.value) or json_lines.is_several(body.value)
