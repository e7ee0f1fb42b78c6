"""What the pages ask of the index. SQL is written out where it is used."""

from __future__ import annotations

from inspector.analysis.prefix_hash import unpacked
from inspector.index.connections import Connections
from inspector.index.rows import ALL, Change, FileRow, Gone, Row, Where

MOST = 1_000
"""Exchanges of one group that are looked at together: what a story and its reader can take."""

_FILE = "path, size, mtime, inode, changed, format, state, why, inside, resume"


def named(column: str) -> str:
    """The name that a column of `exchange` stands for, as SQL."""
    return f"(SELECT text FROM name WHERE name.id = exchange.{column})"


GROUP_ID = (
    f"CASE exchange.group_kind WHEN 'test' THEN {named('test')} WHEN 'session' THEN {named('session')} "
    "ELSE file.path END"
)
_ROW = ", ".join(
    (
        *(f"exchange.{name}" for name in ("id", "uid", "file", "entry", "position", "group_kind")),
        GROUP_ID,
        "shelf.name",
        "exchange.mtime",
        *map(named, ("test", "protocol", "provider", "operation", "host", "model", "response_model")),
        *(f"exchange.{name}" for name in ("sent", "streamed", "events", "status")),
        named("finish"),
        *(f"exchange.{name}" for name in ("input_tokens", "output_tokens", "total_tokens", "size", "duration")),
        "card.asked, card.replied, exchange.odd",
        named("fold"),
        "exchange.chain, exchange.request, card.prompt, card.replies, file.path, file.state",
    )
)
_FROM = (
    "exchange JOIN card ON card.id = exchange.id JOIN file ON file.id = exchange.file "
    "JOIN shelf ON shelf.id = exchange.shelf"
)


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
        condition, parameters = where
        found = self.all(
            f"SELECT {_ROW} FROM {_FROM} WHERE {condition} ORDER BY {order} LIMIT ?",
            [*parameters, limit],
        )
        return [Row._make((*row[:32], unpacked(row[32]), unpacked(row[33]), *row[34:])) for row in found]

    def row(self, uid: str) -> Row | None:
        """The exchange of an address."""
        return next(iter(self.rows(("exchange.uid = ?", [uid]))), None)

    def of_group(self, kind: str, id: str, limit: int = MOST) -> list[Row]:
        """The first exchanges of a test, session or file."""
        return self.rows(_of_shelf(kind, id), limit=limit)

    def rows_near(self, row: Row, most: int) -> list[Row]:
        """A row and those next to it in its group: at most so many before it, and so many after it."""
        before = self.rows(("shelf.name = ? AND exchange.id < ?", [row.shelf, row.id]), "exchange.id DESC", most)
        after = self.rows(("shelf.name = ? AND exchange.id > ?", [row.shelf, row.id]), limit=most)
        return [*reversed(before), row, *after]

    def groups_like(self, kind: str, text: str) -> list[tuple[str, int]]:
        """Ids of up to fifty groups that hold a text, with their numbers of exchanges."""
        return self.all(
            "SELECT name, total FROM shelf WHERE kind = ? AND instr(name, ?) > 0 ORDER BY name LIMIT 50", [kind, text]
        )

    def group_names(self, kind: str) -> list[str]:
        """The names of all tests, or sessions, or files with several exchanges."""
        return [name for (name,) in self.all("SELECT name FROM shelf WHERE kind = ? AND total > 0", [kind])]

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
        return ending or self.rows(_of_shelf("folder", f"{path.rstrip('/')}/"), "file.path, exchange.entry", 200)

    # ------------------------------------------------------------ news

    def changes(self, since: int) -> list[Change]:
        """What changed after a number."""
        sql = "SELECT number, uid, group_id, new FROM change WHERE number > ? ORDER BY number"
        return [Change(number, uid, group, bool(new)) for number, uid, group, new in self.all(sql, [since])]

    def last_change(self) -> int:
        """The number of the last change."""
        return self.all("SELECT coalesce(max(number), 0) FROM change")[0][0]  # type: ignore[no-any-return]


def _of_shelf(kind: str, name: str) -> Where:
    return "exchange.shelf = (SELECT id FROM shelf WHERE kind = ? AND name = ?)", [kind, name]
