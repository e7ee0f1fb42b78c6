"""Which entries of a cassette a test had in hand and did not play, by the cassettes of VCR.py among its fixtures: those
of pytest-recording and pytest-vcr are such fixtures. One that a test opens itself is not seen."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any


def unplayed(fixtures: Mapping[str, Any], path_of: Callable[[str], str]) -> dict[str, list[int]]:
    """The entries, counted from 0, by the cassettes' paths; an empty list where all were played."""
    found: dict[str, list[int]] = {}
    for value in fixtures.values():
        if type(value).__name__ == "Cassette":
            with suppress(Exception):  # what only looks like one
                played, path = value.play_counts, value._path
                if not value.dirty:  # else its entries are about to be others
                    found[path_of(str(path))] = [at for at in range(len(value.data)) if not played[at]]
    return found
