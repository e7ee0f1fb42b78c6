"""What differs between two JSON values as a tree of keys, in which only what differs is open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from inspector.compare.difference import anchor
from inspector.compare.said import dotted
from inspector.compare.sequences import Budget
from inspector.compare.values import ABSENT, Edit, Path, edits
from inspector.model import Json, jsonio
from inspector.web.compare.text_pieces import TextDiff, text_diff

_MOST = 300
"""Differences of one tree that a page shows."""

_DEEPEST = 40
"""Levels of a tree; keys below them stand in one line."""

_SHOWN = 4_000
"""Characters of a value that a page shows."""

_WORDY = 40
"""Characters of a text from which on it is compared word by word."""


@dataclass(frozen=True, slots=True)
class Node:
    """A key with what differs below it, or one difference."""

    key: str
    anchor: str = ""
    children: tuple[Node, ...] = ()
    same: int = 0
    """Keys or elements beside the children that are the same, and what they are."""
    same_text: str = ""
    is_list: bool = False
    before: str | None = None
    """The value that was there as JSON text; None where there is none, or for a key with children."""
    after: str | None = None
    text: TextDiff | None = None
    is_noise: bool = False

    @property
    def is_change(self) -> bool:
        return not self.children


@dataclass(frozen=True, slots=True)
class KeyTree:
    root: Node
    more: int
    """Differences that are not shown."""


def key_tree(
    place: str, before: Json, after: Json, budget: Budget, sides: Mapping[str, str] | None = None
) -> KeyTree | None:
    """The tree of two values at a place of the page; None where they are the same. `sides` says which anchors are
    noise."""
    found = edits(before, after)
    if not found:
        return None
    grown = _Grown(before)
    for edit in found[:_MOST]:
        grown.put(edit)
    make = _Maker(place, budget, sides or {})
    return KeyTree(make.node((), "", grown), max(len(found) - _MOST, 0))


@dataclass(slots=True)
class _Grown:
    """A key of `before` while the tree grows: what is below it, or the edit that it is."""

    value: Json
    children: dict[tuple[str | int, bool], _Grown] = field(default_factory=dict)
    edit: Edit | None = None

    def put(self, edit: Edit) -> None:
        at = self
        path = edit.path if len(edit.path) <= _DEEPEST else (*edit.path[:_DEEPEST], dotted(edit.path[_DEEPEST:]))
        for depth, key in enumerate(path):
            is_new = edit.before is ABSENT and depth == len(path) - 1
            at = at.children.setdefault((key, is_new), _Grown(_below(at.value, key)))
        at.edit = edit


def _below(value: Json, key: str | int) -> Json:
    if isinstance(value, str):  # which holds JSON
        value = jsonio.parse_or_none(value)
    if isinstance(value, dict):
        return value.get(str(key))
    return value[key] if isinstance(value, list) and isinstance(key, int) and key < len(value) else None


@dataclass(frozen=True, slots=True)
class _Maker:
    place: str
    budget: Budget
    sides: Mapping[str, str]

    def node(self, path: Path, key: str, grown: _Grown) -> Node:
        if grown.edit is not None:
            return self._change(path, key, grown.edit)
        children = tuple(self.node((*path, name), str(name), below) for (name, _), below in grown.children.items())
        if len(children) == 1 and key and not children[0].is_change:
            return replace(children[0], key=f"{key}.{children[0].key}")  # one line for keys that hold nothing else
        same, text, is_list = _same(grown.value, [name for name, is_new in grown.children if not is_new])
        return Node(key, "", children, same, text, is_list)

    def _change(self, path: Path, key: str, edit: Edit) -> Node:
        name = anchor(self.place, dotted(path))
        is_noise = self.sides.get(name) == "noise"
        old, new = edit.before, edit.after
        if isinstance(old, str) and isinstance(new, str) and max(len(old), len(new)) > _WORDY:
            return Node(key, name, text=text_diff(old, new, self.budget), is_noise=is_noise)
        return Node(key, name, before=shown(old), after=shown(new), is_noise=is_noise)


def _same(value: Json, changed: Sequence[str | int]) -> tuple[int, str, bool]:
    """How much of an object or list is the same, and what that is."""
    if isinstance(value, str):
        value = jsonio.parse_or_none(value)
    if isinstance(value, list):
        return len(value) - len(changed), "", True
    if not isinstance(value, dict):
        return 0, "", False
    names = {str(name) for name in changed}
    rest = {key: one for key, one in value.items() if key not in names}
    return len(rest), _cut(jsonio.dumps(rest, indent=True)) if rest else "", False


def shown(value: object) -> str | None:
    """A value as JSON text; None for one that is absent."""
    return None if value is ABSENT else _cut(jsonio.dumps(value, indent=isinstance(value, (dict, list))))


def _cut(text: str) -> str:
    left = len(text) - _SHOWN
    return text if left <= 0 else f"{text[:_SHOWN]}… ({left:,} more characters)"
