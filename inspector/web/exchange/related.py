"""What an exchange hangs together with: the story that it is told in, what goes before, after and beside it anywhere in
the library, and where the messages of its prompt were recorded."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from flask import request

from inspector.analysis.story_order import Turn, around, story, story_of
from inspector.index import Row
from inspector.index.conditions import between, both
from inspector.index.thread_links import Link, Source
from inspector.model import ModelCall
from inspector.web.exchange.timeline import MessageView
from inspector.web.rendering import context
from inspector.web.rendering.memo import once
from inspector.web.uploads import pastes

_PLACED = 500
"""Exchanges of a story in which one has a number."""

_NEAR = 150
"""Exchanges before and after one that are looked at in a longer story."""

_BESIDE = 300
"""Exchanges with the same prompt that are counted."""


@dataclass(frozen=True, slots=True)
class StoryPlace:
    """Where an exchange stands in its story: what is told before and after it, and its number. Of a very large group
    only what is near is known: then it has no number."""

    before: Row | None
    after: Row | None
    number: int
    total: int
    story: str
    """The address of the story from this exchange on."""


@dataclass(frozen=True, slots=True)
class Beside:
    """How many others were sent the same prompt. With `is_more` they are only those that were counted."""

    again: int
    """The same request."""
    otherwise: int
    """Of these, those with other answers."""
    settings: int
    """The same model was asked the same in another way."""
    models: int
    """Other models that were asked the same."""
    is_more: bool

    @property
    def total(self) -> int:
        return self.again + self.settings + self.models


@dataclass(frozen=True, slots=True)
class Around:
    """What goes before and after an exchange in the library, and beside it. `ways` counts all that go on from its
    prompt; `after` has those that go on from its reply, or in its own group."""

    before: tuple[Link, ...]
    copies: int
    """How many exchanges have the prompt of those before."""
    after: tuple[Link, ...]
    ways: int
    beside: Beside
    elsewhere: tuple[Row, ...] = ()
    """The same response as recordings of other formats have it."""


NOTHING = Around((), 0, (), 0, Beside(0, 0, 0, 0, False))


def of(row: Row) -> Around:
    """What an exchange hangs together with in the whole library."""
    if pasted := pastes.of(row.uid):
        return _among(row, pasted.rows)
    index = context.library().index
    elsewhere = tuple(index.elsewhere(row))
    if not row.prompt and row.continues is None:
        return replace(NOTHING, elsewhere=elsewhere)
    before, after = index.before(row), index.after(row)
    near = tuple(link for link in after.those if _is_near(row, link))
    return Around(before.those, before.total, near, after.total, _beside(row), elsewhere)


def known(row: Row, call: ModelCall, near: Around) -> int:
    """How many of a prompt's messages are those of the exchange before it, and of its reply."""
    before = next((link for link in near.before if link.follows or link.row.list_group == row.list_group), None)
    if before is None or before.is_reworded or before.is_linked:
        return 0
    return max(len(before.row.prompt) + before.follows - bool(call.prompt.system), 0)


def _is_near(row: Row, link: Link) -> bool:
    """Whether what goes on from a row's prompt goes on from itself: another model may have said the same elsewhere."""
    return link.row.list_group == row.list_group or (link.follows and link.row.model == row.model)


def _among(row: Row, rows: Iterable[Row]) -> Around:
    """The same among the exchanges of one paste, which is all that is known of it."""
    by_id = {other.id: other for other in rows}
    turns = story([*by_id.values()])
    before = [_link(by_id[turn.parent], turn) for turn in turns if turn.id == row.id and turn.parent in by_id]
    after = [_link(by_id[turn.id], turn) for turn in turns if turn.parent == row.id]
    return Around(tuple(before), len(before), tuple(after), len(after), NOTHING.beside)


def _link(other: Row, turn: Turn) -> Link:
    return Link(other, turn.follows_reply, False, turn.is_linked, turn.is_called)


def _beside(row: Row) -> Beside:
    twins = context.library().index.beside(row, _BESIDE)
    same = [twin for twin in twins if twin.is_same_request]
    who = (row.model, row.provider)
    others = {(twin.model, twin.provider) for twin in twins}
    return Beside(
        again=len(same),
        otherwise=sum(twin.replies != row.replies for twin in same),
        settings=sum(not twin.is_same_request and (twin.model, twin.provider) == who for twin in twins),
        models=len(others - {who}),
        is_more=len(twins) >= _BESIDE - 1,
    )


# ---------------------------------------------------------------- the story


def story_address(row: Row, query: str = "") -> str:
    """The address of the story that a row is told in, from its place on, relative to the root."""
    if row.is_alone or row.group_kind not in ("test", "session") or row.collapsed_under:
        return context.exchange_url(row.uid, "story", query)
    address = context.group_url(row.group_kind, row.group_id, query)
    return f"{address}{'&' if '?' in address else '?'}from={row.uid}"


def place(row: Row) -> StoryPlace:
    """Where an exchange stands in its story."""
    return once("place", row.uid, lambda: _placed(row))


def _placed(row: Row) -> StoryPlace:
    pasted = pastes.of(row.uid)
    index = context.library().index
    if pasted:
        turns = story([other for other in pasted.rows if bool(other.collapsed_under) == bool(row.collapsed_under)])
        rows = {other.id: other for other in pasted.rows}
        return _place(row, turns, rows, len(turns))
    told = index.story(row)
    total = index.totals(told).exchanges
    if total > _PLACED:
        told = both(told, between(row.id - _NEAR, row.id + _NEAR))
    turns = story_of(index.leaves(told))
    before, _, after = around(turns, row.uid)
    return _place(row, turns, index.rows_of([turn.id for turn in (before, after) if turn]), total)


def _place(row: Row, turns: list[Turn], rows: dict[int, Row], total: int) -> StoryPlace:
    before, turn, after = around(turns, row.uid)
    number = turns.index(turn) + 1 if turn and total == len(turns) else 0
    address = story_address(row, request.args.get("q", ""))
    return StoryPlace(
        rows.get(before.id) if before else None, rows.get(after.id) if after else None, number, total, address
    )


# ---------------------------------------------------------------- messages


Sources = dict[tuple[str, str], Source | str]
"""For messages, by exchange and anchor, the exchange that recorded them as its reply; a word where none did."""


def sources(row: Row, call: ModelCall, messages: Iterable[MessageView]) -> Sources:
    """Where the assistant's messages of a prompt were recorded. Nothing is said where the index cannot know: of a file
    that changed since it was read, of what was pasted, and that nothing is there while files are still being read."""
    before = bool(call.prompt.system)
    asked = {
        message.number + before: message.anchor
        for message in messages
        if message.role == "assistant" and message.number >= 0 and not message.continues
    }
    if not asked or pastes.is_pasted(row.uid) or len(row.prompt) != before + len(call.prompt.messages):
        return {}
    library = context.library()
    found = library.index.recorded(row, asked)
    if library.progress.running or not library.looked:
        asked = {at: anchor for at, anchor in asked.items() if at in found}
    nowhere = "written by the test" if row.group_kind == "test" else "no recording"
    return {(row.uid, anchor): found.get(at, nowhere) for at, anchor in asked.items()}
