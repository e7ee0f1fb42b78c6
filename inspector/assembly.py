"""How a reply grows: the one place that knows how deltas become messages.

Streams and whole responses take the same way, so they cannot disagree.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from inspector import jsonio
from inspector.model import (
    AboutDelta,
    Citation,
    CitationDelta,
    Delta,
    EndDelta,
    ErrorDelta,
    FinishDelta,
    Part,
    PartDelta,
    ProviderError,
    Reasoning,
    ReasoningDelta,
    Refusal,
    RefusalDelta,
    RoleDelta,
    SummaryDelta,
    Text,
    TextDelta,
    Token,
    TokensDelta,
    ToolCall,
    ToolCallDelta,
    UsageDelta,
)

_GROWN: dict[type, Callable[[str], Part]] = {TextDelta: Text, ReasoningDelta: Reasoning, RefusalDelta: Refusal}
_GROWS: dict[type, type] = {
    Text: TextDelta, Reasoning: ReasoningDelta, Refusal: RefusalDelta, ToolCall: ToolCallDelta,
}  # fmt: skip


@dataclass(slots=True)
class _Growing:
    """A part that is still growing: text of one kind, or the arguments of a call."""

    kind: type
    slot: int | str | None
    pieces: list[str] = field(default_factory=list)
    id: str | None = None
    name: str | None = None
    whole: str = ""
    citations: list[Citation] = field(default_factory=list)
    tokens: list[Token] = field(default_factory=list)
    given: Part | None = None
    """The part that arrived whole and takes the place of what grew."""

    def part(self) -> Part:
        if self.given is not None:
            return self._cited(self.given)
        text = "".join(self.pieces)
        if self.kind is not ToolCallDelta:
            return self._cited(_GROWN[self.kind](text))
        arguments = text or self.whole
        return ToolCall(self.id, self.name, arguments, jsonio.parse_or_none(arguments))

    def _cited(self, part: Part) -> Part:
        """A text with the citations and tokens that came for it, unless it brings its own."""
        if not isinstance(part, Text) or not (self.citations or self.tokens):
            return part
        citations, tokens = part.citations or tuple(self.citations), part.tokens or tuple(self.tokens)
        return replace(part, citations=citations, tokens=tokens)


@dataclass(slots=True)
class _Choice:
    """One reply. Most requests ask for one."""

    parts: list[_Growing | Part] = field(default_factory=list)
    slots: dict[tuple[type, int | str | None], _Growing] = field(default_factory=dict)
    role: str | None = None
    finish: str | None = None

    def growing(self, kind: type, slot: int | str | None) -> _Growing:
        """The part that text of a kind goes to: that of its slot, or without one the last part if it is of the kind."""
        known = self.slots.get((kind, slot))
        if known is None or (slot is None and self.parts[-1] is not known):
            return self._begin(kind, slot)
        return known

    def text(self, slot: int | str | None) -> _Growing:
        """The text of a slot; without one the last text."""
        if slot is None:
            texts = (part for part in reversed(self.parts) if isinstance(part, _Growing) and part.kind is TextDelta)
            last = next(texts, None)
            if last is not None:
                return last
        return self.growing(TextDelta, slot)

    def give(self, part: Part, slot: int | str | None) -> None:
        """Take a part that arrives whole: to the end, or to the place of what grew in its slot."""
        kind = _GROWS.get(type(part), PartDelta)
        if slot is None:
            self.parts.append(part)
        else:
            self.growing(kind, slot).given = part

    def grow_call(self, delta: ToolCallDelta) -> None:
        growing = self._call(delta)
        growing.id = growing.id or delta.id
        growing.name = growing.name or delta.name
        growing.whole = growing.whole or delta.whole
        if delta.arguments:
            growing.pieces.append(delta.arguments)

    def _call(self, delta: ToolCallDelta) -> _Growing:
        """The call that a piece belongs to.

        An index is no key: servers repeat it for a new id, leave it out, or leave out the id of a continuation.
        """
        known = self.slots.get((ToolCallDelta, delta.slot))
        by_id = self.slots.get((ToolCallDelta, f"id:{delta.id}")) if delta.id else None
        if by_id is not None:
            return by_id
        if known is not None and not (delta.id and known.id and delta.id != known.id):
            fresh_unnumbered = delta.slot is None and (delta.id or delta.name) and known.name
            if not fresh_unnumbered:
                return known
        growing = self._begin(ToolCallDelta, delta.slot)
        if delta.id:
            self.slots[(ToolCallDelta, f"id:{delta.id}")] = growing
        return growing

    def _begin(self, kind: type, slot: int | str | None) -> _Growing:
        growing = _Growing(kind, slot)
        self.parts.append(growing)
        self.slots[(kind, slot)] = growing
        return growing

    def done(self) -> tuple[Part, ...]:
        return tuple(item.part() if isinstance(item, _Growing) else item for item in self.parts)


@dataclass(frozen=True, slots=True)
class Reply:
    """One assembled choice; words are still the provider's."""

    parts: tuple[Part, ...]
    role: str | None
    finish: str | None


@dataclass(slots=True)
class Assembly:
    """Everything that the deltas of one response add up to."""

    choices: dict[int, _Choice] = field(default_factory=dict)
    counts: dict[str, Any] = field(default_factory=dict)
    id: str | None = None
    model: str | None = None
    created_at: str | None = None
    summary: dict[str, Any] | None = None
    error: ProviderError | None = None
    ended: bool = False

    def add(self, deltas: Iterable[Delta]) -> None:
        """Grow by what one or many events add. A long text comes in thousands of pieces: each is one append."""
        growing: tuple[type, int, int | str | None] | None = None
        pieces: list[str] = []
        for delta in deltas:
            kind = type(delta)
            if kind not in _GROWN:
                growing = None
                _ADD[kind](self, delta)
                continue
            text, choice, slot = delta  # type: ignore[misc]
            if text:
                if growing != (kind, choice, slot):
                    growing = (kind, choice, slot)  # type: ignore[assignment]
                    pieces = self._choice(choice).growing(kind, slot).pieces  # type: ignore[arg-type]
                pieces.append(text)

    def replies(self) -> tuple[Reply, ...]:
        return tuple(Reply(choice.done(), choice.role, choice.finish) for _, choice in sorted(self.choices.items()))

    @property
    def complete(self) -> bool:
        """Whether the protocol's end came, and came for every reply that began."""
        return self.ended and len({choice.finish is None for choice in self.choices.values()}) < 2

    def _choice(self, index: int) -> _Choice:
        choice = self.choices.get(index)
        if choice is None:
            choice = self.choices[index] = _Choice()
        return choice

    def _call(self, delta: ToolCallDelta) -> None:
        self._choice(delta.choice).grow_call(delta)

    def _part(self, delta: PartDelta) -> None:
        self._choice(delta.choice).give(delta.part, delta.slot)

    def _citation(self, delta: CitationDelta) -> None:
        self._choice(delta.choice).text(delta.slot).citations.append(delta.citation)

    def _tokens(self, delta: TokensDelta) -> None:
        self._choice(delta.choice).text(delta.slot).tokens.extend(delta.tokens)

    def _role(self, delta: RoleDelta) -> None:
        choice = self._choice(delta.choice)
        choice.role = choice.role or delta.role

    def _finish(self, delta: FinishDelta) -> None:
        self._choice(delta.choice).finish = delta.reason

    def _usage(self, delta: UsageDelta) -> None:
        self.counts.update((key, value) for key, value in delta.counts.items() if value is not None)

    def _about(self, delta: AboutDelta) -> None:
        self.id = self.id or delta.id
        self.model = self.model or delta.model
        self.created_at = self.created_at or delta.created_at

    def _summary(self, delta: SummaryDelta) -> None:
        self.summary = {**(self.summary or {}), **delta.summary}

    def _error(self, delta: ErrorDelta) -> None:
        self.error = self.error or delta.error

    def _end(self, _: EndDelta) -> None:
        self.ended = True


_ADD: Mapping[type, Callable[[Assembly, Any], None]] = {
    ToolCallDelta: Assembly._call,
    PartDelta: Assembly._part,
    CitationDelta: Assembly._citation,
    TokensDelta: Assembly._tokens,
    RoleDelta: Assembly._role,
    FinishDelta: Assembly._finish,
    UsageDelta: Assembly._usage,
    AboutDelta: Assembly._about,
    SummaryDelta: Assembly._summary,
    ErrorDelta: Assembly._error,
    EndDelta: Assembly._end,
}
