"""Deepgram: speech written down, speaker by speaker, and spoken.

https://developers.deepgram.com/reference/speech-to-text
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from inspector.decode import lenient
from inspector.decode.evidence import Evidence
from inspector.model import Event, Message, Prompt, Text, Usage
from inspector.model.delta import AboutDelta, Delta, PartDelta, SummaryDelta

NAME = "deepgram.listen"
OPERATION = "audio"

NEUTRAL = frozenset(
    {
        "metadata", "sha256", "transaction_key"
    }
)  # fmt: skip


def recognise(evidence: Evidence) -> bool:
    if "deepgram" in evidence.host and evidence.path.endswith(("/listen", "/speak")):
        return True
    return isinstance(lenient.obj(evidence.first.get("results")).get("channels"), list)


def prompt(body: Mapping[str, Any]) -> Prompt:
    """An address of audio, or a text to speak; bytes are not kept with the request's words."""
    address = lenient.maybe(body.get("url"))
    parts = (lenient.uri(address, kind="audio"),) if address else lenient.text_parts(body.get("text"))
    return Prompt(
        messages=(Message("user", parts),) if parts else (),
        settings=lenient.settings(dict(body), "url", "text"),
    )


def deltas(event: Event) -> Iterator[Delta]:
    """The likeliest words of each channel."""
    body = lenient.obj(event.data)
    about = lenient.obj(body.get("metadata"))
    yield AboutDelta(lenient.maybe(about.get("request_id")), None)
    if isinstance(body.get("binary"), dict):
        yield PartDelta(lenient.file_part(body["binary"], "audio"))
    for number, channel in enumerate(lenient.seq(lenient.obj(body.get("results")).get("channels"))):
        best = lenient.obj(next(iter(lenient.seq(lenient.obj(channel).get("alternatives"))), None))
        if lenient.maybe(best.get("transcript")):
            yield PartDelta(Text(best["transcript"]), number)
    if about.get("duration") is not None:
        yield SummaryDelta({"duration": about["duration"]})
    yield from lenient.errors(body)


def usage(counts: Mapping[str, Any]) -> Usage:
    return Usage()
