"""A test, or a session, told as one story: its exchanges in order, and in each only what is new."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from inspector.index import MOST, Row
from inspector.story import Turn, story
from inspector.testid import TestId, parse
from inspector.web import rendering
from inspector.web.conversation import Timeline, timeline
from inspector.web.exchange import Opened, messages_known, open_row
from inspector.web.groups import FoldView, fold

blueprint = Blueprint("story", __name__)

TURNS = 20
"""Exchanges that are told in full on a first page; "show more" adds as many."""


@dataclass(frozen=True, slots=True)
class TurnView:
    """One exchange of the story; without `one` its file can no longer be read."""

    turn: Turn
    one: Opened | None
    view: Timeline | None
    number: int


@dataclass(frozen=True, slots=True)
class StoryView:
    kind: str
    id: str
    test: TestId
    turns: tuple[TurnView, ...]
    total: int
    more: int
    folds: tuple[FoldView, ...]
    variants: tuple[tuple[str, int], ...]
    """The same test with other parameters: ids and how many exchanges they have."""
    forks: int
    is_one_file: bool
    input_tokens: int
    output_tokens: int


@blueprint.get("/t/", defaults={"id": ""})
@blueprint.get("/t/<path:id>")
def test(id: str) -> ResponseReturnValue:
    return _page("test", id or request.args.get("id", ""))


@blueprint.get("/s/", defaults={"id": ""})
@blueprint.get("/s/<path:id>")
def session(id: str) -> ResponseReturnValue:
    return _page("session", id or request.args.get("id", ""))


def _page(kind: str, id: str) -> ResponseReturnValue:
    index = rendering.library().index
    rows = index.of_group(kind, id)
    if not rows:
        near = index.groups_like(kind, id) if id else []
        if len(near) != 1:
            return render_template("near.html", kind=kind, id=id, near=near), 404
        id = near[0][0]
        rows = index.of_group(kind, id)
    view = story_view(kind, id, rows, request.args.get("show", TURNS, int))
    numbers = {item.turn.row.uid: item.number + 1 for item in view.turns}
    return render_template(
        "story.html",
        most=MOST,
        story=view,
        query=request.args.get("q", ""),
        rows_uid=rows[0].uid,
        numbers=numbers,
        together=True,
    )


def story_view(kind: str, id: str, rows: list[Row], show: int) -> StoryView:
    """The story of a group's exchanges."""
    folds, plain = fold(rows)
    turns = story(plain)
    told = tuple(_turn(number, turn) for number, turn in enumerate(turns[: max(show, TURNS)]))
    test = parse(id)
    return StoryView(
        kind=kind,
        id=id,
        test=test,
        turns=told,
        total=len(rows),
        more=show + TURNS if len(turns) > len(told) else 0,
        folds=folds,
        variants=tuple(_variants(id, test)) if kind == "test" else (),
        forks=sum(turn.forks > 0 for turn in turns),
        is_one_file=len({row.path for row in rows}) == 1,
        input_tokens=sum(row.input_tokens or 0 for row in rows),
        output_tokens=sum(row.output_tokens or 0 for row in rows),
    )


def _turn(number: int, turn: Turn) -> TurnView:
    one = open_row(turn.row)
    if one is None:
        return TurnView(turn, None, None, number)
    return TurnView(turn, one, timeline(one.call, one.marks, messages_known(turn, one.call)), number)


def _variants(id: str, test: TestId) -> list[tuple[str, int]]:
    found = rendering.library().index.groups_like("test", f"{test.base}[")
    return [(other, total) for other, total in found if other != id]
