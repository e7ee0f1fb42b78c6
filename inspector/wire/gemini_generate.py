"""Gemini's generateContent, of AI Studio and Vertex, streamed or not.

https://ai.google.dev/api/generate-content

The REST API writes camelCase, Google's SDK dumps snake_case, and Vertex takes either: every field is read in both.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from inspector.model import (
    AboutDelta,
    Delta,
    EndDelta,
    ErrorDelta,
    Event,
    FinishDelta,
    Json,
    Message,
    Part,
    PartDelta,
    Prompt,
    ProviderError,
    ReasoningDelta,
    RoleDelta,
    TextDelta,
    ToolDefinition,
    ToolResult,
    Unknown,
    Usage,
    UsageDelta,
)
from inspector.wire import reading as read
from inspector.wire.clue import Clue

NAME = "gemini.generate_content"
OPERATION = "generate_content"

_CALLS = ("generateContent", "streamGenerateContent", "generate_content", "generate_content_stream")
_SYSTEM = ("system_instruction", "systemInstruction")
_ANSWER_KEYS = frozenset({"candidates", "promptFeedback", "prompt_feedback"})


def recognise(clue: Clue) -> bool:
    if clue.path.endswith(_CALLS) or _ANSWER_KEYS & clue.first.keys():
        return True
    return "contents" in clue.body and not clue.path


# ---------------------------------------------------------------- the request


def prompt(body: Mapping[str, Any]) -> Prompt:
    """The SDK keeps everything beside the conversation in ``config``, REST keeps it at the top."""
    config = read.obj(body.get("config"))
    system = next((place[key] for place in (config, body) for key in _SYSTEM if place.get(key)), None)
    settings = read.settings(dict(body), "model", "contents", "config", "tools", *_SYSTEM)
    if other := read.settings(config, "tools", *_SYSTEM):
        settings["config"] = other
    return Prompt(
        model=read.maybe(body.get("model")),
        system=parts(system),
        messages=tuple(_messages(body.get("contents"))),
        tools=tuple(tool for place in (config, body) for raw in read.seq(place.get("tools")) for tool in tools(raw)),
        settings=settings,
    )


def _messages(contents: Json) -> Iterator[Message]:
    for item in contents if isinstance(contents, list) else () if contents is None else (contents,):
        yield read.message(read.obj(item).get("role"), parts(item))


def parts(content: Json) -> tuple[Part, ...]:
    """The parts of a content: a text, ``{parts}``, a list of parts, or a single part."""
    if isinstance(content, dict) and "parts" in content:
        content = content["parts"]
    items = content if isinstance(content, list) else () if content is None else (content,)
    return tuple(part for item in items for part in _part(item))


def tools(raw: Json) -> Iterator[ToolDefinition]:
    """The functions of one tool, and what else it switches on, such as ``google_search``."""
    tool = read.obj(raw)
    for item in read.seq(read.either(tool, "function_declarations", "functionDeclarations")):
        about = read.obj(item)
        parameters = about.get("parameters") or read.either(about, "parameters_json_schema", "parametersJsonSchema")
        name, description = read.maybe(about.get("name")), read.maybe(about.get("description"))
        yield ToolDefinition("function", name, description, parameters)
    for key, value in tool.items():
        if key not in ("function_declarations", "functionDeclarations") and value is not None:
            yield ToolDefinition(key, None, None, value or None)


def _part(raw: Json) -> tuple[Part, ...]:
    if isinstance(raw, str):
        return read.text_parts(raw)
    if not isinstance(raw, dict):
        return (Unknown(raw),)
    if isinstance(raw.get("text"), str):
        return read.reasoning_parts(raw["text"]) if raw.get("thought") else read.text_parts(raw["text"])
    return _typed_part(raw)


def _typed_part(raw: dict[str, Any]) -> tuple[Part, ...]:
    """A part whose type is the key that holds it. One that is nothing but the signature of a thought is none."""
    for (snake, camel), reader in _PARTS.items():
        value = read.either(raw, snake, camel)
        if isinstance(value, dict):
            return (reader(value) or Unknown(raw),)
    said = [key for key, value in raw.items() if value and key not in ("thought", "thought_signature")]
    return (Unknown(raw),) if said and said != ["thoughtSignature"] else ()


def _call(raw: dict[str, Any]) -> Part | None:
    """A call in one piece. The pieces of streamed arguments are not put together."""
    if read.either(raw, "partial_args", "partialArgs") is not None or not raw.get("name"):
        return None
    return read.call(raw.get("id"), raw.get("name"), raw.get("args"))


def _result(raw: dict[str, Any]) -> Part:
    return ToolResult(read.maybe(raw.get("id")), read.maybe(raw.get("name")), raw.get("response"))


def _inline(raw: dict[str, Any]) -> Part | None:
    data = raw.get("data")
    return read.blob(data, read.maybe(read.either(raw, "mime_type", "mimeType"))) if isinstance(data, str) else None


def _file(raw: dict[str, Any]) -> Part | None:
    address = read.maybe(read.either(raw, "file_uri", "fileUri"))
    return read.uri(address, read.maybe(read.either(raw, "mime_type", "mimeType"))) if address else None


def _code(raw: dict[str, Any]) -> Part:
    """Code that the model ran in Google's sandbox, a tool that requests call ``code_execution``."""
    return read.call(raw.get("id"), "code_execution", raw)


def _code_result(raw: dict[str, Any]) -> Part:
    return ToolResult(read.maybe(raw.get("id")), "code_execution", raw)


_PARTS: dict[tuple[str, str], Callable[[dict[str, Any]], Part | None]] = {
    ("function_call", "functionCall"): _call,
    ("function_response", "functionResponse"): _result,
    ("inline_data", "inlineData"): _inline,
    ("file_data", "fileData"): _file,
    ("executable_code", "executableCode"): _code,
    ("code_execution_result", "codeExecutionResult"): _code_result,
}


# ---------------------------------------------------------------- the response


def deltas(event: Event) -> Iterator[Delta]:
    """What one chunk adds, or a whole answer. Without ``alt=sse`` all chunks come as one array."""
    for body in event.data if isinstance(event.data, list) else (event.data,):
        if isinstance(body, dict):
            yield from _answer(body)


def _answer(body: dict[str, Any]) -> Iterator[Delta]:
    yield AboutDelta(
        read.maybe(read.either(body, "response_id", "responseId")),
        read.maybe(read.either(body, "model_version", "modelVersion")),
        read.moment(read.either(body, "create_time", "createTime")),
    )
    for item in read.seq(body.get("candidates")):
        yield from _candidate(read.obj(item))
    counts = read.either(body, "usage_metadata", "usageMetadata")
    if isinstance(counts, dict):
        yield UsageDelta(counts)
    if feedback := read.obj(read.either(body, "prompt_feedback", "promptFeedback")):
        yield from _blocked(feedback)
    if body.get("error") and (error := read.error_of(body)):
        yield ErrorDelta(error)


def _candidate(raw: dict[str, Any]) -> Iterator[Delta]:
    choice = read.count(raw.get("index")) or 0
    content = read.obj(raw.get("content"))
    if role := read.maybe(content.get("role")):
        yield RoleDelta(role, choice)
    for item in read.seq(content.get("parts")):
        text = read.obj(item).get("text")
        if not isinstance(text, str):
            yield from (PartDelta(part, choice) for part in _part(item))
        elif item.get("thought"):
            yield ReasoningDelta(text, choice)
        else:
            yield TextDelta(text, choice)
    reason = read.either(raw, "finish_reason", "finishReason")
    if reason and isinstance(reason, (str, int)):
        yield FinishDelta(str(reason), choice)
        yield EndDelta()


def _blocked(feedback: dict[str, Any]) -> Iterator[Delta]:
    """A prompt that was not answered: why it was blocked stands in the place of a finish reason."""
    reason = read.either(feedback, "block_reason", "blockReason")
    if reason and isinstance(reason, (str, int)):
        yield FinishDelta(str(reason))
        yield EndDelta()
    if message := read.maybe(read.either(feedback, "block_reason_message", "blockReasonMessage")):
        yield ErrorDelta(ProviderError(read.maybe(reason), message, None, feedback))


def usage(counts: Mapping[str, Any]) -> Usage:
    def number(snake: str, camel: str) -> int | None:
        return read.count(read.either(counts, snake, camel))

    return Usage(
        input_tokens=number("prompt_token_count", "promptTokenCount"),
        output_tokens=number("candidates_token_count", "candidatesTokenCount"),
        total_tokens=number("total_token_count", "totalTokenCount"),
        cache_read_input_tokens=number("cached_content_token_count", "cachedContentTokenCount"),
        reasoning_tokens=number("thoughts_token_count", "thoughtsTokenCount"),
    )
