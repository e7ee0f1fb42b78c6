"""One exchange as a transcript for people: the text form of ``inspector show``.

Everything recorded goes through `Page`, which makes it harmless and keeps it indented: what a model printed can neither
move the cursor nor pass for one of our own lines.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from inspector.model import (
    Blob,
    Exchange,
    Expectation,
    FileRef,
    Json,
    Message,
    ModelCall,
    Part,
    Prompt,
    ProviderError,
    Reasoning,
    Refusal,
    Text,
    ToolCall,
    ToolResult,
    Uri,
    Usage,
)
from inspector.oddities import marks
from inspector.typeset import Page, inline, laid_out

_INDENT = 2

Results = dict[int, ToolResult]
"""The result of a call, by the call's `id()`."""


def transcript(where: str, exchange: Exchange, call: ModelCall, *, color: bool, width: int) -> str:
    """The whole exchange as text that ends with a newline. `where` says which one it is: its id and path.

    Nothing is cut; lines are wrapped at `width`, or never where that is 0.
    """
    page = Page(color, width)
    _header(page, where, exchange, call)
    results = _results(call)
    _request(page, call.prompt, results)
    if call.protocol is None or not (call.prompt.messages or call.prompt.system):
        _raw_request(page, exchange)
    _replies(page, exchange, call, results)
    if exchange.expectation is not None:
        _expectation(page, exchange.expectation)
    return "\n".join(page.lines) + "\n"


# ---------------------------------------------------------------- the head


def _header(page: Page, where: str, exchange: Exchange, call: ModelCall) -> None:
    page.line((where, "bold"))
    if exchange.test_id:
        page.line(exchange.test_id)
    page.line((" · ".join(_facts(exchange, call)), "dim"))
    if exchange.request.url:
        page.line((f"{exchange.request.method} {exchange.request.url}".strip(), "dim"))
    for problem in call.problems:
        page.block(f"problem: {problem.where}: {problem.why}", 0, "warn", "  ")
    if call.error is not None:
        page.block(f"error: {_error(call.error)}", 0, "error", "  ")
    for mark in marks(exchange, call):
        if mark.kind not in ("problem", "error"):
            page.block(f"{mark.kind}: {mark.why}", 0, "warn", "  ")


def _facts(exchange: Exchange, call: ModelCall) -> Iterator[str]:
    asked, answered = call.prompt.model, call.response_model
    if asked or answered:
        yield (
            f"{asked} (answered by {answered})" if asked and answered and asked != answered else asked or answered or ""
        )
    yield from (fact for fact in (call.provider, call.protocol or "no known protocol") if fact)
    yield _delivery(exchange, call)
    if exchange.response is not None and exchange.response.status is not None:
        yield f"HTTP {exchange.response.status}"
    if (started := exchange.started_at or call.created_at) is not None:
        yield started
    if exchange.duration is not None:
        yield f"{exchange.duration:.2f} s"
    yield from dict.fromkeys(reply.finish_reason_raw for reply in call.replies if reply.finish_reason_raw)
    if call.usage is not None:
        yield _usage(call.usage)


def _delivery(exchange: Exchange, call: ModelCall) -> str:
    if not exchange.sent:
        return "not sent"
    if exchange.response is None:
        return "no response"
    if not call.streamed:
        return "whole"
    chunks = f"streamed in {len(call.steps)} chunk{'' if len(call.steps) == 1 else 's'}"
    return chunks if call.complete else f"{chunks}, which stop before the end"


def _usage(usage: Usage) -> str:
    counts = (
        (usage.input_tokens, "in"),
        (usage.cache_read_input_tokens, "cached"),
        (usage.cache_creation_input_tokens, "to cache"),
        (usage.output_tokens, "out"),
        (usage.reasoning_tokens, "reasoning"),
    )
    said = [f"{count:,} {word}" for count, word in counts if count or (count == 0 and word in ("in", "out"))]
    return f"tokens: {', '.join(said) or f'{usage.total_tokens or 0:,} in all'}"


def _error(error: ProviderError) -> str:
    said = ": ".join(word for word in (error.type, error.message) if word) or inline(error.raw)
    return said + (f" (HTTP {error.status})" if error.status else "")


# ---------------------------------------------------------------- the request


def _request(page: Page, prompt: Prompt, results: Results) -> None:
    answered = {id(result) for result in results.values()}
    if prompt.tools or prompt.settings:
        page.gap()
    if prompt.tools:
        page.block(f"tools: {', '.join(tool.name or tool.type for tool in prompt.tools)}", 0, "dim", "  ")
    if prompt.settings:
        page.block(f"settings: {', '.join(_setting(*item) for item in prompt.settings.items())}", 0, "dim", "  ")
    if prompt.system:
        _message(page, Message("system", prompt.system), results)
    for message in prompt.messages:
        parts = tuple(part for part in message.parts if id(part) not in answered)
        if parts or not message.parts:
            _message(page, replace(message, parts=parts), results)


def _setting(key: str, value: Json) -> str:
    return f"{key}={value if isinstance(value, str) else inline(value)}"


def _raw_request(page: Page, exchange: Exchange) -> None:
    """What no protocol turned into messages, as it was sent."""
    body = exchange.request.body
    if body is not None and body.value:
        page.gap()
        page.line(("request", "role"))
        page.block(body.value if isinstance(body.value, str) else laid_out(body.value, page.width - _INDENT), _INDENT)


# ---------------------------------------------------------------- the answer


def _replies(page: Page, exchange: Exchange, call: ModelCall, results: Results) -> None:
    for number, reply in enumerate(call.replies, 1):
        title = "reply" if len(call.replies) == 1 else f"reply {number} of {len(call.replies)}"
        usage = _usage(call.usage) if call.usage is not None and number == 1 else ""
        page.rule(title, " · ".join(note for note in (reply.finish_reason_raw, usage) if note))
        _message(page, reply, results, label=reply.role != "assistant" or bool(reply.name))
    if not call.replies and exchange.response is not None and (call.error is None or call.protocol is None):
        _other_answer(page, call)


def _other_answer(page: Page, call: ModelCall) -> None:
    page.rule("response", _usage(call.usage) if call.usage is not None else "")
    page.gap()
    if call.summary is not None:
        page.block(", ".join(_setting(*item) for item in call.summary.items()), _INDENT)
        return
    for step in call.steps:
        raw = step.event.raw
        page.block(raw if raw is not None else laid_out(step.event.data, page.width - _INDENT), _INDENT)


def _expectation(page: Page, expectation: Expectation) -> None:
    page.rule("expected", f"HTTP {'any' if expectation.status is None else expectation.status}")
    page.gap()
    for item in expectation.asserts:
        for line in item.comment.split("\n") if item.comment else ():
            page.block(f"# {line}", _INDENT, "dim", "# ")
        page.block(item.text, _INDENT, hang="  ")


# ---------------------------------------------------------------- messages and their parts


def _message(page: Page, message: Message, results: Results, *, label: bool = True) -> None:
    page.gap()
    if label:
        raw = message.role_raw if message.role_raw != message.role else None
        about = f" ({', '.join(said)})" if (said := [word for word in (raw, message.name) if word]) else ""
        page.line((message.role, "role"), (about, "dim"))
    for part in message.parts:
        _part(page, part, results)
    if not message.parts:
        page.line(("(nothing)", "dim"), indent=_INDENT)


def _part(page: Page, part: Part, results: Results) -> None:
    match part:
        case Text():
            page.block(part.content, _INDENT)
            for call in part.embedded:
                _call(page, call, results, "written call")
        case Reasoning():
            page.line(("reasoning:", "dim"), indent=_INDENT)
            page.block(part.content, 2 * _INDENT, "dim")
            page.gap()
        case Refusal():
            page.line(("refusal:", "error"), indent=_INDENT)
            page.block(part.content, 2 * _INDENT)
        case ToolCall():
            _call(page, part, results, "call")
        case ToolResult():
            _result(page, part, _INDENT)
        case Blob() | Uri() | FileRef():
            page.line((f"[{_attachment(part)}]", "dim"), indent=_INDENT)
        case _:
            page.block(laid_out(part.raw, page.width - _INDENT), _INDENT, "dim")


def _attachment(part: Blob | Uri | FileRef) -> str:
    kind = " ".join(word for word in (part.modality, part.mime_type) if word)
    if isinstance(part, Blob):
        return f"{kind}, {_size(part.size)}"
    return f"{kind} {part.uri if isinstance(part, Uri) else part.file_id}"


def _size(count: int) -> str:
    if count < 1000:
        return f"{count} bytes"
    return f"{count / 1000:.1f} kB" if count < 1_000_000 else f"{count / 1_000_000:.1f} MB"


def _call(page: Page, call: ToolCall, results: Results, label: str) -> None:
    head = f"{label} {call.name or '(no name)'}"
    if call.arguments is None:
        _unread_arguments(page, head, call.arguments_text)
    elif page.fits(head, line := inline(call.arguments), indent=_INDENT):
        page.line((head, "call"), f" {line}", indent=_INDENT)
    else:
        page.line((head, "call"), indent=_INDENT)
        _arguments(page, call.arguments, 3 * _INDENT)
    if (result := results.get(id(call))) is not None:
        _result(page, result, 2 * _INDENT)


def _unread_arguments(page: Page, head: str, text: str) -> None:
    if text.strip() in ("", "null"):
        page.line((head, "call"), f" {text.strip()}".rstrip(), indent=_INDENT)
    else:
        page.line((head, "call"), (" with arguments that are not JSON:", "warn"), indent=_INDENT)
        page.block(text, 3 * _INDENT)


def _arguments(page: Page, arguments: Json, indent: int) -> None:
    """One argument a line; texts of several lines, such as code, as they are."""
    if not isinstance(arguments, dict):
        page.block(laid_out(arguments, page.width - indent), indent)
        return
    for key, value in arguments.items():
        if isinstance(value, str) and "\n" in value:
            page.line((f"{key}:", "call"), indent=indent)
            page.block(value, indent + _INDENT)
        else:
            page.block(f"{key}: {laid_out(value, page.width - indent)}", indent)


def _result(page: Page, result: ToolResult, indent: int) -> None:
    label = "failed result" if result.is_error else "result"
    style = "error" if result.is_error else "result"
    text = result.response if isinstance(result.response, str) else laid_out(result.response, page.width - indent)
    if page.fits(label, text, indent=indent + 1):
        page.line((f"{label}:", style), f" {text.strip()}", indent=indent)
    else:
        page.line((f"{label}:", style), indent=indent)
        page.block(text, indent + _INDENT)


def _results(call: ModelCall) -> Results:
    """Which result answers which call: by id; where either has none, by order."""
    found: Results = {}
    waiting: list[ToolCall] = []
    for part in (part for message in (*call.prompt.messages, *call.replies) for part in message.parts):
        if isinstance(part, ToolCall):
            waiting.append(part)
        elif isinstance(part, Text):
            waiting.extend(part.embedded)
        elif isinstance(part, ToolResult) and (asked := _asked(part, waiting)) is not None:
            waiting = [other for other in waiting if other is not asked]
            found[id(asked)] = part
    return found


def _asked(result: ToolResult, waiting: list[ToolCall]) -> ToolCall | None:
    if result.id and (same := [call for call in waiting if call.id == result.id]):
        return same[-1]
    unnumbered = [call for call in waiting if not (call.id and result.id)]
    named = [call for call in unnumbered if result.name and call.name == result.name]
    return next(iter(named or unnumbered), None)
