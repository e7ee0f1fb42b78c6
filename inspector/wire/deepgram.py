"""Deepgram: speech written down, speaker by speaker, and spoken.

https://developers.deepgram.com/reference/speech-to-text
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from inspector.deltas import AboutDelta, Delta, PartDelta, SummaryDelta
from inspector.model import Event, Message, Prompt, Text, Usage
from inspector.wire import reading as read
from inspector.wire.clue import Clue

NAME = "deepgram.listen"
OPERATION = "audio"


def recognise(clue: Clue) -> bool:
    if "deepgram" in clue.host and clue.path.endswith(("/listen", "/speak")):
        return True
    return isinstance(read.obj(clue.first.get("results")).get("channels"), list)


def prompt(body: Mapping[str, Any]) -> Prompt:
    """An address of audio, or a text to speak; bytes are not kept with the request's words."""
    address = read.maybe(body.get("url"))
    parts = (read.uri(address, kind="audio"),) if address else read.text_parts(body.get("text"))
    return Prompt(
        messages=(Message("user", parts),) if parts else (),
        settings=read.settings(dict(body), "url", "text"),
    )


def deltas(event: Event) -> Iterator[Delta]:
    """The likeliest words of each channel."""
    body = read.obj(event.data)
    about = read.obj(body.get("metadata"))
    yield AboutDelta(read.maybe(about.get("request_id")), None)
    if isinstance(body.get("binary"), dict):
        yield PartDelta(read.file_part(body["binary"], "audio"))
    for number, channel in enumerate(read.seq(read.obj(body.get("results")).get("channels"))):
        best = read.obj(next(iter(read.seq(read.obj(channel).get("alternatives"))), None))
        if read.maybe(best.get("transcript")):
            yield PartDelta(Text(best["transcript"]), number)
    if about.get("duration") is not None:
        yield SummaryDelta({"duration": about["duration"]})
    yield from read.errors(body)


def usage(counts: Mapping[str, Any]) -> Usage:
    return Usage()
