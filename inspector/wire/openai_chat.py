"""OpenAI Chat Completions and the many servers that speak it.

https://platform.openai.com/docs/api-reference/chat and https://platform.openai.com/docs/api-reference/chat-streaming
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

from inspector.model import (
    AboutDelta,
    Delta,
    EndDelta,
    ErrorDelta,
    Event,
    FileRef,
    FinishDelta,
    Json,
    Message,
    Part,
    PartDelta,
    Prompt,
    Reasoning,
    ReasoningDelta,
    Refusal,
    RefusalDelta,
    RoleDelta,
    Text,
    TextDelta,
    ToolCall,
    ToolCallDelta,
    ToolDefinition,
    ToolResult,
    Unknown,
    Usage,
    UsageDelta,
)
from inspector.wire import reading as read
from inspector.wire.clue import Clue

NAME = "openai.chat_completions"
OPERATION = "chat"

_PROMPT_KEYS = ("model", "messages", "stream", "tools", "functions")


def recognise(clue: Clue) -> bool:
    """Chat by the shape of the answer, else of the request: llama-stack labels some chats as completions."""
    choices = clue.first.get("choices")
    if isinstance(choices, list):
        if choices and isinstance(choices[0], dict) and ("delta" in choices[0] or "message" in choices[0]):
            return True
        if str(clue.first.get("object", "")).startswith("chat.completion"):
            return True
    if "completions" not in clue.path:
        return False
    return isinstance(clue.body.get("messages"), list) or clue.path.endswith("/chat/completions")


# ---------------------------------------------------------------- the request


def prompt(body: Mapping[str, Any]) -> Prompt:
    return Prompt(
        model=read.maybe(body.get("model")),
        stream=read.flag(body.get("stream")),
        messages=tuple(message(item) for item in read.seq(body.get("messages"))),
        tools=tuple(tool_definition(item) for key in ("tools", "functions") for item in read.seq(body.get(key))),
        settings=read.settings(dict(body), *_PROMPT_KEYS),
    )


def message(raw: Json) -> Message:
    """A message of a request. One that is not an object is kept as an unknown part."""
    if not isinstance(raw, dict):
        return Message("user", (Unknown(raw),))
    if read.role(raw.get("role")) == "tool":
        return read.message(raw.get("role"), (_tool_result(raw),))
    return read.message(raw.get("role"), _message_parts(raw), raw.get("name"))


def tool_definition(raw: Json) -> ToolDefinition:
    """``{type: function, function: {…}}``, or the bare function of the older ``functions``."""
    tool = read.obj(raw)
    kind = read.maybe(tool.get("type")) or "function"
    about = read.obj(tool.get(kind)) or tool
    return ToolDefinition(
        kind,
        read.maybe(about.get("name")),
        read.maybe(about.get("description")),
        about.get("parameters"),
    )


def _tool_result(raw: dict[str, Any]) -> ToolResult:
    return ToolResult(read.maybe(raw.get("tool_call_id")), read.maybe(raw.get("name")), read.result(raw.get("content")))


def _message_parts(raw: dict[str, Any]) -> tuple[Part, ...]:
    return (
        *read.reasoning_parts(raw.get("reasoning_content") or raw.get("reasoning")),
        *content_parts(raw.get("content")),
        *((Refusal(raw["refusal"]),) if read.maybe(raw.get("refusal")) else ()),
        *(_tool_call(item) for item in read.seq(raw.get("tool_calls"))),
        *((_function_call(raw["function_call"]),) if isinstance(raw.get("function_call"), dict) else ()),
    )


def content_parts(content: Json) -> tuple[Part, ...]:
    """Content as text, or as a list of typed parts."""
    if not isinstance(content, list):
        return read.text_parts(content)
    return tuple(part for item in content for part in _content_part(item))


def _content_part(raw: Json) -> tuple[Part, ...]:
    if isinstance(raw, str):
        return read.text_parts(raw)
    part = read.obj(raw)
    kind = part.get("type")
    value = part.get(kind) if isinstance(kind, str) else None
    if kind in ("text", "input_text", "output_text") and isinstance(part.get("text"), str):
        return read.text_parts(part["text"])
    if kind in ("image_url", "video_url", "audio_url"):
        address = read.maybe(value) or read.maybe(read.obj(value).get("url"))
        if address:
            return (read.uri(address, kind=kind.removesuffix("_url")),)
    if kind == "input_audio" and isinstance(value, dict) and isinstance(value.get("data"), str):
        return (read.blob(value["data"], f"audio/{value.get('format', 'wav')}"),)
    if kind == "file" and isinstance(value, dict):
        return (_file(value),)
    if kind == "refusal" and isinstance(value, str):
        return (Refusal(value),)
    if kind == "thinking":
        return tuple(p for piece in _thinking(value) for p in read.reasoning_parts(piece))
    return (Unknown(raw),)


def _thinking(value: Json) -> Iterator[str]:
    """Mistral's thinking: text, or a list of text parts."""
    if isinstance(value, str):
        yield value
    for item in read.seq(value):
        yield read.string(read.obj(item).get("text"))


def _file(raw: dict[str, Any]) -> Part:
    if isinstance(raw.get("file_data"), str):
        return read.uri(raw["file_data"])
    return FileRef(raw["file_id"]) if read.maybe(raw.get("file_id")) else Unknown(raw)


def _tool_call(raw: Json) -> Part:
    item = read.obj(raw)
    if isinstance(item.get("custom"), dict):
        return read.call(item.get("id"), item["custom"].get("name"), item["custom"].get("input"))
    if not isinstance(item.get("function"), dict):
        return Unknown(raw)
    return read.call(item.get("id"), item["function"].get("name"), item["function"].get("arguments"))


def _function_call(raw: dict[str, Any]) -> ToolCall:
    return read.call(None, raw.get("name"), raw.get("arguments"))


# ---------------------------------------------------------------- the response


def deltas(event: Event) -> Sequence[Delta]:
    """What one chunk adds, or a whole completion. This runs for every chunk there is, so the usual one is cheap."""
    body = event.data
    try:  # most chunks add text to the first choice and repeat the rest
        (choice,) = body["choices"]
        delta = choice["delta"]
        text = delta["content"]
        if text and not (choice["finish_reason"] or choice["index"] or body["usage"]) and event.number:
            others = [value for value in delta.values() if value and value is not text]
            if not others and text.__class__ is str and "error" not in body:
                return _one_text(text)
    except (AttributeError, KeyError, TypeError, ValueError):  # another dialect, or no chunk at all
        pass
    return _all_deltas(event)


@lru_cache(4096)
def _one_text(text: str) -> tuple[Delta, ...]:
    """A token of the first choice: a few thousand of them make up most texts."""
    return (TextDelta(text, 0, "content"),)


def _all_deltas(event: Event) -> list[Delta]:
    body = event.data
    if not isinstance(body, dict):
        return [EndDelta()] if event.raw is not None and event.raw.strip() == "[DONE]" else []
    out: list[Delta] = []
    choices = body.get("choices")
    for item in choices if isinstance(choices, list) else ():
        if isinstance(item, dict):
            _choice(item, out)
    out.append(AboutDelta(read.maybe(body.get("id")), read.maybe(body.get("model"))))
    if isinstance(body.get("usage"), dict):
        out.append(UsageDelta(body["usage"]))
    if body.get("error") and (error := read.error_of(body)):
        out.append(ErrorDelta(error))
    return out


def _choice(raw: dict[str, Any], out: list[Delta]) -> None:
    index = raw.get("index")
    choice = index if type(index) is int else 0
    said = raw.get("delta")
    if not isinstance(said, dict):
        said = raw.get("message")
    if isinstance(said, dict):
        _said(said, choice, out)
    elif isinstance(raw.get("text"), str):
        out.append(TextDelta(raw["text"], choice, "content"))
    reason = raw.get("finish_reason")
    if isinstance(reason, str) and reason:
        out += (FinishDelta(reason, choice), EndDelta())


def _said(said: dict[str, Any], choice: int, out: list[Delta]) -> None:
    get = said.get
    if role := get("role"):
        out.append(RoleDelta(read.string(role), choice))
    reasoning = get("reasoning_content") or get("reasoning")
    if reasoning and isinstance(reasoning, str):
        out.append(ReasoningDelta(reasoning, choice, "reasoning"))
    if content := get("content"):
        if isinstance(content, str):
            out.append(TextDelta(content, choice, "content"))
        else:
            out.extend(_content(content, choice))
    if refusal := get("refusal"):
        out.append(RefusalDelta(read.string(refusal), choice, "refusal"))
    if calls := get("tool_calls"):
        out.extend(_call_delta(read.obj(item), choice) for item in read.seq(calls))
    if legacy := get("function_call"):
        out.append(_legacy_call(read.obj(legacy), choice))


def _content(content: Json, choice: int) -> Iterator[Delta]:
    for part in content_parts(content):
        match part:
            case Text(text):
                yield TextDelta(text, choice, "content")
            case Reasoning(text):
                yield ReasoningDelta(text, choice, "reasoning")
            case _:
                yield PartDelta(part, choice)


def _legacy_call(raw: dict[str, Any], choice: int) -> ToolCallDelta:
    arguments = read.arguments_text(raw.get("arguments"))
    return ToolCallDelta(arguments, choice, "function_call", None, read.maybe(raw.get("name")))


def _call_delta(item: dict[str, Any], choice: int) -> ToolCallDelta:
    about = read.obj(item.get("function")) or read.obj(item.get("custom"))
    arguments = read.arguments_text(about.get("arguments", about.get("input")))
    slot = read.count(item.get("index"))
    return ToolCallDelta(arguments, choice, slot, read.maybe(item.get("id")), read.maybe(about.get("name")))


def usage(counts: Mapping[str, Any]) -> Usage:
    prompt_details = read.obj(counts.get("prompt_tokens_details"))
    completion_details = read.obj(counts.get("completion_tokens_details"))
    return Usage(
        input_tokens=read.count(counts.get("prompt_tokens")),
        output_tokens=read.count(counts.get("completion_tokens")),
        total_tokens=read.count(counts.get("total_tokens")),
        cache_read_input_tokens=read.count(prompt_details.get("cached_tokens")),
        reasoning_tokens=read.count(completion_details.get("reasoning_tokens")),
    )
