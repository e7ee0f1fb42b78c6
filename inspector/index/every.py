"""Questions about all exchanges at once, for who takes the index elsewhere."""

from __future__ import annotations

from collections.abc import Iterator

from inspector.index.rows import ALL, Row, Where
from inspector.index.store import Index


def every_row(index: Index) -> list[Row]:
    """All exchanges by the path of their file and their place in it."""
    return index.rows(ALL, "file.path, exchange.entry")


def every_id(index: Index, where: Where) -> set[int]:
    """The index's own numbers of the exchanges that meet a condition."""
    condition, parameters = where
    return {id for (id,) in index.all(f"SELECT id FROM exchange WHERE {condition}", parameters)}


def every_call(index: Index) -> Iterator[tuple[int, str]]:
    """Which exchange calls which tool, in its prompt or its reply: its number and the tool's name."""
    yield from index.all(
        "SELECT DISTINCT said.exchange, name.text FROM called JOIN said ON said.message = called.message "
        "JOIN name ON name.id = called.tool ORDER BY said.exchange, name.text"
    )
