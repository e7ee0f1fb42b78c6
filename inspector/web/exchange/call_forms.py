"""Calls of tools that every agent has, shown as what they do: an edit as a diff, a file that is written as that file, a
command as one types it. What they are goes by the names of their arguments, whatever the tool is called."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from inspector.compare.sequences import Block, Budget, aligned
from inspector.model import Json, jsonio

_PATHS = ("file_path", "path", "filePath", "notebook_path", "filename", "target_file")
_OLD = ("old_string", "old_str", "oldString", "oldText", "old_text", "old_source")
_NEW = ("new_string", "new_str", "newString", "newText", "new_text", "new_source")
_WRITTEN = ("content", "contents", "file_text", "text")
_COMMANDS = ("command", "cmd")

_STEPS = 20_000
"""Steps that a diff may take. What differs beyond that is shown as gone and come."""


class Line(NamedTuple):
    """A line of a diff; `sign` is ``-``, ``+`` or a space."""

    sign: str
    text: str


class CallForm(NamedTuple):
    """`kind` is edit, file or command. `rest` are the other arguments as JSON."""

    kind: str
    path: str = ""
    text: str = ""
    lines: tuple[Line, ...] = ()
    left: int = 0
    """Characters that are not shown."""
    rest: str = ""


def call_form(arguments: Json, most: int) -> CallForm | None:
    """What a call does, of which `most` characters are shown; None for one that is shown as JSON."""
    if not isinstance(arguments, dict):
        return None
    return _edit(arguments, most) or _file(arguments, most) or _command(arguments, most)


def _edit(arguments: Mapping[str, Json], most: int) -> CallForm | None:
    edits = arguments.get("edits")
    several = edits if isinstance(edits, list) and edits else [arguments]
    pairs = [(_key(one, _OLD), _key(one, _NEW)) for one in several]
    if not all(old and new for old, new in pairs):
        return None
    texts = [(one[old], one[new]) for one, (old, new) in zip(several, pairs, strict=True) if old and new]
    if sum(len(old) + len(new) for old, new in texts) > most:
        return None
    budget = Budget(_STEPS)
    lines = [line for old, new in texts for line in _diff(old, new, budget)]
    while lines[-1:] == [Line(" ", "")]:
        lines.pop()
    alone = several[0] is arguments or all(one.keys() <= {*_OLD, *_NEW} for one in several)
    used = {*_OLD, *_NEW, "edits"} if alone else {*_OLD, *_NEW}
    path = _key(arguments, _PATHS)
    return CallForm("edit", arguments[path] if path else "", "", tuple(lines), 0, _rest(arguments, used | {path or ""}))


def _file(arguments: Mapping[str, Json], most: int) -> CallForm | None:
    path, written = _key(arguments, _PATHS), _key(arguments, _WRITTEN)
    if not path or not written:
        return None
    text = arguments[written]
    return CallForm(
        "file", arguments[path], text[:most], (), max(len(text) - most, 0), _rest(arguments, {path, written})
    )


def _command(arguments: Mapping[str, Json], most: int) -> CallForm | None:
    name = _key(arguments, _COMMANDS)
    if not name:
        return None
    text = arguments[name]
    return CallForm("command", "", text[:most], (), max(len(text) - most, 0), _rest(arguments, {name}))


def _key(arguments: Json, names: tuple[str, ...]) -> str | None:
    """Which of some names an argument goes by that is a text."""
    if not isinstance(arguments, dict):
        return None
    return next((name for name in names if isinstance(arguments.get(name), str)), None)


def _rest(arguments: Mapping[str, Json], used: set[str]) -> str:
    left = {name: value for name, value in arguments.items() if name not in used}
    return jsonio.dumps(left, indent=True) if left else ""


def _diff(old: str, new: str, budget: Budget) -> Iterator[Line]:
    before, after = old.split("\n"), new.split("\n")
    for stretch in aligned(before, after, budget):
        if isinstance(stretch, Block):
            yield from (Line(" ", text) for text in before[stretch.before : stretch.before + stretch.size])
        else:
            yield from (Line("-", text) for text in before[stretch.begin : stretch.end])
            yield from (Line("+", text) for text in after[stretch.begin_after : stretch.end_after])
