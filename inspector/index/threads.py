"""How exchanges hang together over the whole library: an exchange whose prompt extends another's prompt follows it.

Nothing of this is kept: each question costs what the conversation is long, and a change costs nothing. What many
exchanges share, such as the prompt ``Hello``, is looked at up to a bound, and answers say where they may lack some.
Guards and other folded traffic hang together among themselves: a guard is often sent what it guards.

A + before a column keeps SQLite from an index that is slow where many say the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from inspector.analysis.prefix_hash import chains, packed, unpacked
from inspector.index.columns import GROUP_ID, PARENT, named
from inspector.index.conditions import Where, both, collapsed, in_group_of
from inspector.index.distinct_messages import REPLY
from inspector.index.read import MOST, Reading
from inspector.index.rows import Row
from inspector.index.thread_links import Leaf, Link, Links, Source, Sums, Twin
from inspector.model import jsonio

FEW = 5
"""Exchanges that a page links to at once."""

LOOKED_AT = 5_000
"""Exchanges that share a message of which those are chosen that hang together."""

TOLD = 10_000
"""Exchanges of one story."""

NOTHING = Links((), 0)

_OF_KEY = "message IN (SELECT id FROM message WHERE key = ?)"
_OF_KEYS = "message IN (SELECT id FROM message WHERE key IN (SELECT value FROM json_each(?)))"

_NEAREST = (
    "exchange.list_group <> own.list_group, exchange.model IS NOT own.model, "
    "(SELECT path FROM file WHERE file.id = exchange.file), exchange.entry"
)
"""What is nearer comes first: of the same group, then of the same model."""

_KIN = "exchange.id <> own.id AND (exchange.collapsed_under IS NULL) = (own.collapsed_under IS NULL)"


class Forest(Reading):
    """Questions about chains of prompts."""

    def before(self, row: Row, most: int = FEW) -> Links:
        """The exchanges with the longest prompt that a row's begins with; those whose reply it goes on from first.

        Where there is none, leading instructions may have been changed: then those whose reply it goes on from. What
        the recording says itself is believed.
        """
        if row.parent is not None:
            linked = self._in_turn([row.parent])
            return Links(tuple(Link(one, not row.is_called, False, True, row.is_called) for one in linked), len(linked))
        found = self.all(
            "SELECT key FROM json_each(?) WHERE EXISTS (SELECT 1 FROM exchange JOIN exchange AS own ON own.id = ? "
            f"WHERE exchange.chain = value AND {_KIN}) ORDER BY key DESC LIMIT 1",
            [jsonio.dumps(chains(row.prompt)[1:-1]), row.id],
        )
        if not found:
            return self._before_instructions_changed(row, most)
        length = found[0][0] + 1
        return self._at(row, length, most)

    def _at(self, row: Row, length: int, most: int) -> Links:
        """The exchanges whose prompt is the beginning of a row's."""
        chain, then = chains(row.prompt[:length])[-1], row.prompt[length]
        found = self.all(
            "SELECT exchange.id, EXISTS (SELECT 1 FROM mention WHERE mention.exchange = exchange.id AND position >= ?3 "
            "AND +message IN (SELECT id FROM message WHERE key = ?4)) AS follows "
            "FROM exchange JOIN exchange AS own ON own.id = ?1 WHERE exchange.id IN ("
            "SELECT id FROM (SELECT id FROM exchange WHERE chain = ?2 LIMIT ?5) UNION "
            "SELECT id FROM (SELECT id FROM exchange "
            "WHERE list_group = (SELECT list_group FROM exchange WHERE id = ?1) AND chain = ?2 LIMIT ?5) UNION "
            "SELECT id FROM (SELECT exchange FROM mention WHERE message IN (SELECT id FROM message WHERE key = ?4) "
            "AND position >= ?3 LIMIT ?6) "
            "CROSS JOIN exchange ON id = exchange WHERE +chain = ?2"
            f") AND {_KIN} ORDER BY follows DESC, {_NEAREST} LIMIT ?7",
            [row.id, chain, REPLY, then, MOST // 4, MOST, most],
        )
        follows = dict(found)
        rows = [other for other in self._in_turn([*follows]) if other.prompt == row.prompt[:length]]
        alike = "SELECT 1 FROM exchange WHERE chain = ? AND id <> ? AND (collapsed_under IS NULL) = ?"
        total = len(self.all(f"{alike} LIMIT ?", [chain, row.id, row.collapsed_under is None, MOST]))
        return Links(tuple(Link(other, bool(follows[other.id])) for other in rows), max(total, len(rows)))

    def _before_instructions_changed(self, row: Row, most: int) -> Links:
        """The exchanges that a row goes on from if nothing is made of the instructions that lead their prompts."""
        said = list(enumerate(row.prompt))[2:]
        found = self.all(
            "SELECT json_extract(value, '$[0]'), (SELECT group_concat(exchange) FROM (SELECT exchange FROM mention "
            "WHERE message IN (SELECT id FROM message WHERE key = json_extract(value, '$[1]')) "
            "AND position >= ? AND exchange <> ? LIMIT ?)) AS those "
            "FROM json_each(?) WHERE those IS NOT NULL ORDER BY 1 DESC LIMIT ?",
            [REPLY, row.id, MOST // 4, jsonio.dumps(said), most * 4],
        )
        for length, those in found:
            rows = self._in_turn([int(id) for id in those.split(",")])
            instructions = self._instructions(row, *rows)
            tail = _without(row.prompt[:length], instructions)
            rows = [other for other in rows if tail and _without(other.prompt, instructions) == tail]
            rows = [other for other in rows if bool(other.collapsed_under) == bool(row.collapsed_under)]
            if rows:
                rows.sort(key=lambda other: _distance(row, other))
                return Links(tuple(Link(other, True, True) for other in rows[:most]), len(rows))
        return NOTHING

    def after(self, row: Row, most: int = FEW) -> Links:
        """The exchanges that go on from a row with no other in between, those that go on from its reply first.

        Of several with the same prompt one stands for all. `total` counts the ways on that were looked at.
        """
        if linked := self._linked(row):
            continuing = sorted(linked, key=lambda other: other.is_called)
            links = [Link(other, not other.is_called, False, True, other.is_called) for other in continuing[:most]]
            return Links(tuple(links), sum(not other.is_called for other in linked))
        length = len(row.prompt)
        if not length:
            return NOTHING
        replies = jsonio.dumps([*row.replies])
        following = self._carrying(f"{_OF_KEYS} AND position = ?", [replies, length])
        same = self._ids("SELECT id FROM exchange WHERE chain = ? LIMIT ?", [row.chain, LOOKED_AT])
        others = self._carrying(f"{_OF_KEY} AND position = ?", [row.prompt[-1], length - 1])
        ways = self._ways(row, [*following]), self._ways(row, [*(others - same - following)])
        if not any(ways):
            return self._after_instructions_changed(row, most)
        links = [Link(other, True) for other in self._in_turn(ways[0][:most])]
        links += [Link(other, False) for other in self._in_turn(ways[1][: most - len(links)])]
        return Links(tuple(links), len(ways[0]) + len(ways[1]))

    def _linked(self, row: Row) -> list[Row]:
        """The exchanges that say that they go on from a row, or are called from it."""
        names = "SELECT name FROM known_as WHERE exchange = ?"
        found = self.all(
            f"SELECT id FROM exchange WHERE continues IN ({names}) UNION "
            f"SELECT id FROM exchange WHERE called_from IN ({names}) ORDER BY id LIMIT ?",
            [row.id, row.id, MOST],
        )
        return [other for other in self._in_turn([id for (id,) in found]) if other.parent == row.id]

    def _ways(self, row: Row, candidates: list[int]) -> list[int]:
        """Of exchanges that may extend a row's prompt one for each that does so with no other in between."""
        head = packed(row.prompt)
        found = self.all(
            "SELECT exchange.id, substr(list_row.prompt, ?), exchange.list_group <> own.list_group, "
            "exchange.model IS NOT own.model "
            "FROM exchange JOIN exchange AS own ON own.id = ? JOIN list_row ON list_row.id = exchange.id "
            "WHERE exchange.id IN (SELECT value FROM json_each(?)) AND length(list_row.prompt) > ? "
            f"AND substr(list_row.prompt, 1, ?) = ? AND {_KIN} ORDER BY length(list_row.prompt), {_NEAREST} LIMIT ?",
            [len(head) + 1, row.id, jsonio.dumps(candidates), len(head), len(head), head, MOST],
        )
        ways: dict[bytes, tuple[bool, bool, int, int]] = {}
        lengths: list[int] = []
        for place, (id, rest, *distance) in enumerate(found):
            if not any(rest[:length] in ways for length in lengths):
                ways[rest] = (*distance, place, id)
                if lengths[-1:] != [len(rest)]:
                    lengths.append(len(rest))
        return [id for *_, id in sorted(ways.values())]

    def _after_instructions_changed(self, row: Row, most: int) -> Links:
        near = jsonio.dumps([len(row.prompt) + more for more in (-1, 0, 1)])
        those = self._carrying(
            f"{_OF_KEYS} AND position IN (SELECT value FROM json_each(?))",
            [jsonio.dumps([*row.replies]), near],
        )
        rows = self.rows(
            Where("exchange.id IN (SELECT value FROM json_each(?))", [jsonio.dumps(sorted(those)[: most * 4])]),
            "length(list_row.prompt), file.path, exchange.entry",
        )
        instructions = self._instructions(row, *rows)
        tail = _without(row.prompt, instructions)
        ways: dict[tuple[int, ...], Row] = {}
        for other in rows:
            its = _without(other.prompt, instructions)
            goes_on = tail and len(its) > len(tail) and its[: len(tail)] == tail and its[len(tail)] in row.replies
            if goes_on and not any(its[: len(way)] == way for way in ways):
                ways[its] = other
        return Links(tuple(Link(other, True, True) for other in [*ways.values()][:most]), len(ways))

    def beside(self, row: Row, most: int = MOST) -> list[Twin]:
        """Up to `most` other exchanges that were sent the same prompt; those with the very same request first."""
        if not row.prompt:
            return []
        found = self.all(
            f"SELECT exchange.id, exchange.uid, exchange.request = own.request AND exchange.provider IS own.provider, "
            f"{named('model')}, {named('provider')}, list_row.replies FROM exchange JOIN exchange AS own ON own.id = ? "
            "JOIN list_row ON list_row.id = exchange.id "
            "WHERE exchange.id IN (SELECT id FROM exchange WHERE chain = ? LIMIT ?) "
            f"AND list_row.prompt = ? AND {_KIN} ORDER BY 3 DESC, {_NEAREST}",
            [row.id, row.chain, most, packed(row.prompt)],
        )
        return [Twin._make((*twin, unpacked(replies))) for *twin, replies in found]

    def recorded(self, row: Row, positions: Iterable[int]) -> dict[int, Source]:
        """Of some messages of a row's prompt those that another exchange recorded as a reply, with the exchange: the
        one that was sent what stands before them, if there is one."""
        heads = chains(row.prompt)
        asked = [(at, row.prompt[at], heads[at]) for at in positions]
        found = self.all(
            "WITH asked AS MATERIALIZED (SELECT json_extract(value, '$[0]') AS at, json_extract(value, '$[1]') AS key, "
            "json_extract(value, '$[2]') AS head FROM json_each(?4)) "
            f"SELECT at, uid, {GROUP_ID}, is_next FROM ("
            "SELECT asked.at, exchange.*, exchange.chain = asked.head AS is_next, "
            f"row_number() OVER (PARTITION BY at ORDER BY exchange.chain <> asked.head, {_NEAREST}) AS place "
            "FROM asked JOIN exchange AS own ON own.id = ?1 JOIN exchange ON exchange.id <> own.id AND exchange.id IN ("
            "SELECT exchange FROM (SELECT exchange FROM mention "
            "WHERE message IN (SELECT id FROM message WHERE key = asked.key) "
            "AND position >= ?2 LIMIT ?3) "
            "UNION SELECT id FROM (SELECT id FROM exchange WHERE chain = asked.head LIMIT ?3) WHERE EXISTS (SELECT 1 "
            "FROM mention WHERE mention.exchange = id AND position >= ?2 "
            "AND +message IN (SELECT id FROM message WHERE key = asked.key))"
            ")) AS exchange JOIN file ON file.id = exchange.file WHERE place = 1",
            [row.id, REPLY, MOST // 10, jsonio.dumps(asked)],
        )
        return {at: Source(uid, group, bool(is_next)) for at, uid, group, is_next in found}

    # ------------------------------------------------------------ stories

    def story(self, row: Row) -> Where:
        """A condition for the exchanges of the story that a row is told in: its group's, or where it is alone those
        that hang together with it; guards and infrastructure have a story of their own."""
        told = self.tree(row) if row.is_alone else in_group_of(row.id)
        return both(told, collapsed(row.collapsed_under is not None))

    def tree(self, row: Row) -> Where:
        """A condition for the exchanges without a test or session that hang together with such a one."""
        found = self.all(
            "SELECT key FROM json_each(?) WHERE EXISTS (SELECT 1 FROM (SELECT group_kind FROM exchange "
            "WHERE chain = value LIMIT ?) WHERE group_kind = 'file') ORDER BY key LIMIT 1",
            [jsonio.dumps(chains(row.prompt)[1:]), LOOKED_AT],
        )
        if not found:
            return Where("exchange.id = ?", [row.id])
        root = row.prompt[: found[0][0] + 1]
        head = packed(root)
        return Where(
            "exchange.group_kind = 'file' AND exchange.id IN ("
            "SELECT list_row.id FROM mention JOIN list_row ON list_row.id = exchange "
            f"WHERE {_OF_KEY} AND position = ? AND substr(list_row.prompt, 1, ?) = ?)",
            [root[-1], len(root) - 1, len(head), head],
        )

    def leaves(self, where: Where, most: int = TOLD) -> Iterator[Leaf]:
        """Exchanges that meet a condition, the first `most` of them, those with the shortest prompts first; only some
        of their prompts are held at a time."""
        condition, parameters, _ = where
        order = "length(list_row.prompt), file.path, exchange.entry"
        tables = "list_row ON list_row.id = exchange.id JOIN file ON file.id = exchange.file"
        found = self.all(
            f"SELECT exchange.id FROM (SELECT id AS one FROM exchange WHERE {condition} ORDER BY id LIMIT ?) "
            f"JOIN exchange ON exchange.id = one JOIN {tables} ORDER BY {order}",
            [*parameters, most],
        )
        for at in range(0, len(found), MOST):
            some = self.all(
                "SELECT exchange.id, exchange.uid, file.path, exchange.entry, list_row.prompt, list_row.replies, "
                f"{PARENT}, exchange.continues IS NULL AND exchange.called_from IS NOT NULL "
                f"FROM exchange JOIN {tables} WHERE exchange.id IN (SELECT value FROM json_each(?)) ORDER BY {order}",
                [jsonio.dumps([id for (id,) in found[at : at + MOST]])],
            )
            for id, uid, path, entry, prompt, replies, parent, is_called in some:
                yield Leaf(id, uid, path, entry, unpacked(prompt), unpacked(replies), parent, bool(is_called))

    def sums(self, where: Where) -> Sums:
        """What a story adds up to."""
        condition, parameters, _ = where
        found = self.all(
            "SELECT coalesce(sum(input_tokens), 0), coalesce(sum(output_tokens), 0), count(DISTINCT file) "
            f"FROM exchange WHERE {condition}",
            parameters,
        )
        return Sums(*found[0])

    def rows_of(self, ids: Sequence[int]) -> dict[int, Row]:
        """Rows by their ids; those that are gone are left out."""
        return {row.id: row for row in self._in_turn([*ids])}

    # ------------------------------------------------------------ helpers

    def _in_turn(self, ids: list[int]) -> list[Row]:
        if not ids:
            return []
        rows = self.rows(Where("exchange.id IN (SELECT value FROM json_each(?))", [jsonio.dumps(ids)]))
        return sorted(rows, key=lambda row: ids.index(row.id))

    def _carrying(self, condition: str, parameters: Sequence[Any]) -> set[int]:
        return self._ids(f"SELECT exchange FROM mention WHERE {condition} LIMIT ?", [*parameters, LOOKED_AT])

    def _ids(self, sql: str, parameters: Sequence[Any]) -> set[int]:
        return {id for (id,) in self.all(sql, parameters)}

    def _instructions(self, *rows: Row) -> set[int]:
        """Of the messages that rows begin with those that are instructions."""
        first = jsonio.dumps([row.prompt[0] for row in rows if row.prompt])
        return self._ids(
            "SELECT key FROM message JOIN message_text ON message_text.message = message.id "
            "WHERE place = 'system' AND key IN (SELECT value FROM json_each(?))",
            [first],
        )


def _without(prompt: tuple[int, ...], instructions: set[int]) -> tuple[int, ...]:
    return prompt[1:] if prompt and prompt[0] in instructions else prompt


def _distance(row: Row, other: Row) -> tuple[bool, bool, str, int]:
    """The same order as `_NEAREST`."""
    return row.list_group != other.list_group, row.model != other.model, other.path, other.entry
