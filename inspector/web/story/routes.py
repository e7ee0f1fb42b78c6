"""A test, a session, or exchanges that go on from each other, told as one story: in order, and in each only what is
new. A page is a window on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue

from inspector.analysis.story_order import Turn, story_of
from inspector.compare.siblings import STATES
from inspector.index import Row
from inspector.index.conditions import ALL, Where, told_in
from inspector.index.rows import GroupRow
from inspector.index.threads import TOLD
from inspector.testruns.node_id import TestId, parse
from inspector.web.compare.matrix import Sibling, siblings
from inspector.web.compare.side_by_side import shared_head
from inspector.web.exchange import related
from inspector.web.exchange.load import Opened, open_row, opened, row_of
from inspector.web.exchange.related import Sources
from inspector.web.exchange.timeline import Timeline, timeline
from inspector.web.list.group_views import FOLDED, FoldView, fold
from inspector.web.rendering import context
from inspector.web.rendering.memo import once
from inspector.web.story.story_paging import TURNS, end_of_page, fixed_page
from inspector.web.test_runs import results_view as outcomes
from inspector.web.uploads import pastes

blueprint = Blueprint("story", __name__)


@dataclass(frozen=True, slots=True)
class TurnView:
    """One exchange of the story; without `one` its file can no longer be read."""

    turn: Turn
    row: Row
    number: int
    parent: int
    """The number of the exchange that it goes on from; 0 for none."""
    parent_uid: str
    same_as: int
    """That of an earlier one with the same prompt; 0 for none."""
    one: Opened | None = None
    view: Timeline | None = None


@dataclass(frozen=True, slots=True)
class Block:
    """Exchanges that stand below each other, or several columns of them that begin where they differ. `shared` is the
    first of these with what they have in common."""

    columns: tuple[tuple[TurnView, ...], ...]
    shared: TurnView | None = None


@dataclass(frozen=True, slots=True)
class StoryView:
    kind: str
    """test, session, file; tree for exchanges that hang together without any of these; folded for those of a group that
    are no part of its story."""
    id: str
    test: TestId
    address: str
    """Where it is, with no place in it."""
    blocks: tuple[Block, ...]
    total: int
    told: int
    """Exchanges that the story has, at most as many as one holds; the others are folded."""
    first: int
    last: int
    """The numbers of the first and the last that this page tells."""
    before: str
    """The exchange that the page before begins with, and that after; empty where the story ends."""
    after: str
    folds: tuple[FoldView, ...]
    variants: tuple[Sibling, ...]
    """The same test with other parameters, each beside this one."""
    forks: int
    is_one_file: bool
    input_tokens: int
    output_tokens: int
    sources: Sources
    group: str = ""
    """The address of the group that these are folded in."""

    @property
    def paths(self) -> set[str]:
        """The recordings of the exchanges on this page."""
        return {item.row.path for block in self.blocks for column in block.columns for item in column}


@blueprint.get("/t/", defaults={"id": ""})
@blueprint.get("/t/<path:id>")
def test(id: str) -> ResponseReturnValue:
    return _group("test", id or request.args.get("id", ""))


@blueprint.get("/s/", defaults={"id": ""})
@blueprint.get("/s/<path:id>")
def session(id: str) -> ResponseReturnValue:
    return _group("session", id or request.args.get("id", ""))


def _group(kind: str, id: str) -> ResponseReturnValue:
    index = context.library().index
    group = index.group(kind, id)
    if group is None or not group.total:
        near = index.groups_like(kind, id) if id else []
        group = index.group(kind, near[0][0]) if len(near) == 1 else None
        if group is None:
            if kind == "test" and (address := outcomes.place_of(id)):
                return context.led_to(address)
            alike = {"X-Alike": str(len(near))} if near else {}  # for `inspector open`: this page is worth a look
            return render_template("story/near_miss.html", kind=kind, id=id, near=near), 404, alike
    return _page(_story_of_group(group, context.group_url(kind, group.id)))


@blueprint.get("/e/<uid>/story")
def of_exchange(uid: str) -> ResponseReturnValue:
    """The story that an exchange is told in, from its place on."""
    row = row_of(uid)
    if row is None or pastes.is_pasted(uid):
        opened(uid)  # says what became of it
        abort(404, "What was pasted has no story.")
    address = related.story_address(row)
    if address != context.exchange_url(uid, "story"):
        return context.led_to(address)
    if row.is_alone or row.collapsed_under:
        return _page(_story_of_rows(row))
    return _page(_story_of_group(context.library().index.group_of(row), address, uid))


def _page(view: StoryView) -> str:
    first = view.blocks[0].columns[0][0].row.uid if view.blocks else view.folds[0].rows[0].uid if view.folds else ""
    return render_template(
        "story/story.html", story=view, query=request.args.get("q", ""), rows_uid=first, recorded=view.sources,
        together=True, most=TOLD, states=STATES, neighbours=_rows(view) if context.is_exported() else (),
    )  # fmt: skip


def _rows(view: StoryView) -> list[Row]:
    """The exchanges of a page, for the list beside it."""
    return [item.row for block in view.blocks for column in block.columns for item in column]


# ---------------------------------------------------------------- what is told


def _story_of_group(group: GroupRow, address: str, begin: str = "") -> StoryView:
    """The story of a test, a session or a file."""
    index = context.library().index
    counted = index.collapsed(ALL, group)
    few = [row for one in counted for row in index.rows_collapsed_under(ALL, group, one.label, FOLDED)]
    folds, plain = fold(few, counted)
    where = told_in(group.number, [row.id for row in plain])
    test = parse(group.id) if group.kind == "test" else TestId("", "", group.id, "")
    view = _told(group.kind, group.id, test, address, where, begin)
    return replace(
        view,
        total=group.total,
        folds=folds,
        variants=tuple(siblings(group.id)) if group.kind == "test" else (),
    )


def _story_of_rows(row: Row) -> StoryView:
    """The story of exchanges that go on from each other without a test, or of what is folded in a group."""
    kind, name = ("tree", row.asked or row.path) if row.is_alone else ("folded", row.collapsed_under or "")
    address = context.exchange_url(row.uid, "story")
    view = _told(kind, row.group_id, TestId("", "", name, ""), address, context.library().index.story(row), row.uid)
    return replace(view, group=context.group_url(row.group_kind, row.group_id) if kind == "folded" else "")


def _told(kind: str, id: str, test: TestId, address: str, where: Where, begin: str) -> StoryView:
    index = context.library().index
    turns = once("turns", str(where), lambda: story_of(index.leaves(where)))
    begin = request.args.get("from", begin)
    first = next((number for number, turn in enumerate(turns) if turn.uid == begin), 0)
    if context.is_exported() and turns:
        first = fixed_page(turns, first, address)
    rows = index.rows_of([turn.id for turn in turns[first : first + TURNS]])
    last = end_of_page(turns, rows, first)
    numbers = {turn.id: number for number, turn in enumerate(turns, 1)}
    views = []
    for number, turn in enumerate(turns[first:last], first + 1):
        if turn.id in rows:
            parent = numbers[turn.parent] if turn.parent is not None else 0
            same_as = numbers[turn.same_as] if turn.same_as is not None else 0
            parent_uid = turns[parent - 1].uid if parent else ""
            views.append(TurnView(turn, rows[turn.id], number, parent, parent_uid, same_as))
    blocks = tuple(_blocks(views))
    sums = index.sums(where)
    return StoryView(
        kind=kind, id=id, test=test, address=address, blocks=blocks, total=len(turns), told=len(turns),
        first=first + 1, last=last, before=turns[max(first - TURNS, 0)].uid if first else "",
        after=turns[last].uid if last < len(turns) else "", folds=(), variants=(),
        forks=sum(turn.forks > 0 for turn in turns), is_one_file=sums.files == 1, input_tokens=sums.input_tokens,
        output_tokens=sums.output_tokens, sources=_sources(blocks),
    )  # fmt: skip


def _sources(blocks: Sequence[Block]) -> Sources:
    found: Sources = {}
    for block in blocks:
        for item in (*(item for column in block.columns for item in column), block.shared):
            if item and item.one and item.view:
                found |= related.sources(item.row, item.one.call, item.view.messages)
    return found


# ---------------------------------------------------------------- side by side


def _blocks(views: Sequence[TurnView]) -> list[Block]:
    """The exchanges of a page; where they fork, or several were sent the same prompt, in columns."""
    blocks: list[Block] = []
    at = 0
    while at < len(views):
        end = _end_of_fork(views, at)
        branches = _branches(views[at:end])
        blocks.append(_columns(branches) if len(branches) > 1 else Block(((_opened(views[at]),),)))
        at = end if len(branches) > 1 else at + 1
    return blocks


def _end_of_fork(views: Sequence[TurnView], at: int) -> int:
    """Where the branches end of which one begins here; those of a beginning are the others with the same prompt."""
    head = views[at]
    for number in range(at + 1, len(views)):
        turn = views[number].turn
        if turn.depth < head.turn.depth:
            return number
        if turn.parent is None and views[number].row.prompt != head.row.prompt:
            return number
    return len(views)


def _branches(views: Sequence[TurnView]) -> list[list[TurnView]]:
    """What follows an exchange, and what follows each of those that begin where it does."""
    branches: list[list[TurnView]] = []
    for item in views:
        if not branches or item.turn.parent == views[0].turn.parent:
            branches.append([])
        branches[-1].append(item)
    return branches


def _columns(branches: Sequence[Sequence[TurnView]]) -> Block:
    heads = [branch[0] for branch in branches]
    shared = shared_head([head.row.prompt for head in heads])
    known = heads[0].turn.known
    columns = tuple((_opened(head, shared), *map(_opened, rest)) for head, *rest in branches)
    first = columns[0][0]
    if shared <= known or first.one is None:
        return Block(columns)
    instructions = bool(first.one.call.prompt.system)
    view = timeline(first.one.call, first.one.marks, max(known - instructions, 0), max(shared - instructions, 0))
    return Block(columns, replace(first, view=view))


def _opened(item: TurnView, known: int = 0) -> TurnView:
    """An exchange with what is new in it: after the messages that its parent had, or that stand elsewhere already."""
    one = open_row(item.row)
    if one is None:
        return item
    known = max(item.turn.known, known, len(item.row.prompt) if item.same_as else 0)
    first = max(known - bool(one.call.prompt.system), 0)
    return replace(item, one=one, view=timeline(one.call, one.marks, first))
