"""JSON values as Python literals that compile, whatever they hold."""

from __future__ import annotations

import math
import re

from inspector.model import Json
from inspector.output.copyas.json_escapes import dumped
from inspector.output.copyas.variables import Names, Variable
from inspector.redaction.placeholder import MASK

WIDTH = 100
_DEEPEST = 60
"""Levels that are written as literals: Python takes some hundred brackets in each other."""

_DIGITS = 4000
_SPECIAL = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_TO_ESCAPE = re.compile(r'[^\x20-\x7e]|["\\]')
_LINES = 72
"""Characters from which on a text of several lines is written in as many."""


def literal(value: Json, names: Names, indent: int = 0) -> str:
    """A value as an expression; lines after its first are indented by `indent` spaces."""
    return _Writer(names).written(value, indent)


class _Writer:
    def __init__(self, names: Names) -> None:
        self.names = names

    def written(self, value: Json, indent: int, depth: int = 0) -> str:
        if isinstance(value, str):
            return self.text(value, indent)
        if isinstance(value, dict):
            items = [(self.text(str(key)) + ": ", item) for key, item in value.items()]
            return self._several("{", items, "}", value, indent, depth)
        if isinstance(value, (list, tuple)):
            return self._several("[", [("", item) for item in value], "]", value, indent, depth)
        return _number(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else repr(value)

    def _several(
        self, opening: str, items: list[tuple[str, Json]], closing: str, value: Json, indent: int, depth: int
    ) -> str:
        if depth > _DEEPEST:
            return f"json.loads({self.text(dumped(value))})"
        parts = [head + self.written(item, indent + 4, depth + 1) for head, item in items]
        if sum(map(len, parts)) + 2 * len(parts) + indent <= WIDTH and not any("\n" in part for part in parts):
            return f"{opening}{', '.join(parts)}{closing}"
        inner = " " * (indent + 4)
        return "\n".join([opening, *(f"{inner}{part}," for part in parts), " " * indent + closing])

    def text(self, text: str, indent: int = 0) -> str:
        """A text; one of several long lines stands in brackets, line by line."""
        lines = text.split("\n")
        if len(text) <= _LINES or len(lines) == 1:
            return self._line(text)
        inner = " " * (indent + 4)
        if MASK[:-1] not in text:  # as a rule, and quicker
            written = [f'{inner}"{escaped(line)}\\n"' for line in lines[:-1]]
        else:
            written = [inner + self._line(line + "\n") for line in lines[:-1]]
        written += [inner + self._line(lines[-1])] if lines[-1] else []
        return "\n".join(["(", *written, " " * indent + ")"])

    def _line(self, text: str) -> str:
        pieces = self.names.pieces(text)
        match pieces:
            case [Variable(name)]:
                return f'os.environ["{name}"]'
            case [] | [str()]:
                return f'"{escaped(text)}"'
        return f'f"{"".join(map(_formatted, pieces))}"'


def _formatted(piece: str | Variable) -> str:
    """A piece of an f-string."""
    if isinstance(piece, Variable):
        return f"{{os.environ['{piece.name}']}}"
    return escaped(piece).replace("{", "{{").replace("}", "}}")


def escaped(text: str) -> str:
    """A text as it stands between double quotes."""
    if text.isprintable():
        return text.replace("\\", "\\\\").replace('"', '\\"')
    return _TO_ESCAPE.sub(_escaped, text)


def _escaped(hit: re.Match[str]) -> str:
    character = hit.group()
    if character in _SPECIAL:
        return _SPECIAL[character]
    if character.isprintable():
        return character
    code = ord(character)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def _number(value: int | float) -> str:
    if isinstance(value, int):
        return hex(value) if abs(value) >= 10**_DIGITS else repr(value)
    if math.isfinite(value):
        return repr(value)
    return f'float("{value}")'


def is_sendable(text: str) -> bool:
    """Whether a text can be sent as UTF-8: one with half a character cannot."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
