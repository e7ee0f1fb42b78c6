"""Gemini's generateContent, of AI Studio and Vertex, streamed or not.

https://ai.google.dev/api/generate-content

Fields are read in camelCase and in snake_case, as `inspector.decode.protocols.gemini.parts` says.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from inspector.decode import lenient
from inspector.decode.evidence import Evidence
from inspector.decode.protocols.gemini import parts
from inspector.decode.protocols.gemini.sources import sources, tokens
from inspector.model import Event, Json, Prompt, ProviderError, Unknown, Usage
from inspector.model.delta import (
    AboutDelta,
    ArgumentDelta,
    Delta,
    EndDelta,
    ErrorDelta,
    FinishDelta,
    PartDelta,
    ReasoningDelta,
    RoleDelta,
    TextDelta,
    ToolCallDelta,
    UsageDelta,
)

NAME = "gemini.generate_content"
OPERATION = "generate_content"

NEUTRAL = frozenset(
    {
        "avgLogprobs", "blockReason", "candidates.content.parts.functionCall.partialArgs.nullValue",
        "candidates.content.parts.function_call.partial_args.null_value", "category", "createTime",
        "customMetadata", "finishMessage", "finish_message", "jsonPath", "json_path", "languageCode", "modality",
        "modelVersion", "model_version", "partialArgs.nullValue", "probability", "renderedContent",
        "rendered_content", "responseId", "response_id", "retrievedUrl", "retrieved_url", "sdkBlob",
        "sdkHttpResponse", "sdk_blob", "sdk_http_response", "severity", "toolType", "tool_type", "trafficType",
        "traffic_type", "urlRetrievalStatus", "url_retrieval_status", "webSearchQueries", "web_search_queries",
    }
)  # fmt: skip
NEUTRAL_COUNTS = frozenset(
    {
        "tokenCount", "token_count", "trafficType", "traffic_type"
    }
)  # fmt: skip

_CALLS = ("generateContent", "streamGenerateContent", "generate_content", "generate_content_stream")
_SYSTEM = ("system_instruction", "systemInstruction")
_PLAIN = frozenset({"content", "index"})
"""All that most of the candidates in a stream have."""

_BLOCKS = {1: "SAFETY", 2: "OTHER", 3: "BLOCKLIST", 4: "PROHIBITED_CONTENT", 5: "IMAGE_SAFETY"}
"""Why a prompt was blocked, where enums are numbers: not the numbers of finish reasons."""

_ANSWER_KEYS = frozenset({"candidates", "promptFeedback", "prompt_feedback"})


def recognise(evidence: Evidence) -> bool:
    if evidence.path.endswith(_CALLS) or _ANSWER_KEYS & evidence.first.keys():
        return True
    return "contents" in evidence.body and (not evidence.path or _unanswered(evidence))


def _unanswered(evidence: Evidence) -> bool:
    """A conversation that went to some proxy and was refused, or has no answer."""
    contents = lenient.seq(evidence.body.get("contents"))
    spoken = bool(contents) and "parts" in lenient.obj(contents[0])
    return spoken and evidence.first.keys() <= {"error"} and not evidence.path.endswith("/cachedContents")


# ---------------------------------------------------------------- the request


def prompt(body: Mapping[str, Any]) -> Prompt:
    """The SDK keeps everything beside the conversation in ``config``, REST keeps it at the top."""
    config = lenient.obj(body.get("config"))
    system = next((place[key] for place in (config, body) for key in _SYSTEM if place.get(key)), None)
    settings = lenient.settings(dict(body), "model", "contents", "config", "tools", *_SYSTEM)
    if other := lenient.settings(config, "tools", *_SYSTEM):
        settings["config"] = other
    asked = (raw for place in (config, body) for raw in parts.listed(place.get("tools")))
    return Prompt(
        model=lenient.maybe(body.get("model")),
        system=parts.parts(system),
        messages=tuple(parts.messages(body.get("contents"))),
        tools=tuple(tool for raw in asked for tool in parts.tools(raw)),
        settings=settings,
    )


# ---------------------------------------------------------------- the response


def deltas(event: Event) -> Iterator[Delta]:
    """What one chunk adds, or a whole answer. Without ``alt=sse`` all chunks come as one array."""
    for body in event.data if isinstance(event.data, list) else (event.data,):
        if isinstance(body, dict):
            yield from _answer(body)


def _answer(body: dict[str, Any]) -> Iterator[Delta]:
    yield AboutDelta(
        lenient.maybe(lenient.either(body, "response_id", "responseId")),
        lenient.maybe(lenient.either(body, "model_version", "modelVersion")),
        lenient.moment(lenient.either(body, "create_time", "createTime")),
    )
    for item in lenient.seq(body.get("candidates")):
        yield from _candidate(lenient.obj(item))
    counts = lenient.either(body, "usage_metadata", "usageMetadata")
    if isinstance(counts, dict):
        yield UsageDelta(counts)
    if feedback := lenient.obj(lenient.either(body, "prompt_feedback", "promptFeedback")):
        yield from _blocked(feedback)
    yield from lenient.errors(body)


def _candidate(raw: dict[str, Any]) -> Iterator[Delta]:
    choice = lenient.count(raw.get("index")) or 0
    content = lenient.obj(raw.get("content"))
    if role := lenient.maybe(content.get("role")):
        yield RoleDelta(role, choice)
    said = lenient.listed(content.get("parts"))
    for item in said:
        yield from spoken(item, choice)
    if raw.keys() - _PLAIN:
        yield from sources(raw, choice)
        if any(lenient.string(lenient.obj(item).get("text")) for item in said):
            yield from tokens(raw, choice)
        yield from _ending(raw, choice)


def spoken(item: Json, choice: int) -> Iterator[Delta]:
    """What one part adds. Text continues the text before it."""
    if not isinstance(item, dict):
        yield from (PartDelta(part, choice) for part in parts.part(item))
        return
    text = item.get("text")
    if isinstance(text, str):
        yield ReasoningDelta(text, choice) if item.get("thought") else TextDelta(text, choice)
        if len(item) == 1:
            return
    call = lenient.either(item, "function_call", "functionCall")
    if isinstance(call, dict) and (_is_piece(call) or call.get("name") or call.get("args")):
        yield from _call_piece(call, item, choice)
    else:
        yield from (PartDelta(part, choice) for part in parts.other_parts(item))


def _is_piece(call: dict[str, Any]) -> bool:
    """Whether a call is but a piece of one, as Vertex streams them; an empty one ends the pieces."""
    return not call or any(key in call for key in ("partial_args", "partialArgs", "will_continue", "willContinue"))


def _call_piece(call: dict[str, Any], item: dict[str, Any], choice: int) -> Iterator[Delta]:
    id, name, pieces = lenient.maybe(call.get("id")), lenient.maybe(call.get("name")), parts.arguments(call)
    if pieces is None:
        yield PartDelta(Unknown(item), choice)
        return
    if name or call.get("args"):
        yield ToolCallDelta("", choice, None, id, name, lenient.arguments_text(call.get("args")))
    for path, value in pieces:
        yield ArgumentDelta(path, value, choice, None, id)


def _ending(raw: dict[str, Any], choice: int) -> Iterator[Delta]:
    """Why a candidate ends, and in whose words where it does not end well."""
    reason = lenient.either(raw, "finish_reason", "finishReason")
    if not reason or not isinstance(reason, (str, int)):
        return
    yield FinishDelta(str(reason), choice)
    yield EndDelta()
    message = lenient.maybe(lenient.either(raw, "finish_message", "finishMessage"))
    if message and lenient.finish(str(reason)) in ("error", "content_filter"):
        yield ErrorDelta(ProviderError(lenient.maybe(reason), message, None, raw))


def _blocked(feedback: dict[str, Any]) -> Iterator[Delta]:
    """A prompt that was not answered: why it was blocked stands in the place of a finish reason."""
    reason = lenient.either(feedback, "block_reason", "blockReason")
    word = _BLOCKS.get(reason, str(reason)) if isinstance(reason, int) else lenient.maybe(reason)
    if word and reason:
        yield FinishDelta(word)
        yield EndDelta()
    if message := lenient.maybe(lenient.either(feedback, "block_reason_message", "blockReasonMessage")):
        yield ErrorDelta(ProviderError(word, message, None, feedback))


def usage(counts: Mapping[str, Any]) -> Usage:
    """Google counts thoughts beside the answer, unless the total tells otherwise, and what its tools read beside the
    prompt."""

    def number(snake: str, camel: str) -> int | None:
        return lenient.count(lenient.either(counts, snake, camel))

    def total(*parts: int | None) -> int | None:
        known = [part for part in parts if part is not None]
        return sum(known) if known else None

    answered = number("candidates_token_count", "candidatesTokenCount")
    if answered is None:  # a live session's word
        answered = number("response_token_count", "responseTokenCount")
    thoughts = number("thoughts_token_count", "thoughtsTokenCount")
    asked = total(
        number("prompt_token_count", "promptTokenCount"),
        number("tool_use_prompt_token_count", "toolUsePromptTokenCount"),
    )
    everything = number("total_token_count", "totalTokenCount")
    within = answered is not None and everything == total(asked, answered)
    return Usage(
        input_tokens=asked,
        output_tokens=answered if within else total(answered, thoughts),
        total_tokens=everything,
        cache_read_input_tokens=number("cached_content_token_count", "cachedContentTokenCount"),
        reasoning_tokens=thoughts,
    )
