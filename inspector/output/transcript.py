"""One exchange as a transcript for people: the text form of ``inspector show``.

Everything recorded goes through `Page`, which makes it harmless and keeps it indented: what a model printed can neither
move the cursor nor pass for one of our own lines.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from inspector.analysis.issues import marks, name_of
from inspector.analysis.tool_pairs import PartPlace, pair
from inspector.decode.framing.media_types import mime_type
from inspector.model import Body, Exchange, Expectation, Json, Message, ModelCall, Prompt, ProviderError, Usage
from inspector.output.plural import count, size
from inspector.output.transcript_parts import INDENT, Results, part_of
from inspector.output.typeset import Page, inline, laid_out


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
        _expectation(page, exchange.expectation, is_answered=exchange.response is not None)
    return "\n".join(page.lines) + "\n"


def tail(exchange: Exchange, call: ModelCall, messages: int) -> list[list[str]]:
    """The end of an exchange in blocks of lines that are not wrapped: the last messages of its prompt, and the answer
    with what went wrong."""
    results = _results(call)
    answered = {id(result) for result in results.values()}
    blocks = []
    for message in call.prompt.messages[-messages:]:
        parts = tuple(part for part in message.parts if id(part) not in answered)
        if parts:
            page = Page(False, 0)
            _message(page, replace(message, parts=parts), results)
            blocks.append(page.lines)
    for reply in call.replies:
        page = Page(False, 0)
        page.line("reply", f" ({reply.finish_reason_raw})" if reply.finish_reason_raw else "")
        _message(page, reply, results, label=False)
        blocks.append(page.lines)
    if call.error is not None:
        page = Page(False, 0)
        page.block(f"error: {_error(call.error)}", 0, "error", "  ")
        blocks.append(page.lines)
    return blocks


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
            page.block(f"{name_of(mark.kind)}: {mark.why}", 0, "warn", "  ")


def _facts(exchange: Exchange, call: ModelCall) -> Iterator[str]:
    asked, answered = call.prompt.model, call.response_model
    if asked or answered:
        yield (
            f"{asked} (answered by {answered})" if asked and answered and asked != answered else asked or answered or ""
        )
    yield from (fact for fact in (call.provider, call.protocol or call.infrastructure or "no known protocol") if fact)
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
    chunks = f"streamed in {count(len(call.steps), 'chunk')}"
    if call.complete or call.protocol is None or call.operation == "other":
        return chunks
    return f"{chunks}, which stop{'s' if len(call.steps) == 1 else ''} before the end"


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
        _body(page, body)


def _body(page: Page, body: Body) -> None:
    if isinstance(body.value, bytes):
        page.line((f"[{mime_type(body.value) or 'bytes'}, {size(len(body.value))}]", "dim"), indent=INDENT)
    elif body.kind == "frames":
        for way, frame in body.value:
            said = frame if isinstance(frame, str) else inline(frame)
            page.block(f"{'→' if way == 'sent' else '←'} {said}", INDENT, hang="  ")
    else:
        page.block(body.value if isinstance(body.value, str) else laid_out(body.value, page.width - INDENT), INDENT)


# ---------------------------------------------------------------- the answer


def _replies(page: Page, exchange: Exchange, call: ModelCall, results: Results) -> None:
    for number, reply in enumerate(call.replies, 1):
        title = "reply" if len(call.replies) == 1 else f"reply {number} of {len(call.replies)}"
        usage = _usage(call.usage) if call.usage is not None and number == 1 else ""
        page.rule(title, " · ".join(note for note in (reply.finish_reason_raw, usage) if note))
        _message(page, reply, results, label=reply.role != "assistant" or bool(reply.name))
    if not call.replies and exchange.response is not None and (call.error is None or call.protocol is None):
        _other_answer(page, call, exchange.response.body)


def _other_answer(page: Page, call: ModelCall, body: Body | None) -> None:
    page.rule("response", _usage(call.usage) if call.usage is not None else "")
    page.gap()
    if call.summary is not None:
        page.block(", ".join(_setting(*item) for item in call.summary.items()), INDENT)
        return
    if body is not None and body.kind in ("bytes", "frames"):
        _body(page, body)
        return
    for step in call.steps:
        raw = step.event.raw
        page.block(raw if raw is not None else laid_out(step.event.data, page.width - INDENT), INDENT)


def _expectation(page: Page, expectation: Expectation, *, is_answered: bool) -> None:
    wanted = "any" if expectation.status is None else expectation.status
    page.rule("scored" if is_answered else "expected", "" if is_answered else f"HTTP {wanted}")
    page.gap()
    for item in expectation.asserts:
        for line in item.comment.split("\n") if item.comment else ():
            page.block(f"# {line}", INDENT, "dim", "# ")
        page.block(item.text, INDENT, hang="  ")


# ---------------------------------------------------------------- messages and their parts


def _message(page: Page, message: Message, results: Results, *, label: bool = True) -> None:
    page.gap()
    if label:
        raw = message.role_raw if message.role_raw != message.role else None
        about = f" ({', '.join(said)})" if (said := [word for word in (raw, message.name) if word]) else ""
        page.line((message.role, "role"), (about, "dim"))
    for part in message.parts:
        part_of(page, part, results)
    if not message.parts:
        page.line(("(nothing)", "dim"), indent=INDENT)


def _results(call: ModelCall) -> Results:
    """Which result answers which call, in the prompt and in what follows it."""
    messages = (*call.prompt.messages, *call.replies)
    return {id(_at(messages, place)): _at(messages, answer) for place, answer in pair(messages).items()}


def _at(messages: Sequence[Message], place: PartPlace) -> Any:
    part: Any = messages[place[0]].parts[place[1]]
    return part.embedded[place[2]] if len(place) > 2 else part
