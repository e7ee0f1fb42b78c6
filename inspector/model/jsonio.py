"""JSON in and out, for bytes that anybody may have written.

orjson reads what is well formed. What it refuses although people have it on disk (a byte order mark, NaN, lone
surrogates, bytes that are not UTF-8) is read by the standard library, and what had to be replaced is said.
"""

from __future__ import annotations

import codecs
import contextlib
import json
import re
from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

import orjson

from inspector.model.exchange import Json
from inspector.model.expressions import expression

MAX_DEPTH = 1024
"""Levels of nesting that orjson reads, and that every part of the program can follow under `RECURSION_LIMIT`."""

RECURSION_LIMIT = 6 * MAX_DEPTH
"""What a process that reads recordings sets with `sys.setrecursionlimit`: our own walks are pure Python."""

_DIGITS = 4000
"""Python neither reads nor writes integers of over 4,300 digits: that takes time that grows with their square."""

_MOST_VALUES = 24_000_000
"""Values of the largest JSON that is read, which may take a gigabyte. A list or an object counts as four."""

_FEW_BYTES = 4_000_000
"""Bytes that cannot hold too many."""

_TOO_MUCH = f"more than {_MOST_VALUES // 10**6} million values"

_DECODER = json.JSONDecoder()
EMPTY = "the file is empty"
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


class TooMuch(NotJson):
    """The bytes may be JSON of more values than are read."""


class Loaded(NamedTuple):
    value: Json
    notes: tuple[str, ...] = ()


def loads(data: bytes | str) -> Json:
    """Parse JSON; raises `NotJson`."""
    try:
        return orjson.loads(data) if len(data) <= _FEW_BYTES else load(data).value
    except orjson.JSONDecodeError:
        return _load_tolerantly(data).value


def load(data: bytes | str) -> Loaded:
    """Parse JSON and say what had to be replaced to do so; raises `NotJson`."""
    if len(data) > _FEW_BYTES and _is_too_much(data):
        raise TooMuch(_TOO_MUCH)
    try:
        return Loaded(orjson.loads(data))
    except ValueError:
        return _load_tolerantly(data)


def first(text: str, at: int = 0) -> tuple[Json, int]:
    """The JSON value that begins at a place of a text, and where it ends; raises `NotJson`."""
    try:
        value, end = _DECODER.raw_decode(text, at)
    except RecursionError:
        raise NotJson(_DEPTH) from None
    except ValueError as error:
        raise NotJson(str(error)) from None
    if _too_deep(value):
        raise NotJson(_DEPTH)
    return value, end


def _is_too_much(data: bytes | str) -> bool:
    opening, listing, more = (b"{", b"[", b",") if isinstance(data, bytes) else ("{", "[", ",")
    return 4 * (data.count(opening) + data.count(listing)) + data.count(more) > _MOST_VALUES  # type: ignore[arg-type]


def repeated_keys(data: bytes) -> tuple[str, ...]:
    """Keys that stand more than once in one object of a JSON text, where all but the last are lost."""
    repeated: dict[str, None] = {}

    def seen(pairs: list[tuple[str, Json]]) -> None:
        if len({key for key, _ in pairs}) < len(pairs):
            counts = Counter(key for key, _ in pairs)
            repeated.update((key, None) for key, count in counts.items() if count > 1)

    with contextlib.suppress(ValueError, RecursionError):
        json.loads(data, object_pairs_hook=seen)
    return tuple(repeated)


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


_NOTHING_ELSE = orjson.OPT_PASSTHROUGH_DATETIME | orjson.OPT_PASSTHROUGH_DATACLASS | orjson.OPT_PASSTHROUGH_SUBCLASS


def is_plain(value: object) -> bool:
    """Whether a value is JSON as it is, all through; false also of what is larger or deeper than orjson writes."""
    try:
        orjson.dumps(value, option=_NOTHING_ELSE)
    except TypeError:
        return False
    return True


def weight(value: Json) -> int:
    """Bytes of a value as compact JSON; those of what is no text as they are."""
    try:
        return len(orjson.dumps(value, default=_as_long))
    except TypeError:
        return len(dumps(value).encode("utf-8", "replace"))


def _as_long(value: object) -> str:
    return " " * len(value) if isinstance(value, bytes) else str(value)


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
    """What orjson refuses: the text is mended where that can be done, and read by the standard library if need be."""
    text, notes = _as_text(data)
    mended = _ESCAPE.sub(_mended, text) if _ESCAPED_SURROGATE.search(text) else text  # which takes its time
    mended = _SURROGATE.sub("\ufffd", mended)
    if mended != text:
        notes += ("lone surrogates were replaced by U+FFFD",)
    try:
        return Loaded(orjson.loads(mended), notes)
    except ValueError:
        value, rounded = _load_slowly(mended)
        return Loaded(value, notes + rounded)


def _load_slowly(text: str) -> Loaded:
    """NaN and huge integers; else the reason why it is not JSON, in words."""
    rounded: list[str] = []

    def integer(digits: str) -> int | float:
        if len(digits) <= _DIGITS:
            return int(digits)
        rounded.append(digits)
        return float(digits)

    try:
        value = json.loads(text, parse_int=integer)
    except json.JSONDecodeError as error:
        raise NotJson(_explain(text, error), _is_truncated(text, error)) from None
    except RecursionError:
        raise NotJson(_DEPTH) from None
    if _too_deep(value):
        raise NotJson(_DEPTH)
    return Loaded(value, (f"an integer of over {_DIGITS} digits was rounded",) if rounded else ())


def _mended(escape: re.Match[str]) -> str:
    return "\\ufffd" if escape.group(1) else escape.group()


def _as_text(data: bytes | str) -> tuple[str, tuple[str, ...]]:
    """The text without its byte order mark, and what had to be replaced. A last character that is cut is left out."""
    if isinstance(data, str):
        return data.removeprefix("\ufeff"), ()
    bom, encoding = next(((bom, name) for bom, name in _BOMS if data.startswith(bom)), (b"", "utf-8"))
    try:
        return _decoded(data[len(bom) :], encoding, "strict"), ()
    except UnicodeDecodeError as error:
        note = f"byte {len(bom) + error.start} is not {encoding.upper()}; replaced by U+FFFD"
        return _decoded(data[len(bom) :], encoding, "replace"), (note,)


def _decoded(data: bytes, encoding: str, errors: str) -> str:
    return codecs.getincrementaldecoder(encoding)(errors).decode(data)


def _explain(text: str, error: json.JSONDecodeError) -> str:
    if not text.strip():
        return EMPTY
    error = _as_always(text, error)
    if _is_truncated(text, error):
        return f"not complete JSON: it ends at line {error.lineno} in the middle of a value"
    return f"not JSON: {error.msg.lower()} at line {error.lineno}, column {error.colno}"


def _as_always(text: str, error: json.JSONDecodeError) -> json.JSONDecodeError:
    """What Python 3.13 says of a comma that nothing follows, as older ones say it: of what stands there instead."""
    if not error.msg.startswith("Illegal trailing comma"):
        return error
    after = len(text) - len(text[error.pos + 1 :].lstrip())
    wanted = (
        "Expecting value" if text[after : after + 1] == "]" else "Expecting property name enclosed in double quotes"
    )
    return json.JSONDecodeError(wanted, text, after)


def _is_truncated(text: str, error: json.JSONDecodeError) -> bool:
    """Whether the end is where it went wrong: in a string, after a whole token, in a word, number or escape."""
    if error.msg.startswith("Unterminated string"):
        return True
    return _CUT.fullmatch(text, error.pos) is not None


# What may stand between the place that the standard library complains about and an end that came too early.
_WORDS = ("true", "false", "null", "NaN", "Infinity", "-Infinity")
_PARTS = "|".join(re.escape(word[:end]) for word in _WORDS for end in range(1, len(word)))
_CUT = expression(rf"\s*+(?:{_PARTS}|\.|[eE][+-]?|u[0-9a-fA-F]{{0,4}})?\s*+")

_ESCAPED_SURROGATE = expression(r"\\u[dD][89a-fA-F]")
_SURROGATE = expression("[\ud800-\udfff]")
_PAIR = r"u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}"
_ESCAPE = expression(rf"\\(?:{_PAIR}|(u[dD][89a-fA-F][0-9a-fA-F]{{2}})|.)", re.DOTALL)
"""An escape sequence; the group is a surrogate that has no other half."""

_TOKEN = expression(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"?|[\[\]{}:,]|[^\s"\[\]{}:,]+', re.DOTALL)
_WHOLE_STRING = expression(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"', re.DOTALL)
_CUT_PAIR = r"u[dD][89abAB][0-9a-fA-F]{2}(?:\\(?:u[0-9a-fA-F]{0,3})?)?\Z"
_CUT_STRING = expression(rf'"(?:[^"\\]|\\(?!{_CUT_PAIR})(?:u[0-9a-fA-F]{{4}}|[^u]))*')
"""A string that has no end, as far as its escapes are whole."""

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
    closing = "".join(_CLOSING[mark] for mark in reversed(stack))
    try:
        return loads(text[: last.start()] + _closed(last.group()) + closing)
    except NotJson:
        return None


def _closed(word: str) -> str:
    """A token; a string that the end of the text cut, with its quote."""
    if word[0] != '"' or _WHOLE_STRING.fullmatch(word):
        return word
    found = _CUT_STRING.match(word)
    return (found.group() if found else '"') + '"'
