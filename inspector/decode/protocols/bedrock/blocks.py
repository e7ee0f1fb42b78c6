"""The content blocks of Amazon Bedrock's Converse, the same in requests and in answers.

A block has one key, which is its kind: ``{"text": …}``, ``{"toolUse": {…}}``.
https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ContentBlock.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from inspector.decode import documents, lenient
from inspector.model import CallKind, Citation, Json, Part, Text, ToolResult, Unknown

_MEDIA = ("image", "document", "video", "audio")
_MIME_TYPES = {
    "jpg": "image/jpeg",
    "pdf": "application/pdf",
    "csv": "text/csv",
    "html": "text/html",
    "txt": "text/plain",
    "md": "text/markdown",
    "doc": "application/msword",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xls": "application/vnd.ms-excel",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "mov": "video/quicktime",
    "mkv": "video/x-matroska",
    "mpg": "video/mpeg",
    "three_gp": "video/3gpp",
    "mp3": "audio/mpeg",
}


def parts(content: Json) -> tuple[Part, ...]:
    """Content as a list of blocks; as text where somebody sends it so."""
    if not isinstance(content, list):
        return lenient.text_parts(content)
    return tuple(part for item in content for part in block_parts(item))


def block_parts(raw: Json) -> tuple[Part, ...]:
    if isinstance(raw, str):
        return lenient.text_parts(raw)
    block = lenient.obj(raw)
    kind = next((key for key in block if key in _KINDS or key in _MEDIA), None)
    if kind is None:
        return (Unknown(raw),)
    value = block[kind]
    found = _media(lenient.obj(value), kind) if kind in _MEDIA else _KINDS[kind](value)
    return (Unknown(raw),) if found is None else found


def _text(value: Json) -> tuple[Part, ...] | None:
    return lenient.text_parts(value) if isinstance(value, str) else None


def _call(value: Json) -> tuple[Part, ...] | None:
    if not isinstance(value, dict):
        return None
    run_by: CallKind = "server" if value.get("type") == "server_tool_use" else "function"
    return (lenient.call(value.get("toolUseId"), value.get("name"), value.get("input"), run_by),)


def _result(value: Json) -> tuple[Part, ...] | None:
    return (result(value, value.get("content")),) if isinstance(value, dict) else None


def result(about: Mapping[str, Any], content: Json) -> ToolResult:
    """What a tool answered: its texts as one, a lone value as itself, anything else as recorded."""
    failed = {"error": True, "success": False}.get(lenient.string(about.get("status")))
    return ToolResult(lenient.maybe(about.get("toolUseId")), None, _response(content), failed)


def _response(content: Json) -> Json:
    items = [lenient.obj(item) for item in lenient.seq(content)]
    texts = [item["text"] for item in items if isinstance(item.get("text"), str)]
    if texts and len(texts) == len(items):
        return "".join(texts)
    return items[0]["json"] if len(items) == 1 and "json" in items[0] else content


def _reasoning(value: Json) -> tuple[Part, ...] | None:
    """Reasoning as text; what is redacted stays as it is."""
    thought = lenient.obj(value).get("reasoningText")
    return lenient.reasoning_parts(lenient.obj(thought).get("text")) if isinstance(thought, dict) else None


def _cited(value: Json) -> tuple[Part, ...] | None:
    if not isinstance(value, dict):
        return None
    content = cited_text(value)
    marks = tuple(mark._replace(start=0, end=len(content)) for mark in citations(value))
    return (Text(content, citations=marks),) if content else ()


def cited_text(value: Mapping[str, Any]) -> str:
    return "".join(lenient.string(lenient.obj(item).get("text")) for item in lenient.seq(value.get("content")))


def citations(value: Mapping[str, Any]) -> list[Citation]:
    return [citation(item) for item in lenient.seq(value.get("citations")) if isinstance(item, dict)]


def citation(raw: Mapping[str, Any]) -> Citation:
    """A citation of the whole block that it is in."""
    web = lenient.obj(lenient.obj(raw.get("location")).get("web"))
    quote = "".join(lenient.string(lenient.obj(item).get("text")) for item in lenient.seq(raw.get("sourceContent")))
    address = lenient.maybe(web.get("url")) or lenient.maybe(raw.get("source"))
    return Citation(None, None, address, lenient.maybe(raw.get("title")), quote or None)


def _guarded(value: Json) -> tuple[Part, ...] | None:
    """What a guardrail shall look at: a text or an image."""
    text = lenient.obj(lenient.obj(value).get("text")).get("text")
    if isinstance(text, str):
        return lenient.text_parts(text)
    image = lenient.obj(value).get("image")
    return _media(image, "image") if isinstance(image, dict) else None


def _search_result(value: Json) -> tuple[Part, ...] | None:
    """What somebody found: its texts, with its title and where it is from."""
    about = lenient.obj(value)
    return documents.titled(parts(about.get("content")), documents.joined(about, "title", "source")) or None


def _media(value: dict[str, Any], kind: str) -> tuple[Part, ...] | None:
    """An image, a document, a video or an audio, with its name, after what is said about it."""
    found = _source(value, kind)
    return found and (*lenient.text_parts(value.get("context")), *documents.titled(found, value.get("name")))


def _source(value: dict[str, Any], kind: str) -> tuple[Part, ...] | None:
    """By its bytes (base64 in JSON), its place, or its text."""
    source = lenient.obj(value.get("source"))
    extension = lenient.string(value.get("format"))
    mime_type = _mime_type(kind, extension) if extension else None
    modality = "file" if kind == "document" else kind
    if isinstance(source.get("bytes"), str):
        return (lenient.blob(source["bytes"], mime_type, modality),)
    if address := lenient.maybe(lenient.obj(source.get("s3Location")).get("uri")):
        return (lenient.uri(address, mime_type, modality),)
    if isinstance(source.get("text"), str):
        return lenient.text_parts(source["text"])
    return parts(source["content"]) if isinstance(source.get("content"), list) else None


def _mime_type(kind: str, extension: str) -> str:
    return _MIME_TYPES.get(extension) or f"{'application' if kind == 'document' else kind}/{extension}"


_KINDS = {
    "text": _text,
    "toolUse": _call,
    "toolResult": _result,
    "reasoningContent": _reasoning,
    "citationsContent": _cited,
    "guardContent": _guarded,
    "searchResult": _search_result,
}
