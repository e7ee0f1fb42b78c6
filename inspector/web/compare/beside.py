"""Exchanges side by side from the first message that differs: those that were sent the same prompt, or the ways in
which a conversation goes on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from inspector.compare.exchanges import differences, line
from inspector.index import Row
from inspector.web.compare.comparison import PairView, other_replies
from inspector.web.compare.masked_exchange import masked_exchange
from inspector.web.exchange.load import Opened, open_row
from inspector.web.exchange.related import Sources, sources
from inspector.web.exchange.timeline import Timeline, timeline
from inspector.web.rendering import context
from inspector.web.uploads import pastes

COLUMNS = 3
"""Exchanges that stand side by side on one page."""

_COMPARED = 500
"""Exchanges with the same prompt that are looked at."""

_WAYS = 60

_LINES = 6
"""Differences that the head of a column tells."""

_COPIES = 8
"""Exchanges with one and the same answer that a column links to."""


@dataclass(frozen=True, slots=True)
class Column:
    """One exchange, for all that say the same: `copies` are their ids, `total` their number."""

    row: Row
    is_same_request: bool
    copies: tuple[str, ...]
    total: int
    one: Opened | None = None
    view: Timeline | None = None
    """What it says from the first difference on; without it, the page only links to it."""
    lines: tuple[tuple[str, str], ...] = ()
    """How it differs from the first column, the answer first: side and words."""
    more: int = 0
    """Such differences that are not told."""
    replies: tuple[PairView, ...] = ()
    """Its replies beside those of the first column, where they are others."""


@dataclass(frozen=True, slots=True)
class BesideView:
    """Columns, of which those from `begin` on stand on this page; the others are links."""

    of: str
    """answers, or ways."""
    columns: tuple[Column, ...]
    others: tuple[Column, ...]
    total: int
    """All the columns that there are."""
    shared: int
    """Messages at the head of the prompt that all have."""
    before: str | None
    """The exchange that the columns before these begin with."""
    after: str | None
    sources: Sources


def beside_view(row: Row, of: str, begin: str) -> BesideView:
    """The comparison of an exchange with those that were sent the same prompt, or else of the `ways` on from it, from
    the one on that `begin` names. What was asked for first stands there always."""
    columns = _ways(row) if of == "ways" else _answers(row)
    fixed = columns[:1] if of != "ways" else []
    moving = columns[len(fixed) :]
    step = COLUMNS - len(fixed)
    at = next((number for number, one in enumerate(moving) if begin in (one.row.uid, *one.copies)), 0)
    shared = shared_head([one.row.prompt for one in columns])
    told = [_opened(one, shared) for one in (*fixed, *moving[at : at + step])]
    if of != "ways":
        told = [told[0], *(_against(one, told[0].row) for one in told[1:])]
    found: Sources = {}
    for column in told:
        if column.one and column.view:
            found |= sources(column.row, column.one.call, column.view.messages)
    left = (*moving[:at], *moving[at + step :])
    return BesideView(
        of=of,
        columns=tuple(told),
        others=left,
        total=len(columns),
        shared=shared,
        before=moving[max(at - step, 0)].row.uid if at else None,
        after=moving[at + step].row.uid if at + step < len(moving) else None,
        sources=found,
    )


def _answers(row: Row) -> list[Column]:
    """The answers to one prompt: this exchange's, then those to the same request, then those of other models."""
    index = context.library().index
    twins = [] if pastes.is_pasted(row.uid) else index.beside(row, _COMPARED)
    alike: dict[tuple[object, ...], list[tuple[int, str]]] = {}
    alike[True, row.model, row.provider, row.replies] = [(row.id, row.uid)]
    for twin in twins:
        key = (twin.is_same_request, twin.model, twin.provider, twin.replies)
        alike.setdefault(key, []).append((twin.id, twin.uid))
    rows = index.rows_of([those[0][0] for those in alike.values()]) | {row.id: row}
    return [
        Column(rows[those[0][0]], bool(key[0]), tuple(uid for _, uid in those[1 : _COPIES + 1]), len(those))
        for key, those in alike.items()
        if those[0][0] in rows
    ]


def _ways(row: Row) -> list[Column]:
    if pastes.is_pasted(row.uid):
        return []
    links = context.library().index.after(row, _WAYS).those
    return [Column(link.row, link.follows, (), 1) for link in links if not link.is_reworded and not link.is_called]


def shared_head(prompts: Sequence[tuple[int, ...]]) -> int:
    """How many messages prompts begin with that are the same in all."""
    shared = min(map(len, prompts), default=0)
    for prompt in prompts[1:]:
        shared = next((at for at in range(shared) if prompt[at] != prompts[0][at]), shared)
    return shared


def _opened(column: Column, shared: int) -> Column:
    one = open_row(column.row)
    if one is None:
        return column
    first = max(shared - bool(one.call.prompt.system), 0)
    return replace(column, one=one, view=timeline(one.call, one.marks, first))


def _against(column: Column, first: Row) -> Column:
    """A column with how it differs from the first: the answer, settings, tools, a model."""
    before, after = masked_exchange(first), masked_exchange(column.row)
    if before is None or after is None:
        return column
    found = differences(before, after)
    loud = sorted((one for one in found if one.side != "noise"), key=lambda one: one.side)
    lines = [(str(one.side), line(one)) for one in loud]
    others = other_replies(found, before, after, f"{column.row.uid}-differs-")
    return replace(column, lines=tuple(lines[:_LINES]), more=max(len(lines) - _LINES, 0), replies=others)
