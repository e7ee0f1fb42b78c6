"""How exchanges hang together over the whole library: an exchange whose prompt extends another's prompt follows it.

Nothing of this is kept: each question costs what the conversation is long, and a change costs nothing.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence

from inspector import jsonio
from inspector.chains import chains
from inspector.index.reading import MOST, Reading
from inspector.index.rows import Row
from inspector.index.writing import REPLY


class Forest(Reading):
    """Questions about chains of prompts."""

    def before(self, row: Row) -> list[Row]:
        """The exchanges with the longest prompt that a row's begins with; those whose reply it goes on from first."""
        beginnings = {chain: length for length, chain in enumerate(chains(row.prompt)[:-1]) if length}
        found = self.all(
            "SELECT DISTINCT chain FROM exchange WHERE chain IN (SELECT value FROM json_each(?))",
            [jsonio.dumps([*beginnings])],
        )
        if not found:
            return []
        longest = max((chain for (chain,) in found), key=beginnings.__getitem__)
        length = beginnings[longest]
        rows = self.rows(("exchange.chain = ?", [longest]), limit=MOST)
        rows = [other for other in rows if other.prompt == row.prompt[:length] and other.id != row.id]
        return sorted(rows, key=lambda other: (row.prompt[length] not in other.replies, *_distance(row, other)))

    def after(self, row: Row) -> list[Row]:
        """The exchanges that go on from a row with no other in between; those that go on from its reply first."""
        extending = [other for other in self._extending(row.prompt) if len(other.prompt) > len(row.prompt)]
        known = {other.chain for other in extending}
        length = len(row.prompt)
        direct = [other for other in extending if known.isdisjoint(chains(other.prompt)[length + 1 : -1])]
        return sorted(direct, key=lambda other: (other.prompt[length] not in row.replies, *_distance(row, other)))

    def beside(self, row: Row) -> list[Row]:
        """The other exchanges that were sent the same prompt; those with the very same request first."""
        if not row.prompt:
            return []
        rows = self.rows(("exchange.chain = ? AND exchange.id <> ?", [row.chain, row.id]), limit=MOST)
        return sorted(rows, key=lambda other: (other.request != row.request, *_distance(row, other)))

    def tree(self, row: Row) -> list[Row]:
        """The exchanges without a test or session that hang together with such a one."""
        found = self.all(
            "SELECT DISTINCT chain FROM exchange "
            "WHERE chain IN (SELECT value FROM json_each(?)) AND group_kind = 'file'",
            [jsonio.dumps(chains(row.prompt)[1:])],
        )
        known = {chain for (chain,) in found}
        length = next((at for at, chain in enumerate(chains(row.prompt)) if at and chain in known), 0)
        others = self._extending(row.prompt[:length]) if length else []
        rows = [other for other in others if other.group_kind == "file"]
        return rows if any(other.id == row.id for other in rows) else [row, *rows]

    def recorded(self, keys: Iterable[int]) -> dict[int, str]:
        """Of some messages those that were a reply in this library, with the exchange that recorded them."""
        found = self.all(
            "SELECT said.message, min(exchange.uid) FROM said JOIN exchange ON exchange.id = said.exchange "
            "WHERE said.message IN (SELECT value FROM json_each(?)) AND said.position >= ? GROUP BY 1",
            [jsonio.dumps([*keys]), REPLY],
        )
        return dict(found)

    def _extending(self, prompt: Sequence[int]) -> list[Row]:
        """The exchanges whose prompt is this one or begins with it, shortest first."""
        if not prompt:
            return []
        packed = array("q", prompt).tobytes()
        return self.rows(
            (
                "exchange.id IN (SELECT exchange FROM said WHERE message = ? AND position = ?) "
                "AND substr(card.prompt, 1, ?) = ?",
                [prompt[-1], len(prompt) - 1, len(packed), packed],
            ),
            "length(card.prompt), file.path, exchange.entry",
            MOST,
        )


def _distance(row: Row, other: Row) -> tuple[bool, bool, str, int]:
    """What is nearer comes first: of the same group, then of the same model."""
    return row.group_id != other.group_id, row.model != other.model, other.path, other.entry
