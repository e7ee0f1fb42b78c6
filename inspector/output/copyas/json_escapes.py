"""JSON as text that can be pasted anywhere: what no terminal or editor shows is written as an escape."""

from __future__ import annotations

import json
import re

import orjson

from inspector.model import Json
from inspector.output.copyas.variables import Names, Pieces

_UNUSUAL = re.compile(r"[^\x20-\x7e\n]")


def json_pieces(value: Json, names: Names) -> Pieces:
    """A value as JSON over several lines, with variables in the place of secrets."""
    return [escaped(piece) if isinstance(piece, str) else piece for piece in names.pieces(dumped(value))]


def dumped(value: Json) -> str:
    try:
        return orjson.dumps(value, option=orjson.OPT_INDENT_2).decode()
    except TypeError:  # lone surrogates, large numbers, great depth
        return json.dumps(value, ensure_ascii=False, indent=2, default=str)


def escaped(text: str) -> str:
    return text if text.isascii() and text.replace("\n", "").isprintable() else _UNUSUAL.sub(_written, text)


def _written(hit: re.Match[str]) -> str:
    character = hit.group()
    if character.isprintable():
        return character
    code = ord(character)
    if code < 0x10000:
        return f"\\u{code:04x}"
    code -= 0x10000
    return f"\\u{0xD800 + (code >> 10):04x}\\u{0xDC00 + (code & 0x3FF):04x}"
