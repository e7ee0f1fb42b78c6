"""Whether tool arguments keep to the tool's own JSON schema.

The few keywords that tools use, and nothing that a hostile schema could abuse: no references, no patterns, no remote
anything. What a schema says beyond them is not judged.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from inspector.model import Json
from inspector.redaction.placeholder import is_masked

_TYPES: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "object": (dict,),
    "array": (list,),
    "null": (type(None),),
}
_DEEPEST = 8
_ITEMS = 50
"""Elements of a list that are looked at: the others are hardly of another kind."""
_CHOICES = 6
"""Values of an ``enum`` that a sentence names."""
_LONGEST = 40
"""Characters of a value in a sentence."""


def breaks(value: Json, schema: Json, where: str = "", depth: int = 0) -> Iterator[str]:
    """Each way in which a value breaks a schema, as a sentence: ``x is "5", not a number``. Of what is masked nobody
    knows."""
    if not isinstance(schema, dict) or depth > _DEEPEST or _is_masked(value):
        return
    if (wrong := _wrong_type(value, schema, where)) is not None:
        yield wrong
        return
    choices = schema.get("enum")
    if isinstance(choices, list) and choices and value not in choices:
        yield f"{where or 'value'} is {_short(value)}, not one of {', '.join(_short(c) for c in choices[:_CHOICES])}"
    if isinstance(value, dict):
        yield from _breaks_object(value, schema, where, depth)
    if isinstance(value, list):
        for index, item in enumerate(value[:_ITEMS]):
            yield from breaks(item, schema.get("items"), f"{where}[{index}]", depth + 1)


def _breaks_object(value: dict[str, Any], schema: dict[str, Any], where: str, depth: int) -> Iterator[str]:
    if any(map(_is_masked, value)):
        return
    required = schema.get("required")
    for key in required if isinstance(required, list) else ():
        if isinstance(key, str) and key not in value and not is_masked(key):
            yield f"{_join(where, key)} is missing"
    properties = schema.get("properties")
    if not isinstance(properties, dict):
        return
    for key, item in value.items():
        if key in properties:
            yield from breaks(item, properties[key], _join(where, key), depth + 1)
        elif schema.get("additionalProperties") is False:
            yield f"{_join(where, key)} is not a parameter"


def _is_masked(value: Json) -> bool:
    return isinstance(value, str) and is_masked(value)


def _wrong_type(value: Json, schema: dict[str, Any], where: str) -> str | None:
    wanted = schema.get("type")
    names = [wanted] if isinstance(wanted, str) else wanted if isinstance(wanted, list) else []
    known = [name for name in (str(name).lower() for name in names) if name in _TYPES]
    if not known or len(known) < len(names) or schema.get("nullable") is True:
        return None
    if any(_is(value, name) for name in known):
        return None
    return f"{where or 'value'} is {_short(value)}, not {' or '.join(known)}"


def _is(value: Json, name: str) -> bool:
    if isinstance(value, bool):
        return name == "boolean"
    if name == "integer" and isinstance(value, float):
        return value.is_integer()
    return isinstance(value, _TYPES[name])


def _join(where: str, key: str) -> str:
    return f"{where}.{key}" if where else key


def _short(value: Json) -> str:
    text = f'"{value}"' if isinstance(value, str) else str(value)
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
