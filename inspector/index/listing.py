"""Lists: windows over groups of exchanges, or over exchanges in an order; and what there is, counted."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from inspector import jsonio
from inspector.index.reading import Reading, named
from inspector.index.rows import ALL, Fold, GroupRow, Hit, Overview, Row, Totals, Where, Window, near

_GROUP = "shelf.kind, shelf.name, shelf.mtime, {total}, {odd}, shelf.id, shelf.moment"


class Order(NamedTuple):
    """An order of exchanges: a column of `exchange`, and whether the largest come first. Without a value comes last."""

    column: str
    descending: bool = True

    @property
    def nothing(self) -> int:
        """What stands for no value."""
        return -1 if self.descending else 1 << 62

    @property
    def sql(self) -> str:
        return f"ifnull(exchange.{self.column}, {self.nothing}) {'DESC' if self.descending else 'ASC'}"

    def rank(self, row: Row) -> Rank:
        """Where an exchange stands in the order."""
        value: int | None = getattr(row, self.column)
        return Rank(self.nothing if value is None else value, row.id)


class Rank(NamedTuple):
    """A place in an order: a value and, among those that have it, the index's own number of an exchange."""

    value: int
    id: int


class Listing(Reading):
    """What lists ask."""

    def totals(self, where: Where = ALL) -> Totals:
        """Counts over the exchanges that meet a condition."""
        if where == ALL:
            return Totals(*self.all("SELECT coalesce(sum(total), 0), count(*), coalesce(sum(odd), 0) FROM shelf")[0])
        condition, parameters = where
        found = self.all(
            f"SELECT count(*), count(DISTINCT shelf), coalesce(sum(odd <> ''), 0) FROM exchange WHERE {condition}",
            parameters,
        )
        return Totals(*found[0])

    def window(
        self, where: Where, count: int, start: GroupRow | None = None, back: bool = False, past: bool = False
    ) -> Window:
        """Up to `count` groups with exchanges that meet a condition, those that changed last first.

        The first is `start`, or where that is gone the one that would follow it; with `past` the
        first is the one after it; with `back` they all stand before it.
        """
        condition, parameters = where
        columns = _GROUP.format(total="hit.total", odd="hit.odd")
        hits = f"SELECT shelf, count(*) AS total, sum(odd <> '') AS odd FROM exchange WHERE {condition} GROUP BY shelf"
        tables = "hit JOIN shelf ON shelf.id = hit.shelf"
        if where == ALL:
            columns, hits, tables = _GROUP.format(total="shelf.total", odd="shelf.odd"), "", "shelf"
        place, key = _place(start, back, past)
        order = "moment, name DESC, shelf.kind DESC" if back else "moment DESC, name, shelf.kind"
        counts = "(SELECT coalesce(sum(total), 0) FROM hit), (SELECT count(*) FROM hit), (SELECT sum(odd) FROM hit)"
        ahead, ahead_of = _place(start, back=True)
        before = f"EXISTS (SELECT 1 FROM {tables} WHERE {ahead})" if start and not past and not back else "0"
        asked = ahead_of if before != "0" else []
        rows = self.all(
            (f"WITH hit AS MATERIALIZED ({hits}) " if hits else "")
            + f"SELECT {columns}, {before}{', ' + counts if hits else ''} FROM {tables} WHERE {place} "
            f"ORDER BY {order} LIMIT ?",
            [*parameters, *asked, *key, count + 1],
        )
        more = len(rows) > count
        groups = [GroupRow(*row[:7]) for row in rows[:count]]
        totals = Totals(*rows[0][8:]) if hits and rows else self.totals(where)
        if back:
            return Window(tuple(reversed(groups)), more, start is not None, totals)
        is_any_before = past or (bool(rows[0][7]) if rows else start is not None and totals.groups > 0)
        return Window(tuple(groups), is_any_before, more, totals)

    def group_of(self, row: Row) -> GroupRow:
        """The group that lists gather a row under, with all that it has."""
        columns = _GROUP.format(total="shelf.total", odd="shelf.odd")
        found = self.all(
            f"SELECT {columns} FROM shelf WHERE id = (SELECT shelf FROM exchange WHERE uid = ?)", [row.uid]
        )
        return GroupRow(*found[0])

    def group(self, kind: str, id: str) -> GroupRow | None:
        """A group by what it goes by."""
        columns = _GROUP.format(total="shelf.total", odd="shelf.odd")
        found = self.all(f"SELECT {columns} FROM shelf WHERE kind = ? AND name = ?", [kind, id])
        return GroupRow(*found[0]) if found else None

    def rows_of_groups(self, where: Where, groups: Sequence[GroupRow], most: int) -> list[Row]:
        """The exchanges of some groups that meet a condition: of a larger group the first `most` that are not folded,
        the last, and a few of each fold."""
        condition, parameters = near(where)
        small = [group.number for group in groups if group.total <= most]
        among = f"exchange.shelf IN (SELECT value FROM json_each(?)) AND ({condition})"
        found = self.rows((among, [jsonio.dumps(small), *parameters])) if small else []
        for group in groups:
            if group.total > most:
                found += self._some_of(where, group, most)
        return found

    def _some_of(self, where: Where, group: GroupRow, most: int) -> list[Row]:
        condition, parameters = near(where)
        plain = (f"exchange.shelf = ? AND exchange.fold IS NULL AND ({condition})", [group.number, *parameters])
        found = self.rows(plain, limit=most)
        last = self.rows(plain, "exchange.mtime DESC, exchange.id DESC", 1)
        return list({row.id: row for row in (*found, *last)}.values())

    def folds(self, where: Where, group: GroupRow) -> list[Fold]:
        """What the exchanges of a group that meet a condition are folded under, those with the most first."""
        condition, parameters = near(where)
        rows = self.all(
            f"SELECT {named('fold')}, count(*), sum(odd <> '') FROM exchange "
            f"WHERE exchange.shelf = ? AND exchange.fold IS NOT NULL AND ({condition}) GROUP BY 1 ORDER BY 2 DESC, 1",
            [group.number, *parameters],
        )
        return [Fold(*row) for row in rows]

    def rows_of_fold(self, where: Where, group: GroupRow, label: str, most: int) -> list[Row]:
        """The first exchanges of a group that are folded under a label and meet a condition."""
        condition, parameters = near(where)
        number = "SELECT id FROM name WHERE is_group = 0 AND text = ?"
        fold = f"exchange.shelf = ? AND exchange.fold = ({number}) AND ({condition})"
        return self.rows((fold, [group.number, label, *parameters]), limit=most)

    def in_order(
        self, where: Where, order: Order, count: int, start: Rank | None = None, back: bool = False, past: bool = False
    ) -> tuple[list[Row], bool]:
        """Up to `count` exchanges that meet a condition in an order, and whether it goes on after them.

        The first is the one at `start`, or the one that follows; with `past` it comes after that; with `back` they all
        stand before it.
        """
        condition, parameters = where
        column = f"ifnull(exchange.{order.column}, {order.nothing})"
        falls = order.descending != back
        if start is not None:
            less, tie = ("<" if falls else ">"), ("<" if back else ">" if past else ">=")
            condition = f"({condition}) AND ({column} {less} ? OR ({column} = ? AND exchange.id {tie} ?))"
            parameters = [*parameters, start.value, start.value, start.id]
        ways = f"{column} {'DESC' if falls else 'ASC'}, exchange.id {'DESC' if back else 'ASC'}"
        found = self.all(f"SELECT id FROM exchange WHERE {condition} ORDER BY {ways} LIMIT ?", [*parameters, count + 1])
        ids = [id for (id,) in found[:count]]
        rows = self.rows(("exchange.id IN (SELECT value FROM json_each(?))", [jsonio.dumps(ids)]))
        return sorted(rows, key=lambda row: ids.index(row.id), reverse=back), len(found) > count

    def hits(self, rows: Sequence[Row], match: str, place: str | None) -> list[Hit]:
        """Which texts of some exchanges the full text finds, in the order in which they are said."""
        among = [jsonio.dumps([row.id for row in rows])]
        narrowed, parameters = (" AND piece.place = ?", [place]) if place else ("", [])
        found = self.all(
            "SELECT said.exchange, said.position, piece.message, piece.place, piece.text "
            "FROM said JOIN piece ON piece.message = said.message "
            "WHERE said.exchange IN (SELECT value FROM json_each(?)) "
            f"AND piece.id IN (SELECT rowid FROM full_text WHERE full_text MATCH ?){narrowed} "
            "ORDER BY said.exchange, max(said.position, -1 - said.position)",
            [*among, match, *parameters],
        )
        return [Hit(*row) for row in found]

    # ------------------------------------------------------------ counts

    def overview(self) -> Overview:
        """What there is: by provider, by model, and by kind of oddity."""
        counted = self.counts("provider"), self.counts("model"), self.odd_counts()
        return Overview(*counted)

    def counts(self, column: str, where: Where = ALL, most: int = 400, like: str = "") -> list[tuple[str, int]]:
        """How many exchanges that meet a condition have each name in a column, the most frequent first.

        `like` is part of the names that are asked for. The column ``tool`` stands for the tools that were called.
        """
        condition, parameters = where
        ids = (
            f"SELECT exchange.{column} AS id, count(*) AS number FROM exchange WHERE {condition} GROUP BY 1"
            if column != "tool"
            else "SELECT called.tool AS id, count(DISTINCT said.exchange) AS number FROM called "
            "JOIN said ON said.message = called.message "
            + ("" if where == ALL else f"JOIN exchange ON exchange.id = said.exchange WHERE {condition} ")
            + "GROUP BY 1"
        )
        return self.all(
            f"SELECT name.text, counted.number FROM ({ids}) AS counted JOIN name ON name.id = counted.id "
            "WHERE name.text <> '' AND instr(lower(name.text), lower(?)) > 0 ORDER BY 2 DESC, 1 LIMIT ?",
            [*parameters, like, most],
        )

    def is_any(self, where: Where) -> bool:
        """Whether any exchange meets a condition."""
        condition, parameters = where
        return bool(self.all(f"SELECT 1 FROM exchange WHERE {condition} LIMIT 1", parameters))

    def odd_counts(self, where: Where = ALL) -> list[tuple[str, int]]:
        """How many exchanges that meet a condition are marked how."""
        condition, parameters = where
        odd: dict[str, int] = {}
        for kinds, number in self.all(
            f"SELECT odd, count(*) FROM exchange WHERE odd <> '' AND ({condition}) GROUP BY odd", parameters
        ):
            for kind in kinds.split(","):
                odd[kind] = odd.get(kind, 0) + number
        return sorted(odd.items(), key=lambda item: -item[1])


def _place(start: GroupRow | None, back: bool, past: bool = False) -> tuple[str, list[object]]:
    """The condition for groups from `start` on, or before it."""
    if start is None:
        return "1", []
    names = "(shelf.name, shelf.kind)"
    if back:
        return f"(shelf.moment > ? OR (shelf.moment = ? AND {names} < (?, ?)))", _key(start)
    return f"(shelf.moment < ? OR (shelf.moment = ? AND {names} {'>' if past else '>='} (?, ?)))", _key(start)


def _key(start: GroupRow) -> list[object]:
    return [start.moment, start.moment, start.id, start.kind]
