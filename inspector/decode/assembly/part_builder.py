"""A part being built: text of one kind, or the arguments of a call, from its pieces."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from inspector.decode import json_path
from inspector.decode.assembly import merge
from inspector.model import CallKind, Citation, Part, Reasoning, Refusal, Text, Token, ToolCall, ToolResult, jsonio
from inspector.model.delta import BlobDelta, JsonPath, ReasoningDelta, RefusalDelta, Slot, TextDelta, ToolCallDelta

TEXTS: dict[type, Callable[[str], Part]] = {
    TextDelta: Text,
    ReasoningDelta: merge.one_thought,
    RefusalDelta: Refusal,
}
"""The kinds of deltas that are pieces of a text, and the part that their text is."""


@dataclass(slots=True)
class PartBuilder:
    kind: type
    """The type of the deltas that it is built from."""
    slot: Slot
    pieces: list[str] = field(default_factory=list)
    so_far: list[str] = field(default_factory=list)
    """The whole so far, again and again, or its pieces."""
    id: str | None = None
    name: str | None = None
    whole: str = ""
    call_kind: CallKind = "function"
    values: list[tuple[JsonPath, Any]] = field(default_factory=list)
    """Values in the arguments of a call, with their paths."""
    citations: list[Citation] = field(default_factory=list)
    tokens: list[Token] = field(default_factory=list)
    replacement: Part | None = None
    """The part that arrived whole and takes the place of the pieces."""
    mime_type: str | None = None

    def parts(self) -> tuple[Part, ...]:
        part = self._part()
        return () if isinstance(part, (Text, Reasoning, Refusal)) and not part.content else (part,)

    def put(self, part: Part) -> None:
        """Take the part whole. Text that says less than its pieces (an end that came too early) is passed over, and
        pieces may follow."""
        known = self.replacement
        if isinstance(known, ToolResult) and isinstance(part, ToolResult):
            self.replacement = merge.one_result(known, part)
        elif self.kind in TEXTS and isinstance(part, (Text, Reasoning, Refusal)):
            so_far = "".join(self.pieces)
            if not (so_far.endswith(part.content) or merge.says_less(part.content, so_far)):
                self.pieces[:] = [part.content]
            if isinstance(part, Text):
                self.citations = list(part.citations) or self.citations
                self.tokens = list(part.tokens) or self.tokens
        else:
            self.replacement = part

    def arguments(self) -> str:
        """The arguments of a call so far, as text."""
        built = self._text() or self.whole
        return built or (jsonio.dumps(json_path.value_from(self.values)) if self.values else "")

    def _text(self) -> str:
        return "".join(self.pieces) or merge.of_texts_so_far(self.so_far)

    def cited(self, part: Part) -> Part:
        """A text with the citations and tokens that came for it, unless it brings its own."""
        if not isinstance(part, Text) or not (self.citations or self.tokens):
            return part
        citations, tokens = part.citations or tuple(self.citations), part.tokens or tuple(self.tokens)
        return replace(part, citations=citations, tokens=tokens)

    def _part(self) -> Part:
        if self.replacement is not None:
            return self.cited(self.replacement)
        if self.kind is BlobDelta:
            return merge.one_blob(self.pieces, self.mime_type)
        if self.kind is not ToolCallDelta:
            return self.cited(TEXTS[self.kind](self._text()))
        arguments = self.arguments()
        return ToolCall(self.id, self.name, arguments, jsonio.parse_or_none(arguments), self.call_kind)
