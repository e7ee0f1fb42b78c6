"""Names that many exchanges share, as numbers."""

from __future__ import annotations

import sqlite3


class Names:
    """The numbers of names and list_groups within one transaction; those that are not there yet are added."""

    def __init__(self, writer: sqlite3.Connection) -> None:
        self._writer = writer
        self._known: dict[tuple[str, int], int] = {}
        self._list_groups: dict[tuple[str, str], int] = {}

    def __getitem__(self, name: str | None) -> int | None:
        return self._named(name, 0)

    def group(self, name: str | None) -> int | None:
        """The number of a test or session."""
        return self._named(name, 1)

    def _named(self, name: str | None, is_group: int) -> int | None:
        if name is None:
            return None
        key = (name, is_group)
        if key not in self._known:
            new, old = "name (text, is_group) VALUES (?, ?)", "name WHERE text = ? AND is_group = ?"
            self._known[key] = self._number(new, old, key)
        return self._known[key]

    def list_group(self, kind: str, name: str) -> int:
        """The number of what lists gather exchanges under."""
        key = (kind, name)
        if key not in self._list_groups:
            self._list_groups[key] = self._number(
                "list_group (kind, name) VALUES (?, ?)", "list_group WHERE kind = ? AND name = ?", key
            )
        return self._list_groups[key]

    def _number(self, new: str, old: str, values: tuple[str | int, ...]) -> int:
        found = self._writer.execute(f"SELECT id FROM {old}", values).fetchone()
        if found is None:
            return self._writer.execute(f"INSERT INTO {new}", values).lastrowid  # type: ignore[return-value]
        return found[0]  # type: ignore[no-any-return]
