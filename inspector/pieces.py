"""What a message says, for the search: its texts by the place where they stand, and the words within their words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from inspector import jsonio
from inspector.model import FileRef, Message, Part, Reasoning, Refusal, Text, ToolCall, ToolResult, Unknown, Uri

PLACES = {
    "system": "instructions",
    "user": "what the user said",
    "reply": "what the model said",
    "reasoning": "what the model thought",
    "call": "names and arguments of tool calls",
    "result": "results of tools",
}
"""Where a text can stand, in words for the help page."""

MAX_SEARCHED = 1_000_000
"""Characters of one piece that are searched."""

_OF_ROLE = {"system": "system", "user": "user", "assistant": "reply", "tool": "result"}

UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff66-\uff9d"
    "\U00020000-\U0003ffff"
)
"""Characters of scripts that put no spaces between words: Thai, Lao, Burmese, Khmer, Japanese, Chinese."""

_UNSPACED_RUN = re.compile(f"[{UNSPACED}]+")
_SEAM = re.compile(r"(?<=[a-z0-9])[A-Z]|(?<=[A-Z])[A-Z](?=[a-z])")
_REST = re.compile(r"[A-Za-z0-9]*")
_LONGEST = 80
"""Characters of a word that is looked into: what is longer is no name, but base64."""


class Piece(NamedTuple):
    place: str
    text: str


def pieces(message: Message) -> list[Piece]:
    """The texts of a message, those of one place together; reasoning is left to `thoughts`."""
    texts: dict[str, list[str]] = {}
    for part in message.parts:
        for place, text in _of_part(part, _OF_ROLE[message.role]):
            if text:
                texts.setdefault(place, []).append(text)
    return [Piece(place, "\n".join(all)[:MAX_SEARCHED]) for place, all in texts.items()]


def thoughts(message: Message) -> str:
    """The reasoning of a message."""
    return "\n".join(part.content for part in message.parts if isinstance(part, Reasoning))[:MAX_SEARCHED]


def _of_part(part: Part, own: str) -> Iterator[tuple[str, str]]:
    match part:
        case Text(content) | Refusal(content):
            yield own, content
        case ToolCall(_, name, text):
            yield "call", f"{name or ''} {text}"
        case ToolResult(_, _, response):
            yield "result", response if isinstance(response, str) else jsonio.dumps(response)
        case Uri(uri):
            yield own, uri
        case FileRef(file_id):
            yield own, file_id
        case Unknown(raw):
            yield own, jsonio.dumps(raw)


def inner(text: str) -> str:
    """The words within the words: ``get User`` of ``getUser``, and each character of scripts without spaces."""
    found = list(_camel(text))
    if not text.isascii():
        found += [" ".join(run) for run in _UNSPACED_RUN.findall(text)]
    return "\n".join(found)


def _camel(text: str) -> Iterator[str]:
    end = 0
    for seam in _SEAM.finditer(text):
        if seam.start() < end:
            continue
        begin = seam.start()
        while begin > end and text[begin - 1].isalnum() and seam.start() - begin < _LONGEST:
            begin -= 1
        end = _REST.match(text, seam.start()).end()  # type: ignore[union-attr]  # it matches the empty text too
        if end - begin <= _LONGEST:
            yield split(text[begin:end])


def split(word: str) -> str:
    """``get User Name`` of ``getUserName``."""
    return _SEAM.sub(lambda seam: f" {seam.group()}", word)
