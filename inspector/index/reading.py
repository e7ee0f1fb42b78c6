"""What the pages ask of the index. SQL is written out where it is used."""

from __future__ import annotations

from array import array
from collections.abc import Sequence

from inspector import jsonio
from inspector.index.connections import Connections
from inspector.index.rows import Change, FileRow, Gone, GroupRow, Overview, Row, Totals, Where

MOST = 1_000
"""Exchanges of one group that are looked at together: what a list, a story and their reader can take."""

_FILE = "path, size, mtime, inode, changed, format, state, why, inside, resume"
_COLUMNS = (
    "uid, file, entry, position, group_kind, group_id, shelf, mtime, test_id, protocol, provider, operation, host, "
    "model, response_model, sent, streamed, events, status, finish, input_tokens, output_tokens, total_tokens, "
    "asked, replied, odd, fold, prompt, replies"
)
_ROW_COLUMNS = (
    "exchange.id, " + ", ".join(f"exchange.{name}" for name in _COLUMNS.split(", ")) + ", file.path, file.state"
)


class Reading(Connections):
    """Questions, from any thread."""

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

    def rows(self, where: Where = ("1", []), order: str = "exchange.id", limit: int = -1) -> list[Row]:
        """Exchanges that meet a condition."""
        condition, parameters = where
        found = self.all(
            f"SELECT {_ROW_COLUMNS} FROM exchange JOIN file ON file.id = exchange.file WHERE {condition} "
            f"ORDER BY {order} LIMIT ?",
            [*parameters, limit],
        )
        return [Row._make((*row[:28], _unpack(row[28]), _unpack(row[29]), *row[30:])) for row in found]

    def groups(self, where: Where, limit: int) -> list[GroupRow]:
        """Groups with exchanges that meet a condition, those that changed last first.

        Files that a checkout wrote within two seconds changed together: they stand by name.
        """
        condition, parameters = where
        found = self.all(
            "SELECT iif(shelf = group_id, group_kind, 'folder'), shelf, max(exchange.mtime), count(*), "
            "sum(odd <> '') FROM exchange "
            f"JOIN file ON file.id = exchange.file WHERE {condition} "
            "GROUP BY shelf ORDER BY max(exchange.mtime) / 2000000000 DESC, shelf LIMIT ?",
            [*parameters, limit],
        )
        return [GroupRow(*row) for row in found]

    def groups_like(self, kind: str, text: str) -> list[tuple[str, int]]:
        """Ids of up to fifty groups that hold a text, with their numbers of exchanges."""
        return self.all(
            "SELECT group_id, count(*) FROM exchange WHERE group_kind = ? AND instr(group_id, ?) > 0 "
            "GROUP BY group_id ORDER BY group_id LIMIT 50",
            [kind, text],
        )

    def rows_of_groups(self, where: Where, groups: Sequence[GroupRow]) -> list[Row]:
        """The exchanges of some groups that meet a condition; of a very large group the first ones and the last."""
        condition, parameters = where
        among = f"exchange.shelf IN (SELECT value FROM json_each(?)) AND ({condition})"
        found = self.rows((among, [jsonio.dumps([group.id for group in groups if group.total <= MOST]), *parameters]))
        for group in groups:
            if group.total > MOST:
                of_it = (f"exchange.shelf = ? AND ({condition})", [group.id, *parameters])
                last = self.rows(of_it, "exchange.mtime DESC, exchange.id DESC", 1)
                found += {row.uid: row for row in (*self.rows(of_it, limit=MOST), *last)}.values()
        return found

    def rows_around(self, row: Row) -> list[Row]:
        """The exchanges of a row's group; of a very large group those near it."""
        found = self.rows(("exchange.shelf = ?", [row.shelf]), limit=MOST + 1)
        if len(found) <= MOST:
            return found
        near = [row.shelf, row.id - MOST // 2, row.id + MOST // 2]
        return self.rows(("exchange.shelf = ? AND exchange.id BETWEEN ? AND ?", near))

    def totals(self, where: Where = ("1", [])) -> Totals:
        """Counts over the exchanges that meet a condition."""
        condition, parameters = where
        row = self.all(
            f"SELECT count(*), count(DISTINCT shelf), coalesce(sum(odd <> ''), 0) FROM exchange WHERE {condition}",
            parameters,
        )[0]
        return Totals(*row)

    def overview(self) -> Overview:
        """What there is: by provider, by model, and by kind of oddity."""
        odd: dict[str, int] = {}
        for kinds, number in self.all("SELECT odd, count(*) FROM exchange WHERE odd <> '' GROUP BY odd"):
            for kind in kinds.split(","):
                odd[kind] = odd.get(kind, 0) + number
        return Overview(self._counts("provider"), self._counts("model"), sorted(odd.items(), key=lambda item: -item[1]))

    def _counts(self, column: str) -> list[tuple[str, int]]:
        return self.all(
            f"SELECT {column}, count(*) FROM exchange WHERE {column} <> '' GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 400"
        )

    def count_files(self, state: str) -> int:
        """The number of files in a state other than `read`."""
        return self.all("SELECT count(*) FROM file WHERE state <> 'read' AND state = ?", [state])[0][0]  # type: ignore[no-any-return]

    def row(self, uid: str) -> Row | None:
        """The exchange of an address."""
        return next(iter(self.rows(("exchange.uid = ?", [uid]))), None)

    def gone(self, uid: str) -> Gone | None:
        """What is remembered of an exchange that is no longer there."""
        row = next(iter(self.all("SELECT path, stem, group_id FROM gone WHERE uid = ?", [uid])), None)
        return Gone(*row) if row else None

    def with_stem(self, prefix: str) -> list[Row]:
        """Exchanges whose file name begins with a prefix, also after a leading ``models-``."""
        like = prefix.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
        condition = "file.stem LIKE ? ESCAPE '\\' OR file.stem LIKE ? ESCAPE '\\'"
        return self.rows((condition, [like, f"models-{like}"]), "file.path, exchange.entry", 200)

    def with_path(self, path: str) -> list[Row]:
        """Exchanges of the files with a path, or whose path ends with it, or that lie in a folder of that path."""
        exact = self.rows(("file.path = ?", [path]), "exchange.entry", MOST)
        if exact:
            return exact
        tail = f"/{path}"
        ending = self.rows(("substr(file.path, -length(?)) = ?", [tail, tail]), "file.path, exchange.entry", 200)
        return ending or self.rows(("exchange.shelf = ?", [f"{path.rstrip('/')}/"]), "file.path, exchange.entry", 200)

    def changes(self, since: int) -> list[Change]:
        """What changed after a number."""
        sql = "SELECT number, uid, group_id, new FROM change WHERE number > ? ORDER BY number"
        return [Change(number, uid, group, bool(new)) for number, uid, group, new in self.all(sql, [since])]

    def last_change(self) -> int:
        """The number of the last change."""
        return self.all("SELECT coalesce(max(number), 0) FROM change")[0][0]  # type: ignore[no-any-return]


def _unpack(packed: bytes) -> tuple[int, ...]:
    return tuple(array("q", packed))
