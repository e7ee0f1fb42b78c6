"""What a message says, for the search: its texts by the place where they stand."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from inspector.model import (
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
    jsonio,
    title_of,
)
from inspector.model.expressions import expression

TEXT_PLACES = {
    "system": "instructions",
    "user": "what the user said",
    "reply": "what the model said",
    "reasoning": "what the model thought",
    "call": "names and arguments of tool calls",
    "result": "results of tools",
    "name": "names: test, session, file, model, provider",
}
"""Where a text can stand, in words for the help page."""

MAX_SEARCHED = 1_000_000
"""Characters of one piece that are searched."""

_HASHED = expression(r"[0-9a-f]{32,}")
"""In the name of a file that its recorder named by a hash."""

OF_ROLE = {"system": "system", "user": "user", "assistant": "reply", "tool": "result"}
"""Where the texts of a role stand, as `TEXT_PLACES` names it."""


class Piece(NamedTuple):
    place: str
    text: str


def pieces(message: Message) -> list[Piece]:
    """The texts of a message, those of one place together; reasoning is left to `thoughts`."""
    texts: dict[str, list[str]] = {}
    for part in message.parts:
        for place, text in _of_part(part, OF_ROLE[message.role]):
            if text:
                texts.setdefault(place, []).append(text)
    return [Piece(place, "\n".join(all)[:MAX_SEARCHED]) for place, all in texts.items()]


def names(path: str, *others: str | None) -> str:
    """What an exchange goes by, a line each: the path of its recording (of a file that is named by a hash its folder,
    which exchanges of one test share) and other names."""
    own = path.rpartition("/")[0] if _HASHED.search(path.rpartition("/")[2]) else path
    return "\n".join(dict.fromkeys(name for name in (*others, own) if name))


def thoughts(message: Message) -> str:
    """The reasoning of a message."""
    return "\n".join(part.content for part in message.parts if isinstance(part, Reasoning))[:MAX_SEARCHED]


def _of_part(part: Part, own: str) -> Iterator[tuple[str, str]]:
    if title := title_of(part):
        yield own, title
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
