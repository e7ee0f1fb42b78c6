"""Where a response is put together: the one place that knows how deltas become messages.

Streams and whole responses take the same way, so they cannot disagree.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from inspector.decode.assembly.choice import Choice
from inspector.decode.assembly.part_builder import TEXTS
from inspector.model import Part, ProviderError
from inspector.model.delta import (
    AboutDelta,
    ArgumentDelta,
    AwaitsDelta,
    BeginsDelta,
    BlobDelta,
    CitationDelta,
    Delta,
    EndDelta,
    ErrorDelta,
    FinishDelta,
    ItemBeginsDelta,
    ItemDelta,
    ItemsDelta,
    PartDelta,
    RoleDelta,
    Slot,
    SoFarDelta,
    SummaryDelta,
    TokensDelta,
    ToolCallDelta,
    UsageDelta,
    WholeDelta,
)


@dataclass(frozen=True, slots=True)
class Reply:
    """One assembled choice; words are still the provider's."""

    parts: tuple[Part, ...]
    role: str | None
    finish: str | None
    awaits: bool
    """Whether it waits for the results of its calls, where no finish reason says so."""


@dataclass(slots=True)
class Assembly:
    """Everything that the deltas of one response add up to."""

    choices: dict[int, Choice] = field(default_factory=dict)
    counts: dict[str, Any] = field(default_factory=dict)
    id: str | None = None
    model: str | None = None
    created_at: str | None = None
    summary: dict[str, Any] | None = None
    error: ProviderError | None = None
    ended: bool = False
    all_ended: bool = False

    def add(self, deltas: Iterable[Delta]) -> None:
        """Take what one or many events add. A long text comes in thousands of pieces: each is one append."""
        current: tuple[type, int, Slot] | None = None
        pieces: list[str] = []
        for delta in deltas:
            kind = type(delta)
            if kind not in TEXTS:
                current = None
                _ADD[kind](self, delta)
                continue
            text, choice, slot = delta  # type: ignore[misc]
            if text:
                if current != (kind, choice, slot):
                    current = (kind, choice, slot)  # type: ignore[assignment]
                    pieces = self._choice(choice).part_for(kind, slot).pieces  # type: ignore[arg-type]
                pieces.append(text)  # type: ignore[arg-type]

    def replies(self) -> tuple[Reply, ...]:
        choices = (choice for _, choice in sorted(self.choices.items()))
        return tuple(Reply(choice.done(), choice.role, choice.finish, choice.awaits) for choice in choices)

    @property
    def complete(self) -> bool:
        """Whether the protocol's end came, and came for every reply that began."""
        return self.all_ended or (self.ended and len({choice.finish is None for choice in self.choices.values()}) < 2)

    def _choice(self, index: int) -> Choice:
        choice = self.choices.get(index)
        if choice is None:
            choice = self.choices[index] = Choice()
        return choice

    def _call(self, delta: ToolCallDelta) -> None:
        self._choice(delta.choice).extend_call(delta)

    def _argument(self, delta: ArgumentDelta) -> None:
        piece = ToolCallDelta("", delta.choice, delta.slot, delta.id)
        self._choice(delta.choice).extend_call(piece).values.append((delta.path, delta.value))

    def _begins(self, delta: BeginsDelta) -> None:
        self._choice(delta.choice).begin_text(delta.slot)

    def _part(self, delta: PartDelta) -> None:
        self._choice(delta.choice).put(delta.part, delta.slot)

    def _so_far(self, delta: SoFarDelta) -> None:
        self._choice(delta.choice).part_for(delta.kind, delta.slot).so_far.append(delta.text)

    def _blob(self, delta: BlobDelta) -> None:
        self._choice(delta.choice).extend_blob(delta)

    def _item_begins(self, delta: ItemBeginsDelta) -> None:
        self._choice(delta.choice).begin_item(delta)

    def _item(self, delta: ItemDelta) -> None:
        self._choice(delta.choice).put_item(delta)

    def _items(self, delta: ItemsDelta) -> None:
        self._choice(delta.choice).put_items(delta)

    def _whole(self, delta: WholeDelta) -> None:
        once_more = Assembly()
        once_more.add(delta.deltas)
        self._choice(delta.choice).again = tuple(part for reply in once_more.replies() for part in reply.parts)

    def _citation(self, delta: CitationDelta) -> None:
        if delta.words is not None:
            self._choice(delta.choice).cited.append((delta.citation, delta.words))
        else:
            self._choice(delta.choice).text(delta.slot).citations.append(delta.citation)

    def _tokens(self, delta: TokensDelta) -> None:
        self._choice(delta.choice).text(delta.slot).tokens.extend(delta.tokens)

    def _role(self, delta: RoleDelta) -> None:
        choice = self._choice(delta.choice)
        choice.role = choice.role or delta.role

    def _finish(self, delta: FinishDelta) -> None:
        self._choice(delta.choice).finish = delta.reason

    def _awaits(self, delta: AwaitsDelta) -> None:
        self._choice(delta.choice).awaits = True

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

    def _end(self, delta: EndDelta) -> None:
        self.ended = True
        self.all_ended = self.all_ended or delta.of_all


_ADD: Mapping[type, Callable[[Assembly, Any], None]] = {
    ToolCallDelta: Assembly._call,
    ArgumentDelta: Assembly._argument,
    BeginsDelta: Assembly._begins,
    PartDelta: Assembly._part,
    SoFarDelta: Assembly._so_far,
    BlobDelta: Assembly._blob,
    ItemBeginsDelta: Assembly._item_begins,
    ItemDelta: Assembly._item,
    ItemsDelta: Assembly._items,
    WholeDelta: Assembly._whole,
    CitationDelta: Assembly._citation,
    TokensDelta: Assembly._tokens,
    RoleDelta: Assembly._role,
    FinishDelta: Assembly._finish,
    AwaitsDelta: Assembly._awaits,
    UsageDelta: Assembly._usage,
    AboutDelta: Assembly._about,
    SummaryDelta: Assembly._summary,
    ErrorDelta: Assembly._error,
    EndDelta: Assembly._end,
}
