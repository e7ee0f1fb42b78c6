"""Conditions on exchanges: the only place where what is asked of them becomes SQL."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from types import MappingProxyType
from typing import Any, NamedTuple

from inspector.model import jsonio


class Where(NamedTuple):
    """A condition on `exchange`: SQL that is 0 or 1, never NULL, and its parameters."""

    sql: str
    parameters: Sequence[Any] = ()
    each: str = ""
    """The same asked of one exchange after the other, where that is written otherwise."""

    @property
    def of_each(self) -> Where:
        """The condition as it is best asked where only a few exchanges are looked at."""
        return Where(self.each or self.sql, self.parameters)


ALL = Where("1")
NONE = Where("0")

_AMONG = "(SELECT value FROM json_each(?))"


def of_exchanges(uids: Iterable[str]) -> Where:
    """The exchanges of some addresses."""
    return Where(f"exchange.uid IN {_AMONG}", [jsonio.dumps([*uids])])


def negated(where: Where) -> Where:
    return Where(f"NOT ({where.sql})", where.parameters, where.each and f"NOT ({where.each})")


def both(*wheres: Where) -> Where:
    return _joined(wheres, " AND ", ALL)


def either(*wheres: Where) -> Where:
    return _joined(wheres, " OR ", ALL)


def _joined(wheres: Sequence[Where], word: str, nothing: Where) -> Where:
    if not wheres:
        return nothing
    differ = any(where.each for where in wheres)
    return Where(
        word.join(f"({where.sql})" for where in wheres),
        [value for where in wheres for value in where.parameters],
        word.join(f"({where.of_each.sql})" for where in wheres) if differ else "",
    )


# ---------------------------------------------------------------- what is said


def _mentions(messages: str, parameters: Sequence[Any]) -> Where:
    """That an exchange says one of the messages that a question gives: those who say them are gathered, or each is
    asked."""
    gathered = f"exchange.id IN (SELECT exchange FROM mention WHERE message IN ({messages}))"
    asked = f"EXISTS (SELECT 1 FROM mention WHERE mention.exchange = exchange.id AND +mention.message IN ({messages}))"
    return Where(gathered, parameters, asked)


def says(match: str) -> Where:
    """That the full text finds an expression of FTS5 in what an exchange says; an empty one is found nowhere."""
    return _mentions("SELECT rowid FROM full_text WHERE full_text MATCH ?", [match]) if match else NONE


def calls(tool: str) -> Where:
    """That a tool was called whose name a value is like."""
    names = _names(tool, False)
    return _mentions(f"SELECT message FROM called WHERE tool IN ({names.sql})", names.parameters)


# ---------------------------------------------------------------- names


def _like(column: str, value: str) -> Where:
    """That a name is what a value says: it is part of it, all of it after ``=``, or a pattern with ``*``."""
    if value.startswith("=") and len(value) > 1:
        return Where(f"{column} = ?", [value[1:]])
    return Where(f"{column} LIKE ? ESCAPE '\\'", [_pattern(value)])


def _pattern(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    if "*" not in value:
        return f"%{escaped}%"
    return re.sub(r"\*+", "%", escaped)  # a run of them costs SQLite time without end


def _names(value: str, of_groups: bool) -> Where:
    like = _like("text", value)
    return Where(f"SELECT id FROM name WHERE is_group = {of_groups:d} AND text <> '' AND {like.sql}", like.parameters)


def names(columns: Sequence[str], value: str, of_groups: bool = False) -> Where:
    """That the name in one of some columns, those of tests and sessions or others, is like a value."""
    those = _names(value, of_groups)
    ways = " OR ".join(f"ifnull(exchange.{column} IN ({those.sql}), 0)" for column in columns)
    return Where(f"(EXISTS ({those.sql}) AND ({ways}))", [*those.parameters] * (len(columns) + 1))


def path(value: str) -> Where:
    """That the path of the recording is like a value."""
    like = _like("path", value)
    if value.startswith("="):
        return Where(f"exchange.file IN (SELECT id FROM file WHERE {like.sql})", like.parameters)
    is_there = f"EXISTS (SELECT 1 FROM file WHERE {like.sql})"  # else every exchange is asked in vain
    own = _like("(SELECT path FROM file WHERE file.id = exchange.file)", value)
    return Where(f"({is_there} AND {own.sql})", [*like.parameters, *own.parameters])


def group(value: str, kind: str = "") -> Where:
    """That what lists gather an exchange under has a name like a value, and a kind if one is given."""
    like = _like("name", value)
    if not kind:
        return Where(f"exchange.list_group IN (SELECT id FROM list_group WHERE {like.sql})", like.parameters)
    those = f"SELECT id FROM list_group WHERE kind = ? AND {like.sql}"
    return Where(f"exchange.list_group IN ({those})", [kind, *like.parameters])


# ---------------------------------------------------------------- numbers and flags


def bounded(column: str, bounds: Iterable[tuple[str, float]]) -> Where:
    """That a number keeps to some bounds, each a sign (``<``, ``<=``, ``=``, …) and a number; none where there is no
    number."""
    known = [*bounds]
    condition = " AND ".join(f"ifnull(exchange.{column} {sign} ?, 0)" for sign, _ in known)
    return Where(condition, [bound for _, bound in known])


def holds(bit: int) -> Where:
    """That an exchange holds what a bit of `inspector.analysis.features` stands for."""
    return Where("(exchange.has & ?) <> 0", [bit])


def marked(kind: str) -> Where:
    """That an exchange has a mark of a kind."""
    return Where("(',' || exchange.odd || ',' LIKE ?)", [f"%,{kind},%"])


_VERDICTS: ContextVar[Mapping[str, Sequence[str]]] = ContextVar("verdicts", default=MappingProxyType({}))


def compare_with(verdicts: Mapping[str, Sequence[str]]) -> None:
    """Say for what is asked from here on which exchanges, by their ids, have which verdict beside an earlier state."""
    _VERDICTS.set(verdicts)


def compared(verdict: str) -> Where:
    """That an exchange has a verdict, or with ``changed`` any but that it is the same; none without an earlier state.
    What no verdict names is the same."""
    known = _VERDICTS.get()
    if verdict == "same":
        return Where(f"exchange.uid NOT IN {_AMONG}", [jsonio.dumps(known["changed"])]) if known else NONE
    return Where(f"exchange.uid IN {_AMONG}", [jsonio.dumps([*known.get(verdict, ())])])


Around = Callable[[], Mapping[str, Iterable[str]]]
"""What tells which exchanges, by their ids, have which mark that depends on others."""

_AROUND: ContextVar[Around] = ContextVar("around", default=dict)


def ask_for_marks(known: Around) -> Around:
    """Say for what is asked from here on what knows the marks that depend on others; it is not asked before a query has
    one. What was said before."""
    before = _AROUND.get()
    _AROUND.set(known)
    return before


@contextmanager
def marks_around(known: Around) -> Iterator[None]:
    """The same meanwhile."""
    before = ask_for_marks(known)
    try:
        yield
    finally:
        ask_for_marks(before)


def marked_around(kind: str) -> Where:
    """That an exchange has a mark that depends on others. Many are told by a byte for each, which every statement looks
    up as it goes: a list of ids would be put into order by each of the statements that a page takes."""
    marked = _AROUND.get()().get(kind, ())
    flags = getattr(marked, "flags", b"")
    return Where("substr(?, exchange.id, 1) = x'01'", [flags]) if flags else of_exchanges(marked)


ODD = Where("exchange.odd <> ''")
STREAMED = Where("exchange.streamed")
UNSENT = Where("NOT exchange.sent")
REPEATED = Where(
    "EXISTS (SELECT 1 FROM exchange AS other WHERE other.chain = exchange.chain AND exchange.chain <> 0 "
    "AND other.request = exchange.request AND other.id <> exchange.id)"
)
INFRASTRUCTURE = Where("(exchange.collapsed_under IS NOT NULL AND exchange.collapsed_under IS NOT exchange.model)")


# ---------------------------------------------------------------- places


def told_in(group: int, others: Sequence[int]) -> Where:
    """That an exchange belongs to a group and is not collapsed there, or is one of some others."""
    return Where(
        f"exchange.list_group = ? AND (exchange.collapsed_under IS NULL OR exchange.id IN {_AMONG})",
        [group, jsonio.dumps([*others])],
    )


def in_group_of(exchange: int) -> Where:
    return Where("exchange.list_group = (SELECT list_group FROM exchange WHERE id = ?)", [exchange])


def collapsed(is_collapsed: bool) -> Where:
    """That an exchange is collapsed under something in lists, or that it is not."""
    return Where("(exchange.collapsed_under IS NULL) = ?", [not is_collapsed])


def between(first: int, last: int) -> Where:
    """That the index's own number of an exchange lies between two, or is one of them."""
    return Where("exchange.id BETWEEN ? AND ?", [first, last])


def in_list_group(kind: str, name: str) -> Where:
    return Where("exchange.list_group = (SELECT id FROM list_group WHERE kind = ? AND name = ?)", [kind, name])


def of_tests(names: Iterable[str]) -> Where:
    """Exchanges of some tests, by their whole ids, without those that lists fold."""
    return Where(
        f"exchange.collapsed_under IS NULL AND exchange.list_group IN "
        f"(SELECT id FROM list_group WHERE kind = 'test' AND name IN {_AMONG})",
        [jsonio.dumps([*names])],
    )
