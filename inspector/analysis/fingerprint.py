"""What a message says, as a key to recognise it by.

Every request repeats the conversation before it. The same message gets the same key in all of them, however its text
is cut into parts: what changes with each run is left out (see `normalize`), and so is reasoning, which replies have and
later prompts do not repeat.
"""

from __future__ import annotations

from hashlib import blake2b
from typing import NamedTuple

from inspector.analysis import normalize
from inspector.model import (
    Blob,
    FileRef,
    Message,
    Part,
    Reasoning,
    Refusal,
    Text,
    ToolCall,
    ToolResult,
    Unknown,
    Uri,
    title_of,
)


class Digest(NamedTuple):
    """`key` recognises a message across exchanges; `id` also tells apart what changes with each run."""

    key: int
    id: int


def digest(message: Message) -> Digest:
    seen = normalize.Seen({}, [])
    said: list[str] = [message.role]
    texts: list[str] = []
    for part in message.parts:
        if title := title_of(part):
            said += [*_joined(texts, seen), "title", title]
            texts = []
        if isinstance(part, (Text, Refusal)):
            texts.append(part.content)
        elif not isinstance(part, Reasoning):
            said += _joined(texts, seen)
            said += _words(part, seen)
            texts = []
    said += _joined(texts, seen)
    key = number("\x1f".join(said))
    return Digest(key, number("\x1f".join([str(key), *seen.left])) if seen.left else key)


def number(text: str) -> int:
    """A signed 64-bit hash of a text, as SQLite keeps integers."""
    return int.from_bytes(blake2b(text.encode("utf-8", "replace"), digest_size=8).digest(), "big", signed=True)


def _joined(texts: list[str], seen: normalize.Seen) -> tuple[str, ...]:
    if len(texts) > 1:
        seen.left.append(",".join(str(len(text)) for text in texts))
    said = normalize.text("".join(texts), seen)
    return (said,) if said else ()


def _words(part: Part, seen: normalize.Seen) -> tuple[str, ...]:
    match part:
        case ToolCall(_, name, text, arguments):
            return ("call", name or "", normalize.arguments(arguments, text, seen))
        case ToolResult(_, _, response):
            return ("result", normalize.result(response, seen))
        case Blob(_, _, data):
            return ("blob", data)
        case Uri(uri):
            return (normalize.address(uri, seen),)
        case FileRef(file_id):
            return (file_id,)
        case Unknown(raw):
            return (normalize.unknown(raw, seen),)
        case _:  # texts and reasoning are told apart before
            return ()
