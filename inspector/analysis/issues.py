"""Issues: what deserves a second look in an exchange, marked where it stands.

What is merely common is no issue: a doubled ``/v1/v1/``, missing usage, a snapshot's model name.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from inspector.analysis.anchors import replies
from inspector.analysis.continuation import goes_on
from inspector.analysis.schema_check import breaks
from inspector.analysis.tool_pairs import pair
from inspector.model import (
    Exchange,
    Message,
    ModelCall,
    Part,
    Refusal,
    Text,
    ToolCall,
    ToolDefinition,
    ToolResult,
    jsonio,
)
from inspector.model.expressions import expression


class Mark(NamedTuple):
    """`where` is ``reply`` (``reply-1`` for further choices), ``prompt`` or ``m<number>``; `part` counts from 0."""

    kind: str
    why: str
    where: str = "reply"
    part: int | None = None
    is_past: bool = False
    """Whether it stands in the history that a prompt repeats, and is no issue of this exchange."""


KINDS = {
    "error": "the provider answered with an error",
    "problem": "something could not be read",
    "cut off": "the reply reached its token limit",
    "filtered": "the reply was withheld or stopped by a filter",
    "refusal": "the model refused",
    "no end": "the stream stops without a finish reason",
    "empty": "the reply says nothing",
    "bad arguments": "tool arguments are not JSON or break the tool's own schema",
    "tool failed": "a tool answered with an error",
    "no result": "a tool call in the history has no result",
    "no call": "a tool result answers no call",
    "written call": "a tool call was written as text, though tools were offered",
    "unreachable": "no replay finds it: its name is not the key of what it holds",
}
"""Every kind of issue, for the help page. Indexes and JSON keep these words."""

AROUND = {
    "duplicate": "the same turn of its test, but for ids and scores, is recorded in another file too",
    "collision": "two tests have the same key, or the same cassette, and one may replay the other's",
    "unplayed": "no test of a whole run used it",
    "orphan": "its test is not collected any more",
    "error replayed": "a test passes that replays an error",
    "stale": "older than is wanted, or recorded with an older SDK than others of its test",
    "prefix moved": "it goes on from an earlier request, and changes what stood before",
}
"""Marks that depend on what stands around an exchange, or on how tests ran: nothing of its own is at fault."""

NAMES = {
    "cut off": "token limit",
    "no end": "stream incomplete",
    "written call": "tool call in text",
    "no call": "orphan tool result",
}
"""What a kind is called where people read it, if that is another word."""


def name_of(kind: str) -> str:
    """What a kind of issue is called on pages and in terminals."""
    return NAMES.get(kind, kind)


def marks(exchange: Exchange, call: ModelCall) -> tuple[Mark, ...]:
    """The marks of an exchange, reply first. Those of a prompt's older messages belong to earlier exchanges too."""
    found = [*_failures(call)]
    if _has_tools(call):
        found += _tool_marks(exchange, call)
    schemas = {tool.name: tool for tool in call.prompt.tools}
    for where, reply in replies(call):
        found += _reply_marks(reply, where, call)
        found += _argument_marks(reply, schemas, where)
    if _is_silent(exchange, call):
        found.append(Mark("empty", "the reply says nothing"))
    if exchange.unreachable:
        found.append(Mark("unreachable", f"no replay finds it: {exchange.unreachable}"))
    return tuple(found)


def _has_tools(call: ModelCall) -> bool:
    """Whether tools are called, or have answered, anywhere."""
    return any(type(part) in _OF_TOOLS for one in (*call.prompt.messages, *call.replies) for part in one.parts)


_OF_TOOLS = (ToolCall, ToolResult)


def _tool_marks(exchange: Exchange, call: ModelCall) -> Iterator[Mark]:
    by_tool = tuple(reply for reply in call.replies if reply.role == "tool")
    if exchange.response is not None or call.operation != "execute_tool":  # else nobody has run the tool yet
        yield from _pairing((*call.prompt.messages, *by_tool), goes_on=goes_on(exchange, call.prompt.settings))
    yield from _failed_tools(call)


def message_marks(message: Message, tools: tuple[ToolDefinition, ...], where: str) -> tuple[Mark, ...]:
    """The issues inside one message of a prompt. A model wrote it in an earlier exchange."""
    found = _argument_marks(message, {tool.name: tool for tool in tools}, where)
    return tuple(mark._replace(is_past=True) for mark in found)


def _failures(call: ModelCall) -> Iterator[Mark]:
    if call.error is not None:
        status = call.error.status
        about = (None if status and status < 400 else status, call.error.type, call.error.message)
        yield Mark("error", " ".join(str(word) for word in about if word) or "an error")
    for problem in call.problems:
        yield Mark("problem", f"{problem.where}: {problem.why}")
    if call.streamed and not call.complete and call.error is None and call.protocol and call.operation != "other":
        yield Mark("no end", "the stream stops without a finish reason")


_LIMITS = ("max_tokens", "max_completion_tokens", "max_output_tokens", "maxOutputTokens")


HELPER = "helper call"
"""What calls are folded under that an agent makes beside the conversation."""

_ERRANDS = (
    "title generator", "summarize this coding conversation", "single positive, cheerful and delightful verb",
    "extract any file paths that this command", "indicates a new conversation topic", "description of this session",
    "process bash commands that an ai coding agent",
)  # fmt: skip
"""What coding agents have a small model say beside the conversation."""

_TITLE = expression(
    r"\b(?:write|generate|create|provide|suggest|com(?:e|ing) up with)\b[^.\n]{0,80}\btitle\b[^.\n]{0,80}"
    r"\b(?:conversation|session|thread|chat)\b"
    r"|\b(?:conversation|session|thread|chat)\b[^.\n]{0,80}\b(?:write|generate|create|provide|suggest)\b[^.\n]{0,80}\btitle\b"
)
"""How many applications ask for the title of a conversation."""

_BEGINNING = 600
"""Characters in which such a request says what it is."""


def is_helper(call: ModelCall) -> bool:
    """Whether it is an errand of an agent, beside the conversation: one message, no tools, and either a limit of one
    token, which only looks if somebody answers, or a request for a title, a word to show while one waits, and such."""
    prompt = call.prompt
    if len(prompt.messages) != 1 or prompt.tools:
        return False
    if any(prompt.settings.get(name) in (0, 1) for name in _LIMITS):
        return True
    return any(_is_errand(_beginning(parts)) for parts in (prompt.system, prompt.messages[0].parts))


def _is_errand(said: str) -> bool:
    return any(words in said for words in _ERRANDS) or ("title" in said and _TITLE.search(said) is not None)


def _beginning(parts: Sequence[Part]) -> str:
    return "\n".join(part.content[:_BEGINNING] for part in parts if isinstance(part, Text))[:_BEGINNING].lower()


def _reply_marks(reply: Message, where: str, call: ModelCall) -> Iterator[Mark]:
    """What is wrong with a reply; that it reached its limit is expected of a helper."""
    word = reply.finish_reason_raw
    if reply.finish_reason == "length" and not is_helper(call):
        yield Mark("cut off", f"the reply reached its token limit ({word})", where)
    if reply.finish_reason == "content_filter":
        yield Mark("filtered", f"the reply was stopped by a filter ({word})", where)
    for index, part in enumerate(reply.parts):
        if isinstance(part, Refusal):
            yield Mark("refusal", "the model refused", where, index)
        if isinstance(part, Text) and part.embedded and call.prompt.tools:  # without any, an agent asks for text
            names = ", ".join(call.name or "?" for call in part.embedded)
            yield Mark("written call", f"a call of {names} was written as text", where, index)


def _argument_marks(message: Message, tools: dict[str | None, ToolDefinition], where: str) -> Iterator[Mark]:
    for index, part in enumerate(message.parts):
        if not isinstance(part, ToolCall) or part.kind == "custom":
            continue
        if part.arguments is None and part.arguments_text.strip() not in ("", "null"):
            yield Mark("bad arguments", f"the arguments of {part.name} are not JSON", where, index)
        elif part.arguments is not None and part.name in tools:
            for wrong in breaks(part.arguments, tools[part.name].parameters):
                yield Mark("bad arguments", f"{part.name}: {wrong}", where, index)


def _pairing(messages: tuple[Message, ...], *, goes_on: bool) -> Iterator[Mark]:
    """Calls and results of a history that miss each other. One that `goes_on` from another may answer calls of that."""
    pairs = pair(messages)
    answers = set(pairs.values())
    for number, message in enumerate(messages):
        for index, part in enumerate(message.parts):
            if isinstance(part, ToolCall) and part.kind != "server" and (number, index) not in pairs:
                yield Mark("no result", f"the call of {part.name} has no result", f"m{number}", index)
            if isinstance(part, ToolResult) and _names_a_call(part) and (number, index) not in answers and not goes_on:
                yield Mark("no call", f"this result answers no call ({part.id})", f"m{number}", index)


_TAKEN_OUT = expression(r"(?i)redacted|masked|filtered|\*{3}|x{6}")
"""What stands in ids that somebody took out of a recording, here and not there."""


def _names_a_call(result: ToolResult) -> bool:
    return bool(result.id) and _TAKEN_OUT.search(result.id or "") is None


_COMPLAINT = 200
"""Characters of a failed tool's answer that its mark repeats."""


def _failed_tools(call: ModelCall) -> Iterator[Mark]:
    """Results that their protocol calls errors: those that a request brings, which stand after the last turn of the
    model, and those of the reply. Older ones are marked in the exchange that brought them."""
    messages = call.prompt.messages
    said = max((number for number, message in enumerate(messages) if message.role == "assistant"), default=-1)
    brought = [(f"m{number}", message) for number, message in enumerate(messages[said + 1 :], said + 1)]
    for where, message in (*brought, *replies(call)):
        for index, part in enumerate(message.parts):
            if isinstance(part, ToolResult) and part.is_error:
                yield Mark("tool failed", _complaint(part, messages), where, index)


def _complaint(result: ToolResult, messages: Sequence[Message]) -> str:
    """What failed, and the first line of what it answered."""
    calls = (part for message in messages for part in message.parts if isinstance(part, ToolCall))
    name = result.name or next((call.name for call in calls if result.id and call.id == result.id), None) or "a tool"
    told = result.response if isinstance(result.response, str) else jsonio.dumps(result.response)
    line = told.strip().partition("\n")[0]
    return f"{name}: {line[:_COMPLAINT]}" if line else f"{name} failed"


_NOT_OF_THE_REPLY = ("request body", "usage")
"""Where problems are that tell nothing of what a reply says."""


def _is_silent(exchange: Exchange, call: ModelCall) -> bool:
    if not exchange.sent or exchange.response is None or call.error is not None or call.summary is not None:
        return False
    if call.operation not in ("chat", "text_completion", "generate_content") or call.protocol is None:
        return False
    if any(problem.where not in _NOT_OF_THE_REPLY for problem in call.problems):  # it may say what we cannot read
        return False
    return not any(reply.parts for reply in call.replies)
