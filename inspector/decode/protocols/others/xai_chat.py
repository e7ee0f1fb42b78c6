"""xAI's own chat over gRPC, its messages written as JSON: snake_case, enums by name.

https://github.com/xai-org/xai-proto/blob/main/proto/xai/api/v1/chat.proto
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from inspector.decode import lenient
from inspector.decode.evidence import Evidence
from inspector.model import (
    Citation,
    Event,
    FileRef,
    Json,
    Message,
    Part,
    Prompt,
    Token,
    ToolCall,
    ToolDefinition,
    ToolResult,
    Unknown,
    Usage,
    jsonio,
)
from inspector.model.delta import (
    AboutDelta,
    CitationDelta,
    Delta,
    EndDelta,
    FinishDelta,
    PartDelta,
    ReasoningDelta,
    RoleDelta,
    TextDelta,
    TokensDelta,
    ToolCallDelta,
    UsageDelta,
)

NAME = "x_ai.grpc"
OPERATION = "chat"

NEUTRAL = frozenset(
    {
        ".settings", ".tools.function.parameters", "detail", "outputs.finish_reason",
    }
)  # fmt: skip
NEUTRAL_COUNTS = frozenset(
    {
        "prompt_image_tokens", "prompt_text_tokens"
    }
)  # fmt: skip

_SAID_BY_TOOLS = ("ROLE_TOOL", "ROLE_FUNCTION")


def recognise(evidence: Evidence) -> bool:
    if "xai_api.Chat/" in evidence.path or _first(evidence.body.get("messages"), "role").startswith("ROLE_"):
        return True
    answer = next(iter(lenient.seq(evidence.first.get("outputs"))), None)
    said = lenient.obj(answer).get("message", lenient.obj(answer).get("delta"))
    return isinstance(said, dict) and not evidence.path


def _first(items: Json, key: str) -> str:
    return lenient.string(lenient.obj(next(iter(lenient.seq(items)), None)).get(key))


# ---------------------------------------------------------------- the request


def prompt(body: Mapping[str, Any]) -> Prompt:
    return Prompt(
        model=lenient.maybe(body.get("model")),
        messages=tuple(_message(item) for item in lenient.seq(body.get("messages"))),
        tools=tuple(tool for item in lenient.seq(body.get("tools")) for tool in _tools(item)),
        settings=lenient.settings(dict(body), "model", "messages", "tools"),
    )


def _message(raw: Json) -> Message:
    if not isinstance(raw, dict):
        return Message("user", (Unknown(raw),))
    content = raw.get("content")
    if raw.get("role") in _SAID_BY_TOOLS:
        result = ToolResult(lenient.maybe(raw.get("tool_call_id")), lenient.maybe(raw.get("name")), _result(content))
        return lenient.message(raw["role"], (result,))
    parts = (
        *lenient.reasoning_parts(raw.get("reasoning_content")),
        *(part for item in lenient.seq(content) for part in _part(item)),
        *(_call(item) for item in lenient.seq(raw.get("tool_calls"))),
    )
    return lenient.message(raw.get("role"), parts, raw.get("name"))


def _result(content: Json) -> Json:
    """Texts as one; what else a tool answers as it is."""
    items = lenient.seq(content)
    texts = [item["text"] for item in items if isinstance(item, dict) and isinstance(item.get("text"), str)]
    return "".join(texts) if items and len(texts) == len(items) else content


def _part(raw: Json) -> tuple[Part, ...]:
    item = lenient.obj(raw)
    image, file = lenient.obj(item.get("image_url")), lenient.obj(item.get("file"))
    if isinstance(item.get("text"), str):
        return lenient.text_parts(item["text"])
    if address := lenient.maybe(image.get("image_url")):
        return (lenient.uri(address, None, "image"),)
    mime_type = lenient.maybe(file.get("mime_type"))
    if data := lenient.maybe(file.get("data")):
        return (lenient.blob(data, mime_type),)
    if address := lenient.maybe(file.get("url")):
        return (lenient.uri(address, mime_type),)
    name = lenient.maybe(file.get("file_id"))
    return (FileRef(name, mime_type, lenient.modality(mime_type)),) if name else (Unknown(raw),)


def _call(raw: Json) -> ToolCall | Unknown:
    about = lenient.obj(raw).get("function")
    if not isinstance(about, dict):
        return Unknown(raw)
    return lenient.call(raw.get("id"), about.get("name"), about.get("arguments"))


def _tools(raw: Json) -> Iterator[ToolDefinition]:
    """A function, whose parameters are JSON text, or a tool of xAI's own, whose name is its key."""
    for key, value in lenient.obj(raw).items():
        about = lenient.obj(value) if key == "function" else {}
        parameters = about.get("parameters") if about else value or None
        if about and isinstance(parameters, str):
            parameters = jsonio.parse_or_none(parameters)
        yield ToolDefinition(key, lenient.maybe(about.get("name")), lenient.maybe(about.get("description")), parameters)


# ---------------------------------------------------------------- the response


def deltas(event: Event) -> Iterator[Delta]:
    """What one chunk adds, or a whole answer. Calls of xAI's own tools are outputs before the last."""
    body = lenient.obj(event.data)
    about = lenient.maybe(body.get("id")), lenient.maybe(body.get("model"))
    yield AboutDelta(*about, lenient.moment(body.get("created")))
    choice = 0
    for item in map(lenient.obj, lenient.seq(body.get("outputs"))):
        choice = lenient.count(item.get("index")) or 0
        yield from _said(lenient.obj(item.get("message")) or lenient.obj(item.get("delta")), choice)
        yield from _tokens(lenient.seq(lenient.obj(item.get("logprobs")).get("content")), choice)
        reason = lenient.maybe(item.get("finish_reason"))
        if reason and reason != "REASON_INVALID":
            yield FinishDelta(reason, choice)
            yield EndDelta()
    for address in lenient.seq(body.get("citations")):
        if lenient.maybe(address):
            yield CitationDelta(Citation(None, None, address, None), choice, None, "")
    if isinstance(body.get("usage"), dict):
        yield UsageDelta(body["usage"])
    yield from lenient.errors(body)


def _said(said: dict[str, Any], choice: int) -> Iterator[Delta]:
    role = lenient.maybe(said.get("role"))
    if role and role != "INVALID_ROLE":
        yield RoleDelta(role, choice)
    if reasoning := lenient.maybe(said.get("reasoning_content")):
        yield ReasoningDelta(reasoning, choice, "reasoning")
    calls = lenient.seq(said.get("tool_calls"))
    if role in _SAID_BY_TOOLS and calls:
        yield from (PartDelta(_answered(lenient.obj(item), said.get("content")), choice) for item in calls)
        return
    if text := lenient.maybe(said.get("content")):
        yield TextDelta(text, choice, "content")
    for item in calls:
        call = _call(item)
        if isinstance(call, Unknown):
            yield PartDelta(call, choice)
        else:
            yield ToolCallDelta("", choice, None, call.id, call.name, call.arguments_text)
    for item in map(lenient.obj, lenient.seq(said.get("citations"))):
        yield CitationDelta(_citation(item), choice, "content")


def _answered(call: dict[str, Any], content: Json) -> ToolResult:
    """What one of xAI's own tools answered."""
    error = lenient.maybe(call.get("error_message"))
    name = lenient.maybe(lenient.obj(call.get("function")).get("name"))
    return ToolResult(lenient.maybe(call.get("id")), name, content or error, True if error else None)


def _citation(raw: dict[str, Any]) -> Citation:
    source = next((value for key, value in raw.items() if key.endswith("_citation") and isinstance(value, dict)), {})
    start, end = lenient.count(raw.get("start_index")), lenient.count(raw.get("end_index"))
    address = lenient.maybe(source.get("url")) or lenient.maybe(source.get("file_id"))
    return Citation(start or 0 if end is not None else start, end, address, lenient.maybe(source.get("title")))


def _tokens(content: list[Json], choice: int) -> Iterator[Delta]:
    found = []
    for item in content:
        others = filter(None, map(_token, lenient.seq(lenient.obj(item).get("top_logprobs"))))
        if token := _token(item):
            found.append(Token(*token, tuple(others)))
    if found:
        yield TokensDelta(tuple(found), choice, "content")


def _token(raw: Json) -> tuple[str, float] | None:
    item = lenient.obj(raw)
    text, logprob = item.get("token"), item.get("logprob", 0.0)
    number = isinstance(logprob, (int, float)) and not isinstance(logprob, bool)
    return (text, float(logprob)) if isinstance(text, str) and number else None


def usage(counts: Mapping[str, Any]) -> Usage:
    """xAI counts reasoning beside the answer."""
    asked, answered = lenient.count(counts.get("prompt_tokens")), lenient.count(counts.get("completion_tokens"))
    reasoning, total = lenient.count(counts.get("reasoning_tokens")), lenient.count(counts.get("total_tokens"))
    beside = total is not None and total == (asked or 0) + (answered or 0) + (reasoning or 0)
    return Usage(
        input_tokens=asked,
        output_tokens=(answered or 0) + reasoning if beside and reasoning else answered,
        total_tokens=total,
        cache_read_input_tokens=lenient.count(counts.get("cached_prompt_text_tokens")),
        reasoning_tokens=reasoning,
    )
