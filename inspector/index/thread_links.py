"""What the forest answers."""

from __future__ import annotations

from typing import NamedTuple

from inspector.index.rows import Row


class Link(NamedTuple):
    """An exchange that hangs together with another."""

    row: Row
    follows: bool
    """Whether the recorded reply of the earlier one is what the later goes on from."""
    is_reworded: bool = False
    """Whether the instructions that lead the two prompts differ."""
    is_linked: bool = False
    """Whether the recording says so, and the later one repeats nothing of the earlier."""
    is_called: bool = False
    """Whether the later one is the first of a helper that the earlier called."""


class Links(NamedTuple):
    """A few exchanges that hang together with one; `total` counts all that were found."""

    those: tuple[Link, ...]
    total: int


class Twin(NamedTuple):
    """An exchange that was sent the same prompt as another."""

    id: int
    uid: str
    is_same_request: bool
    """Whether the whole request is the same: of whom it was asked, and how."""
    model: str | None
    provider: str | None
    replies: tuple[int, ...]
    """Message keys."""


class Source(NamedTuple):
    """The exchange that recorded a message as its reply."""

    uid: str
    group_id: str
    is_next: bool
    """Whether it was sent what stands before the message."""


class Leaf(NamedTuple):
    """Of an exchange what its place in a story depends on."""

    id: int
    uid: str
    path: str
    entry: int
    prompt: tuple[int, ...]
    replies: tuple[int, ...]
    parent: int | None = None
    """The exchange that the recording says it goes on from, or is called from."""
    is_called: bool = False


class Sums(NamedTuple):
    """What exchanges add up to."""

    input_tokens: int
    output_tokens: int
    files: int
