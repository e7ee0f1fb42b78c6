"""What a form of "copy as" is, and what it is made from."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from inspector.model import Exchange, Json, ModelCall
from inspector.output.copyas.sendable import Sent


class File(NamedTuple):
    """Where an exchange is kept.

    `path` is the file's, or that of the archive which has it as `inner`. `raw` is the entry as recorded, unmasked: it
    is only ever compared.
    """

    path: str
    inner: str
    entry: int
    position: int | None
    raw: Json
    is_alone: bool
    """Whether the file holds nothing else."""
    read: Callable[[], bytes]


class Subject(NamedTuple):
    """An exchange with a mark of `variables` in the place of each secret, understood.

    `sent` is None where nothing can be sent again, `file` where there is none, as of what was pasted.
    """

    exchange: Exchange
    call: ModelCall
    place: dict[str, Any]
    """The head of the JSON of ``inspector show``."""
    sent: Sent | None
    file: File | None


class Form(NamedTuple):
    """One way to take an exchange elsewhere. `write` gives None where an exchange cannot be put so."""

    name: str
    title: str
    language: str
    """What the text is coloured as; "" for none."""
    about: str
    write: Callable[[Subject], str | None]
