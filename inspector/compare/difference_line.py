"""How a difference is told in one line: ``temperature 0.7 → 0.2``, ``tool get_weather(city: "Oslo" → "Bergen")``."""

from __future__ import annotations

from inspector.compare.difference import Difference
from inspector.compare.texts import brief
from inspector.compare.values import ABSENT
from inspector.model import jsonio

_LONGEST = 60
"""Characters of a value in a line."""


def line(difference: Difference) -> str:
    """The one line that tells of a difference, such as ``temperature 0.7 → 0.2``. What is recorded in it still has to
    be made visible and escaped."""
    told = _told(difference)
    is_sent = difference.side == "request" and difference.part in ("call", "result", "reasoning")
    return f"{_where(difference.place)}{told}" if is_sent else told


def _told(difference: Difference) -> str:
    _, part, _, key, before, after, name = difference
    if part == "call":
        return _call(difference)
    if part == "logprobs":
        return "probabilities of the tokens"
    if part == "citation" and key:
        return "citations at other places, or by other addresses"
    if part == "order":
        return f"order of keys, or spaces, {key}"
    if part in ("setting", "ids", "times", "other"):
        return f"{key or part} {_change(before, after)}"
    if part == "tool":
        return _definition(key, before, after)
    if part in ("finish", "status", "model", "provider", "stream", "tokens"):
        return f"{part} {f'{key} ' if key else ''}{_names(before, after)}"
    label = f"{key} message" if part == "message" else part
    if part == "result":
        label = f"result of {name}" if name else "result"
        label += f" {key}" if key else ""
    elif part != "message" and key:
        label += f" {key}"
    return _words(label, before, after)


def columns(difference: Difference) -> tuple[str, str, str]:
    """The same for two columns: what differs, and how it is on either side."""
    _, part, _, key, before, after, name = difference
    what = key if part in ("setting", "ids", "times", "other") and key else " ".join(filter(None, (part, name, key)))
    if isinstance(before, str) and isinstance(after, str):
        before, after = _short(before, after)
    where = _where(difference.place) if part != "setting" else ""
    return f"{where}{what}", _value(before, 2 * _LONGEST), _value(after, 2 * _LONGEST)


def _words(label: str, before: object, after: object) -> str:
    if before is ABSENT:
        return f"{label} added: {_value(after)}"
    if after is ABSENT:
        return f"{label} gone: {_value(before)}"
    return f"{label}: {_change(before, after)}"


def _call(difference: Difference) -> str:
    _, _, _, key, before, after, name = difference
    if key:
        return f"tool {name}({key}: {_change(before, after)})"
    if before is ABSENT:
        return f"tool {name}({_arguments(after)}) added"
    if after is ABSENT:
        return f"tool {name}({_arguments(before)}) gone"
    return f"tool {name}({_change(before, after)})" if name else f"tool {_names(before, after)}"


def _arguments(value: object) -> str:
    if isinstance(value, dict):
        return _cut(", ".join(f"{key}: {_json(inner)}" for key, inner in value.items()))
    return _value(value)


def _definition(key: str, before: object, after: object) -> str:
    if before is ABSENT and "." not in key:
        return f"tool {key} added"
    if after is ABSENT and "." not in key:
        return f"tool {key} gone"
    return f"tool {key} {_change(before, after)}"


def _change(before: object, after: object) -> str:
    if isinstance(before, str) and isinstance(after, str):
        before, after = _short(before, after)
    return f"{_value(before, 2 * _LONGEST)} → {_value(after, 2 * _LONGEST)}"


def _names(before: object, after: object) -> str:
    """A change of what is a name, which has no quotes."""
    if isinstance(before, str) and isinstance(after, str):
        before, after = _short(before, after)
    return " → ".join(one if isinstance(one, str) else _value(one) for one in (before, after))


def _short(before: str, after: str) -> tuple[str, str]:
    is_long = max(len(before), len(after)) > _LONGEST or "\n" in before or "\n" in after
    return brief(before, after) if is_long else (before, after)


def _value(value: object, longest: int = _LONGEST) -> str:
    return "absent" if value is ABSENT else _cut(_json(value), longest)


def _json(value: object) -> str:
    return jsonio.dumps(value)


def _cut(text: str, longest: int = _LONGEST) -> str:
    return text if len(text) <= longest else text[: longest - 1].rstrip() + "…"


def _where(place: str) -> str:
    anchor = place.removeprefix("was-").partition("-")[0]
    return (
        f"message {anchor[1:]}: " if anchor[:1] == "m" and anchor[1:].isdecimal() else f"{anchor}: " if anchor else ""
    )
