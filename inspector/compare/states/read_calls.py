"""Pairs of exchanges decoded and masked: as much of them as may differ and matters."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from inspector.compare.states.change import What
from inspector.compare.states.read_pairs import Loaded
from inspector.model import Exchange
from inspector.redaction.decoded import Masked, masked_anyhow

_ASKED = frozenset({"prompt", "tools or settings"})
"""What the index says where something else was asked."""

OF_PROMPTS = frozenset({"unreachable", "no call", "no result"})
"""Marks of what was asked, and of the ids in it."""


def decoded(pair: Loaded, told: Collection[What], *, is_known: bool) -> tuple[Masked, Masked]:
    """Both exchanges of a pair, each of which is there. `is_known` says whether the index knows what is answered: where
    that is the same, and something else was asked, answers are not decoded."""
    assert pair.before
    assert pair.after
    if is_known and _is_answered_alike(pair, told):
        before, after = map(masked_anyhow, map(_without_answer, (pair.before, pair.after)))
        if _is_recognised(before, after, pair):
            return before, after
    before, after = (masked_anyhow(replace(one, raw=None)) for one in (pair.before, pair.after))
    return before, after


def _is_answered_alike(pair: Loaded, told: Collection[What]) -> bool:
    kinds = {one.kind for one in told if one.kind != "tokens" and not is_of_ids(one)}
    was, now = pair.was, pair.now
    how = (was.streamed, was.response_model) == (now.streamed, now.response_model)
    return how and bool(kinds) and kinds <= _ASKED


def is_of_ids(one: What) -> bool:
    """Whether a mark came or went that says nothing about words: ids and names give it."""
    return one.kind == "odd" and {one.before, one.after} - {""} <= OF_PROMPTS


def _without_answer(recorded: Exchange) -> Exchange:
    return replace(recorded, raw=None, response=recorded.response and replace(recorded.response, body=None))


def _is_recognised(before: Masked, after: Masked, pair: Loaded) -> bool:
    """Whether requests tell by themselves what they are, for which some protocols need the answer."""
    protocols = (before.call.protocol, after.call.protocol)
    return protocols == (pair.was.protocol, pair.now.protocol) and before.call.provider == after.call.provider
