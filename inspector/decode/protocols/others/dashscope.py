"""Alibaba's DashScope: generation of text, and about pictures and sound, in its own words.

https://help.aliyun.com/zh/model-studio/qwen-api-via-dashscope. A stream repeats the whole of what was said so far in
every event, unless the request asks for ``incremental_output``; which of both it is, its events tell together.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from inspector.decode import lenient
from inspector.decode.evidence import Evidence
from inspector.decode.protocols.openai import chat as openai_chat
from inspector.decode.protocols.openai import chat_dialects
from inspector.decode.protocols.openai import parts as openai_parts
from inspector.model import Event, Json, Message, Part, Prompt, ProviderError, Text, Usage
from inspector.model.delta import (
    AboutDelta,
    BlobDelta,
    CitationDelta,
    Delta,
    EndDelta,
    ErrorDelta,
    FinishDelta,
    PartDelta,
    ReasoningDelta,
    RoleDelta,
    SoFarDelta,
    TextDelta,
    ToolCallDelta,
    UsageDelta,
)

NAME = "dashscope.generation"
OPERATION = "chat"

NEUTRAL = frozenset(
    {
        "finish_reason", "icon", "site_name",
    }
)  # fmt: skip
NEUTRAL_COUNTS = frozenset(
    {
        "audio_tokens", "duration", "image_count", "image_tokens", "text_tokens", "video_tokens",
    }
)  # fmt: skip

_PATHS = ("/text-generation/generation", "/multimodal-generation/generation")
_PARAMETERS = ("tools", "incremental_output")


def recognise(evidence: Evidence) -> bool:
    if evidence.path.endswith(_PATHS):
        return True
    output = lenient.obj(evidence.first.get("output"))
    choices = lenient.seq(output.get("choices"))
    said = isinstance(lenient.obj(choices[0] if choices else None).get("message"), dict) or "finish_reason" in output
    return said and "request_id" in evidence.first


# ---------------------------------------------------------------- the request


def prompt(body: Mapping[str, Any]) -> Prompt:
    asked, parameters = lenient.obj(body.get("input")), lenient.obj(body.get("parameters"))
    messages = tuple(_message(raw) for raw in lenient.seq(asked.get("messages")))
    text = lenient.text_parts(asked.get("prompt"))
    return Prompt(
        model=lenient.maybe(body.get("model")),
        stream=lenient.flag(parameters.get("incremental_output")),
        messages=(*messages, *((Message("user", text),) if text else ())),
        tools=tuple(map(openai_chat.tool_definition, lenient.seq(parameters.get("tools")))),
        settings={
            **lenient.settings(dict(body), "model", "input", "parameters"),
            **lenient.settings(asked, "messages", "prompt"),
            **lenient.settings(parameters, *_PARAMETERS),
        },
    )


def _message(raw: Json) -> Message:
    message = lenient.obj(raw)
    return openai_chat.message({**message, "content": _content(message.get("content"))} if message else raw)


def parts(content: Json) -> tuple[Part, ...]:
    return openai_parts.content_parts(_content(content))


def _content(content: Json) -> Json:
    """Parts are named by their only key: ``{"text": …}``, ``{"image": …}``."""
    if not isinstance(content, list):
        return content
    return [_typed(item) for item in content]


def _typed(item: Json) -> Json:
    raw = lenient.obj(item)
    kind = next((key for key in ("text", "image", "audio", "video") if key in raw), None)
    return {**raw, "type": kind} if kind and "type" not in raw else item


# ---------------------------------------------------------------- the response


def deltas(event: Event) -> Iterator[Delta]:
    """What one event adds, or a whole answer."""
    body = event.data
    if not isinstance(body, dict):
        yield from lenient.done(event)
        return
    yield AboutDelta(lenient.maybe(body.get("request_id")), lenient.maybe(body.get("model")))
    output = lenient.obj(body.get("output"))
    for place, raw in enumerate(lenient.seq(output.get("choices"))):
        yield from _choice(lenient.obj(raw), place)
    if isinstance(output.get("text"), str) and not output.get("choices"):
        yield SoFarDelta(TextDelta, output["text"], 0, "content")
    for source in chat_dialects.sources(lenient.obj(output.get("search_info"))):
        yield CitationDelta(source, words="")
    yield from _sound(lenient.obj(output.get("audio")))
    yield from _ending(output, 0)
    if isinstance(body.get("usage"), dict):
        yield UsageDelta(body["usage"])
    yield from failed(body)


def failed(body: Mapping[str, Any]) -> Iterator[Delta]:
    if lenient.maybe(body.get("code")) and "message" in body:
        yield ErrorDelta(ProviderError(body["code"], lenient.maybe(body["message"]), None, body))


def _sound(audio: dict[str, Any]) -> Iterator[Delta]:
    """Speech: base64 in pieces, and at the end the address of all of it."""
    if data := lenient.maybe(audio.get("data")):
        yield BlobDelta(data, 0, "audio", "audio/wav")
    if address := lenient.maybe(audio.get("url")):
        yield PartDelta(lenient.uri(address, kind="audio"))


def _choice(raw: dict[str, Any], choice: int) -> Iterator[Delta]:
    said = lenient.obj(raw.get("message"))
    if role := lenient.maybe(said.get("role")):
        yield RoleDelta(role, choice)
    if reasoning := chat_dialects.reasoning(said):
        yield SoFarDelta(ReasoningDelta, reasoning, choice, "reasoning")
    content = parts(said.get("content"))
    yield SoFarDelta(TextDelta, "".join(part.content for part in content if isinstance(part, Text)), choice, "content")
    yield from (PartDelta(part, choice) for part in content if not isinstance(part, Text))
    for place, item in enumerate(map(lenient.obj, lenient.listed(said.get("tool_calls")))):
        about = lenient.obj(item.get("function"))
        index = lenient.count(item.get("index"))
        slot = place if index is None else index
        yield ToolCallDelta("", choice, slot, lenient.maybe(item.get("id")), lenient.maybe(about.get("name")))
        yield SoFarDelta(ToolCallDelta, lenient.arguments_text(about.get("arguments")), choice, slot)
    yield from _ending(raw, choice)


def _ending(raw: dict[str, Any], choice: int) -> Iterator[Delta]:
    """The reason why it ends, which is ``"null"`` until then."""
    reason = lenient.maybe(raw.get("finish_reason"))
    if reason and reason != "null":
        yield FinishDelta(reason, choice)
        yield EndDelta()


def usage(counts: Mapping[str, Any]) -> Usage:
    asked, answered = lenient.obj(counts.get("prompt_tokens_details")), lenient.obj(counts.get("output_tokens_details"))
    return Usage(
        input_tokens=lenient.count(counts.get("input_tokens")),
        output_tokens=lenient.count(counts.get("output_tokens")),
        total_tokens=lenient.count(counts.get("total_tokens")),
        cache_read_input_tokens=lenient.count(asked.get("cached_tokens")),
        reasoning_tokens=lenient.count(answered.get("reasoning_tokens")),
    )
