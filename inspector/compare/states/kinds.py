"""Kinds of change: changes that are alike, so that a re-record of hundreds of files is the few things that happened.

Alike are changes whose differences are all the same: the same keys change in the same way, the same words go and come.
What is left alone by that is put together where all but the words are the same, and then where only the places are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from hashlib import blake2b
from typing import NamedTuple

from inspector.compare.states.change import Change, Detail, Kind
from inspector.compare.verdict import VERDICTS

_NAMED = 3
"""Differences that a title names."""

_TITLES = {
    "new": "new exchanges",
    "gone": "exchanges that are gone",
    "moved": "the same under another name",
    "noise": "only ids, times, scores, token counts or chunking",
}
_LOOSE = {
    "reply": "other words in the reply",
    "reasoning": "other reasoning",
    "call": "other tool calls",
    "result": "another tool result",
    "message": "another prompt",
    "finish": "another finish reason",
    "error": "another error",
    "status": "another status",
    "setting": "another setting",
    "tool": "another tool definition",
    "model": "another model",
    "provider": "another provider",
    "stream": "streamed or not",
}


class _Level(NamedTuple):
    of: Callable[[Detail], str]
    """What tells a difference from others."""
    word: Callable[[Detail], str]
    """The difference in words."""


def _loose(detail: Detail) -> str:
    name = _LOOSE.get(detail.part, f"other {detail.part}")
    return f"{name} ({detail.key})" if detail.key else name


_LEVELS = (
    _Level(lambda detail: detail.alike[0], lambda detail: detail.exact),
    _Level(
        lambda detail: detail.alike[1],
        lambda detail: _loose(detail) if detail.alike[1] == detail.alike[2] else detail.exact,
    ),
    _Level(lambda detail: detail.alike[2], _loose),
)


def grouped(changes: Iterable[Change]) -> tuple[tuple[Change, ...], tuple[Kind, ...]]:
    """The changes, each with the id of its kind, in their order; and the kinds, those that matter most first."""
    changes = tuple(changes)
    kinds = sorted(_kinds(changes), key=lambda kind: ([*VERDICTS].index(kind.verdict), -len(kind.changes)))
    of = {_number(change): kind.id for kind in kinds for change in kind.changes}
    named = {_number(change): change._replace(of=of[_number(change)]) for change in changes}
    told = tuple(kind._replace(changes=tuple(named[_number(one)] for one in kind.changes)) for kind in kinds)
    return tuple(named.values()), told


def _number(change: Change) -> tuple[int | None, int | None]:
    return (change.before and change.before.id, change.after and change.after.id)


def _kinds(changes: tuple[Change, ...]) -> Iterable[Kind]:
    for verdict, title in _TITLES.items():
        if own := tuple(change for change in changes if change.verdict == verdict):
            yield Kind(verdict, title, verdict, own)
    left = [change for change in changes if change.verdict not in _TITLES]
    for level in _LEVELS:
        found: dict[tuple[str, ...], list[Change]] = {}
        for change in left:
            found.setdefault(_signature(change, level), []).append(change)
        is_last = level is _LEVELS[-1]
        yield from (_kind(key, own, level) for key, own in found.items() if len(own) > 1 or is_last)
        left = [own[0] for own in found.values() if len(own) == 1]


def _signature(change: Change, level: _Level) -> tuple[str, ...]:
    return (change.verdict, *sorted({level.of(detail) for detail in change.details}))


def _kind(signature: tuple[str, ...], own: list[Change], level: _Level) -> Kind:
    id = blake2b("\n".join(signature).encode(), digest_size=6).hexdigest()
    return Kind(id, _title(own, level), own[0].verdict, tuple(own))


def _title(own: list[Change], level: _Level) -> str:
    """What the changes have in common, what decided their verdict first."""
    shared = set.intersection(*({detail.line for detail in change.details} for change in own))
    ordered = sorted(own[0].details, key=lambda detail: detail.side != own[0].verdict)
    words = (detail.line if detail.line in shared else level.word(detail) for detail in ordered)
    said = [*dict.fromkeys(words)]
    more = f" and {len(said) - _NAMED} more" if len(said) > _NAMED else ""
    return "; ".join(said[:_NAMED]) + more
