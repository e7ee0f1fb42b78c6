"""Neighbouring blocks of text as one text, for providers that begin a new block wherever a citation begins or ends."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable

from inspector.model import Blob, Citation, Reasoning, Text, Token, ToolResult
from inspector.model.media import blob

_TAG = re.compile(r"\s*</?think>\n?")


def one_text(blocks: Iterable[Text]) -> Text:
    """The blocks as one. A citation that names no stretch is of its whole block."""
    contents: list[str] = []
    citations: list[Citation] = []
    tokens: list[Token] = []
    start = 0
    for block in blocks:
        end = start + len(block.content)
        contents.append(block.content)
        citations += (_placed(citation, start, end) for citation in block.citations)
        tokens += block.tokens
        start = end
    return Text("".join(contents), citations=tuple(citations), tokens=tuple(tokens))


def _placed(citation: Citation, start: int, end: int) -> Citation:
    if citation.start is None or citation.end is None:
        return citation._replace(start=start, end=end)
    return citation._replace(start=citation.start + start, end=citation.end + start)


def one_thought(text: str) -> Reasoning:
    """Reasoning without the tags that some servers leave around it, known only once its pieces are together."""
    return Reasoning(_TAG.sub("", text) if text.lstrip().startswith("<think>") else text)


def one_blob(pieces: Iterable[str], mime_type: str | None) -> Blob:
    """Base64 in pieces. Each may be padded by itself, and whole bytes end where a padding is."""
    data = "".join(pieces)
    if "=" in data.rstrip("="):
        data = base64.b64encode(b"".join(map(_bytes, re.findall(r"[^=]+=*", data)))).decode()
    return blob(data, mime_type)


def _bytes(piece: str) -> bytes:
    try:
        return base64.b64decode(piece)
    except ValueError:
        return b""


def one_result(begun: ToolResult, more: ToolResult) -> ToolResult:
    """A tool result that comes in pieces: the id first, then what the tool answered."""
    return ToolResult(
        begun.id or more.id,
        begun.name or more.name,
        _response(begun.response, more.response),
        more.is_error if begun.is_error is None else begun.is_error,
    )


def _response(begun: object, more: object) -> object:
    if begun is None or more is None:
        return more if begun is None else begun
    if isinstance(begun, str) and isinstance(more, str):
        return begun + more
    return [*(begun if isinstance(begun, list) else [begun]), *(more if isinstance(more, list) else [more])]
