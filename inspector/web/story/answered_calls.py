"""Results beside their calls where requests repeat nothing: the next request of a session brings what tools answered to
the calls of the reply before it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from inspector.web.exchange.timeline import Later, MessageView, timeline
from inspector.web.story.branches import Block, TurnView, told


def with_results(blocks: Sequence[Block]) -> tuple[Block, ...]:
    """Blocks with each result beside its call, if both are among them, and not where it was sent."""
    items = {item.turn.id: item for item in told(blocks)}
    later: dict[int, Later | None] = {}
    for item in items.values():
        before = items.get(item.turn.parent or 0)
        if item.turn.is_linked and not item.turn.is_called and before:
            later.setdefault(before.turn.id, _later(before, item))
    placed = {one.uid: _anchors(one) for one in later.values() if one}
    if not any(placed.values()):
        return tuple(blocks)

    def answered(item: TurnView) -> TurnView:
        if item.one is None or item.view is None:
            return item
        after, elsewhere = later.get(item.turn.id), placed.get(item.row.uid, frozenset())
        view = timeline(item.one.call, item.one.marks, item.view.first, later=after) if after else item.view
        messages = tuple(message for message in view.messages if not _stands_in(message, elsewhere))
        return replace(item, view=replace(view, messages=messages))

    return tuple(_each(block, answered) for block in blocks)


def _later(before: TurnView, item: TurnView) -> Later | None:
    if before.one is None or item.one is None or not before.one.call.replies:
        return None
    reply, messages = before.one.call.replies[0], item.one.call.prompt.messages
    return Later(item.row.uid, (reply, *messages), 0, is_apart=True)


def _anchors(later: Later) -> frozenset[str]:
    """The anchors of the results in the prompt that stand beside calls."""
    return frozenset(f"m{place[0] - 1}-p{place[1]}" for place in later.results(later.messages[0]).values())


def _stands_in(message: MessageView, placed: frozenset[str]) -> bool:
    return bool(message.parts) and all(part.anchor in placed for part in message.parts)


def _each(block: Block, change: Callable[[TurnView], TurnView]) -> Block:
    """A block with every exchange that it tells in full changed."""
    branches = tuple(
        replace(branch, blocks=tuple(_each(one, change) for one in branch.blocks)) for branch in block.branches
    )
    columns = tuple(tuple(map(change, column)) for column in block.columns)
    return replace(block, item=block.item and change(block.item), columns=columns, branches=branches)
