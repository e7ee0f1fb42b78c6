"""Deltas: what one event adds to a reply. Protocols make them, `inspector.decode.assembly` puts them
together."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from inspector.model.exchange import Json, ProviderError
from inspector.model.message import CallKind, Citation, Part, Token


class Item(NamedTuple):
    """A part of an item of a reply (OpenAI Responses), by all that an event says of it.

    Servers change the id between the events of an item, count the index up too early, or leave out either:
    `inspector.decode.assembly.items` knows which events are of one item.
    """

    number: int | None
    id: str | None
    part: str = ""


Slot = int | str | Item | None


class TextDelta(NamedTuple):
    """`slot` is the provider's own key of the part; without one the text continues the part before it."""

    text: str
    choice: int = 0
    slot: Slot = None


class ReasoningDelta(NamedTuple):
    """A piece of reasoning."""

    text: str
    choice: int = 0
    slot: Slot = None


class RefusalDelta(NamedTuple):
    """A piece of a refusal."""

    text: str
    choice: int = 0
    slot: Slot = None


class ToolCallDelta(NamedTuple):
    """A piece of a tool call. `whole` are arguments that hold unless pieces follow."""

    arguments: str = ""
    choice: int = 0
    slot: Slot = None
    id: str | None = None
    name: str | None = None
    whole: str = ""
    kind: CallKind = "function"


JsonPath = tuple[str | int, ...]


class ArgumentDelta(NamedTuple):
    """A value in the arguments of a call, at a path of keys and indices. Texts at the same path continue each other."""

    path: JsonPath
    value: Json
    choice: int = 0
    slot: Slot = None
    id: str | None = None


class BeginsDelta(NamedTuple):
    """A text begins in a slot, once more where a proxy gives every part the same: what came before the last part is
    another text."""

    slot: Slot
    choice: int = 0


class PartDelta(NamedTuple):
    """A part that arrives in one piece. With a slot it takes the place of its pieces, unless it says less than they."""

    part: Part
    choice: int = 0
    slot: Slot = None


class SoFarDelta(NamedTuple):
    """A text so far, or the next piece of it: which of both, all that come for a slot tell together. `kind` is the
    delta that a piece of it would be."""

    kind: type
    text: str
    choice: int = 0
    slot: Slot = None


class BlobDelta(NamedTuple):
    """A piece of base64 data. The pieces of a slot are one blob."""

    data: str
    choice: int = 0
    slot: Slot = None
    mime_type: str | None = None


class ItemBeginsDelta(NamedTuple):
    """An item begins; `kind` is the provider's word for what it is."""

    item: Item
    kind: str
    choice: int = 0
    parts: tuple[Part, ...] = ()
    """What it holds already; that holds unless pieces follow."""


class ItemDelta(NamedTuple):
    """All parts of one item of a reply: they take the place of its pieces, unless they say less."""

    parts: tuple[Part, ...]
    item: Item
    choice: int = 0
    kind: str = ""


class WholeItem(NamedTuple):
    """One item of a whole reply."""

    parts: tuple[Part, ...]
    kind: str = ""
    id: str | None = None


class ItemsDelta(NamedTuple):
    """The items of the whole reply, in order: they take the place of their pieces, unless they say less."""

    items: tuple[WholeItem, ...]
    choice: int = 0


class WholeDelta(NamedTuple):
    """The whole reply once more, after its pieces: it adds only what these did not say."""

    deltas: tuple[Delta, ...]
    choice: int = 0


class CitationDelta(NamedTuple):
    """A citation of the text in a slot; without one, of the last text."""

    citation: Citation
    choice: int = 0
    slot: Slot = None
    words: str | None = None
    """The words that it is of, where the protocol counts bytes: whichever text has them is cited."""


class TokensDelta(NamedTuple):
    """Tokens with their probabilities, of the text in a slot; without one, of the last text."""

    tokens: tuple[Token, ...]
    choice: int = 0
    slot: Slot = None


class RoleDelta(NamedTuple):
    """Who speaks, in the word of the provider."""

    role: str
    choice: int = 0


class FinishDelta(NamedTuple):
    """Why the reply ended, in the word of the provider."""

    reason: str
    choice: int = 0


class AwaitsDelta(NamedTuple):
    """The reply calls tools and waits for their results, in a protocol that has no finish reason for it."""

    choice: int = 0


class UsageDelta(NamedTuple):
    """Counts in the provider's own words: cumulative, so a later one replaces the keys that it has."""

    counts: Mapping[str, Json]


class AboutDelta(NamedTuple):
    """Who answers: the response's own id and model name, and when it says it began (ISO 8601, UTC)."""

    id: str | None
    model: str | None
    created_at: str | None = None


class SummaryDelta(NamedTuple):
    """An answer that is not a message: embeddings, model lists, rankings."""

    summary: Mapping[str, Json]


class ErrorDelta(NamedTuple):
    """An error in place of the rest of the reply."""

    error: ProviderError


class EndDelta(NamedTuple):
    """The protocol's own end of a stream: of all replies, or of one, where others may still have theirs to come."""

    of_all: bool = False


Delta = (
    TextDelta
    | ReasoningDelta
    | RefusalDelta
    | ToolCallDelta
    | ArgumentDelta
    | BeginsDelta
    | PartDelta
    | SoFarDelta
    | BlobDelta
    | ItemBeginsDelta
    | ItemDelta
    | ItemsDelta
    | WholeDelta
    | CitationDelta
    | TokensDelta
    | RoleDelta
    | FinishDelta
    | AwaitsDelta
    | UsageDelta
    | AboutDelta
    | SummaryDelta
    | ErrorDelta
    | EndDelta
)
