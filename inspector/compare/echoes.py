"""What an answer repeats of its request: a resource says what it was made with. Where something else was asked, and the
answer says just that under the same name, nothing else was answered.

It is looked for where nothing is generated: a model that repeats what it was asked has said so.
"""

from __future__ import annotations

from collections.abc import Iterator, Set
from typing import NamedTuple

from inspector.analysis import normalize
from inspector.compare.values import ABSENT, Path
from inspector.model import Json, ModelCall

_GENERATES_NOTHING = "other"
"""The operation of what is kept for users, and of what nobody knows."""

_SMALL = 20
"""Below so many values an object or a list is looked for as a whole, too."""

Sent = Set[tuple[str, str]]
"""Values that a request sends, by the names that they have there."""


class Asked(NamedTuple):
    before: Sent
    after: Sent


def asked(before: Json, after: Json) -> Asked:
    """What two requests send, for `is_echo`."""
    return Asked(_sent(before), _sent(after))


def is_echo(path: Path, before: object, after: object, asked: Asked) -> bool:
    """Whether each answer says what its request sends, and the requests differ in that."""
    name = next((key for key in reversed(path) if isinstance(key, str)), "")
    was, now = ((name, normalize.canonical(value)) for value in (before, after))
    is_before, is_after = before is not ABSENT, after is not ABSENT
    is_repeated = (not is_before or was in asked.before) and (not is_after or now in asked.after)
    return is_repeated and ((is_before and was not in asked.after) or (is_after and now not in asked.before))


def may_echo(*calls: ModelCall) -> bool:
    return all(call.operation == _GENERATES_NOTHING for call in calls)


def _sent(value: Json) -> Sent:
    return {(name, normalize.canonical(inner)) for name, inner in _named(value)}


def _named(body: Json) -> Iterator[tuple[str, Json]]:
    """Each value with its name; elements of a list have that of the list. Objects and lists count where they are
    small, each with what lies in it."""
    waiting: list[tuple[str, Json]] = [("", body)]
    while waiting:
        name, value = waiting.pop()
        if isinstance(value, dict):
            waiting.extend(value.items())
        elif isinstance(value, list):
            waiting.extend((name, one) for one in value)
        if not isinstance(value, (dict, list)) or _is_small(value):
            yield name, value


def _is_small(value: Json) -> bool:
    """Whether a value is at most two levels deep, and short."""
    inner = value.values() if isinstance(value, dict) else value
    return len(value) < _SMALL and all(not isinstance(one, (dict, list)) or _is_flat(one) for one in inner)


def _is_flat(value: Json) -> bool:
    inner = value.values() if isinstance(value, dict) else value
    return len(value) < _SMALL and not any(isinstance(one, (dict, list)) for one in inner)
