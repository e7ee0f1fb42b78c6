"""Several parts as one: blocks of text, pieces of data or of a result, and what came in pieces with the whole of it."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import pairwise

from inspector.model import Blob, Citation, Part, Reasoning, Refusal, Text, Token, ToolCall, ToolResult
from inspector.model.expressions import expression
from inspector.model.media import blob

_TAG = expression(r"(?:(?<!\s)|(?<=think>\n))\s*+</?think>\n?")


def one_text(blocks: Iterable[Text]) -> Text:
    """The blocks as one, of providers that begin a new block wherever a citation begins or ends. A citation that names
    no stretch is of its whole block."""
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


def of_texts_so_far(texts: Sequence[str]) -> str:
    """Each text begins with the one before, and the last is all; else they are pieces."""
    if all(later.startswith(earlier) for earlier, later in pairwise(texts)):
        return texts[-1] if texts else ""
    return "".join(texts)


def says_less(text: str, than: str) -> bool:
    """Whether a text is but the beginning of another."""
    return len(text) < len(than) and than.startswith(text)


def whole_over_pieces(pieces: Sequence[Part], whole: Sequence[Part]) -> tuple[Part, ...]:
    """An item told whole, with what only its pieces said: ends of items may be empty, or come too early."""
    parts = tuple(_fuller(part, pieces) for part in whole)
    kept = _kept(pieces, whole)
    return (*(part for part in pieces if type(part) in kept), *(part for part in parts if type(part) not in kept))


def pieces_over_whole(pieces: Sequence[Part], whole: Sequence[Part]) -> tuple[Part, ...]:
    """What came in pieces, with what only the whole reply says that came after them."""
    kinds = {type(part) for part in pieces}
    if not kinds:
        return tuple(whole)
    told = {kind for kind in kinds if not _says_less(kind, pieces, whole)}
    if not _tells_more(pieces) and _tells_more(whole) and _text(Text, pieces) == _text(Text, whole):
        told.discard(Text)
    return (*(p for p in pieces if type(p) in told), *(p for p in whole if type(p) not in told))


def _tells_more(parts: Sequence[Part]) -> bool:
    """Whether a text has more than words: what it cites, or how likely they were."""
    return any(isinstance(part, Text) and (part.citations or part.tokens) for part in parts)


def _fuller(part: Part, pieces: Sequence[Part]) -> Part:
    """A call of which the pieces had the arguments and the end has none."""
    if isinstance(part, ToolCall) and not part.arguments_text:
        called = next((p for p in pieces if isinstance(p, ToolCall) and p.arguments_text), None)
        if called is not None:
            return replace(called, id=part.id or called.id, name=part.name or called.name)
    return part


def _kept(pieces: Sequence[Part], whole: Sequence[Part]) -> set[type]:
    """The kinds of parts of which the pieces say more."""
    missing = {type(part) for part in pieces} - {type(part) for part in whole}
    return missing | {kind for kind in (Text, Reasoning, Refusal) if _says_less(kind, whole, pieces)}


def _says_less(kind: type, parts: Sequence[Part], than: Sequence[Part]) -> bool:
    if kind not in (Text, Reasoning, Refusal):
        return sum(type(part) is kind for part in parts) < sum(type(part) is kind for part in than)
    return says_less(_text(kind, parts), _text(kind, than))


def _text(kind: type, parts: Sequence[Part]) -> str:
    return "".join(
        part.content for part in parts if isinstance(part, (Text, Reasoning, Refusal)) and type(part) is kind
    )
