"""What differs between the exchanges of a pair, as masked ones tell it: as much of them is decoded, and masked, as may
differ and matters."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from inspector.compare.exchanges import Difference, differences, differences_that_matter
from inspector.compare.states.change import What
from inspector.compare.states.read_pairs import Loaded
from inspector.decode import decoder
from inspector.model import Exchange, ModelCall
from inspector.redaction.decoded import Masked, is_quiet, masked_anyhow

_ASKED = frozenset({"prompt", "tools or settings"})
"""What the index says where something else was asked."""

OF_PROMPTS = frozenset({"unreachable", "no call", "no result"})
"""Marks of what was asked, and of the ids in it."""


def differences_of(pair: Loaded, told: Collection[What], *, is_known: bool) -> list[Difference]:
    """What differs between the exchanges of a pair, each of which is there. `is_known` says whether the index knows
    what is answered: where that is the same, and something else was asked, answers are not decoded."""
    assert pair.before
    assert pair.after
    if is_known and _is_answered_alike(pair, told):
        before, after = map(_decoded, map(_without_answer, (pair.before, pair.after)))
        if _is_recognised(before, after, pair):
            return masked_differences(before, after)
    return masked_differences(_decoded(pair.before), _decoded(pair.after))


Decoded = tuple[Exchange, ModelCall]


def _decoded(recorded: Exchange) -> Decoded:
    return recorded, decoder.decode(recorded)


def masked_differences(before: Decoded, after: Decoded) -> list[Difference]:
    """What differs between two exchanges, as masked ones tell it. Most hold nothing that has to be masked, which is
    seen first."""
    if is_quiet(*before) and is_quiet(*after):
        found = differences_that_matter(Masked(*before), Masked(*after))
        if found is not None:
            return found
    was, now = (masked_anyhow(replace(exchange, raw=None), call) for exchange, call in (before, after))
    return differences(was, now, is_brief=True)


def _is_answered_alike(pair: Loaded, told: Collection[What]) -> bool:
    kinds = {one.kind for one in told if one.kind != "tokens" and not is_of_ids(one)}
    was, now = pair.was, pair.now
    how = (was.streamed, was.response_model) == (now.streamed, now.response_model)
    return how and bool(kinds) and kinds <= _ASKED


def is_of_ids(one: What) -> bool:
    """Whether a mark came or went that says nothing about words: ids and names give it."""
    return one.kind == "odd" and {one.before, one.after} - {""} <= OF_PROMPTS


def _without_answer(recorded: Exchange) -> Exchange:
    return replace(recorded, response=recorded.response and replace(recorded.response, body=None))


def _is_recognised(before: Decoded, after: Decoded, pair: Loaded) -> bool:
    """Whether requests tell by themselves what they are, for which some protocols need the answer."""
    was, now = before[1], after[1]
    return (was.protocol, now.protocol) == (pair.was.protocol, pair.now.protocol) and was.provider == now.provider
