"""What the pages ask of the index. SQL is written out where it is used."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from inspector.index.columns import FROM, named
from inspector.index.conditions import ALL, Where, in_list_group
from inspector.index.connections import Connections
from inspector.index.rows import EXCHANGE, Change, FileRow, Gone, GroupRow, Order, Row, row_of
from inspector.model import jsonio

MOST = 1_000
"""Exchanges of one group that are looked at together: what a story and its reader can take."""

BY_PLACE = "file.path, exchange.entry"

_FILE = "path, size, mtime, inode, changed, format, state, why, inside, resume, named"

_FIRST = 20
"""Exchanges of a session that are looked through for what was asked."""


class Reading(Connections):
    """Questions, from any thread."""

    # ------------------------------------------------------------ files

    def files(self) -> dict[str, FileRow]:
        """Every known file by its path."""
        rows = self.all(f"SELECT {_FILE} FROM file")
        return {row[0]: FileRow(*row) for row in rows}

    def files_below(self, path: str) -> dict[str, FileRow]:
        """The known files that are a path or lie below it."""
        low, high = f"{path}/", f"{path}0"  # 0 is the character after /
        rows = self.all(
            f"SELECT {_FILE} FROM file WHERE path = ? OR (path > ? AND path < ?)",
            [path, low, high],
        )
        return {row[0]: FileRow(*row) for row in rows}

    def files_in_state(self, *states: str) -> list[FileRow]:
        """The files in some of the states other than `read`, by path."""
        marks = ", ".join("?" * len(states))
        return [
            FileRow(*row)
            for row in self.all(
                f"SELECT {_FILE} FROM file WHERE state <> 'read' AND state IN ({marks}) ORDER BY path",
                states,
            )
        ]

    def count_files(self, state: str) -> int:
        """The number of files in a state other than `read`."""
        return self.all("SELECT count(*) FROM file WHERE state <> 'read' AND state = ?", [state])[0][0]  # type: ignore[no-any-return]

    # ------------------------------------------------------------ exchanges

    def rows(self, where: Where = ALL, order: str = "exchange.id", limit: int = -1) -> list[Row]:
        """Exchanges that meet a condition."""
        found = self.all(
            f"SELECT {EXCHANGE.select} FROM {FROM} WHERE {where.sql} ORDER BY {order} LIMIT ?",
            [*where.parameters, limit],
        )
        return [row_of(values) for values in found]

    def sorted_rows(self, where: Where = ALL, order: Order | None = None) -> list[Row]:
        """Exchanges that meet a condition, by the path of their file and their place in it, or first in an order."""
        return self.rows(where, f"{order.sql}, {BY_PLACE}" if order else BY_PLACE)

    def findings(self, where: Where = ALL) -> list[tuple[str, str]]:
        """What checks found in exchanges that meet a condition: their ids, by file and place in it, with what is kept
        of it (`inspector.checks.finding.unpacked`)."""
        return self.all(
            "SELECT exchange.uid, list_row.findings FROM list_row JOIN exchange ON exchange.id = list_row.id "
            "JOIN file ON file.id = exchange.file JOIN list_group ON list_group.id = exchange.list_group "
            f"WHERE list_row.findings <> '' AND ({where.sql}) ORDER BY {BY_PLACE}",
            where.parameters,
        )

    def ids(self, where: Where) -> set[int]:
        """The index's own numbers of the exchanges that meet a condition."""
        return {id for (id,) in self.all(f"SELECT id FROM exchange WHERE {where.sql}", where.parameters)}

    def uids(self, where: Where) -> set[str]:
        """The ids of the exchanges that meet a condition."""
        return {uid for (uid,) in self.all(f"SELECT uid FROM exchange WHERE {where.sql}", where.parameters)}

    def every_call(self) -> Iterator[tuple[int, str]]:
        """Which exchange calls which tool, in its prompt or its reply: its number and the tool's name."""
        yield from self.all(
            "SELECT DISTINCT mention.exchange, name.text FROM called JOIN mention ON mention.message = called.message "
            "JOIN name ON name.id = called.tool ORDER BY mention.exchange, name.text"
        )

    def row(self, uid: str) -> Row | None:
        """The exchange of an address."""
        return next(iter(self.rows(Where("exchange.uid = ?", [uid]))), None)

    def of_group(self, kind: str, id: str, limit: int = MOST) -> list[Row]:
        """The first exchanges of a test, session or file."""
        return self.rows(in_list_group(kind, id), limit=limit)

    def rows_near(self, row: Row, most: int) -> list[Row]:
        """A row and those next to it in its group: at most so many before it, and so many after it."""
        before = self.rows(
            Where("list_group.name = ? AND exchange.id < ?", [row.list_group, row.id]), "exchange.id DESC", most
        )
        after = self.rows(Where("list_group.name = ? AND exchange.id > ?", [row.list_group, row.id]), limit=most)
        return [*reversed(before), row, *after]

    def groups_like(self, kind: str, text: str) -> list[tuple[str, int]]:
        """Ids of up to fifty groups that hold a text, with their numbers of exchanges."""
        return self.all(
            "SELECT name, total FROM list_group WHERE kind = ? AND instr(name, ?) > 0 ORDER BY name LIMIT 50",
            [kind, text],
        )

    def groups_named(self, words: Sequence[str], most: int) -> list[tuple[str, str, int]]:
        """Tests and sessions whose ids hold all of some words, the largest first: kind, id, exchanges."""
        holds = "".join(" AND instr(lower(name), ?) > 0" for _ in words)
        return self.all(
            f"SELECT kind, name, total FROM list_group WHERE kind IN ('test', 'session') AND total > 0{holds} "
            "ORDER BY total DESC, name LIMIT ?",
            [*(word.lower() for word in words), most],
        )

    def group_names(self, kind: str) -> list[str]:
        """The names of all tests, or sessions, or files with several exchanges."""
        return [name for (name,) in self.all("SELECT name FROM list_group WHERE kind = ? AND total > 0", [kind])]

    def session_names(self, groups: Iterable[GroupRow]) -> dict[int, str]:
        """What sessions are called, by the numbers of their groups: by the title that their recordings say last, or
        else by what was asked first. Those that have neither, and other groups, are left out."""
        sessions = [group.number for group in groups if group.kind == "session"]
        if not sessions:
            return {}
        titled = f"SELECT {named('title')} FROM exchange WHERE list_group = value AND title IS NOT NULL"
        asked = "SELECT id, started FROM exchange WHERE list_group = value AND collapsed_under IS NULL"
        found = self.all(
            f"SELECT value, coalesce(({titled} ORDER BY started IS NULL, started DESC, id DESC LIMIT 1), "
            f"(SELECT list_row.asked FROM ({asked} ORDER BY started IS NULL, started, id LIMIT ?) AS first "
            "JOIN list_row ON list_row.id = first.id WHERE list_row.asked <> '' "
            "ORDER BY first.started IS NULL, first.started, first.id LIMIT 1), '') FROM json_each(?)",
            [_FIRST, jsonio.dumps(sessions)],
        )
        return {number: name for number, name in found if name}

    def gone(self, uid: str) -> Gone | None:
        """What is remembered of an exchange that is no longer there."""
        row = next(iter(self.all("SELECT path, stem, group_id FROM gone WHERE uid = ?", [uid])), None)
        return Gone(*row) if row else None

    def with_stem(self, prefix: str) -> list[Row]:
        """Exchanges whose file name begins with a prefix, also after a leading ``models-``."""
        like = prefix.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
        condition = "file.stem LIKE ? ESCAPE '\\' OR file.stem LIKE ? ESCAPE '\\'"
        return self.rows(Where(condition, [like, f"models-{like}"]), BY_PLACE, 200)

    def with_path(self, path: str) -> list[Row]:
        """Exchanges of the files with a path, or whose path ends with it, or that lie in a folder of that path."""
        exact = self.rows(Where("file.path = ?", [path]), "exchange.entry", MOST)
        if exact:
            return exact
        tail = f"/{path}"
        ending = self.rows(Where("substr(file.path, -length(?)) = ?", [tail, tail]), BY_PLACE, 200)
        return ending or self.rows(in_list_group("folder", f"{path.rstrip('/')}/"), BY_PLACE, 200)

    # ------------------------------------------------------------ news

    def changes(self, since: int) -> list[Change]:
        """What changed after a number."""
        sql = "SELECT number, uid, group_id, new FROM change WHERE number > ? ORDER BY number"
        return [Change(number, uid, group, bool(new)) for number, uid, group, new in self.all(sql, [since])]

    def last_change(self) -> int:
        """The number of the last change."""
        return self.all("SELECT coalesce(max(number), 0) FROM change")[0][0]  # type: ignore[no-any-return]
