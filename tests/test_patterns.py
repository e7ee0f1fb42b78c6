"""No regular expression of ours takes more than linear time, whatever it is given: one that does holds all threads.

Each pattern's worst inputs are grown from the pattern itself: up to each of its repetitions something that it matches,
then what is repeated many times, then what ends it badly.
"""

from __future__ import annotations

import importlib
import pkgutil
import random
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest

import inspector
from inspector.model.expressions import Expression
from tests.growth import grows_too_fast

_parser: Any = importlib.import_module("re._parser")
_constants: Any = importlib.import_module("re._constants")

FEW = 40
"""Inputs of each pattern that are tried unless all are asked for."""

ENDS = ("", "\x00", "\n!", '"', " x")


BOUNDED = frozenset(
    {"testruns.replay_misses.wordings.PATTERNS[10][2]", "testruns.replay_misses.read_log.PATTERNS[10][2]"}
)
"""Look at some thousand characters after each beginning, and no further."""


class Named(NamedTuple):
    name: str
    pattern: re.Pattern[Any]
    begins: bool
    """Whether it is only ever matched where a text begins, and never looked for."""


_USES = "match|fullmatch|search|sub|subn|finditer|findall|split"


# ---------------------------------------------------------------- which there are


def _modules() -> Iterator[Any]:
    for module in pkgutil.walk_packages(inspector.__path__, "inspector."):
        if not module.name.endswith("__main__"):
            yield importlib.import_module(module.name)


def _held(name: str, value: Any, depth: int = 0) -> Iterator[tuple[str, re.Pattern[Any]]]:
    if isinstance(value, (re.Pattern, Expression)):
        yield name, re.compile(value.pattern, value.flags)
    elif depth < 4 and isinstance(value, dict):
        for key, one in value.items():
            yield from _held(f"{name}[{key!r}]", one, depth + 1)
    elif depth < 4 and isinstance(value, (tuple, list, frozenset, set)):
        for number, one in enumerate(value):
            yield from _held(f"{name}[{number}]", one, depth + 1)
    elif isinstance(value, type) and value.__module__.startswith("inspector"):
        for key, one in vars(value).items():
            yield from _held(f"{name}.{key}", one, depth + 1)


def patterns() -> list[Named]:
    found: dict[re.Pattern[Any], Named] = {}
    for module in _modules():
        with open(module.__file__, encoding="utf-8") as file:
            source = file.read()
        for key, value in vars(module).items():
            for name, pattern in _held(key, value):
                used = set(
                    re.findall(
                        rf"\b{re.escape(key)}\.(match|fullmatch|search|sub|subn|finditer|findall|split)\b", source
                    )
                )
                begins = bool(used) and used <= {"match", "fullmatch"}
                known = found.get(pattern)
                if known is None or (known.begins and not begins):
                    found[pattern] = Named(f"{module.__name__.removeprefix('inspector.')}.{name}", pattern, begins)
    own = (one for one in found.values() if one.name not in BOUNDED)
    return sorted(own, key=lambda one: one.name)


# ---------------------------------------------------------------- what hurts them


def _of_class(items: Any) -> str:
    """A character of a class."""
    negated = bool(items) and items[0][0] is _constants.NEGATE
    if negated:
        taken = re.compile(_class_source(items))
        return next((char for char in "a \n0\"'\\<{-é" if taken.match(char)), "a")
    kind, value = items[0]
    if kind is _constants.LITERAL:
        return chr(value)
    if kind is _constants.RANGE:
        return chr(value[0])
    return {"CATEGORY_SPACE": " ", "CATEGORY_DIGIT": "0", "CATEGORY_WORD": "a"}.get(str(value), "x")


_CATEGORIES = {
    "CATEGORY_SPACE": r"\s", "CATEGORY_NOT_SPACE": r"\S", "CATEGORY_DIGIT": r"\d", "CATEGORY_NOT_DIGIT": r"\D",
    "CATEGORY_WORD": r"\w", "CATEGORY_NOT_WORD": r"\W",
}  # fmt: skip


def _class_source(items: Any) -> str:
    parts = []
    for kind, value in items[1:]:
        if kind is _constants.LITERAL:
            parts.append(re.escape(chr(value)))
        elif kind is _constants.RANGE:
            parts.append(f"{re.escape(chr(value[0]))}-{re.escape(chr(value[1]))}")
        else:
            parts.append(_CATEGORIES[str(value)])
    return f"[^{''.join(parts)}]"


def _example(nodes: Any) -> str:
    """Something that a piece of a pattern matches, as short as can be."""
    return "".join(_one(*node) for node in nodes)


def _one(kind: Any, value: Any) -> str:
    match str(kind):
        case "LITERAL":
            return chr(value)
        case "NOT_LITERAL":
            return "a" if value != ord("a") else "b"
        case "ANY":
            return "a"
        case "IN":
            return _of_class(value)
        case "BRANCH":
            return _example(value[1][0])
        case "SUBPATTERN":
            return _example(value[3])
        case "ATOMIC_GROUP":
            return _example(value)
        case "MAX_REPEAT" | "MIN_REPEAT" | "POSSESSIVE_REPEAT":
            return _example(value[2]) * max(value[0], 0)
        case "ASSERT":
            return _example(value[1]) if value[0] < 0 else ""
        case _:
            return ""


def _pumped(nodes: Any, before: str = "") -> Iterator[tuple[str, str]]:
    """For each repetition of a pattern: what stands before it, and what it repeats."""
    for kind, value in nodes:
        match str(kind):
            case "MAX_REPEAT" | "MIN_REPEAT" | "POSSESSIVE_REPEAT":
                yield from ((before, unit) for unit in _units(value[2]))
                yield from _pumped(value[2], before)
            case "BRANCH":
                for branch in value[1]:
                    yield from _pumped(branch, before)
            case "SUBPATTERN":
                yield from _pumped(value[3], before)
            case "ATOMIC_GROUP":
                yield from _pumped(value, before)
            case "ASSERT" | "ASSERT_NOT":
                yield from _pumped(value[1], before)
        before += _one(kind, value)
    if before:
        yield "", before


def _units(nodes: Any) -> Iterator[str]:
    """What a repetition may repeat, one for each of its ways."""
    yield _example(nodes)
    for kind, value in nodes:
        if str(kind) == "BRANCH":
            yield from map(_example, value[1])
        elif str(kind) == "SUBPATTERN":
            yield from _units(value[3])
        elif str(kind) == "IN" and value[0][0] is not _constants.NEGATE:
            yield from (_of_class([item]) for item in value[:4])


def hostile(pattern: re.Pattern[Any]) -> list[tuple[str, str, str]]:
    """What stands first, what is repeated, and what stands last."""
    tree = _parser.parse(pattern.pattern, pattern.flags & ~re.DEBUG)
    grown = {(before, unit) for before, unit in _pumped(tree) if unit}
    grown |= {("", before) for before, _ in grown if before} | {(before, f"{unit}\n") for before, unit in grown}
    grown |= {("", " "), ("", "\n"), ("", '"'), ("", "\\"), ("", "a"), ('"', "\\")}
    return [(before, unit, end) for before, unit in sorted(grown) for end in ENDS]


# ---------------------------------------------------------------- how long it takes


def too_slow(named: Named, before: str, unit: str, end: str) -> str:
    """What grows faster than its input."""
    pattern = named.pattern
    is_bytes = isinstance(pattern.pattern, bytes)

    def looked(text: str) -> object:
        given: Any = text.encode("utf-8", "replace") if is_bytes else text
        return pattern.match(given) if named.begins else sum(1 for _ in pattern.finditer(given))

    return grows_too_fast(looked, before, unit, end)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Each pattern by its name; they are gathered only where these tests are asked for, since that takes seconds."""
    if "named" in metafunc.fixturenames:
        asked = metafunc.config.getoption("markexpr") != "not long"
        metafunc.parametrize("named", patterns() if asked else (), ids=lambda named: named.name)


@pytest.mark.long
def test_a_pattern_takes_time_that_grows_as_its_input_does(named: Named) -> None:
    inputs = hostile(named.pattern)
    some = random.Random(named.name).sample(inputs, min(FEW, len(inputs)))
    slow = [found for one in some if (found := too_slow(named, *one))]
    assert not slow, slow[:3]


@pytest.mark.long
def test_whatever_it_is_given(named: Named) -> None:
    slow = [found for one in hostile(named.pattern) if (found := too_slow(named, *one))]
    assert not slow, slow[:3]


@pytest.mark.long
@pytest.mark.parametrize("bad", [r"(?:a|a)*b", r"(a+)+!", r"\s*x", r'"(?:[^"]|\\.)*"!', r"<a[^>]*>"])
def test_this_sees_what_is_bad(bad: str) -> None:
    named = Named("bad", re.compile(bad), False)
    assert any(too_slow(named, *one) for one in hostile(named.pattern))
