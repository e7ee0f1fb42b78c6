"""Values of attributes: JSON kept as text, and lists that are spread over numbered names."""

from __future__ import annotations

from typing import Any

from inspector.model import Json, Problem
from inspector.model.jsonio import parse_or_none, salvage

Attributes = dict[str, Json]

_MOST = 10_000
"""Items of a list that is spread."""


def parsed(value: Json, problems: list[Problem], name: str) -> Json:
    """A value that may be kept as JSON text. Where that stops too early, as SDKs cut long values, as much of it as
    there is, and a problem."""
    if not isinstance(value, str) or value.lstrip()[:1] not in ("{", "["):
        return value
    known = parse_or_none(value)
    if known is not None:
        return known
    part = salvage(value)
    if part in (None, [], {}):
        return value
    problems.append(Problem("span attributes", f"{name} is cut after {len(value):,} characters"))
    return part


def quietly_parsed(value: Json) -> Json:
    """The same of what is no JSON where it is cut. A text in quotes is JSON, too."""
    known = parse_or_none(value) if isinstance(value, str) and value.lstrip()[:1] in ("{", "[", '"') else None
    return value if known is None else known


def listed(attributes: Attributes, name: str) -> list[Any]:
    """A list under a name, or one whose items are spread: ``name.0.role``, ``name.0.content``, ``name.1.role``."""
    whole = quietly_parsed(attributes.get(name))
    if isinstance(whole, list):
        return whole
    spread = _items(_tree(attributes, f"{name}."))
    return spread if isinstance(spread, list) else []


def below(attributes: Attributes, prefix: str) -> dict[str, Json]:
    """What stands under names that begin so, by the rest of their names."""
    return {key[len(prefix) :]: value for key, value in attributes.items() if key.startswith(prefix)}


def first(attributes: Attributes, *names: str) -> Json:
    """The first value that there is."""
    return next((attributes[name] for name in names if attributes.get(name) not in (None, "")), None)


def _tree(attributes: Attributes, prefix: str) -> dict[str, Any]:
    tree: dict[str, Any] = {}
    for path, value in below(attributes, prefix).items():
        place = tree
        *folders, last = path.split(".")
        for folder in folders:
            inner = place.setdefault(folder, {})
            place = inner if isinstance(inner, dict) else place.setdefault(f"{folder}.", {})
        place[last] = value
    return tree


def _items(tree: Json) -> Json:
    """A tree whose numbered branches are lists."""
    if not isinstance(tree, dict):
        return tree
    inner = {key: _items(value) for key, value in tree.items()}
    if inner and all(key.isdecimal() and key.isascii() and len(key) < 6 for key in inner):
        return [inner[key] for key in sorted(inner, key=int)][:_MOST]
    return inner
