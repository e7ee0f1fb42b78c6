"""OpenAI Audio: speech from text, and text from speech. Groq, Mistral and others follow it.

https://platform.openai.com/docs/api-reference/audio
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from inspector.decode import lenient
from inspector.decode.evidence import Evidence
from inspector.decode.protocols.openai import chat as openai_chat
from inspector.decode.protocols.openai import responses as openai_responses
from inspector.model import Event, Message, Part, Prompt, Text, Usage
from inspector.model.delta import Delta, EndDelta, PartDelta, SummaryDelta, TextDelta, UsageDelta

NAME = "openai.audio"
OPERATION = "audio"

NEUTRAL_COUNTS = frozenset({"audio_tokens", "text_tokens"})
"""What the counts consist of."""

NEUTRAL = frozenset(
    {
        "include", "stream", "timestamp_granularities",
    }
)  # fmt: skip

_PATHS = ("/audio/speech", "/audio/transcriptions", "/audio/translations")
_EVENTS = ("transcript.text.", "speech.audio.")
_ASKED = ("input", "prompt", "file", "file_url", "file_id")
_ABOUT = ("language", "duration", "task")


def recognise(evidence: Evidence) -> bool:
    if evidence.path.endswith(_PATHS) or lenient.string(evidence.first.get("type")).startswith(_EVENTS):
        return True
    return isinstance(evidence.first.get("segments"), list) and isinstance(evidence.first.get("text"), str)


def prompt(body: Mapping[str, Any]) -> Prompt:
    """What is to be spoken, or the recording that is to be written down and the words to begin with."""
    parts: tuple[Part, ...] = (*lenient.text_parts(body.get("input")), *lenient.text_parts(body.get("prompt")))
    if body.get("file") is not None:
        parts += (lenient.file_part(body["file"], "audio"),)
    if lenient.maybe(body.get("file_url")):
        parts += (lenient.uri(body["file_url"], kind="audio"),)
    stream = body.get("stream")
    return Prompt(
        model=lenient.maybe(body.get("model")),
        stream=stream == "true" if stream in ("true", "false") else lenient.flag(stream),
        messages=(Message("user", parts),) if parts else (),
        settings=lenient.settings(dict(body), "model", "stream", *(key for key in _ASKED if key != "file_id")),
    )


def deltas(event: Event) -> Iterator[Delta]:
    """Audio bytes; text as such, as JSON, or in pieces that a last event repeats as a whole."""
    if event.data is None:
        if event.raw and event.raw.strip() != "[DONE]":
            yield TextDelta(event.raw, slot="text")
        return
    body = lenient.obj(event.data)
    kind = lenient.string(body.get("type"))
    if isinstance(body.get("binary"), dict):
        yield PartDelta(lenient.file_part(body["binary"], "audio"))
    elif kind == "transcript.text.delta":
        yield TextDelta(lenient.string(body.get("delta")), slot="text")
    elif kind == "speech.audio.delta" and lenient.maybe(body.get("audio")):
        yield PartDelta(lenient.blob(body["audio"], None, "audio"))
    elif lenient.maybe(body.get("text")) and kind in ("", "transcript.text.done", "transcription"):
        yield PartDelta(Text(body["text"]), slot="text")
    if kind.endswith(".done"):
        yield EndDelta()
    if about := {key: body[key] for key in _ABOUT if body.get(key) is not None}:
        yield SummaryDelta(about)
    if isinstance(body.get("usage"), dict):
        yield UsageDelta(body["usage"])
    yield from lenient.errors(body)


def usage(counts: Mapping[str, Any]) -> Usage:
    return openai_responses.usage(counts) if "input_tokens" in counts else openai_chat.usage(counts)
