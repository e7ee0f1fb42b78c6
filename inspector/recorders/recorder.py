"""What a recorder offers: how it looks up what it has recorded."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Protocol


class NoKey(NamedTuple):
    """Why a key cannot be computed."""

    why: str


class Recorder(Protocol):
    """One recorder, by its own rules."""

    @property
    def NAME(self) -> str: ...

    @property
    def FORMATS(self) -> Sequence[str]:
        """The formats of the recordings that it writes, by their names."""

    @property
    def HOW(self) -> str:
        """How it finds a recording, in words."""

    @property
    def RULES(self) -> str:
        """Where its rules are written."""

    @property
    def MATCHED_BY(self) -> Sequence[str]:
        """What a request has to be the same in, unless a project sets it otherwise: names of `matchers.MATCHERS`, or
        ``key``."""

    @property
    def REPEATS(self) -> bool:
        """Whether what was played once is played again."""
