"""YAML as test recorders write it, through libyaml, which is some 25 times faster than the Python parser.

libyaml makes the nodes, and plain data is made from them here: nothing in a file is ever called, and below the tag of a
Python or Ruby class stand the data that they are. Only what every version of YAML takes for a number or a truth value
is one; times, ``on`` and ``12:30`` stay text. Depth is bounded while nodes are made, because too much of it ends the
process, and an alias bomb is refused before it is unfolded.
"""

from __future__ import annotations

import base64
import math
import re
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

from inspector.formats.reading.file_bytes import TooLarge
from inspector.model import Json
from inspector.model.expressions import expression
from inspector.model.uncollected import uncollected

MAX_DEPTH = 256
"""Levels that nodes may be nested."""

MAX_NODES = 1_000_000
"""Nodes that a document may have once its aliases are unfolded, if that is many times what it has without."""

MOST_NODES = 1_500_000
"""Nodes of the largest file: they take some 600 MB."""

_TOO_DEEP = f"not read: nested more than {MAX_DEPTH} levels deep"
_DEPTH = expression(r"\bnest|\bdepth|\blevel", re.IGNORECASE)
"""How parsers say that something is too deep: libyaml since 0.2.6, at 1,000 levels, which it meets first where it looks
ahead for a key on the same line."""

_GROWTH = 10
_LONG = 100  # characters of a scalar that count as one more node
_KEY = 200  # characters of a key that is no text

_ANCHOR = expression(rb"&(?<![^\s\[{,:?-]&)[\w-]")
_UNICODE = (b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf")

_CORE = "tag:yaml.org,2002:"
_STR, _SEQ, _MAP, _MERGE = f"{_CORE}str", f"{_CORE}seq", f"{_CORE}map", f"{_CORE}merge"


class NotYaml(ValueError):
    """The text is not YAML that is read, and why; `at_end`: because it stops too early, as far as that can be seen."""

    def __init__(self, why: str, at_end: bool = False) -> None:
        super().__init__(why)
        self.at_end = at_end


def documents(data: bytes) -> list[Json]:
    """The documents of a file; raises `NotYaml`, or `TooLarge`."""
    import yaml

    try:
        loader = _loader()(data)
        try:
            with uncollected():
                return list(_documents(loader, bombs=data.startswith(_UNICODE) or _ANCHOR.search(data) is not None))
        finally:
            loader.dispose()
    except yaml.YAMLError as error:
        if _DEPTH.search(getattr(error, "problem", None) or ""):
            raise NotYaml(_TOO_DEEP) from None
        raise NotYaml(_explain(error), _is_at_end(error, data)) from None
    except RecursionError:
        raise NotYaml(_TOO_DEEP) from None
    except UnicodeError as error:
        raise NotYaml(f"not read: {error}"[:300]) from None


def _documents(loader: Any, bombs: bool) -> Iterator[Json]:
    while loader.check_node():
        node = loader.get_node()
        if bombs:
            _refuse_bomb(node)
        yield _made(node)


def _explain(error: Exception) -> str:
    mark, problem = getattr(error, "problem_mark", None), getattr(error, "problem", None)
    where = f" at line {mark.line + 1}, column {mark.column + 1}" if mark else ""
    first = (str(error).splitlines() or [""])[0]
    return f"not YAML: {problem or getattr(error, 'reason', None) or first}{where}"[:300]


def _is_at_end(error: Exception, data: bytes) -> bool:
    mark = getattr(error, "problem_mark", None)
    return mark is not None and mark.line >= data.rstrip().count(b"\n")


# ---------------------------------------------------------------- nodes


@cache
def _loader() -> Any:
    """The class that makes nodes. Made when first needed, because importing yaml takes as long as all the rest."""
    import yaml

    scalar, sequence = yaml.ScalarNode, yaml.SequenceNode

    def resolve(self: Any, kind: Any, value: str | None, implicit: Any) -> str:
        if kind is not scalar:
            return _SEQ if kind is sequence else _MAP
        rule = _RULES.get(value[:1]) if value is not None and implicit[0] else None
        return rule[0] if rule and rule[1](value) else _number_or_text(value) if rule else _STR

    def descend(self: Any, parent: Any, index: Any) -> None:
        self.depth += 1
        self.made += 1
        if self.depth > MAX_DEPTH:
            raise NotYaml(_TOO_DEEP)
        if self.made > MOST_NODES:
            raise TooLarge(f"more than {MOST_NODES / 10**6} million values in YAML")

    def ascend(self: Any) -> None:
        self.depth -= 1

    methods = {"depth": 0, "made": 0, "resolve": resolve, "descend_resolver": descend, "ascend_resolver": ascend}
    return type("Nodes", (getattr(yaml, "CSafeLoader", yaml.SafeLoader),), methods)


_INT = expression(r"[-+]?(?:0|[1-9][0-9]*)").fullmatch
_FLOAT = expression(r"[-+]?(?:[0-9]+\.[0-9]*|\.[0-9]+)(?:[eE][-+][0-9]+)?").fullmatch
_NULL = expression(r"~|null|Null|NULL|").fullmatch
_BOOL = expression(r"true|True|TRUE|false|False|FALSE").fullmatch

_RULES: dict[str, tuple[str, Callable[[Any], Any]]] = {
    **dict.fromkeys(["", "~", "n", "N"], (f"{_CORE}null", _NULL)),
    **dict.fromkeys("tTfF", (f"{_CORE}bool", _BOOL)),
    **dict.fromkeys("-+.0123456789", (f"{_CORE}int", _INT)),
    "<": (_MERGE, "<<".__eq__),
}
"""What a text without quotes may be, by its first character."""


def _number_or_text(value: Any) -> str:
    return f"{_CORE}float" if _FLOAT(value) else _STR


def _refuse_bomb(node: Any) -> None:
    known: dict[int, tuple[int, int]] = {}
    size, depth = _unfolded(node, known)
    if depth > MAX_DEPTH or size > max(MAX_NODES, _GROWTH * len(known)):
        raise NotYaml("not read: its aliases unfold to too much")


def _unfolded(node: Any, known: dict[int, tuple[int, int]]) -> tuple[int, int]:
    """The number of nodes and of levels once every alias is replaced by what it stands for; a loop is endless."""
    seen = known.get(id(node))
    if seen is not None:
        return seen
    if isinstance(node.value, str):
        size, depth = 1 + len(node.value) // _LONG, 0
    else:
        known[id(node)] = (1, MAX_DEPTH + 1)
        size, depth = 1, 0
        for child in node.value:
            for one in child if isinstance(child, tuple) else (child,):
                more, deeper = _unfolded(one, known)
                size, depth = size + more, max(depth, deeper + 1)
    known[id(node)] = size, depth
    return size, depth


# ---------------------------------------------------------------- plain data


def _made(node: Any) -> Json:
    value, tag = node.value, node.tag
    if isinstance(value, str):
        return value if tag == _STR else _scalar(tag, value)
    if node.id == "mapping":
        mapping = _mapping(value)
        return mapping if tag == _MAP else _of_class(tag, mapping)
    sequence = [_made(child) for child in value]
    return sequence if tag == _SEQ else _of_class(tag, sequence)


def _mapping(pairs: list[tuple[Any, Any]]) -> dict[Any, Any]:
    """Keys are text as written; one that cannot be a key, such as a list, by its text."""
    made: dict[Any, Any] = {}
    merged: dict[Any, Any] = {}
    for key, value in pairs:
        if key.tag == _MERGE:
            values = _made(value)
            for one in reversed(values) if isinstance(values, list) else (values,):
                merged |= one if isinstance(one, dict) else {}
            continue
        name = key.value
        if not isinstance(name, str):
            name = _made(key)
            name = name if isinstance(name, (str, bytes)) else str(name)[:_KEY]
        made[name] = _made(value)
    return merged | made if merged else made


def _scalar(tag: str, text: str) -> Json:
    """What its tag says a text is; where it does not fit, the text."""
    convert = _SCALARS.get(tag)
    try:
        return convert(text) if convert else text
    except (ValueError, LookupError, OverflowError):
        return text


def _finite(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise ValueError(text)
    return value


def _binary(text: str) -> bytes:
    """Base64, which may be cut; raises `ValueError`."""
    letters = "".join(text.split())
    if _BASE64(letters) is None:
        raise ValueError("not base64")
    return base64.b64decode(letters[: len(letters) // 4 * 4])


_BASE64 = expression(r"[A-Za-z0-9+/]*={0,2}").fullmatch
_TRUTH = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}

_SCALARS: dict[str, Callable[[str], Json]] = {
    f"{_CORE}null": lambda text: None,
    f"{_CORE}bool": lambda text: _TRUTH[text.lower()],
    f"{_CORE}int": lambda text: int(text, 0),
    f"{_CORE}float": _finite,
    f"{_CORE}binary": _binary,
    "!binary": _binary,  # Ruby's
}

_HOLDS = ("state", "args", "elements", "internal", "str")
"""Keys under which serializers of objects, hashes, arrays and strings keep what such a one holds."""


def _of_class(tag: str, value: Json) -> Json:
    """What stands below the tag of a class: for one that is made from a single value, such as a case-insensitive
    text or a buffer, that value."""
    if isinstance(value, list):
        made_from = tag.startswith((f"{_CORE}python/object/apply:", f"{_CORE}python/object/new:"))
        return value[0] if made_from and value else value
    held = (
        next((value[key] for key in _HOLDS if key in value), None) if "python/object" in tag or "ruby/" in tag else None
    )
    if held is None:
        return value
    return held[0] if isinstance(held, list) and held and "python/" in tag else held
