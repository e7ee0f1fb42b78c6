"""The differences of two exchanges as they are kept and counted: short, and with what tells which of them are alike."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from hashlib import blake2b
from typing import Any, NamedTuple

from inspector.analysis.first_words import words
from inspector.compare.difference import anchor_of
from inspector.compare.exchanges import Difference, line
from inspector.compare.states.change import Detail, What
from inspector.compare.texts import brief, spans
from inspector.compare.values import ABSENT
from inspector.model import jsonio

_LONG = 60
"""Characters of a value from which on it is compared as a text."""
_KEPT = 400
"""Characters of a value that are kept as they are."""
_TOLD = 40
_LOOKED_AT = 20_000
"""Characters of texts whose words tell whether two changes are alike."""

ANSWERS = frozenset({"reply", "reasoning", "tool call", "result", "finish", "status"})
"""What the index says of an answer, as `What` has it."""
_REQUESTS = frozenset({"prompt", "tools or settings", "model", "provider"})


class Kept(NamedTuple):
    """What is kept of differences: those that matter, noise only where there is nothing else."""

    matters: tuple[Detail, ...]
    noise: tuple[Detail, ...]
    parts: frozenset[str]
    """What differs at all, noise or not."""
    failed: tuple[Detail, ...] = ()
    """That they could not be compared, where that is so."""


def kept(found: Iterable[Difference]) -> Kept:
    found = list(found)
    matters = tuple(_detail(difference) for difference in found if difference.side != "noise")
    return Kept(matters, () if matters else tuple(map(_detail, found)), frozenset(one.part for one in found))


def details(found: Kept, what: Sequence[What]) -> tuple[Detail, ...]:
    """What differs and matters, noise only where there is nothing else. What the index says of `what` was answered is
    never left out."""
    matters = [*found.matters]
    for side in ("answer", "request"):
        if not any(one.side == side for one in matters):
            matters += [one for one in map(_told, what) if one.side == side and not _is_known(one, found)]
    return (*(matters or found.noise), *found.failed)


NOTHING = Kept((), (), frozenset())


def failed(error: Exception) -> Kept:
    """Of a pair that we fail at: it must not hide the others, nor what changed in it."""
    why = f"not compared: {type(error).__name__}"
    return NOTHING._replace(failed=(Detail("answer", "exchange", "", "", why, (), (why, why, why), why),))


def _is_known(one: Detail, found: Kept) -> bool:
    """Whether a difference stands there already, by another side: who answered is no answer, and neither is what a
    resource repeats of what was asked."""
    if one.side == "request":
        return one.part in found.parts
    return one.part == "reply" and any(map(_is_repeated, found.matters))


def _is_repeated(one: Detail) -> bool:
    return (one.side, one.part) == ("request", "setting") and one.place.partition(".")[0] == "reply"


def _told(what: What) -> Detail:
    """What only the index sees."""
    side = "answer" if what.kind in ANSWERS else "request" if what.kind in _REQUESTS else "noise"
    own = f"{what.kind}: {_quoted(what.before)} → {_quoted(what.after)}"
    line = own if what.before or what.after else f"other {what.kind}"
    values = (("before", what.before), ("after", what.after))
    return Detail(side, what.kind, "", "", line, values, (line, what.kind, what.kind), line)


def _quoted(text: str) -> str:
    return f'"{text}"' if text else "nothing"


def _detail(one: Difference) -> Detail:
    where = "\x1f".join((one.side, one.part, one.name, one.key))
    old, new = _text(one.before), _text(one.after)
    told = line(one)
    if _is_text(one, old, new):
        gone, come = _words(old, new)
        exact = _mark(f"{where}\x1f{gone}\x1f{come}")
        alike, common = (exact, _mark(where), _mark(where)), _common(one, gone, come)
    else:
        exact = _mark(f"{where}\x1f{old}\x1f{new}")
        alike, common = (exact, exact, _mark(where)), told
    return Detail(one.side, one.part, one.key, anchor_of(one), told, tuple(_values(one, old, new)), alike, common)


def _is_text(one: Difference, old: str, new: str) -> bool:
    """Whether a difference is told by the words that go and come, since no two exchanges have the same values."""
    if ABSENT in (one.before, one.after):
        return one.part in _TEXTS
    return one.part in _TEXTS or max(len(old), len(new)) > _LONG


_TEXTS = frozenset({"reply", "reasoning", "message", "call", "result"})


def _values(one: Difference, old: str, new: str) -> Iterator[tuple[str, Any]]:
    """Short values as they are, and of long ones the words around their first difference."""
    is_short = max(len(old), len(new)) <= _KEPT
    told = (one.before, one.after) if is_short else brief(old, new)
    for name, value, kept in zip(("before", "after"), (one.before, one.after), told, strict=True):
        if value is not ABSENT:
            yield name, kept


def _text(value: object) -> str:
    if value is ABSENT:
        return ""
    return value if isinstance(value, str) else jsonio.dumps(value)


def _words(old: str, new: str) -> tuple[str, str]:
    """The words that went, and those that came. The same prompts change in the same way in many exchanges."""
    return _remembered(old, new) if len(old) + len(new) <= _LOOKED_AT else _remembered.__wrapped__(old, new)


@lru_cache(256)
def _remembered(old: str, new: str) -> tuple[str, str]:
    found = spans(old[:_LOOKED_AT], new[:_LOOKED_AT])
    gone, come = ("".join(span.text for span in found if span.kind == kind) for kind in ("gone", "come"))
    rest = (old[_LOOKED_AT:], new[_LOOKED_AT:])
    return (gone, come) if rest[0] == rest[1] else (gone + rest[0], come + rest[1])


def _common(one: Difference, gone: str, come: str) -> str:
    """In words what texts have in common whose changes are alike: what went and came."""
    name = f"{one.part} {one.key}" if one.key else one.part
    old, new = words(gone, _TOLD), words(come, _TOLD)
    return f"{name}: {_quoted(old)} → {_quoted(new)}" if old or new else f"{name}: other spaces"


def _mark(text: str) -> str:
    return blake2b(text.encode("utf-8", "replace"), digest_size=8).hexdigest()
