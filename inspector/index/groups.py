"""Lists: windows over groups of exchanges, or over exchanges in an order; and what there is, counted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from inspector.index.columns import named
from inspector.index.conditions import ALL, Where
from inspector.index.read import Reading
from inspector.index.rows import Below, Collapsed, GroupRow, Order, Rank, Row, Saying, Totals, Window
from inspector.model import jsonio

_GROUP = "list_group.kind, list_group.name, list_group.mtime, {total}, {odd}, list_group.id, list_group.moment"


_FAR = 2_000
"""Groups that are gone through before everything that meets a condition is gathered instead."""

QUICK = 20_000
"""Exchanges up to which counting holds nobody up."""

_SOME = 500

_COUNTED = 1_000
"""Groups below a branch that are counted: a list shows many branches at once."""


class Listing(Reading):
    """What lists ask."""

    def totals(self, where: Where = ALL) -> Totals:
        """Counts over the exchanges that meet a condition."""
        if where == ALL:
            return Totals(
                *self.all("SELECT coalesce(sum(total), 0), count(*), coalesce(sum(odd), 0) FROM list_group")[0]
            )
        condition, parameters, _ = where
        found = self.all(
            f"SELECT count(*), count(DISTINCT list_group), coalesce(sum(odd <> ''), 0) FROM exchange WHERE {condition}",
            parameters,
        )
        return Totals(*found[0])

    def window(
        self, where: Where, count: int, start: GroupRow | None = None, back: bool = False, past: bool = False
    ) -> Window:
        """Up to `count` groups with exchanges that meet a condition, those that changed last first.

        The first is `start`, or where that is gone the one that would follow it; with `past` the first is the one after
        it; with `back` they all stand before it. Totals that would hold it up are left out.
        """
        stretch = _Stretch(start, back, past)
        if where == ALL:
            groups = self._every(stretch, count + 1)
            totals: Totals | None = self.totals()
            is_any_before = bool(start) and bool(self._every(_Stretch(start, True), 1))
        elif len(groups := self._walked(where, stretch, count + 1)) > count:
            totals = self.totals(where) if self.totals().exchanges <= QUICK else None
            is_any_before = bool(start) and bool(self._walked(where, _Stretch(start, True), 1))
        else:
            groups, totals, is_any_before = self._gathered(where, stretch, count + 1)
        more = len(groups) > count
        if back:
            return Window(tuple(reversed(groups[:count])), more, start is not None, totals)
        return Window(tuple(groups[:count]), past or is_any_before, more, totals)

    def _every(self, stretch: _Stretch, most: int) -> list[GroupRow]:
        place, key = stretch.place
        columns = _GROUP.format(total="list_group.total", odd="list_group.odd")
        sql = f"SELECT {columns} FROM list_group WHERE {place} ORDER BY {stretch.order} LIMIT ?"
        return [GroupRow(*row) for row in self.all(sql, [*key, most])]

    def _walked(self, where: Where, stretch: _Stretch, most: int) -> list[GroupRow]:
        """The groups found by going from one to the next, for as long as that pays: many where much is found."""
        condition, parameters, _ = where.of_each
        place, key = stretch.place
        last = self.all(
            f"SELECT moment, name, kind FROM list_group WHERE {place} ORDER BY {stretch.order} LIMIT 1 OFFSET ?",
            [*key, _FAR],
        )
        if last:
            moment, name, kind = last[0]
            end, its_key = _Stretch(GroupRow(kind, name, 0, 0, 0, moment=moment), not stretch.back).place
            place, key = f"({place}) AND {end}", [*key, *its_key]
        columns = _GROUP.format(total="count(*)", odd="sum(exchange.odd <> '')")
        rows = self.all(
            f"SELECT {columns} FROM list_group CROSS JOIN exchange ON exchange.list_group = list_group.id "
            f"WHERE {place} AND ({condition}) GROUP BY list_group.moment, list_group.name, list_group.kind "
            f"ORDER BY {stretch.order} LIMIT ?",
            [*key, *parameters, most],
        )
        return [GroupRow(*row) for row in rows]

    def _gathered(self, where: Where, stretch: _Stretch, most: int) -> tuple[list[GroupRow], Totals, bool]:
        """The groups found by gathering all that meets a condition, with totals, and whether any stands before."""
        condition, parameters, _ = where
        columns = _GROUP.format(total="hit.total", odd="hit.odd")
        counts = "SELECT list_group, count(*) AS total, sum(odd <> '') AS odd FROM exchange"
        hits = f"{counts} WHERE {condition} GROUP BY list_group"
        place, key = stretch.place
        ahead, ahead_of = _Stretch(stretch.start, True).place if stretch.start else ("0", [])
        sums = "(SELECT coalesce(sum(total), 0) FROM hit), (SELECT count(*) FROM hit), (SELECT sum(odd) FROM hit)"
        rows = self.all(
            f"WITH hit AS MATERIALIZED ({hits}), "
            f"found AS (SELECT {columns} FROM hit JOIN list_group ON list_group.id = hit.list_group WHERE {place} "
            f"ORDER BY {stretch.order} LIMIT ?) "
            f"SELECT found.*, {sums}, "
            f"EXISTS (SELECT 1 FROM hit JOIN list_group ON list_group.id = hit.list_group WHERE {ahead}) "
            f"FROM (SELECT 1) LEFT JOIN found ORDER BY {stretch.order.replace('list_group', 'found')}",
            [*parameters, *key, most, *ahead_of],
        )
        *counted, is_any_before = rows[0][7:]
        return [GroupRow(*row[:7]) for row in rows if row[0]], Totals(*(n or 0 for n in counted)), bool(is_any_before)

    def group_of(self, row: Row) -> GroupRow:
        """The group that lists gather a row under, with all that it has."""
        columns = _GROUP.format(total="list_group.total", odd="list_group.odd")
        found = self.all(
            f"SELECT {columns} FROM list_group WHERE id = (SELECT list_group FROM exchange WHERE uid = ?)", [row.uid]
        )
        return GroupRow(*found[0])

    def group(self, kind: str, id: str) -> GroupRow | None:
        """A group by what it goes by."""
        columns = _GROUP.format(total="list_group.total", odd="list_group.odd")
        found = self.all(f"SELECT {columns} FROM list_group WHERE kind = ? AND name = ?", [kind, id])
        return GroupRow(*found[0]) if found else None

    def below(self, prefixes: Sequence[str]) -> dict[str, Below]:
        """What there is of tests and files whose names begin with each of some prefixes, of many the first."""
        counts = self.all(
            "SELECT value, (SELECT json_array(count(*), sum(total), sum(odd)) FROM (SELECT total, odd FROM list_group "
            "WHERE name >= value AND name < value || char(1114111) AND total > 0 LIMIT ?)) FROM json_each(?)",
            [_COUNTED, jsonio.dumps([*prefixes])],
        )
        told = ((prefix, jsonio.loads(one)) for prefix, one in counts)
        return {prefix: Below(n, total or 0, odd or 0, n >= _COUNTED) for prefix, (n, total, odd) in told}

    def rows_of_groups(self, where: Where, groups: Sequence[GroupRow], most: int) -> list[Row]:
        """The exchanges of some groups that meet a condition: of a larger group the first `most` that are not folded,
        the last, and a few of each fold."""
        condition, parameters, _ = where.of_each
        small = [group.number for group in groups if group.total <= most]
        among = f"exchange.list_group IN (SELECT value FROM json_each(?)) AND ({condition})"
        found = self.rows(Where(among, [jsonio.dumps(small), *parameters])) if small else []
        for group in groups:
            if group.total > most:
                found += self._some_of(where, group, most)
        return found

    def _some_of(self, where: Where, group: GroupRow, most: int) -> list[Row]:
        condition, parameters, _ = where.of_each
        plain = Where(
            f"exchange.list_group = ? AND exchange.collapsed_under IS NULL AND ({condition})",
            [group.number, *parameters],
        )
        found = self.rows(plain, limit=most)
        last = self.rows(plain, "exchange.mtime DESC, exchange.id DESC", 1)
        return list({row.id: row for row in (*found, *last)}.values())

    def collapsed(self, where: Where, group: GroupRow) -> list[Collapsed]:
        """What the exchanges of a group that meet a condition are folded under, those with the most first."""
        condition, parameters, _ = where.of_each
        rows = self.all(
            f"SELECT {named('collapsed_under')}, count(*), sum(odd <> '') FROM exchange "
            f"WHERE exchange.list_group = ? AND exchange.collapsed_under IS NOT NULL AND ({condition}) "
            "GROUP BY 1 ORDER BY 2 DESC, 1",
            [group.number, *parameters],
        )
        return [Collapsed(*row) for row in rows]

    def rows_collapsed_under(self, where: Where, group: GroupRow, label: str, most: int) -> list[Row]:
        """The first exchanges of a group that are folded under a label and meet a condition."""
        condition, parameters, _ = where.of_each
        number = "SELECT id FROM name WHERE is_group = 0 AND text = ?"
        its = f"exchange.list_group = ? AND exchange.collapsed_under = ({number}) AND ({condition})"
        return self.rows(Where(its, [group.number, label, *parameters]), limit=most)

    def in_order(
        self, where: Where, order: Order, count: int, start: Rank | None = None, back: bool = False, past: bool = False
    ) -> tuple[list[Row], bool]:
        """Up to `count` exchanges that meet a condition in an order, and whether it goes on after them.

        The first is the one at `start`, or the one that follows; with `past` it comes after that; with `back` they all
        stand before it.
        """
        condition, parameters, _ = where
        column = f"ifnull(exchange.{order.column}, {order.nothing})"
        falls = order.descending != back
        if start is not None:
            less, tie = ("<" if falls else ">"), ("<" if back else ">" if past else ">=")
            condition = f"({condition}) AND ({column} {less} ? OR ({column} = ? AND exchange.id {tie} ?))"
            parameters = [*parameters, start.value, start.value, start.id]
        ways = f"{column} {'DESC' if falls else 'ASC'}, exchange.id {'DESC' if back else 'ASC'}"
        found = self.all(f"SELECT id FROM exchange WHERE {condition} ORDER BY {ways} LIMIT ?", [*parameters, count + 1])
        ids = [id for (id,) in found[:count]]
        rows = self.rows(Where("exchange.id IN (SELECT value FROM json_each(?))", [jsonio.dumps(ids)]))
        return sorted(rows, key=lambda row: ids.index(row.id), reverse=back), len(found) > count

    def said(self, rows: Sequence[Row]) -> list[Saying]:
        """Which exchange says which message, in the order in which it does."""
        found = self.all(
            "SELECT exchange, position, message FROM mention WHERE exchange IN (SELECT value FROM json_each(?)) "
            "ORDER BY exchange, max(position, -1 - position)",
            [jsonio.dumps([row.id for row in rows])],
        )
        return [Saying(*row) for row in found]

    def texts(self, messages: Iterable[int]) -> Iterator[tuple[int, str, str]]:
        """The texts of some messages: message, place, text."""
        numbers = sorted({*messages})
        for at in range(0, len(numbers), _SOME):
            yield from self.all(
                "SELECT message, place, text FROM message_text WHERE message IN (SELECT value FROM json_each(?))",
                [jsonio.dumps(numbers[at : at + _SOME])],
            )

    # ------------------------------------------------------------ counts

    def counts(self, column: str, where: Where = ALL, most: int = 400, like: str = "") -> list[tuple[str, int]]:
        """How many exchanges that meet a condition have each name in a column, the most frequent first.

        `like` is part of the names that are asked for. The column ``tool`` stands for the tools that were called, and
        ``model`` for the models that were asked for or that answered.
        """
        condition, parameters, _ = where
        named = "text <> '' AND instr(lower(text), lower(?)) > 0"
        ids = f"SELECT exchange.{column} AS id, count(*) AS number FROM exchange WHERE {condition} GROUP BY 1"
        if column == "model":
            columns = ("model", "response_model")
            each = (f"SELECT exchange.id AS exchange, {one} AS id FROM exchange WHERE {condition}" for one in columns)
            ids = f"SELECT id, count(*) AS number FROM ({' UNION '.join(each)}) GROUP BY 1"
            parameters = [*parameters, *parameters]
        if column == "tool":
            ids = (
                "SELECT called.tool AS id, count(DISTINCT mention.exchange) AS number FROM called "
                "JOIN mention ON mention.message = called.message "
                + ("" if where == ALL else f"JOIN exchange ON exchange.id = mention.exchange AND ({condition}) ")
                + f"WHERE called.tool IN (SELECT id FROM name WHERE {named}) GROUP BY 1"
            )
            parameters = [*parameters, like]
        return self.all(
            f"SELECT name.text, counted.number FROM ({ids}) AS counted JOIN name ON name.id = counted.id "
            f"WHERE {named} ORDER BY 2 DESC, 1 LIMIT ?",
            [*parameters, like, most],
        )

    def test_models(self, where: Where = ALL) -> list[tuple[str, str, str, int]]:
        """Of every test that has exchanges which meet a condition: its id, a model and a provider that answered it
        (empty where nobody says), and how many of its exchanges those answered. What lists fold is left out."""
        condition, parameters, _ = where
        return self.all(
            f"SELECT list_group.name, coalesce({named('model')}, ''), coalesce({named('provider')}, ''), count(*) "
            "FROM exchange JOIN list_group ON list_group.id = exchange.list_group WHERE list_group.kind = 'test' "
            f"AND exchange.collapsed_under IS NULL AND ({condition}) "
            "GROUP BY list_group.id, exchange.model, exchange.provider ORDER BY list_group.name, 4 DESC, 2, 3",
            parameters,
        )

    def meets(self, row: Row, where: Where) -> bool:
        """Whether one exchange meets a condition."""
        condition, parameters, _ = where.of_each
        return bool(self.all(f"SELECT 1 FROM exchange WHERE id = ? AND ({condition})", [row.id, *parameters]))

    def is_any(self, where: Where) -> bool:
        """Whether any exchange meets a condition."""
        condition, parameters, _ = where
        return bool(self.all(f"SELECT 1 FROM exchange WHERE {condition} LIMIT 1", parameters))

    def odd_counts(self, where: Where = ALL) -> list[tuple[str, int]]:
        """How many exchanges that meet a condition are marked how."""
        condition, parameters, _ = where
        odd: dict[str, int] = {}
        for kinds, number in self.all(
            f"SELECT odd, count(*) FROM exchange WHERE odd <> '' AND ({condition}) GROUP BY odd", parameters
        ):
            for kind in kinds.split(","):
                odd[kind] = odd.get(kind, 0) + number
        return sorted(odd.items(), key=lambda item: -item[1])


class _Stretch(NamedTuple):
    """A stretch of the list of all groups: from one on, past it, or back from it."""

    start: GroupRow | None
    back: bool = False
    past: bool = False

    @property
    def order(self) -> str:
        if self.back:
            return "list_group.moment, list_group.name DESC, list_group.kind DESC"
        return "list_group.moment DESC, list_group.name, list_group.kind"

    @property
    def place(self) -> tuple[str, list[object]]:
        """The condition for its groups."""
        if self.start is None:
            return "1", []
        key = [self.start.moment, self.start.moment, self.start.id, self.start.kind]
        names, sign = "(list_group.name, list_group.kind)", "<" if self.back else ">" if self.past else ">="
        return (
            f"(list_group.moment {'>' if self.back else '<'} ? OR (list_group.moment = ? AND {names} {sign} (?, ?)))",
            key,
        )
