"""OpenAI Audio: speech from text, and text from speech. Groq, Mistral and others follow it.

https://platform.openai.com/docs/api-reference/audio
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from inspector.deltas import Delta, EndDelta, PartDelta, SummaryDelta, TextDelta, UsageDelta
from inspector.model import Event, Message, Part, Prompt, Text, Usage
from inspector.wire import openai_chat, openai_responses
from inspector.wire import reading as read
from inspector.wire.clue import Clue

NAME = "openai.audio"
OPERATION = "audio"

_PATHS = ("/audio/speech", "/audio/transcriptions", "/audio/translations")
_EVENTS = ("transcript.text.", "speech.audio.")
_ASKED = ("input", "prompt", "file", "file_url", "file_id")
_ABOUT = ("language", "duration", "task")


def recognise(clue: Clue) -> bool:
    if clue.path.endswith(_PATHS) or read.string(clue.first.get("type")).startswith(_EVENTS):
        return True
    return isinstance(clue.first.get("segments"), list) and isinstance(clue.first.get("text"), str)


def prompt(body: Mapping[str, Any]) -> Prompt:
    """What is to be spoken, or the recording that is to be written down and the words to begin with."""
    parts: tuple[Part, ...] = (*read.text_parts(body.get("input")), *read.text_parts(body.get("prompt")))
    if body.get("file") is not None:
        parts += (read.file_part(body["file"], "audio"),)
    if read.maybe(body.get("file_url")):
        parts += (read.uri(body["file_url"], kind="audio"),)
    stream = body.get("stream")
    return Prompt(
        model=read.maybe(body.get("model")),
        stream=stream == "true" if stream in ("true", "false") else read.flag(stream),
        messages=(Message("user", parts),) if parts else (),
        settings=read.settings(dict(body), "model", "stream", *(key for key in _ASKED if key != "file_id")),
    )


def deltas(event: Event) -> Iterator[Delta]:
    """Audio bytes; text as such, as JSON, or in pieces that a last event repeats as a whole."""
    if event.data is None:
        if event.raw and event.raw.strip() != "[DONE]":
            yield TextDelta(event.raw, slot="text")
        return
    body = read.obj(event.data)
    kind = read.string(body.get("type"))
    if isinstance(body.get("binary"), dict):
        yield PartDelta(read.file_part(body["binary"], "audio"))
    elif kind == "transcript.text.delta":
        yield TextDelta(read.string(body.get("delta")), slot="text")
    elif kind == "speech.audio.delta" and read.maybe(body.get("audio")):
        yield PartDelta(read.blob(body["audio"], None, "audio"))
    elif read.maybe(body.get("text")) and kind in ("", "transcript.text.done", "transcription"):
        yield PartDelta(Text(body["text"]), slot="text")
    if kind.endswith(".done"):
        yield EndDelta()
    if about := {key: body[key] for key in _ABOUT if body.get(key) is not None}:
        yield SummaryDelta(about)
    if isinstance(body.get("usage"), dict):
        yield UsageDelta(body["usage"])
    yield from read.errors(body)


def usage(counts: Mapping[str, Any]) -> Usage:
    return openai_responses.usage(counts) if "input_tokens" in counts else openai_chat.usage(counts)
