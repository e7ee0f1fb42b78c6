"""The parts of a message in a transcript: texts with what they cite, calls with their results, and what is no text."""

from __future__ import annotations

from collections.abc import Sequence

from inspector.model import Blob, Citation, FileRef, Json, Part, Reasoning, Refusal, Text, ToolCall, ToolResult, Uri
from inspector.output.plural import size
from inspector.output.typeset import Page, inline, laid_out

INDENT = 2

Results = dict[int, ToolResult]
"""The result of a call, by the call's `id()`."""


def part_of(page: Page, part: Part, results: Results) -> None:
    match part:
        case Text():
            if part.title:
                page.line((part.title, "dim"), indent=INDENT)
            page.block(part.content, INDENT)
            _sources(page, part.citations)
            for call in part.embedded:
                _call(page, call, results, "written call")
        case Reasoning():
            page.line(("reasoning:", "dim"), indent=INDENT)
            page.block(part.content, 2 * INDENT, "dim")
            page.gap()
        case Refusal():
            page.line(("refusal:", "error"), indent=INDENT)
            page.block(part.content, 2 * INDENT)
        case ToolCall():
            _call(page, part, results, "call")
        case ToolResult():
            _result(page, part, INDENT)
        case Blob() | Uri() | FileRef():
            page.line((f"[{_attachment(part)}]", "dim"), indent=INDENT)
        case _:
            page.block(laid_out(part.raw, page.width - INDENT), INDENT, "dim")


def _sources(page: Page, citations: Sequence[Citation]) -> None:
    """What a text cites, each source once, in the order in which it does."""
    said = dict.fromkeys((cited.title or "", cited.uri or "") for cited in citations)
    if said:
        page.gap()
    for number, (title, uri) in enumerate(said, 1):
        about = " ".join(word for word in (title, uri) if word) or "a source without a name"
        page.block(f"[{number}] {about}", INDENT, "dim", "    ")


def _attachment(part: Blob | Uri | FileRef) -> str:
    """``image/png, 12.0 kB`` for bytes, ``image https://…`` for an address; before that what it is called."""
    title = f"{part.title}: " if part.title else ""
    if isinstance(part, Blob):
        return f"{title}{part.mime_type or part.modality}, {size(part.size)}"
    kind = " ".join(word for word in (part.modality, part.mime_type) if word)
    return f"{title}{kind} {part.uri if isinstance(part, Uri) else part.file_id}"


def _call(page: Page, call: ToolCall, results: Results, label: str) -> None:
    head = f"{label} {call.name or '(no name)'}"
    if call.arguments is None:
        _unread_arguments(page, head, call.arguments_text)
    elif page.fits(head, line := inline(call.arguments), indent=INDENT):
        page.line((head, "call"), f" {line}", indent=INDENT)
    else:
        page.line((head, "call"), indent=INDENT)
        _arguments(page, call.arguments, 3 * INDENT)
    if (result := results.get(id(call))) is not None:
        _result(page, result, 2 * INDENT)


def _unread_arguments(page: Page, head: str, text: str) -> None:
    if text.strip() in ("", "null"):
        page.line((head, "call"), f" {text.strip()}".rstrip(), indent=INDENT)
    else:
        page.line((head, "call"), (" with arguments that are not JSON:", "warn"), indent=INDENT)
        page.block(text, 3 * INDENT)


def _arguments(page: Page, arguments: Json, indent: int) -> None:
    """One argument a line; texts of several lines, such as code, as they are."""
    if not isinstance(arguments, dict):
        page.block(laid_out(arguments, page.width - indent), indent)
        return
    for key, value in arguments.items():
        if isinstance(value, str) and "\n" in value:
            page.line((f"{key}:", "call"), indent=indent)
            page.block(value, indent + INDENT)
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
        page.block(text, indent + INDENT)
