"""The blocks that a message of Anthropic's consists of, the same in requests and in answers.

https://docs.anthropic.com/en/api/messages
"""

from __future__ import annotations

from typing import Any

from inspector.decode import documents, lenient
from inspector.model import CallKind, Citation, FileRef, Json, Part, Text, ToolResult, Unknown
from inspector.model.media import MEDIA

CALLS = ("tool_use", "server_tool_use", "mcp_tool_use")
_SOURCES = ("image", "document", "file", "audio", "video")


def parts(content: Json) -> tuple[Part, ...]:
    """Content as text, or as a list of typed blocks."""
    if isinstance(content, dict) and isinstance(content.get("type"), str):
        content = [content]
    if not isinstance(content, list):
        return lenient.text_parts(content)
    return tuple(part for item in content for part in block_parts(item))


def block_parts(raw: Json) -> tuple[Part, ...]:
    block = lenient.obj(raw)
    kind = lenient.string(block.get("type"))
    if kind == "text" and isinstance(block.get("text"), str):
        return _text(block)
    if kind == "thinking" and isinstance(block.get("thinking"), str):
        return lenient.reasoning_parts(block["thinking"])
    if kind in CALLS:
        run_by: CallKind = "function" if kind == "tool_use" else "server"
        return (lenient.call(block.get("id"), block.get("name"), block.get("input"), run_by),)
    if kind.endswith("tool_result"):
        return (_result(block),)
    if kind in _SOURCES:
        found = _source(lenient.obj(block.get("source")), kind) or (Unknown(raw),)
        return (*lenient.text_parts(block.get("context")), *documents.titled(found, block.get("title")))
    if kind == "container_upload" and lenient.maybe(block.get("file_id")):
        return (FileRef(block["file_id"]),)
    if kind == "search_result":
        return _search_result(block) or (Unknown(raw),)
    return (Unknown(raw),)


def _search_result(block: dict[str, Any]) -> tuple[Part, ...]:
    """What a tool of the caller found: its texts, with its title and where it is from."""
    return documents.titled(parts(block.get("content")), documents.joined(block, "title", "source"))


def _text(block: dict[str, Any]) -> tuple[Part, ...]:
    """A block of text; what it cites, all of it cites."""
    content = block["text"]
    if not content:
        return ()
    return (Text(content, citations=tuple(cited._replace(start=0, end=len(content)) for cited in citations(block))),)


def citations(block: dict[str, Any]) -> list[Citation]:
    """The citations of a block, which is cut so that they are of the whole of it."""
    return [citation(item) for item in lenient.seq(block.get("citations")) if isinstance(item, dict)]


def citation(raw: dict[str, Any]) -> Citation:
    """A place of the web, of a search result, or by characters, pages or blocks of a document."""
    return Citation(
        None,
        None,
        lenient.maybe(raw.get("url")) or lenient.maybe(raw.get("source")),
        lenient.maybe(raw.get("title")) or lenient.maybe(raw.get("document_title")),
        lenient.maybe(raw.get("cited_text")),
    )


def _result(block: dict[str, Any]) -> ToolResult:
    """What a tool answered. A server tool's failure is told by the type of its content."""
    content = block.get("content")
    is_error = lenient.flag(block.get("is_error"))
    if lenient.string(lenient.obj(content).get("type")).endswith("_tool_result_error"):
        is_error = True
    return ToolResult(lenient.maybe(block.get("tool_use_id")), None, lenient.result(content), is_error)


def _source(source: dict[str, Any], kind: str) -> tuple[Part, ...]:
    """Where an image or a document is. Empty where nothing is known of it."""
    media = lenient.maybe(source.get("media_type"))
    data = source.get("data")
    if source.get("type") == "text":
        return lenient.text_parts(data)
    if source.get("type") == "content":
        return parts(source.get("content"))
    modality = kind if kind in MEDIA else None
    if isinstance(data, str):
        return (lenient.blob(data, media, modality),)
    if lenient.maybe(source.get("url")):
        return (lenient.uri(source["url"], media, modality),)
    return (FileRef(source["file_id"], media, modality or "file"),) if lenient.maybe(source.get("file_id")) else ()
