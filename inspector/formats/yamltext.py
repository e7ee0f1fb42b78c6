"""YAML as test recorders write it, through libyaml, which is some 25 times faster than the Python parser.

Nothing in a file is ever called: tags of Python and Ruby classes give the data below them. Times stay text. An alias
bomb is refused before it is unfolded, and where one entry of a list is no YAML, the others are read.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from inspector.model import Json

MAX_NODES = 5_000_000
"""Nodes that a document may have once its aliases are unfolded."""

_ANCHOR = re.compile(rb"&(?<![^\s\[{,:-]&)[\w-]")
_ITEM = re.compile(r" *- ")


class NotYaml(ValueError):
    """The text is not YAML that is read, and why."""


def documents(data: bytes) -> list[Json]:
    """The documents of a file; raises `NotYaml`."""
    import yaml

    try:
        loader = _loader()(data)
        try:
            return list(_documents(loader, bombs=_ANCHOR.search(data) is not None))
        finally:
            loader.dispose()
    except yaml.YAMLError as error:
        raise NotYaml(_explain(error)) from None
    except RecursionError:
        raise NotYaml("not read: nested too deeply") from None
    except (ValueError, TypeError) as error:  # a scalar that its tag does not fit
        raise NotYaml(f"not read: {error}") from None


def _documents(loader: Any, bombs: bool) -> Iterator[Json]:
    while loader.check_node():
        node = loader.get_node()
        if bombs and _unfolded(node, {}) > MAX_NODES:
            raise NotYaml("not read: its aliases unfold to too much")
        yield loader.construct_document(node)


def _unfolded(node: Any, known: dict[int, int]) -> int:
    """The number of nodes once every alias is replaced by what it stands for; a loop counts as endless."""
    size = known.get(id(node))
    if size is not None:
        return size
    known[id(node)] = MAX_NODES + 1
    size = 1
    if isinstance(node.value, list):
        for child in node.value:
            size += sum(_unfolded(one, known) for one in (child if isinstance(child, tuple) else (child,)))
    known[id(node)] = size
    return size


def _explain(error: Exception) -> str:
    mark, problem = getattr(error, "problem_mark", None), getattr(error, "problem", None)
    where = f" at line {mark.line + 1}, column {mark.column + 1}" if mark else ""
    return f"not YAML: {problem or error}{where}"[:300]


@cache
def _loader() -> Any:
    """The loader's class. Made when first needed, because importing yaml takes as long as all the rest."""
    import yaml

    base: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    resolvers = {
        first: [(tag, expression) for tag, expression in rules if not tag.endswith(":timestamp")]
        for first, rules in base.yaml_implicit_resolvers.items()
    }
    loader: Any = type("Loader", (base,), {"yaml_implicit_resolvers": resolvers})
    loader.add_constructor("tag:yaml.org,2002:binary", _binary)
    loader.add_constructor("!binary", _binary)  # Ruby's
    loader.add_multi_constructor("tag:yaml.org,2002:python/", _data)
    loader.add_multi_constructor("!", _data)
    loader.add_constructor(None, _data_of_any)
    loader.add_constructor("tag:yaml.org,2002:map", _mapping)
    return loader


def _binary(loader: Any, node: Any) -> bytes | str:
    text = loader.construct_scalar(node)
    try:
        return base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError):
        return str(text)


def _data(loader: Any, suffix: str, node: Any) -> Json:
    """What stands below the tag of a class: for one that is made from a single value, such as a case-insensitive
    text or a buffer, that value."""
    value = _data_of_any(loader, node)
    single = suffix.startswith(("object/apply:", "object/new:")) or "object" in suffix
    if single and isinstance(value, list) and value:
        return value[0]
    if single and isinstance(value, dict):
        for key in ("state", "args"):
            if isinstance(value.get(key), (list, tuple)) and value[key]:
                return value[key][0]
    return value


def _data_of_any(loader: Any, node: Any) -> Json:
    if isinstance(node.value, str):
        return loader.construct_scalar(node)
    if node.id == "sequence":
        return loader.construct_sequence(node, deep=True)
    return _mapped(loader, node, deep=True)


def _mapping(loader: Any, node: Any) -> Iterator[dict[Any, Any]]:
    made: dict[Any, Any] = {}
    yield made
    made.update(_mapped(loader, node))


def _mapped(loader: Any, node: Any, deep: bool = False) -> dict[Any, Any]:
    """A mapping; keys that cannot be one, such as lists, by their text."""
    loader.flatten_mapping(node)
    made = {}
    for key_node, value_node in node.value:
        key = loader.construct_object(key_node, deep=True)
        if isinstance(key, (list, dict)):
            key = str(key)
        made[key] = loader.construct_object(value_node, deep=deep)
    return made


def pieces(text: str, key: str) -> Iterator[str]:
    """The items of a top-level list as YAML texts of their own, found by their indent: for a text that is no YAML as
    a whole. With an empty key the list is the document."""
    lines = text.splitlines(keepends=True)
    start = next((at + 1 for at, line in enumerate(lines) if line.startswith(f"{key}:")), None) if key else 0
    item = next((found for line in lines[start:] if (found := _ITEM.match(line))), None) if start is not None else None
    if start is None or item is None:
        return
    piece: list[str] = []
    for line in lines[start:]:
        if line.startswith(item.group()):
            if piece:
                yield "".join(piece)
            piece = [line]
        elif piece and line.strip() and len(line) - len(line.lstrip(" ")) < len(item.group()) - 1:
            break  # the list is over
        elif piece:
            piece.append(line)
    if piece:
        yield "".join(piece)


def mended(piece: str) -> Json:
    """An item that the end of its file cut: with its quote closed, or without its last line. Raises `NotYaml`."""
    shorter = piece.rstrip("\n").rpartition("\n")[0]
    for attempt in (piece, f'{piece}"', f"{piece}'", shorter):
        try:
            return documents(attempt.encode())[0]
        except (NotYaml, IndexError):
            continue
    raise NotYaml("not YAML: it stops in the middle")
