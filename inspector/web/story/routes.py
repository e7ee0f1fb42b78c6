"""A test, a session, or exchanges that go on from each other, told as one story: in order, and in each only what is
new. A page is a window on it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue

from inspector.analysis.story_order import Turn, story_of
from inspector.compare.siblings import STATES
from inspector.index import Row
from inspector.index.conditions import ALL, Where, both, marked, negated, told_in
from inspector.index.rows import GroupRow
from inspector.index.threads import TOLD
from inspector.testruns.node_id import TestId, parse
from inspector.web.compare.beside import shared_head
from inspector.web.compare.matrix import Sibling, siblings
from inspector.web.exchange import related
from inspector.web.exchange.load import open_row, opened, row_of
from inspector.web.exchange.related import Sources
from inspector.web.exchange.timeline import timeline
from inspector.web.list.group_views import FOLDED, FoldView, fold
from inspector.web.rendering import context
from inspector.web.rendering.clock_times import gap
from inspector.web.rendering.memo import once
from inspector.web.story.answered_calls import with_results
from inspector.web.story.branches import STRAIGHT, Block, TurnView, blocks, lines, told
from inspector.web.story.story_paging import TURNS, end_of_page, fixed_page
from inspector.web.story.story_threads import Thread, threads
from inspector.web.story.waterfall import WHOLE, Placed, Waterfall, waterfall
from inspector.web.test_runs import results_view as outcomes
from inspector.web.uploads import pastes

blueprint = Blueprint("story", __name__)


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
    final: str
    """The exchange at the end of its longest way, the last of several; empty where it has none."""
    folds: tuple[FoldView, ...]
    variants: tuple[Sibling, ...]
    """The same test with other parameters, each beside this one."""
    forks: int
    is_one_file: bool
    is_linked: bool
    """Whether the recordings say themselves what goes on from what."""
    input_tokens: int
    output_tokens: int
    sources: Sources
    times: Waterfall
    threads: Mapping[int, Thread] = field(default_factory=dict)
    """By the ids of their first exchanges, of one file or session that has several."""
    group: str = ""
    """The address of the group that these are folded in."""
    unreachable: int = 0
    """Exchanges that no replay finds, whether they are hidden or not."""
    is_hidden: bool = False
    switched: str = ""
    """The address of the same story with those hidden, or shown again."""

    @property
    def items(self) -> list[TurnView]:
        """The exchanges on this page."""
        return told(self.blocks)

    @property
    def asks(self) -> list[Placed]:
        """The exchanges in which the user says what was not said in the one before, nor in another branch."""
        first: dict[tuple[str, int], Placed] = {}
        last = ""
        for place in self.times.places:
            if place.row.asked and place.row.asked != last and not place.row.is_called:
                first.setdefault((place.row.asked, len(place.row.prompt)), place)
            last = place.row.asked
        return list(first.values())

    @property
    def paths(self) -> set[str]:
        """Their recordings."""
        return {item.row.path for item in self.items}


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
    items = view.items
    first = items[0].row.uid if items else view.folds[0].rows[0].uid if view.folds else ""
    return render_template(
        "story/story.html", story=view, query=request.args.get("q", ""), rows_uid=first, recorded=view.sources,
        together=True, most=TOLD, states=STATES,
        neighbours=[item.row for item in items] if context.is_exported() else (),
    )  # fmt: skip


# ---------------------------------------------------------------- what is told


def _story_of_group(group: GroupRow, address: str, begin: str = "") -> StoryView:
    """The story of a test, a session or a file."""
    index = context.library().index
    counted = index.collapsed(ALL, group)
    few = [row for one in counted for row in index.rows_collapsed_under(ALL, group, one.label, FOLDED)]
    folds, plain = fold(few, counted)
    where = told_in(group.number, [row.id for row in plain])
    name = index.session_names([group]).get(group.number, group.id)
    test = parse(group.id) if group.kind == "test" else TestId("", "", name, "")
    view = _told(group.kind, group.id, test, address, where, begin)
    return replace(
        view,
        total=group.total - view.unreachable * view.is_hidden,
        folds=folds,
        variants=tuple(siblings(group.id)) if group.kind == "test" else (),
    )


def _story_of_rows(row: Row) -> StoryView:
    """The story of exchanges that go on from each other without a test, or of what is folded in a group."""
    kind, name = ("tree", row.asked or row.path) if row.is_alone else ("folded", row.collapsed_under or "")
    address = context.exchange_url(row.uid, "story")
    view = _told(kind, row.group_id, TestId("", "", name, ""), address, context.library().index.story(row), row.uid)
    return replace(view, group=context.group_url(row.group_kind, row.group_id) if kind == "folded" else "")


_UNREACHABLE = marked("unreachable")


def _told(kind: str, id: str, test: TestId, address: str, where: Where, begin: str) -> StoryView:
    index = context.library().index
    unreachable = len(index.ids(both(where, _UNREACHABLE)))
    hiding = f"{address}{'&' if '?' in address else '?'}hide=unreachable"
    is_hidden = unreachable > 0 and request.args.get("hide") == "unreachable"
    if is_hidden:
        address, hiding, where = hiding, address, both(where, negated(_UNREACHABLE))
    turns = once("turns", str(where), lambda: story_of(index.leaves(where)))
    begin = request.args.get("from", begin)
    first = next((number for number, turn in enumerate(turns) if turn.uid == begin), 0)
    if context.is_exported() and turns:
        first = fixed_page(turns, first, address)
    seen = turns if len(turns) <= WHOLE else turns[first : first + TURNS]
    rows = once("rows", tuple(turn.id for turn in seen), lambda: index.rows_of([turn.id for turn in seen]))
    last = end_of_page(turns, rows, first)
    numbers = {turn.id: number for number, turn in enumerate(turns, 1)}
    views = []
    for number, turn in enumerate(turns[first:last], first + 1):
        if turn.id in rows:
            parent = numbers[turn.parent] if turn.parent is not None else 0
            same_as = numbers[turn.same_as] if turn.same_as is not None else 0
            parent_uid = turns[parent - 1].uid if parent else ""
            before = rows.get(turn.parent or turns[number - 2].id) if number > 1 else None
            between = before and gap(before, rows[turn.id])
            views.append(TurnView(turn, rows[turn.id], number, parent, parent_uid, same_as, between))
    forks = any(item.turn.depth or item.same_as for item in views)
    known = once("lines", str(where), lambda: lines(turns)) if forks else STRAIGHT
    shown = with_results([_opened_block(block) for block in blocks(views, known)])
    sums = index.sums(where)
    return StoryView(
        kind=kind, id=id, test=test, address=address, blocks=shown, total=len(turns), told=len(turns),
        first=first + 1, last=last, before=turns[max(first - TURNS, 0)].uid if first else "",
        after=turns[last].uid if last < len(turns) else "", final=_final(turns), folds=(), variants=(),
        forks=sum(turn.forks > 0 for turn in turns), is_one_file=sums.files == 1,
        is_linked=any(turn.is_linked for turn in turns), input_tokens=sums.input_tokens,
        output_tokens=sums.output_tokens, sources=_sources(shown),
        times=waterfall([(numbers[turn.id], rows[turn.id]) for turn in seen if turn.id in rows]),
        threads=once("threads", str(where), lambda: threads(turns)) if kind in ("file", "session") else {},
        unreachable=unreachable, is_hidden=is_hidden, switched=hiding,
    )  # fmt: skip


def _final(turns: Sequence[Turn]) -> str:
    lengths: dict[int | None, int] = {}
    final, longest = "", 0
    for turn in turns:  # what an exchange goes on from was told before it
        lengths[turn.id] = length = -len(turns) if turn.is_called else lengths.get(turn.parent, 0) + 1
        if length >= longest:
            final, longest = turn.uid, length
    return final


def _sources(shown: Sequence[Block]) -> Sources:
    found: Sources = {}
    for item in (*told(shown), *(block.shared for block in shown)):
        if item and item.one and item.view:
            found |= related.sources(item.row, item.one.call, item.view.messages)
    return found


# ---------------------------------------------------------------- opened


def _opened_block(block: Block) -> Block:
    """A block with its exchanges read from their files; what only repeats an answer is not."""
    branches = tuple(
        replace(branch, blocks=tuple(_opened_block(one) for one in branch.blocks)) for branch in block.branches
    )
    if not block.columns:
        return replace(block, item=block.item and _opened(block.item), branches=branches)
    return replace(_columns(block), branches=branches)


def _columns(block: Block) -> Block:
    heads = [column[0] for column in block.columns]
    shared = shared_head([head.row.prompt for head in heads])
    known = heads[0].turn.known
    columns = tuple((_opened(head, shared), *map(_opened, rest)) for head, *rest in block.columns)
    first = columns[0][0]
    if shared <= known or first.one is None:
        return replace(block, columns=columns)
    instructions = bool(first.one.call.prompt.system)
    view = timeline(first.one.call, first.one.marks, max(known - instructions, 0), max(shared - instructions, 0))
    return replace(block, columns=columns, shared=replace(first, view=view))


def _opened(item: TurnView, known: int = 0) -> TurnView:
    """An exchange with what is new in it: after the messages that its parent had, or that stand elsewhere already."""
    one = open_row(item.row)
    if one is None:
        return item
    known = max(item.turn.known, known, len(item.row.prompt) if item.same_as else 0)
    first = max(known - bool(one.call.prompt.system), 0)
    return replace(item, one=one, view=timeline(one.call, one.marks, first))
