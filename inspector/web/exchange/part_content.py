"""The parts of an exchange one by one and whole: their text for copying, their bytes to show or to keep."""

from __future__ import annotations

from collections.abc import Iterator

from flask import Response

from inspector.analysis.anchors import anchored
from inspector.model import (
    Blob,
    FileRef,
    ModelCall,
    Part,
    Reasoning,
    Refusal,
    Text,
    ToolCall,
    ToolResult,
    Unknown,
    Uri,
    jsonio,
)
from inspector.web.exchange.part_views import result_text
from inspector.web.rendering import media_views


def part_text(part: Part) -> str:
    """The whole of a part as text, for copying and for "show all"."""
    match part:
        case Text(content) | Reasoning(content) | Refusal(content):
            return content
        case ToolCall(id, name, text, arguments):
            return jsonio.dumps(
                {"id": id, "name": name, "arguments": text if arguments is None else arguments}, indent=True
            )
        case ToolResult(_, _, response):
            return response if isinstance(response, str) else jsonio.dumps(response, indent=True)
        case Blob(mime_type, _, data):
            return f"data:{mime_type or 'application/octet-stream'};base64,{data}"
        case Uri(uri):
            return uri
        case FileRef(file_id):
            return file_id
        case Unknown(raw):
            return jsonio.dumps(raw, indent=True)


def part_value(part: Part) -> str:
    """What a part says as JSON, laid out: the arguments of a call alone, and a result as a page shows it."""
    match part:
        case ToolCall(_, _, text, arguments):
            return text if arguments is None else jsonio.dumps(arguments, indent=True)
        case ToolResult(_, _, response):
            return result_text(response)[0]
    return part_text(part)


def parts(call: ModelCall) -> Iterator[tuple[str, Part]]:
    """Every part of an exchange by its anchor, with the calls that are written in a text."""
    for anchor, message in anchored(call):
        for index, part in enumerate(message.parts):
            yield f"{anchor}-p{index}", part
            for count, written in enumerate(part.embedded if isinstance(part, Text) else ()):
                yield f"{anchor}-p{index}-c{count}", written


def part_bytes(part: Part, name: str, show: bool, number: int | None = None) -> Response | None:
    """A part as bytes: for a page to show, or as a file; None where there are none of that.

    `number` counts the blobs that a tool answered with; without one its answer is a file like any other text.
    """
    blobs = [part] if isinstance(part, Blob) else []
    if isinstance(part, ToolResult) and number is not None:
        blobs = media_views.inside(part.response)
    if 0 <= (number or 0) < len(blobs):
        return media_views.answer(blobs[number or 0], name, show)
    return None if show else media_views.download(part_text(part).encode("utf-8", "replace"), name, "text/plain")
