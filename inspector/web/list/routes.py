"""The list: exchanges by the test, session or file that they belong to, or in an order of their own."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import NamedTuple

from flask import Blueprint, Response, abort, make_response, render_template, request

from inspector import search
from inspector.index import Index, Row
from inspector.index.store import ALL, Totals
from inspector.search import Query, edits
from inspector.search.suggest import facets, in_names, unknown
from inspector.web.list import export_list
from inspector.web.list.excerpts import Excerpt
from inspector.web.list.group_views import GroupView
from inspector.web.list.list_paging import END, NAMED, WindowPlace, grouped, ordered
from inspector.web.list.sort_values import sort_value
from inspector.web.list.tree import Leaf, tree
from inspector.web.rendering import context

blueprint = Blueprint("listing", __name__)

WINDOW_PARAMETERS = ("at", "from", "before", "after", "open")
"""The parameters of an address that say which window of the list it shows."""


@dataclass(frozen=True, slots=True)
class Wrong:
    """What is wrong with a query, in words, and the query that may have been meant."""

    text: str
    meant: str | None = None
    query: str | None = None


class Lead(NamedTuple):
    """What the list says above everything: how many there are, and where it is narrowed, how many were found."""

    is_narrowed: bool
    only_odd: bool
    matching: Totals | None
    """None where counting would hold up the list."""
    totals: Totals


@dataclass(frozen=True, slots=True)
class ListView:
    """Everything that the list pane prints."""

    query: str
    """As it was typed."""
    wrong: Wrong | None
    known: search.Query | None
    leaves: tuple[Leaf, ...]
    """The groups, with the branches of the tree that begin above them."""
    rows: tuple[tuple[str, Row], ...]
    """The exchanges with their keys, where the list has an order of its own, and no groups."""
    found: dict[str, list[Excerpt]]
    totals: Totals
    matching: Totals | None
    place: WindowPlace
    """The parameters of the address that lead to this window."""
    before: dict[str, str] | None
    """Those that lead to the window before, and after; None where the list ends."""
    after: dict[str, str] | None
    newest: str
    """The id of the exchange that changed last; empty where it stands in another window."""
    is_named: bool
    """Whether only the names of groups are seen, so that their exchanges are left out."""
    in_names: list[tuple[str, str]]
    """Where nothing was found: clauses for names that hold the words, and the queries with them."""

    @property
    def lead(self) -> Lead:
        return _lead(self.known, self.matching, self.totals)

    @property
    def end(self) -> dict[str, str]:
        return {"before": END}

    @property
    def orders(self) -> list[tuple[str, str, bool]]:
        """The orders that the list may have: in words, the query that has it, and whether it has it now."""
        usual = "Group: test" if context.is_exported() else "Group: test · Sort: newest"
        ways = {"": usual} | dict(search.BY_NAME["sort"].values)
        shown = [name for name in ways if not name.endswith("-asc") or name == self.sort]
        return [(ways[name], edits.in_order(self.query, name), name == self.sort) for name in shown]

    @property
    def sort(self) -> str:
        return self.known.sort if self.known else ""

    def opening(self, group: GroupView) -> dict[str, str]:
        """The parameters that lead to this window with one more group shown whole."""
        opened = [uid for uid in (self.place.get("open", ""), group.rows[0].uid) if uid]
        return {**{name: key for name, key in self.place.items() if name != "at"}, "open": ".".join(opened)}

    def within(self, group: str) -> str:
        """The query for the exchanges of one group, as their files have them."""
        return edits.in_order(edits.only(self.query, "group", edits.whole(group)), "place-asc")


def list_view(index: Index, query: str, place: WindowPlace, level: str = "") -> ListView:
    """The list for a query. A query that means nothing lists everything, with what is wrong with it. `level` says how
    much of the tree is seen, where that is known."""
    wrong, known = None, None
    try:
        known = search.read(query)
    except search.QueryError as error:
        wrong = _wrong(str(error), query)
    with index.snapshot():  # what is counted, found and listed has to be of one moment
        return _list_view(index, query, known, wrong, place, level)


def _list_view(
    index: Index, query: str, known: Query | None, wrong: Wrong | None, place: WindowPlace, level: str
) -> ListView:
    listed = ordered(index, known, known.order, place) if known and known.order else grouped(index, known, place, level)
    if level in NAMED and any(group.found for group in listed.groups):  # what was found is seen
        level, listed = "", grouped(index, known, place)
    nothing = listed.matching is not None and not listed.matching.exchanges
    if known and nothing and (missing := unknown(index, known)):
        wrong = Wrong(missing.text, missing.meant, missing.query)
    elif known and (meant := edits.as_fields(known)):
        wrong = Wrong(f"{meant[0]} is searched as words", meant[1], meant[1])
    everything = not known or known.where == ALL
    return ListView(
        query=query,
        wrong=wrong,
        known=known,
        leaves=tree(index, listed.groups, not everything),
        rows=listed.rows,
        found=listed.found,
        totals=listed.matching if everything and listed.matching else index.totals(),
        matching=listed.matching,
        place=place,
        before=listed.before,
        after=listed.after,
        newest=listed.newest,
        is_named=level in NAMED,
        in_names=in_names(index, known) if known and nothing else [],
    )


def _wrong(error: str, query: str) -> Wrong:
    text, _, meant = error.partition("; did you mean ")
    mended = edits.mended(query)
    return Wrong(text, meant.removesuffix("?") or mended, mended)


def _lead(known: search.Query | None, matching: Totals | None, totals: Totals) -> Lead:
    parts = known.tree.of if known else ()
    return Lead(bool(parts), search.Clause("is", "issue") in parts, matching, totals)


def _first_found(view: ListView) -> Row | None:
    """What stands first in a list."""
    shown = [row for _, row in view.rows[:1]] + [row for leaf in view.leaves[:1] for row in leaf.group.rows[:1]]
    return shown[0] if shown else None


def _counted(index: Index, query: str) -> Lead:
    """The counts alone."""
    try:
        known = search.read(query)
    except search.QueryError:
        return _lead(None, index.totals(), index.totals())
    return _lead(known, index.totals(known.where), index.totals())


@blueprint.get("/counts")
def counts() -> str:
    """How many a query finds, where the list did not wait for it."""
    query = request.args.get("q", "").strip()
    lead = _counted(context.library().index, query)
    return render_template("list/counts_and_lead.html", lead=lead, query=query)


@blueprint.get("/")
def home() -> Response:
    library = context.library()
    query = request.args.get("q", "").strip()
    if context.is_partial() and not request.headers.get("HX-Target", "").endswith("#list"):
        return make_response(render_template("list/list_page.html", lead=_counted(library.index, query), query=query))
    page = request.args.get("page", 1, int)
    place = {name: request.args[name] for name in WINDOW_PARAMETERS if request.args.get(name)}
    if context.is_exported():
        place = dict(_page(page))
    view = list_view(library.index, query, place, request.headers.get("X-Level", ""))
    if context.is_exported():
        view = replace(view, matching=view.totals, before=_numbered(page - 1), after=_numbered(page + 1))
    values = {
        "sort_value": sort_value,
        "first_found": _first_found,
        "list": view,
        "lead": view.lead,
        "query": query,
        "library": library,
        "files": files_view(library.index),
    }
    if context.is_exported():
        values["facets"] = facets(library.index, query)
    answer = make_response(
        render_template("list/_list.html" if context.is_partial() else "list/list_page.html", **values)
    )
    if view.wrong and view.known is None:
        answer.headers["X-Query"] = "wrong"  # half a query, perhaps: who types on keeps the list
    return answer


def _page(number: int) -> WindowPlace:
    """The place of a page of the list that becomes a file, counted from 1."""
    places = export_list.list_places()
    return places[number - 1] if 0 < number <= len(places) else abort(404, "The list has no such page.")


def _numbered(page: int) -> dict[str, str] | None:
    if not 0 < page <= len(export_list.list_places()):
        return None
    return {"page": str(page)} if page > 1 else {}


@dataclass(frozen=True, slots=True)
class FilesView:
    """The files that are no recordings: those that should be, and a count of those that never were."""

    broken: tuple[tuple[str, str], ...]
    writing: tuple[str, ...]
    unrecognised: int


def files_view(index: Index) -> FilesView:
    troubled = index.files_in_state("broken", "writing")
    return FilesView(
        tuple((file.path, file.why or "") for file in troubled if file.state == "broken"),
        tuple(file.path for file in troubled if file.state == "writing"),
        index.count_files("unrecognised"),
    )
