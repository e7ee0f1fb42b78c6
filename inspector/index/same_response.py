"""Where else a response was recorded: in a session of an agent and in the HTTP traffic below it, say."""

from __future__ import annotations

from inspector.index.rows import Row
from inspector.index.threads import Forest

_FEW = 3
"""Exchanges that a page links to."""

_LOOKED_AT = 1_000
"""Exchanges with an id of a response or call in common that are looked at."""


class SameResponse(Forest):
    """Questions about ids that a provider gave."""

    def elsewhere(self, row: Row) -> list[Row]:
        """Exchanges of other formats with the same response, told by its id or those of its calls; those first that
        have most of them in common."""
        found = self.all(
            "SELECT id FROM (SELECT other.exchange AS id FROM known_as AS own CROSS JOIN known_as AS other "
            "ON other.name = own.name WHERE own.exchange = ?1 LIMIT ?2) JOIN exchange USING (id) "
            "WHERE format IS NOT (SELECT format FROM exchange WHERE id = ?1) AND sent "
            "GROUP BY id ORDER BY count(*) DESC, id LIMIT ?3",
            [row.id, _LOOKED_AT, _FEW],
        )
        rows = self.rows_of([id for (id,) in found])
        return [rows[id] for (id,) in found if id in rows]
