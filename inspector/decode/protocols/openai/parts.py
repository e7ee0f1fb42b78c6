"""What OpenAI's protocols say in common: typed content, what it cites, how likely its tokens were.

Chat Completions nests what a part holds below the name of its type, Responses puts it beside that name.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import zip_longest
from typing import Any

from inspector.decode import lenient
from inspector.model import Citation, FileRef, Json, Part, Refusal, Text, Token, Unknown

TEXT = ("text", "input_text", "output_text", "summary_text")
_THOUGHT = ("thinking", "reasoning_text")
_LINKS = {
    "image_url": "image", "video_url": "video", "audio_url": "audio",
    "input_image": "image", "input_video": "video", "computer_screenshot": "image",
}  # fmt: skip
_FILES = ("file", "input_file")


def content_parts(content: Json) -> tuple[Part, ...]:
    """Content as text, or as a list of typed parts."""
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
        return (_link(part, held, _LINKS[kind]) or Unknown(raw),)
    if kind == "input_audio" and isinstance(held, dict) and isinstance(held.get("data"), str):
        return (lenient.blob(held["data"], f"audio/{held.get('format', 'wav')}"),)
    if kind in _FILES:
        return (_file(held if isinstance(held, dict) else part) or Unknown(raw),)
    if kind == "refusal" and isinstance(held, str):
        return (Refusal(held),)
    if kind in _THOUGHT:
        return tuple(p for piece in _thinking(part.get("text", held)) for p in lenient.reasoning_parts(piece))
    return (Unknown(raw),)


def _text(part: dict[str, Any]) -> tuple[Part, ...]:
    if not part["text"]:
        return ()
    return (Text(part["text"], (), tuple(citations(part.get("annotations"))), tuple(tokens(part.get("logprobs")))),)


def _link(part: dict[str, Any], held: Json, kind: str) -> Part | None:
    """An address, bare or as ``{url}`` below the type's name or ``image_url``; or a file that was uploaded before."""
    address = held or part.get("image_url") or part.get("video_url")
    if found := lenient.maybe(address) or lenient.maybe(lenient.obj(address).get("url")):
        return lenient.uri(found, kind=kind)
    return FileRef(part["file_id"], None, kind) if lenient.maybe(part.get("file_id")) else None


def _file(raw: dict[str, Any]) -> Part | None:
    if data := lenient.maybe(raw.get("file_data")):
        return lenient.uri(data)
    if address := lenient.maybe(raw.get("file_url")):
        return lenient.uri(address)
    return FileRef(raw["file_id"]) if lenient.maybe(raw.get("file_id")) else None


def _thinking(value: Json) -> Iterator[str]:
    """Mistral's thinking: text, or a list of text parts."""
    if isinstance(value, str):
        yield value
    for item in lenient.seq(value):
        yield lenient.string(lenient.obj(item).get("text"))


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
