"""The transcript as Markdown that is safe to paste into an issue: all that was recorded stands in fences or code spans,
where nobody is mentioned, nothing is loaded, and no HTML is read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from inspector.decode.framing.media_types import mime_type
from inspector.model import (
    Blob,
    Body,
    Exchange,
    FileRef,
    Json,
    Message,
    ModelCall,
    Part,
    Reasoning,
    Refusal,
    Text,
    ToolCall,
    ToolResult,
    Uri,
    jsonio,
)
from inspector.output.copyas.form import Form, Subject
from inspector.output.copyas.variables import plain
from inspector.output.escape import visible, visible_line
from inspector.output.plural import size

_TICKS = re.compile("`+")


def write(subject: Subject) -> str:
    return plain("\n".join(_lines(subject)))


def _lines(subject: Subject) -> Iterator[str]:
    exchange, call = subject.exchange, subject.call
    yield f"# {span(call.prompt.model or call.response_model or call.operation)}\n"
    yield from (f"- {name}: {span(value)}" for name, value in _facts(subject) if value)
    yield ""
    if call.prompt.tools:
        yield f"Tools: {', '.join(span(tool.name or tool.type) for tool in call.prompt.tools)}\n"
    if call.prompt.system:
        yield from _message("system", call.prompt.system)
    for message in call.prompt.messages:
        yield from _message(_role(message), message.parts)
    if call.protocol is None or not (call.prompt.messages or call.prompt.system):
        yield from _body("request", exchange.request.body)
    yield from _answer(exchange, call)


def _facts(subject: Subject) -> Iterable[tuple[str, str | None]]:
    exchange, call, usage = subject.exchange, subject.call, subject.call.usage
    request, response, url = exchange.request, exchange.response, subject.sent.url if subject.sent else ""
    tokens = "" if usage is None else f"{_or_unknown(usage.input_tokens)} → {_or_unknown(usage.output_tokens)}"
    return (
        ("recording", subject.place["recording"]["path"]),
        ("test", exchange.test_id),
        ("request", f"{request.method} {url or request.url}".strip()),
        ("provider", call.provider),
        ("protocol", call.protocol),
        ("status", str(response.status) if response and response.status else None),
        ("tokens", tokens),
    )


def _or_unknown(count: int | None) -> str:
    return "?" if count is None else f"{count:,}"


def _role(message: Message) -> str:
    return message.role + (f" {span(message.name)}" if message.name else "")


def _answer(exchange: Exchange, call: ModelCall) -> Iterator[str]:
    for number, reply in enumerate(call.replies, 1):
        title = "reply" if len(call.replies) == 1 else f"reply {number}"
        finish = f" · {span(reply.finish_reason_raw)}" if reply.finish_reason_raw else ""
        yield from _message(title + finish, reply.parts)
    if call.error is not None:
        yield "## error\n"
        yield fenced(": ".join(word for word in (call.error.type, call.error.message) if word) or _json(call.error.raw))
    if call.summary is not None:
        yield "## reply\n"
        yield fenced(_json(dict(call.summary)), "json")
    elif not call.replies and call.error is None:
        yield from _body("response", exchange.response.body if exchange.response else None)


def _message(title: str, parts: Iterable[Part]) -> Iterator[str]:
    yield f"## {title}\n"
    for part in parts:
        yield from _part(part)


def _part(part: Part) -> Iterator[str]:
    match part:
        case Text(content, embedded):
            yield f"{span(part.title)}:\n\n{fenced(content)}" if part.title else fenced(content)
            for written in embedded:
                yield from _part(written)
        case Reasoning(content):
            yield f"reasoning:\n\n{fenced(content)}"
        case Refusal(content):
            yield f"refusal:\n\n{fenced(content)}"
        case ToolCall(id, name, text, arguments):
            called = {"id": id, "name": name, "arguments": text if arguments is None else arguments}
            yield f"tool call {span(name or 'without a name')}:\n\n{fenced(_json(called), 'json')}"
        case ToolResult(id, name, response, is_error):
            about = " ".join(span(word) for word in (name, id) if word)
            head = f"{'failed ' if is_error else ''}result {about}".strip()
            text, language = (response, "") if isinstance(response, str) else (_json(response), "json")
            yield f"{head}:\n\n{fenced(text, language)}"
        case Blob(mime, modality, _, bytes):
            yield f"{_title(part)}{span(mime or modality)}, {size(bytes)}\n"
        case Uri(address, _, modality):
            yield f"{_title(part)}{modality} {span(address[:300])}\n"
        case FileRef(file_id, _, modality):
            yield f"{_title(part)}{modality} {span(file_id)}\n"
        case _:
            yield fenced(_json(part.raw), "json")


def _title(part: Blob | Uri | FileRef) -> str:
    return f"{span(part.title)}: " if part.title else ""


def _body(title: str, body: Body | None) -> Iterator[str]:
    """What no protocol turned into messages, as it was recorded."""
    if body is None:
        return
    yield f"## {title}\n"
    if isinstance(body.value, bytes):
        yield f"{mime_type(body.value) or 'bytes'}, {size(len(body.value))}\n"
    else:
        is_text = isinstance(body.value, str)
        yield fenced(body.value if is_text else _json(body.value), "" if is_text else "json")


def _json(value: Json) -> str:
    return jsonio.dumps(value, indent=True)


def fenced(text: str, language: str = "") -> str:
    """A text in a fence that is longer than any run of backticks in it."""
    fence = "`" * max(3, _longest(text) + 1)
    return f"{fence}{language}\n{visible(text).rstrip(chr(10))}\n{fence}\n"


def span(text: str) -> str:
    """A text in one line as a code span."""
    line = visible_line(" ".join(text.split()))
    ticks = "`" * (_longest(line) + 1)
    pad = " " if line[:1] in ("`", "") or line[-1:] == "`" else ""
    return f"{ticks}{pad}{line}{pad}{ticks}"


def _longest(text: str) -> int:
    return max((len(run) for run in _TICKS.findall(text)), default=0)


FORM = Form("markdown", "Markdown", "", "The transcript, to be pasted into an issue or a chat.", write)
