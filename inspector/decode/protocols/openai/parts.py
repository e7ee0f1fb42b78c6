"""What OpenAI's protocols say in common: typed content, what it cites, how likely its tokens were.

Chat Completions nests what a part holds below the name of its type, Responses puts it beside that name.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import zip_longest
from typing import Any

from inspector.decode import documents, lenient
from inspector.model import Citation, FileRef, Json, Part, Refusal, Text, Token, Unknown
from inspector.model.expressions import expression

TEXT = ("text", "input_text", "output_text", "summary_text")
_THOUGHT = ("thinking", "reasoning_text", "reasoning")
_THOUGHTS = ("text", "thinking", "content", "summary", "reasoning")
"""Where a thought that is an object, or a part of one, has its text."""
_LINKS = {
    "image_url": "image", "video_url": "video", "audio_url": "audio", "document_url": "file", "file_url": "file",
    "input_image": "image", "input_video": "video", "computer_screenshot": "image", "input_audio": "audio",
    "image": "image", "audio": "audio", "video": "video", "document": "file", "media": "file",
}  # fmt: skip
_FILES = ("file", "input_file")
SOUNDS = {"UklG": "audio/wav", "SUQz": "audio/mpeg", "//uQ": "audio/mpeg", "T2dn": "audio/ogg", "ZkxhQ": "audio/flac"}
"""How sound begins in base64; what has no beginning of its own is bare samples."""
_DEEPEST = 20
_BASE64 = expression(r"[A-Za-z0-9+/_-]{16,}=*\s*\Z|[A-Za-z0-9+/_-]{256}")


def content_parts(content: Json) -> tuple[Part, ...]:
    """Content as text, as a typed part, or as a list of such."""
    if isinstance(content, dict) and isinstance(content.get("type"), str):
        content = [content]
    if not isinstance(content, list):
        return lenient.text_parts(content)
    return tuple(part for item in content for part in _content_part(item))


def _content_part(raw: Json) -> tuple[Part, ...]:
    if isinstance(raw, str):
        return lenient.text_parts(raw)
    part = lenient.obj(raw)
    kind = part.get("type")
    if not isinstance(kind, str):
        return (Unknown(raw),)
    held = part.get(kind)
    if kind in TEXT and isinstance(part.get("text"), str):
        return _text(part)
    if kind in _LINKS:
        return (_media(part, held, _LINKS[kind]) or Unknown(raw),)
    if kind in _FILES:
        about = held if isinstance(held, dict) else part
        return documents.titled((_file(about) or Unknown(raw),), about.get("filename"))
    if kind == "refusal" and isinstance(held, str):
        return (Refusal(held),)
    if kind in _THOUGHT:
        return tuple(_thoughts(part))
    return (Unknown(raw),)


def _thoughts(part: dict[str, Any]) -> Iterator[Part]:
    """A part of reasoning for each piece that it holds."""
    held = next((part[key] for key in _THOUGHTS if part.get(key)), None)
    for piece in lenient.listed(held):
        yield from lenient.reasoning_parts(thought(piece))


def thought(value: Json, depth: int = 0) -> str:
    """Reasoning in the shapes that servers have for it: text, an object that holds it (Envoy), a list of parts
    (Mistral, Databricks), and these within each other."""
    if isinstance(value, str) or depth > _DEEPEST:
        return lenient.string(value)
    if isinstance(value, list):
        return "".join(thought(item, depth + 1) for item in value)
    inner = (thought(value.get(key), depth + 1) for key in _THOUGHTS) if isinstance(value, dict) else ()
    return next(filter(None, inner), "")


def images(value: Json) -> tuple[Part, ...]:
    """The pictures beside a message: bare base64 (Ollama), addresses, or parts (OpenRouter)."""
    return tuple(
        part for item in lenient.listed(value)
        for part in ((picture(item),) if isinstance(item, str) else _content_part(item))
    )  # fmt: skip


def picture(text: str) -> Part:
    """An address, or bare base64, whose type nobody says."""
    if text.startswith(("data:", "http://", "https://")):
        return lenient.uri(text, kind="image")
    return lenient.blob(text, None, "image")


def _text(part: dict[str, Any]) -> tuple[Part, ...]:
    if not part["text"]:
        return ()
    return (Text(part["text"], (), tuple(citations(part.get("annotations"))), tuple(tokens(part.get("logprobs")))),)


def _media(part: dict[str, Any], held: Json, kind: str) -> Part | None:
    """Below the type's name or ``image_url`` an address, bare or as ``{url}``, or base64, bare or as ``{data, format}``
    (OpenAI) or ``{data, media_type}``; or a file that was uploaded before."""
    value = next((part[key] for key in ("image_url", "video_url", "source") if part.get(key) and not held), held)
    about = part if value is None and "data" in part else lenient.obj(value)
    if address := lenient.maybe(about.get("url") if about else value):
        return (
            lenient.uri(address, kind=kind)
            if ":" in address[:20] or not _is_data(address, kind)
            else _blob(address, kind)
        )
    if data := lenient.maybe(about.get("data")):
        named = about.get("media_type") or about.get("mime_type") or about.get("mimeType")
        default = f"{kind}/{lenient.maybe(about.get('format')) or 'wav'}" if kind == "audio" else None
        return (
            lenient.uri(data) if data.startswith("data:") else lenient.blob(data, lenient.maybe(named) or default, kind)
        )
    found = lenient.maybe(part.get("file_id")) or lenient.maybe(about.get("file_id"))
    return FileRef(found, None, kind) if found else None


def _is_data(text: str, kind: str) -> bool:
    """Whether a text that stands for sound or a picture is base64 and no name of a file."""
    return kind in ("audio", "image", "video") and len(text) >= 16 and _BASE64.match(text) is not None


def _blob(data: str, kind: str) -> Part:
    if kind == "image":
        return picture(data)
    mime_type = (
        next((mime for mark, mime in SOUNDS.items() if data.startswith(mark)), None) if kind == "audio" else None
    )
    return lenient.blob(data, mime_type, kind)


def _file(raw: dict[str, Any]) -> Part | None:
    if data := lenient.maybe(raw.get("file_data")):
        return lenient.uri(data) if ":" in data[:20] else lenient.blob(data, lenient.maybe(raw.get("mime_type")))
    if address := lenient.maybe(raw.get("file_url")):
        return lenient.uri(address)
    return FileRef(raw["file_id"]) if lenient.maybe(raw.get("file_id")) else None


def citations(annotations: Json) -> Iterator[Citation]:
    """``{type: url_citation, url, title, start_index, end_index}``, with all but the type in an object for chat.

    Citations of files have their names; `index` counts the files, not the characters.
    """
    for item in lenient.seq(annotations):
        raw = lenient.obj(item)
        held = lenient.obj(raw.get(lenient.string(raw.get("type")))) or raw
        uri, title = (
            lenient.maybe(held.get("url")),
            lenient.maybe(held.get("title")) or lenient.maybe(held.get("filename")),
        )
        if found := uri or title or lenient.maybe(held.get("file_id")):
            start, end = lenient.count(held.get("start_index")), lenient.count(held.get("end_index"))
            if start == end:  # OpenRouter writes zeros for what it does not know
                start = end = None
            quote = lenient.maybe(held.get("content")) or lenient.maybe(held.get("quote"))
            yield Citation(start, end, uri, title or (None if uri else found), quote)


def tokens(entries: Json) -> Iterator[Token]:
    """``{token, logprob, top_logprobs: [{token, logprob}]}``; a token without a number is passed over."""
    for item in lenient.seq(entries):
        raw = lenient.obj(item)
        logprob = number(raw.get("logprob"))
        if logprob is not None and isinstance(raw.get("token"), str):
            yield Token(raw["token"], logprob, tuple(_others(raw.get("top_logprobs"))))


def logprobs(value: Json) -> Iterator[Token]:
    """Probabilities in either form: a list of tokens, or the columns of the older protocol, with the text's own
    first token without a number."""
    raw = lenient.obj(value)
    if isinstance(raw.get("content"), list):
        yield from tokens(raw["content"])
        return
    columns = (raw.get("tokens"), raw.get("token_logprobs"), raw.get("top_logprobs"))
    for text, logprob, others in zip_longest(*map(lenient.seq, columns)):
        found = number(logprob)
        if isinstance(text, str) and found is not None:
            likely = ((word, number(other)) for word, other in lenient.obj(others).items())
            yield Token(text, found, tuple((word, other) for word, other in likely if other is not None))


def _others(entries: Json) -> Iterator[tuple[str, float]]:
    for item in lenient.seq(entries):
        raw = lenient.obj(item)
        logprob = number(raw.get("logprob"))
        if logprob is not None and isinstance(raw.get("token"), str):
            yield raw["token"], logprob


def number(value: Json) -> float | None:
    return float(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else None
