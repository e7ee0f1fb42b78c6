"""Hashes many texts that differ little, and looks for one hash among them."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from typing import NamedTuple

from inspector.model.common_head import common_head

EFFORT = 350
"""What hashing a piece costs besides, in bytes that could be hashed in that time."""


class Met(NamedTuple):
    test: str | None


class Hasher:
    """Hashes texts in segments; those that a text begins with as the one before it that was `base` are hashed once."""

    def __init__(self, key: str) -> None:
        self._digits = key
        self._key = bytes.fromhex(key[: len(key) // 2 * 2])
        self._base: list[bytes] = []
        self._states = [sha256()]
        self.left = 0

    def base(self, segments: list[bytes]) -> None:
        """Hash a text of which what comes next changes little."""
        same = common_head(self._base, segments)
        del self._states[same + 1 :]
        for segment in segments[same:]:
            state = self._states[-1].copy()
            state.update(segment)
            self._states.append(state)
            self.left -= len(segment) + EFFORT
        self._base = segments

    def met(self, segments: list[bytes], tails: Sequence[tuple[str | None, bytes]]) -> Met | None:
        """The tail that, after the segments, has the key; None where none has."""
        same = common_head(self._base, segments)
        rest = b"".join(segments[same:])
        begun = self._states[same]
        if rest:
            begun = begun.copy()
            begun.update(rest)
        key, copy = self._key, begun.copy
        self.left -= len(rest) + EFFORT * (2 + len(tails))
        for test, tail in tails:
            state = copy()
            state.update(tail)
            if state.digest().startswith(key) and state.hexdigest().startswith(self._digits):
                return Met(test)
        return None
