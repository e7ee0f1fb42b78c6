"""The parts of messages as a page that compares prints them: with what differs in them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from inspector.compare.cited_sources import changed_sources
from inspector.compare.said import KINDS, titled
from inspector.compare.sequences import Budget
from inspector.model import (
    Blob,
    FileRef,
    Json,
    Part,
    Reasoning,
    Refusal,
    Text,
    ToolCall,
    ToolResult,
    Unknown,
    Uri,
    jsonio,
)
from inspector.web.compare.key_tree import KeyTree, key_tree
from inspector.web.compare.text_pieces import TextDiff, text_diff

_WORDS = 140
"""Characters of a part that is the same."""

_SHOWN = 8_000
"""Characters of a part that only one side has."""


@dataclass(frozen=True, slots=True)
class UnitView:
    """A part of a message: the same (`words` begins it), of one side (`lone`), or with what differs in it."""

    anchor: str
    kind: str
    name: str = ""
    name_before: str = ""
    """The other name that a call had."""
    words: str = ""
    lone: str | None = None
    is_new: bool = False
    left: int = 0
    text: TextDiff | None = None
    tree: KeyTree | None = None
    is_noise: bool = False
    cited: tuple[tuple[str | None, str | None], ...] = ()
    """Sources that went and that came."""

    @property
    def is_same(self) -> bool:
        return not (self.lone is not None or self.text or self.tree or self.name_before or self.cited)


class Units:
    """Makes the views of parts, all with one budget. `sides` says which anchors are noise; `only` leaves what is the
    same out of texts."""

    def __init__(self, budget: Budget, sides: Mapping[str, str], only: bool) -> None:
        self._budget = budget
        self._sides = sides
        self._only = only

    def both(self, before: Part, after: Part, place: str) -> UnitView:
        kind, name, begins = KINDS[type(after)], _name(after), words(text_of(after))
        if before == after:
            return UnitView(place, kind, name, words=begins)
        if isinstance(before, ToolCall) and isinstance(after, ToolCall):
            other = (_name(before) or "no name") if before.name != after.name else ""
            return UnitView(place, kind, name, other, begins, tree=self.tree(place, _json(before), _json(after)))
        values = _json(before), _json(after)
        if all(isinstance(value, (dict, list)) for value in values):
            return UnitView(place, kind, name, words=begins, tree=self.tree(place, *values))
        old, new = text_of(before), text_of(after)
        text = self.text(old, new) if old != new else None
        cited = changed_sources(before, after) if isinstance(before, Text) and isinstance(after, Text) else ()
        is_noise = self._sides.get(place) == "noise"
        return UnitView(place, kind, name, words=begins, text=text, is_noise=is_noise, cited=tuple(cited))

    def lone(self, part: Part, place: str, is_new: bool) -> UnitView:
        value = _json(part)
        is_json = isinstance(value, (dict, list))
        text = jsonio.dumps(value, indent=True) if is_json else text_of(part)
        left = max(len(text) - _SHOWN, 0)
        return UnitView(place, KINDS[type(part)], _name(part), lone=text[:_SHOWN], is_new=is_new, left=left)

    def tree(self, place: str, before: Json, after: Json) -> KeyTree | None:
        return key_tree(place, before, after, self._budget, self._sides)

    def text(self, before: str, after: str) -> TextDiff:
        return text_diff(before, after, self._budget, self._only)


def _name(part: Part) -> str:
    return part.name or "" if isinstance(part, (ToolCall, ToolResult)) else ""


def _json(part: Part) -> Json:
    """The JSON that a part is; None for what is text."""
    if isinstance(part, ToolCall):
        return part.arguments_text if part.arguments is None else part.arguments
    if isinstance(part, Unknown):
        return part.raw
    if not isinstance(part, ToolResult):
        return None
    return jsonio.parse_or_none(part.response) if isinstance(part.response, str) else part.response


def words(text: str) -> str:
    """How a text begins, on one line."""
    line = " ".join(text[: 2 * _WORDS].split())
    return line if len(line) <= _WORDS and len(text) <= 2 * _WORDS else line[:_WORDS].rstrip() + "…"


def text_of(part: Part) -> str:
    """A part as text."""
    match part:
        case Text(content) | Reasoning(content) | Refusal(content):
            return content
        case ToolCall():
            return part.arguments_text
        case ToolResult():
            return part.response if isinstance(part.response, str) else jsonio.dumps(part.response)
        case Blob(mime_type, modality, _, size):
            return f"{titled(part)}{modality} {mime_type or ''}, {size:,} bytes"
        case Uri(uri):
            return f"{titled(part)}{uri}"
        case FileRef(file_id):
            return f"{titled(part)}{file_id}"
        case Unknown(raw):
            return jsonio.dumps(raw)
