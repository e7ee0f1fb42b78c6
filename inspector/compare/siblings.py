"""What two variants of a test have in common, told from the index alone: their turns, paired by their place in the
conversation, and of each the calls and the words of its answer."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from inspector.analysis import normalize
from inspector.index import Index, Row
from inspector.index.distinct_messages import REPLY
from inspector.model import jsonio

STATES = {
    "same": "the same",
    "same calls": "same calls",
    "other words": "other words",
    "other calls": "other calls",
    "other turns": "other turns",
    "error": "error",
    "failed": "failed",
    "none": "no recording",
}
"""What becomes of a variant beside another, and in words."""


class Turn(NamedTuple):
    """A turn before and after, one of which may be missing."""

    before: Row | None
    after: Row | None


@dataclass(frozen=True, slots=True)
class Beside:
    """A variant beside another: its state, how many turns are so, and the two exchanges that show it."""

    state: str
    turns: int
    total: int
    shown: Turn | None


Calls = Mapping[int, tuple[str, ...]]
"""The calls of exchanges, by their number."""


def calls(index: Index, rows: Sequence[Row]) -> Calls:
    """What the replies of some exchanges call, with ids and the way it is written left out."""
    said = [one for one in index.said(rows) if one.position >= REPLY]
    texts = {message: text for message, place, text in index.texts({one.message for one in said}) if place == "call"}
    found: dict[int, tuple[str, ...]] = {}
    for one in said:
        if one.message in texts:
            found[one.exchange] = (*found.get(one.exchange, ()), *_calls(texts[one.message]))
    return found


def _calls(text: str) -> Iterator[str]:
    for line in text.split("\n"):
        name, _, arguments = line.partition(" ")
        value = jsonio.parse_or_none(arguments) if arguments[:1] in ("{", "[") else None
        yield f"{name} {normalize.arguments(value, arguments, normalize.Seen({}, []))}"


def is_error(row: Row) -> bool:
    """Whether what was answered is an error."""
    return (row.status or 0) >= 400 or row.finish == "error" or "error" in row.marks


def beside(before: Sequence[Row], after: Sequence[Row], said: Calls) -> Beside:
    """What the exchanges of one variant are beside those of another."""
    if not after:
        return Beside("none", 0, 0, None)
    pairs = turns(before, after)
    states = [_state(pair, said) for pair in pairs]
    errors = [row for row in after if is_error(row)]
    if errors:
        alone = Turn(before[0] if before else None, errors[0])
        failing = next((pair for pair in pairs if pair.after in errors), alone)
        return Beside("error", len(errors), len(after), failing)
    for state in ("other calls", "other turns", "other words", "same calls"):
        if state in states:
            both = [pair for pair, own in zip(pairs, states, strict=True) if own == state]
            shown = next((pair for pair in both if pair.before and pair.after), None)
            first = shown or next((pair for pair in pairs if pair.before and pair.after), None)
            return Beside(state, len(both), len(pairs), first)
    return Beside("same", len(pairs), len(pairs), next((pair for pair in pairs if pair.before), None))


def _state(pair: Turn, said: Calls) -> str:
    before, after = pair
    if before is None or after is None:
        return "other turns"
    if before.replies == after.replies and (before.replies or before.replied == after.replied):
        return "same"
    own, other = said.get(before.id, ()), said.get(after.id, ())
    if own != other:
        return "other calls"
    return "same calls" if own else "other words"


def turns(before: Sequence[Row], after: Sequence[Row]) -> list[Turn]:
    """Which turn is which: by the whole conversation before it, else by what was asked last, else by its place, else by
    its turn. One that was recorded several times is one turn."""
    old, new = list(before), list(after)
    found: dict[int, Row] = {}
    for key in _WAYS:
        for row, was in _recognised(old, new, key):
            found[row.id] = was
        taken = {was.id for was in found.values()}
        old = [row for row in old if row.id not in taken]
        new = [row for row in new if row.id not in found]
    known = {_place(row) for row in (*found.values(), *(row for row in after if row.id in found))}
    pairs = [Turn(found[row.id], row) for row in after if row.id in found]
    pairs += [Turn(None, row) for row in new if _place(row) not in known]
    pairs += [Turn(row, None) for row in old if _place(row) not in known]
    return sorted(pairs, key=lambda pair: len((pair.after or pair.before or before[0]).prompt))


def _kind(row: Row) -> str:
    """What an exchange does: talk is talk, whatever a provider calls it."""
    return "" if row.prompt and row.operation != "embeddings" else row.operation


def _place(row: Row) -> Hashable:
    return _kind(row), row.asked, len(row.prompt)


def _recognised(old: Iterable[Row], new: Iterable[Row], key: Callable[[Row], Hashable]) -> Iterator[tuple[Row, Row]]:
    waiting: dict[Hashable, list[Row]] = {}
    for row in old:
        waiting.setdefault(key(row), []).append(row)
    for row in new:
        if waiting.get(key(row)):
            yield row, waiting[key(row)].pop(0)


_WAYS: tuple[Callable[[Row], Hashable], ...] = (
    lambda row: (_kind(row), row.streamed, row.chain, len(row.prompt)),
    lambda row: (_kind(row), row.chain, len(row.prompt)),
    _place,
    lambda row: (_kind(row), len(row.prompt)),
    _kind,
)
"""What turns are recognised by, the surest first."""
