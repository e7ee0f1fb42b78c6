"""What a message says, as a key to recognise it by and as text to search.

Every request repeats the conversation before it. The same message gets the same key in all of them: ids that change
with each run are left out, and so is reasoning, which replies have and later prompts do not repeat.
"""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import blake2b
from typing import NamedTuple

import orjson

from inspector import jsonio
from inspector.model import (
    Blob,
    FileRef,
    Json,
    Message,
    Part,
    Reasoning,
    Refusal,
    Text,
    ToolCall,
    ToolResult,
    Unknown,
    Uri,
)

MAX_SEARCHED = 1_000_000
"""Characters of one message that are searched."""


class Digest(NamedTuple):
    """`key` recognises a message across exchanges; `id` also tells apart what reasoning came with it."""

    key: int
    id: int


def digest(message: Message) -> Digest:
    said: list[str] = [message.role]
    thought: list[str] = []
    for part in message.parts:
        if isinstance(part, Reasoning):
            thought.append(part.content)
        else:
            said.extend(_words(part))
    key = number("\x1f".join(said))
    return Digest(key, number("\x1f".join([str(key), *thought])) if thought else key)


def number(text: str) -> int:
    """A signed 64-bit hash of a text, as SQLite keeps integers."""
    return int.from_bytes(blake2b(text.encode("utf-8", "replace"), digest_size=8).digest(), "big", signed=True)


def _words(part: Part) -> Iterator[str]:
    match part:
        case Text(content) | Refusal(content):
            yield content
        case ToolCall(_, name, text, arguments):
            yield from ("call", name or "", text if arguments is None else _canonical(arguments))
        case ToolResult(_, _, response):
            yield from ("result", response if isinstance(response, str) else _canonical(response))
        case Blob(_, _, data):
            yield from ("blob", data)
        case Uri(uri):
            yield uri
        case FileRef(file_id):
            yield file_id
        case Unknown(raw):
            yield _canonical(raw)


def _canonical(value: Json) -> str:
    try:
        return orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode()
    except TypeError:
        return jsonio.dumps(value)


def searched(message: Message) -> str:
    """The text of a message for full-text search: everything that was said, called, answered or thought."""
    return "\n".join(text for part in message.parts for text in _searched(part))[:MAX_SEARCHED]


def _searched(part: Part) -> Iterator[str]:
    match part:
        case Text(content) | Refusal(content) | Reasoning(content):
            yield content
        case ToolCall(_, name, text):
            yield f"{name or ''} {text}"
        case ToolResult(_, name, response):
            yield response if isinstance(response, str) else jsonio.dumps(response)
        case Uri(uri):
            yield uri
        case FileRef(file_id):
            yield file_id
        case Unknown(raw):
            yield jsonio.dumps(raw)
        case Blob():
            pass
