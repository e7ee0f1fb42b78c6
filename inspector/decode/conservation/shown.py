"""The texts of a value, and whether they are shown in what was made of it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import fields, is_dataclass
from functools import cache
from operator import attrgetter

from inspector.decode.conservation.neutral import Neutral
from inspector.model import Json, jsonio
from inspector.model.delta import UsageDelta
from inspector.model.expressions import expression

_ORDINALS = ("ndex", "sequence_number")
_HOLDS_TEXT = frozenset({str, dict, list})
_TAGS = expression(r"<[^<>]{1,80}>")

Path = str
"""The keys that lead to a text, without the numbers of list items: ``choices[].delta.words``."""


def texts_of(value: Json, neutral: Neutral, but: Collection[int] = ()) -> list[tuple[Path, str]]:
    """Every text in a value that stands under no neutral key, with its place. `but` are the ids of objects and lists
    that are shown as they are."""
    found: list[tuple[Path, str]] = []
    _gather(value, "", neutral, found, but)
    return found


def _gather(value: Json, path: Path, neutral: Neutral, found: list[tuple[Path, str]], but: Collection[int]) -> None:
    """Every text below a value that stands under no neutral key. This runs for every event there is."""
    if type(value) is dict:
        for key, item in value.items():
            if item and (kind := type(item)) in _HOLDS_TEXT and not neutral[key]:
                if kind is str:
                    found.append((path + key, item))
                elif not but or id(item) not in but:
                    _gather(item, f"{path}{key}." if kind is dict else f"{path}{key}[]", neutral, found, but)
    elif type(value) is list:
        if _HOLDS_TEXT.isdisjoint(map(type, value)):  # the thousand numbers of an embedding
            return
        inside = f"{path}." if path else ""
        for item in value:
            if type(item) is str:
                found.append((path, item))
            elif item:
                _gather(item, inside, neutral, found, but)
    elif type(value) is str:
        found.append((path, value))


def numbers_of(value: Json, neutral: Neutral, path: Path = "") -> Iterator[tuple[Path, float]]:
    """Every number in a value that stands under no neutral key, with its place, but those that only count up."""
    if isinstance(value, dict):
        for key, item in value.items():
            if not neutral[key] and not key.endswith(_ORDINALS):
                yield from numbers_of(item, neutral, f"{path}.{key}" if path else key)
    elif isinstance(value, list):
        for item in value:
            yield from numbers_of(item, neutral, f"{path}[]")
    elif type(value) in (int, float):
        yield path, value


class Shown:
    """What values show: texts as they are, and within other texts, where most are not looked for."""

    def __init__(self, values: Iterable[object]) -> None:
        self._values = tuple(values)
        self._texts = {
            text for value in self._values if isinstance(value, tuple) for text in value if text.__class__ is str
        }
        self._all = ""

    def has(self, text: str) -> bool:
        """Whether a text is shown, or all that it consists of beside the tags that models write."""
        if text in self._texts:
            return True
        if not self._all:
            _collect(self._values, self._texts)
            self._all = "\n".join(self._texts) or "\n"
        if text in self._texts or text in self._all or any(form in self._all for form in _forms(text)):
            return True
        return "<" in text and all(piece.strip() in self._all for piece in _TAGS.split(text))


def _forms(text: str) -> Iterator[str]:
    """Ways in which a text may be shown: without the space around it, within JSON, without the head of a ``data:``
    address."""
    yield text.strip()
    yield jsonio.dumps(text)[1:-1]
    if text.startswith("data:"):
        yield text.partition(",")[2]


def _collect(value: object, texts: set[str]) -> None:
    """Every text in plain data."""
    kind = type(value)
    if kind is str:
        texts.add(value)  # type: ignore[arg-type]
    elif isinstance(value, dict):
        texts.update(map(str, value))
        for item in value.values():
            if item:
                _collect(item, texts)
    elif isinstance(value, (tuple, list)) and kind is not UsageDelta:  # of whose counts only numbers are shown
        for item in value:
            if item:
                _collect(item, texts)
    else:
        for item in held(value):
            if item.__class__ is str:
                texts.add(item)
            elif item:
                _collect(item, texts)


def held(value: object) -> tuple[object, ...]:
    """What the fields of a dataclass hold; nothing for what is none."""
    return _fields(type(value))(value)  # type: ignore[arg-type]  # all types are hashable


@cache
def _fields(kind: type) -> Callable[[object], tuple[object, ...]]:
    """What gives all that an object of a class holds."""
    names = [field.name for field in fields(kind)] if is_dataclass(kind) else []
    if len(names) > 1:
        return attrgetter(*names)
    return lambda value: tuple(getattr(value, name) for name in names)
