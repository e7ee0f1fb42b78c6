"""The blocks that a message of Anthropic's consists of, the same in requests and in answers.

https://docs.anthropic.com/en/api/messages
"""

from __future__ import annotations

from typing import Any

from inspector.blobs import MEDIA
from inspector.model import Citation, FileRef, Json, Part, Text, ToolResult, Unknown
from inspector.wire import reading as read

CALLS = ("tool_use", "server_tool_use", "mcp_tool_use")
_SOURCES = ("image", "document", "file", "audio", "video")


def parts(content: Json) -> tuple[Part, ...]:
    """Content as text, or as a list of typed blocks."""
    if not isinstance(content, list):
        return read.text_parts(content)
    return tuple(part for item in content for part in block_parts(item))


def block_parts(raw: Json) -> tuple[Part, ...]:
    block = read.obj(raw)
    kind = read.string(block.get("type"))
    if kind == "text" and isinstance(block.get("text"), str):
        return _text(block)
    if kind == "thinking" and isinstance(block.get("thinking"), str):
        return read.reasoning_parts(block["thinking"])
    if kind in CALLS:
        return (read.call(block.get("id"), block.get("name"), block.get("input")),)
    if kind.endswith("tool_result"):
        return (_result(block),)
    if kind in _SOURCES:
        return _source(read.obj(block.get("source")), kind) or (Unknown(raw),)
    if kind == "container_upload" and read.maybe(block.get("file_id")):
        return (FileRef(block["file_id"]),)
    if kind == "search_result":
        return parts(block.get("content")) or (Unknown(raw),)
    return (Unknown(raw),)


def _text(block: dict[str, Any]) -> tuple[Part, ...]:
    """A block of text; what it cites, all of it cites."""
    content = block["text"]
    if not content:
        return ()
    return (Text(content, citations=tuple(cited._replace(start=0, end=len(content)) for cited in citations(block))),)


def citations(block: dict[str, Any]) -> list[Citation]:
    """The citations of a block, which is cut so that they are of the whole of it."""
    return [citation(item) for item in read.seq(block.get("citations")) if isinstance(item, dict)]


def citation(raw: dict[str, Any]) -> Citation:
    """A place of the web, of a search result, or by characters, pages or blocks of a document."""
    return Citation(
        None,
        None,
        read.maybe(raw.get("url")) or read.maybe(raw.get("source")),
        read.maybe(raw.get("title")) or read.maybe(raw.get("document_title")),
        read.maybe(raw.get("cited_text")),
    )


def _result(block: dict[str, Any]) -> ToolResult:
    """What a tool answered. A server tool's failure is told by the type of its content."""
    content = block.get("content")
    is_error = read.flag(block.get("is_error"))
    if read.string(read.obj(content).get("type")).endswith("_tool_result_error"):
        is_error = True
    return ToolResult(read.maybe(block.get("tool_use_id")), None, read.result(content), is_error)


def _source(source: dict[str, Any], kind: str) -> tuple[Part, ...]:
    """Where an image or a document is. Empty where nothing is known of it."""
    media = read.maybe(source.get("media_type"))
    data = source.get("data")
    if source.get("type") == "text":
        return read.text_parts(data)
    if source.get("type") == "content":
        return parts(source.get("content"))
    modality = kind if kind in MEDIA else None
    if isinstance(data, str):
        return (read.blob(data, media, modality),)
    if read.maybe(source.get("url")):
        return (read.uri(source["url"], media, modality),)
    return (FileRef(source["file_id"], media, modality or "file"),) if read.maybe(source.get("file_id")) else ()
