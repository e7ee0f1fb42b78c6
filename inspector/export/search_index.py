"""The index of an export: what a search in the browser needs, as data files.

``names`` says of every exchange what the fields of the query language ask for; it is loaded when somebody first
searches. ``said`` and ``texts-0``, ``texts-1`` … are loaded when a word is looked for: each distinct message once, and
which exchange says which. ``rows-0`` … have the lines of the list as HTML. Exchanges are numbered as the list has them.
``help`` is what the key ``?`` shows over any page, as HTML. ``asked`` has settings and tool definitions, and is loaded
when two exchanges are compared.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Any, NamedTuple

from flask import Flask, render_template

from inspector.analysis.issues import AROUND, KINDS, name_of
from inspector.analysis.search_text import TEXT_PLACES
from inspector.analysis.story_order import in_order
from inspector.export import field_values
from inspector.export.pages import Pages
from inspector.export.relative_links import rewritten
from inspector.export.settings_and_tools import SettingsAndTools
from inspector.files.urls import HOME, file_of
from inspector.index import Index, Row
from inspector.index.conditions import marks_around
from inspector.index.read import MOST
from inspector.index.store import ALL, GroupRow
from inspector.model import jsonio
from inspector.search import suggest
from inspector.search.examples import EXAMPLES, OFFERED
from inspector.testruns.node_id import TestId, parse
from inspector.web.list import excerpts, group_views
from inspector.web.list.dots import LEVELS
from inspector.web.rendering.context import group_url
from inspector.web.test_runs.marks_view import asking

LARGEST = 4_000_000
"""Characters of a data file, give or take one text: some hosts refuse large files."""

SHOWN = 1_000_000
"""Characters of a file of rows: it is loaded to show one of them."""

_OWN = re.compile("[ets]/")
_BLANK = re.compile(r">\s+<")

Files = Iterator[tuple[str, bytes]]


class _Group(NamedTuple):
    """A group of the list with all its exchanges."""

    kind: str
    id: str
    rows: tuple[Row, ...]
    name: str
    """What a session is called; empty where nothing says."""

    @property
    def test(self) -> TestId:
        return parse(self.id) if self.kind == "test" else TestId("", "", self.id, "")

    @property
    def odd(self) -> int:
        """Exchanges with issues."""
        return sum(bool(row.odd) for row in self.rows)

    @property
    def has_error(self) -> bool:
        return any("error" in row.marks for row in self.rows)


def data(app: Flask, asked: SettingsAndTools) -> Files:
    """The data files of the index of an application whose pages become files: names and JSON. `asked` is what the
    exchanges ask for beside their messages."""
    index: Index = app.extensions["keeper"]().library.index
    found = list(_groups(index))
    rows = [row for group in found for row in group.rows]
    pages = Pages(app)
    shards = list(_lines(app, pages, found))
    texts, said = _said(index, rows)
    yield (
        "names",
        _json(_names(app, index, pages, found, rows) | {"rows": [first for first, _ in shards], "texts": len(texts)}),
    )
    yield "said", _json(said)
    for number, messages in enumerate(texts):
        yield f"texts-{number}", _json(messages)
    for number, (_, lines) in enumerate(shards):
        yield f"rows-{number}", _json(lines)
    yield "help", _json(_quick_help(app, pages))
    yield "asked", _json(asked.told(row.uid for row in rows))


def scripts(app: Flask, asked: SettingsAndTools) -> Files:
    """The same as scripts of a site: a page that was opened from a folder may load nothing else."""
    for name, value in data(app, asked):
        yield f"search/{name}.js", b'Site.take("%b",%b);\n' % (name.encode(), value)


def _json(value: Any) -> bytes:
    return jsonio.dumps(value, indent=False).encode("utf-8", "replace")


def _groups(index: Index) -> Iterator[_Group]:
    """The groups as the list has them, each with its exchanges in the order of their story."""
    rows_of: dict[tuple[str, str], list[Row]] = {}
    for row in index.sorted_rows():
        kind = row.group_kind if row.list_group == row.group_id else "folder"
        rows_of.setdefault((kind, row.list_group), []).append(row)
    names = index.session_names(_every_group(index))
    for group in _every_group(index):
        its = rows_of[group.kind, group.id]
        told = tuple(in_order(its) if len(its) <= MOST else its)
        yield _Group(group.kind, group.id, told, names.get(group.number, ""))


def _every_group(index: Index) -> Iterable[GroupRow]:
    return index.window(ALL, index.totals().groups).groups


# ---------------------------------------------------------------- what fields ask for


def _marks(app: Flask, index: Index, rows: Sequence[Row]) -> dict[str, dict[str, list[int]]]:
    with marks_around(asking(app)):
        return field_values.marks(index, rows)


def _names(app: Flask, index: Index, pages: Pages, found: Sequence[_Group], rows: Sequence[Row]) -> dict[str, Any]:
    by_path = sorted(range(len(rows)), key=lambda at: (rows[at].path, rows[at].entry))
    ranks = {at: rank for rank, at in enumerate(by_path)}
    return {
        "fields": field_values.table(),
        "orders": field_values.WITHOUT_TIMES,
        "places": list(TEXT_PLACES),
        "kinds": {name_of(kind): what for kind, what in KINDS.items()} | AROUND,
        "facets": ["is", *suggest.FACETS],
        "seen": suggest.SEEN_BY_NAME,
        "named": suggest.NAMES,
        "limits": {
            "rows": group_views.ROWS, "folded": group_views.FOLDED, "few": group_views.FEW,
            "before": excerpts.BEFORE, "excerpt": excerpts.EXCERPT, "found": excerpts.SHOWN,
        },
        "levels": dict(LEVELS),
        "examples": EXAMPLES[:OFFERED],
        "uids": [row.uid for row in rows],
        "ranks": [ranks[at] for at in range(len(rows))],
        "groups": [
            [group.kind, group.id, len(group.rows), _held(group_url(group.kind, group.id), pages)] for group in found
        ],
        "names": field_values.names(rows),
        "tools": _tools(index, rows),
        "numbers": {column: [getattr(row, column) for row in rows] for column in field_values.NUMBERS},
        "marks": _marks(app, index, rows),
        "folds": field_values.numbered([_collapsed(row) for row in rows]),
        "guards": [at for at, row in enumerate(rows) if row.collapsed_under and group_views.is_guard(row)],
    }  # fmt: skip


def _tools(index: Index, rows: Sequence[Row]) -> dict[str, list[Any]]:
    calls = {id: [name for _, name in named if name] for id, named in groupby(index.every_call(), lambda call: call[0])}
    known = sorted({name for names in calls.values() for name in names})
    number = {name: at for at, name in enumerate(known)}
    return {"names": known, "of": [[number[name] for name in calls.get(row.id, ())] for row in rows]}


# ---------------------------------------------------------------- what was said


class _Messages:
    """Texts by the number that a message gets when it is first said, in stretches of a file each."""

    def __init__(self, index: Index, messages: Iterable[int]) -> None:
        self.stretches: list[list[list[str]]] = [[]]
        self._pieces: dict[int, list[str]] = {}
        for message, place, text in index.texts(messages):
            self._pieces.setdefault(message, []).extend((place, text))
        self._numbers: dict[int, int] = {}
        self._size = 0

    def numbered(self, messages: Iterable[int]) -> list[int]:
        """The numbers of those that say something, each once."""
        return [*dict.fromkeys(self._number(message) for message in messages if message in self._pieces)]

    def _number(self, message: int) -> int:
        if message not in self._numbers:
            pieces = self._pieces[message]
            self._numbers[message] = len(self._numbers)
            self._size += sum(map(len, pieces))
            if self._size > LARGEST and self.stretches[-1]:
                self.stretches.append([])
                self._size = sum(map(len, pieces))
            self.stretches[-1].append(pieces)
        return self._numbers[message]


def _said(index: Index, rows: Sequence[Row]) -> tuple[list[list[list[str]]], list[list[int]]]:
    """The texts of the messages, and what each exchange says of them: how many it has in common with the one before it,
    and the numbers of the others."""
    order: dict[int, list[int]] = {row.id: [] for row in rows}
    for at in range(0, len(rows), MOST):
        for exchange, _, message in index.said(rows[at : at + MOST]):
            order[exchange].append(message)
    messages = _Messages(index, (message for its in order.values() for message in its))
    said: list[list[int]] = []
    before: list[int] = []
    for row in rows:
        now = messages.numbered(order[row.id])
        common = next((at for at, (a, b) in enumerate(zip(before, now, strict=False)) if a != b), None)
        common = min(len(before), len(now)) if common is None else common
        said.append([common, *now[common:]])
        before = now
    return messages.stretches, said


# ---------------------------------------------------------------- rows


def _lines(app: Flask, pages: Pages, found: Iterable[_Group]) -> Iterator[tuple[int, dict[str, Any]]]:
    """The rows' HTML in stretches of a file each, after the number of the first; with the headings of the groups that
    begin there. Links are relative to the root."""
    with app.test_request_context("/"):
        macros: Any = app.jinja_env.get_template("list/_row.html").make_module({"root": "", "exported": True})
        first = at = size = 0
        rows: list[str] = []
        heads: dict[str, str] = {}
        for number, group in enumerate(found):
            heads[str(number)] = _html(macros.heading(group), pages)
            for row in group.rows:
                rows.append(_html(macros.row(row), pages))
                at, size = at + 1, size + len(rows[-1])
                if size > SHOWN:
                    yield first, {"rows": rows, "heads": heads}
                    first, size, rows, heads = at, 0, [], {}
        if rows or not first:
            yield first, {"rows": rows, "heads": heads}


def _quick_help(app: Flask, pages: Pages) -> str:
    """The keys and the query language as HTML."""
    with app.test_request_context("/"):
        return _html(render_template("help/_quick.html", root=""), pages)


def _html(html: str, pages: Pages) -> str:
    """HTML whose links lead to files."""
    return _BLANK.sub("> <", rewritten(html, "", HOME, lambda address: _held(address, pages)).strip())


def _held(address: str, pages: Pages) -> str | None:
    """The file that holds the page of an exchange, a test or a session; the address of a path may lead to another."""
    return file_of(address) if _OWN.match(address) else pages.resolve(address)


def _collapsed(row: Row) -> str | None:
    return group_views.label(row.collapsed_under) if row.collapsed_under else None
