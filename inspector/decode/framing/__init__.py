"""Bodies into events. Nothing here reads files or knows a provider.

`content-type` is never asked: the first bytes of a body say how it is framed.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import repeat

from inspector.decode.framing import json_lines, media_types, sse
from inspector.model import Body, Event, Json, made
from inspector.model.jsonio import NotJson, loads


def frame(body: Body) -> list[Event]:
    """The events of a body, in order. A whole body is one event; text that nothing frames is one event, raw."""
    if body.kind == "text":
        return list(frame_text(body.value))
    if body.kind == "value":
        return [Event(0, body.value)]
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


def frame_text(text: str) -> Iterator[Event]:
    """Sniff text and frame it: a whole JSON value, server-sent events, or JSON lines."""
    if sse.looks_like(text):
        yield from sse.events(text)
        return
    try:
        yield Event(0, loads(text))
    except NotJson:
        if json_lines.looks_like(text):
            yield from json_lines.events(text)
        else:
            yield Event(0, None, raw=text)


def is_stream(body: Body | None) -> bool:
    """Whether the body was recorded in pieces: chunks, frames, server-sent events, or JSON lines."""
    if body is None or body.kind != "text":
        return body is not None and body.kind in ("chunks", "frames")
    return sse.looks_like(body.value) or json_lines.is_several(body.value)
