"""What the process that keeps an index remembers in it: the files, one after the other, and short notes."""

from __future__ import annotations

from collections.abc import Iterator

from inspector.index.connections import Connections
from inspector.index.rows import FileRow

_SOME = 1_000


class Known(Connections):
    """Questions of the one process that writes, and of those that follow it."""

    def known_files(self, below: str | None = None) -> Iterator[FileRow]:
        """Every known file, or those at and below a path, in the order of their paths; never many of them at once."""
        columns = ", ".join(FileRow._fields)
        condition, last, end = "", "", []
        if below is not None:
            yield from map(FileRow._make, self.all(f"SELECT {columns} FROM file WHERE path = ?", [below]))
            condition, last, end = "AND path < ?", f"{below}/", [f"{below}0"]  # 0 is the character after /
        some = f"SELECT {columns} FROM file WHERE path > ? {condition} ORDER BY path LIMIT {_SOME}"
        while rows := self.all(some, [last, *end]):
            yield from map(FileRow._make, rows)
            last = rows[-1][0]

    def note(self, key: str, value: str) -> None:
        """Remember a word, for other processes too."""
        with self._write_lock, self._failing():
            self._writer.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", [key, value])

    def noted(self, key: str) -> str | None:
        """What was noted last."""
        return next((value for (value,) in self.all("SELECT value FROM meta WHERE key = ?", [key])), None)
