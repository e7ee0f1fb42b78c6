"""Names that many exchanges share, as numbers."""

from __future__ import annotations

import sqlite3


class Names:
    """The numbers of names and shelves within one transaction; those that are not there yet are added."""

    def __init__(self, writer: sqlite3.Connection) -> None:
        self._writer = writer
        self._known: dict[str, int] = {}
        self._shelves: dict[tuple[str, str], int] = {}

    def __getitem__(self, name: str | None) -> int | None:
        if name is None:
            return None
        if name not in self._known:
            self._known[name] = self._number("name (text) VALUES (?)", "name WHERE text = ?", (name,))
        return self._known[name]

    def shelf(self, kind: str, name: str) -> int:
        """The number of what lists gather exchanges under."""
        key = (kind, name)
        if key not in self._shelves:
            self._shelves[key] = self._number(
                "shelf (kind, name) VALUES (?, ?)", "shelf WHERE kind = ? AND name = ?", key
            )
        return self._shelves[key]

    def _number(self, new: str, old: str, values: tuple[str, ...]) -> int:
        found = self._writer.execute(f"SELECT id FROM {old}", values).fetchone()
        if found is None:
            return self._writer.execute(f"INSERT INTO {new}", values).lastrowid  # type: ignore[return-value]
        return found[0]  # type: ignore[no-any-return]
