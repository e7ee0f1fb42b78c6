"""JSON in and out, for bytes that anybody may have written.

orjson reads what is well formed. What it refuses although people have it on disk (a byte order mark, NaN, lone
surrogates, bytes that are not UTF-8) is read by the standard library, and what had to be replaced is said.
"""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterable
from typing import NamedTuple

import orjson

from inspector.model import Json

MAX_DEPTH = 1024
"""Levels of nesting that orjson reads, and that every part of the program can follow under `RECURSION_LIMIT`."""

RECURSION_LIMIT = 6 * MAX_DEPTH
"""What a process that reads recordings sets with `sys.setrecursionlimit`: our own walks are pure Python."""

_DEPTH = f"nested more than {MAX_DEPTH} levels deep"

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


class NotJson(ValueError):
    """The bytes are not JSON, and why, in words for the page. `truncated` when they only stop too early."""

    def __init__(self, why: str, truncated: bool = False) -> None:
        super().__init__(why)
        self.truncated = truncated


class Loaded(NamedTuple):
    value: Json
    notes: tuple[str, ...] = ()


def loads(data: bytes | str) -> Json:
    """Parse JSON; raises `NotJson`."""
    return load(data).value


def load(data: bytes | str) -> Loaded:
    """Parse JSON and say what had to be replaced to do so; raises `NotJson`."""
    try:
        value = orjson.loads(data)
    except ValueError:
        return _load_tolerantly(data)
    return Loaded(value)


def parse_or_none(text: str) -> Json:
    """The value of a JSON text, or None where it is not JSON."""
    try:
        return loads(text)
    except NotJson:
        return None


def dumps(value: Json, *, indent: bool = False) -> str:
    """Compact or two-space indented JSON, keys in their own order, as printable text."""
    try:
        return orjson.dumps(value, option=orjson.OPT_INDENT_2 if indent else 0).decode()
    except TypeError:  # deeper than orjson writes, an integer of over 64 bits, lone surrogates
        separators = None if indent else (",", ":")
        text = json.dumps(value, ensure_ascii=False, indent=2 if indent else None, separators=separators, default=str)
        return text.encode("utf-8", "replace").decode()


def _too_deep(value: Json) -> bool:
    level = [value]
    for _ in range(MAX_DEPTH):
        level = [child for item in level if isinstance(item, (dict, list)) for child in _children(item)]
        if not level:
            return False
    return True


def _children(item: dict[str, Json] | list[Json]) -> Iterable[Json]:
    return item.values() if isinstance(item, dict) else item


def _load_tolerantly(data: bytes | str) -> Loaded:
    text, notes = _as_text(data)
    try:
        value = json.loads(text)
    except json.JSONDecodeError as error:
        raise NotJson(_explain(text, error), _is_truncated(text, error)) from None
    except (RecursionError, ValueError):  # ValueError: an integer of thousands of digits
        raise NotJson(_DEPTH) from None
    if _too_deep(value):
        raise NotJson(_DEPTH)
    cleaned, replaced = _without_surrogates(value)
    if replaced:
        notes += ("lone surrogates were replaced by U+FFFD",)
    return Loaded(cleaned, notes)


def _as_text(data: bytes | str) -> tuple[str, tuple[str, ...]]:
    if isinstance(data, str):
        return data.removeprefix("\ufeff"), ()
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return data[len(bom) :].decode(encoding, "replace"), ()
    try:
        return data.decode(), ()
    except UnicodeDecodeError as error:
        return data.decode("utf-8", "replace"), (f"byte {error.start} is not UTF-8; replaced by U+FFFD",)


def _explain(text: str, error: json.JSONDecodeError) -> str:
    if not text.strip():
        return "the file is empty"
    if _is_truncated(text, error):
        return f"not complete JSON: it ends at line {error.lineno} in the middle of a value"
    return f"not JSON: {error.msg.lower()} at line {error.lineno}, column {error.colno}"


def _is_truncated(text: str, error: json.JSONDecodeError) -> bool:
    if error.msg.startswith("Unterminated string"):
        return True
    rest = text[error.pos :].strip()
    # A literal or an escape that the end cuts in two: tru, -, \u00
    return rest == "" or (len(rest) < 7 and any(word.startswith(rest) for word in ("true", "false", "null", "-")))


def _without_surrogates(value: Json) -> tuple[Json, bool]:
    """The value with lone surrogates replaced, and whether there were any."""
    if isinstance(value, str):
        scrubbed = "".join("\ufffd" if "\ud800" <= char <= "\udfff" else char for char in value)
        return scrubbed, scrubbed != value
    if isinstance(value, list):
        pairs = [_without_surrogates(item) for item in value]
        return [item for item, _ in pairs], any(found for _, found in pairs)
    if isinstance(value, dict):
        items = [(_without_surrogates(key), _without_surrogates(item)) for key, item in value.items()]
        found = any(in_key or in_item for (_, in_key), (_, in_item) in items)
        return {key: item for (key, _), (item, _) in items}, found
    return value, False


_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"?|[\[\]{}:,]|[^\s"\[\]{}:,]+', re.DOTALL)
_CUT_ESCAPE = re.compile(r"\\u[0-9a-fA-F]{0,3}\Z")
_CLOSING = {"[": "]", "{": "}"}


def salvage(data: bytes | str) -> Json:
    """The value of a JSON text that stops too early, as far as it goes; None where nothing can be made of it.

    Brackets that are still open are closed; a key without its value and a number or word that the end may have cut
    are left out.
    """
    text, _ = _as_text(data)
    stack: list[str] = []
    last, key = None, False
    for token in _TOKEN.finditer(text):
        word = token.group()
        if word in "[{":
            stack.append(word)
            key = word == "{"
        elif word in "]}":
            if not stack:
                return None
            stack.pop()
            key = False
        elif word in ":,":
            key = word == "," and stack[-1:] == ["{"]
            continue
        elif key or (token.end() == len(text) and word[0] != '"'):
            continue
        last = token
    if last is None:
        return None
    kept = text[: last.start()] + (last.group() if last.end() < len(text) else _closed(last.group()))
    try:
        return loads(kept + "".join(_CLOSING[mark] for mark in reversed(stack)))
    except NotJson:
        return None


def _closed(word: str) -> str:
    """A text that the end of the file cut, with its quote."""
    if word[0] != '"' or (len(word) > 1 and word[-1] == '"' and not word.endswith('\\"')):
        return word
    return _CUT_ESCAPE.sub("", word) + '"'
