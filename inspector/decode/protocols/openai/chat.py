"""OpenAI Chat Completions and the many servers that speak it.

https://platform.openai.com/docs/api-reference/chat and https://platform.openai.com/docs/api-reference/chat-streaming
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from inspector.decode import lenient
from inspector.decode.evidence import Evidence
from inspector.decode.protocols.openai import chat_calls, neutral_keys, plain_chunks
from inspector.decode.protocols.openai import chat_dialects as dialects
from inspector.decode.protocols.openai import parts as openai_parts
from inspector.decode.protocols.openai import usage as token_usage
from inspector.model import (
    Event,
    FileRef,
    Json,
    Message,
    Part,
    Prompt,
    Reasoning,
    Refusal,
    Text,
    ToolDefinition,
    ToolResult,
    Unknown,
)
from inspector.model.delta import (
    AboutDelta,
    CitationDelta,
    Delta,
    EndDelta,
    FinishDelta,
    PartDelta,
    ReasoningDelta,
    RefusalDelta,
    RoleDelta,
    SoFarDelta,
    SummaryDelta,
    TextDelta,
    TokensDelta,
    UsageDelta,
    WholeDelta,
)

NAME = "openai.chat_completions"
OPERATION = "chat"

NEUTRAL = neutral_keys.CHAT
NEUTRAL_EVENTS = neutral_keys.CHAT_EVENTS
NEUTRAL_COUNTS = neutral_keys.CHAT_COUNTS

LONE_DELTAS = plain_chunks.KINDS

_PROMPT_KEYS = ("model", "messages", "stream", "tools", "functions")


def recognise(evidence: Evidence) -> bool:
    """Chat by the shape of the answer, else of the request: llama-stack labels some chats as completions."""
    if "/model/" in evidence.path:  # Bedrock's, which lets models speak any protocol
        return False
    choices = evidence.first.get("choices")
    if isinstance(choices, list):
        if choices and isinstance(choices[0], dict) and ("delta" in choices[0] or "message" in choices[0]):
            return True
        if str(evidence.first.get("object", "")).startswith("chat.completion"):
            return True
        if not choices and "prompt_filter_results" in evidence.first:  # Azure begins so
            return "prompt" not in evidence.body
    if "completions" not in evidence.path:
        return _is_list(evidence.first) or _is_asked_alone(evidence)
    return isinstance(evidence.body.get("messages"), list) or "/chat/completions" in evidence.path


def _is_asked_alone(evidence: Evidence) -> bool:
    """A request that is all there is. Most protocols with messages share that shape; Claude is told by its name."""
    if evidence.host or not evidence.is_asked_alone:
        return False
    model, messages = evidence.body.get("model"), lenient.seq(evidence.body.get("messages"))
    role = lenient.obj(messages[0]).get("role") if messages else None
    return isinstance(model, str) and "claude" not in model and role in ("system", "developer", "user", "assistant")


def _is_list(body: dict[str, Any]) -> bool:
    """Whether this is a list of stored completions."""
    stored = lenient.seq(body.get("data"))
    return bool(stored) and str(lenient.obj(stored[0]).get("object", "")).startswith("chat.completion")


# ---------------------------------------------------------------- the request


def prompt(body: Mapping[str, Any]) -> Prompt:
    return prompt_of(body, message)


def prompt_of(body: Mapping[str, Any], message: Callable[[Json], Message]) -> Prompt:
    """A request of this shape, which others have too, for messages that are their own."""
    return Prompt(
        model=lenient.maybe(body.get("model")),
        stream=lenient.flag(body.get("stream")),
        messages=tuple(map(message, lenient.seq(body.get("messages")))),
        tools=tuple(tool_definition(item) for key in ("tools", "functions") for item in lenient.seq(body.get(key))),
        settings=lenient.settings(dict(body), *_PROMPT_KEYS),
    )


def message(raw: Json) -> Message:
    """A message of a request. One that is not an object is kept as an unknown part."""
    if not isinstance(raw, dict):
        return Message("user", (Unknown(raw),))
    if lenient.role(raw.get("role")) == "tool":
        return lenient.message(raw.get("role"), (_tool_result(raw),))
    return lenient.message(raw.get("role"), _message_parts(raw), raw.get("name"))


def tool_definition(raw: Json) -> ToolDefinition:
    """``{type: function, function: {…}}``, or the bare function of the older ``functions``."""
    tool = lenient.obj(raw)
    kind = lenient.maybe(tool.get("type")) or "function"
    about = lenient.obj(tool.get(kind)) or tool
    return ToolDefinition(
        kind,
        lenient.maybe(about.get("name")),
        lenient.maybe(about.get("description")),
        about.get("parameters"),
    )


def _tool_result(raw: dict[str, Any]) -> ToolResult:
    return ToolResult(
        lenient.maybe(raw.get("tool_call_id")), lenient.maybe(raw.get("name")), lenient.result(raw.get("content"))
    )


def _message_parts(raw: dict[str, Any]) -> tuple[Part, ...]:
    return (
        *lenient.reasoning_parts(dialects.reasoning(raw)),
        *openai_parts.content_parts(raw.get("content")),
        *((Refusal(raw["refusal"]),) if lenient.maybe(raw.get("refusal")) else ()),
        *openai_parts.images(raw.get("images")),
        *(
            (FileRef(raw["audio"]["id"], None, "audio"),)
            if lenient.maybe(lenient.obj(raw.get("audio")).get("id"))
            else ()
        ),
        *(chat_calls.part(item) for item in lenient.listed(raw.get("tool_calls"))),
        *_legacy_call(raw),
    )


def _legacy_call(raw: dict[str, Any]) -> tuple[Part, ...]:
    legacy = raw.get("function_call")
    if not isinstance(legacy, dict) or chat_calls.is_also_a_call(legacy, raw.get("tool_calls")):
        return ()
    return (chat_calls.legacy_part(legacy),)


# ---------------------------------------------------------------- the response


def deltas(event: Event) -> Sequence[Delta]:
    """What one chunk adds, or a whole completion. This runs for every chunk there is, so the usual one is cheap."""
    return (event.number and plain_chunks.only_deltas(event.data)) or _all_deltas(event)


def _all_deltas(event: Event) -> Sequence[Delta]:
    body = event.data
    if isinstance(body, list):  # all chunks of a stream as one value
        bodies = [item for item in body if isinstance(item, dict)]
        return [delta for number, item in enumerate(bodies) for delta in _all_deltas(Event(number, item))]
    if not isinstance(body, dict):
        return lenient.done(event)
    out: list[Delta] = []
    choices = body.get("choices")
    for item in choices if isinstance(choices, list) else ():
        if isinstance(item, dict):
            _choice(item, event.number == 0, out)
    out.append(AboutDelta(lenient.maybe(body.get("id")), lenient.maybe(body.get("model"))))
    if not dialects.BESIDE_CHOICES.isdisjoint(body):
        out.extend(dialects.beside_choices(body))
    if isinstance(body.get("usage"), dict):
        out.append(UsageDelta(body["usage"]))
    out.extend(lenient.errors({"error": body} if event.name == "error" and "error" not in body else body))
    if body.get("object") == "list":
        out.append(_stored(lenient.seq(body.get("data"))))
    return out


def _choice(raw: dict[str, Any], first: bool, out: list[Delta]) -> None:
    index = raw.get("index")
    choice = index if type(index) is int else 0
    said = raw.get("delta")
    whole = raw.get("message")
    reason = raw.get("finish_reason")
    if isinstance(whole, dict) and (not isinstance(said, dict) or _is_empty(said)):
        _message(raw, whole, choice, first, out)
    else:
        if isinstance(said, dict):
            _said(said, choice, out)
        if isinstance(raw.get("text"), str) and not lenient.obj(said).get("content"):
            out.append(TextDelta(raw["text"], choice, "content"))
        _likely(raw, choice, out)
    if isinstance(raw.get("usage"), dict):  # Kimi
        out.append(UsageDelta(raw["usage"]))
    if raw.get("error"):  # OpenRouter
        out.extend(lenient.errors(raw))
    if isinstance(reason, str) and reason:
        out += (FinishDelta(reason, choice), EndDelta())


def _message(raw: dict[str, Any], message: dict[str, Any], choice: int, first: bool, out: list[Delta]) -> None:
    """A whole message; in an event of a stream all of it at the end (MiniMax, Perplexity), or the next piece of it,
    where a server has no deltas."""
    if first:
        whole: list[Delta] = []
        _whole(raw, message, choice, whole)
        goes_on = not raw.get("finish_reason")
        out += [_so_far(delta) if goes_on and type(delta) is TextDelta else delta for delta in whole]
        return
    if text := lenient.maybe(message.get("content")):
        out.append(SoFarDelta(TextDelta, text, choice, "content"))
    again: list[Delta] = []
    _whole(raw, message, 0, again)
    out.append(WholeDelta(tuple(again), choice))


def _so_far(delta: TextDelta) -> Delta:
    return SoFarDelta(TextDelta, *delta)


def _whole(raw: dict[str, Any], message: dict[str, Any], choice: int, out: list[Delta]) -> None:
    _said(message, choice, out, whole=True)
    _likely(raw, choice, out)


def _likely(raw: dict[str, Any], choice: int, out: list[Delta]) -> None:
    if (logprobs := raw.get("logprobs")) and (tokens := tuple(openai_parts.logprobs(logprobs))):
        out.append(TokensDelta(tokens, choice, "content"))


def _is_empty(said: dict[str, Any]) -> bool:
    """Perplexity sends an empty delta with the message of a whole answer, and the message so far with every delta."""
    return not any(value for key, value in said.items() if key != "role")


def _said(said: dict[str, Any], choice: int, out: list[Delta], whole: bool = False) -> None:
    get = said.get
    if role := get("role"):
        out.append(RoleDelta(lenient.string(role), choice))
    if reasoning := dialects.reasoning(said):
        out.append(ReasoningDelta(reasoning, choice, "reasoning"))
    beside = not dialects.BESIDE_CONTENT.isdisjoint(said)
    if beside and "executed_tools" in said:
        out.extend(dialects.executed(said["executed_tools"], choice))
    if content := get("content"):
        if isinstance(content, str):
            out.append(TextDelta(content, choice, "content"))
        else:
            out.extend(_content(content, choice))
    if refusal := get("refusal"):
        out.append(RefusalDelta(lenient.string(refusal), choice, "refusal"))
    if beside:
        out.extend(dialects.beside_content(said, choice))
    if calls := get("tool_calls"):
        for place, item in enumerate(lenient.listed(calls)):
            out.append(chat_calls.delta(lenient.obj(item), choice, place if whole else None))
    if (legacy := get("function_call")) and not (calls and chat_calls.is_also_a_call(legacy, calls)):
        out.append(chat_calls.legacy_delta(lenient.obj(legacy), choice))


def _content(content: Json, choice: int) -> Iterator[Delta]:
    for part in openai_parts.content_parts(content):
        match part:
            case Text(text):
                yield TextDelta(text, choice, "content")
                yield from (CitationDelta(citation, choice, "content") for citation in part.citations)
            case Reasoning(text):
                yield ReasoningDelta(text, choice, "reasoning")
            case _:
                yield PartDelta(part, choice)


def _stored(entries: list[Json]) -> Delta:
    """A list of stored completions, or of the messages of one."""
    if all(lenient.obj(item).get("object") == "chat.completion" for item in entries):
        return SummaryDelta({"completions": [lenient.maybe(item.get("id")) for item in entries]})
    return SummaryDelta({"messages": len(entries)})


usage = token_usage.of_chat
