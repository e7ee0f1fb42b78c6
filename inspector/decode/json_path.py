"""What a stream tells by its place: values at paths of one JSON value, and citations of words somewhere in a reply."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from inspector.model import Citation, Json, Part, Text
from inspector.model.delta import JsonPath


def value_from(pieces: Iterable[tuple[JsonPath, Json]]) -> Json:
    """One object from values at paths of keys and indices. Texts at the same path continue each other."""
    found: dict[JsonPath, list[Json]] = {}
    for path, value in pieces:
        earlier = found.setdefault(path, [])
        if earlier and not (isinstance(value, str) and isinstance(earlier[-1], str)):
            earlier.clear()
        earlier.append(value)
    root: dict[Any, Any] = {}
    for path, values in found.items():
        _set(root, path, "".join(values) if isinstance(values[0], str) else values[0])
    return _with_lists(root)


class _Node(dict[Any, Any]):
    """An object or a list that pieces make, told from an object that is itself a value."""


def _set(root: dict[Any, Any], path: JsonPath, value: Json) -> None:
    *above, last = path
    for step in above:
        inner = root.get(step)
        if not isinstance(inner, _Node):
            inner = root[step] = _Node()
        root = inner
    root[last] = value


def _with_lists(node: dict[Any, Any]) -> Json:
    """What has only indices for keys is a list; an index far beyond the others takes no more room than its value."""
    inner = {key: _with_lists(value) if isinstance(value, _Node) else value for key, value in node.items()}
    if inner and all(isinstance(key, int) for key in inner):
        return [inner[key] for key in sorted(inner)]
    return {str(key): value for key, value in inner.items()}


def with_citations(parts: Sequence[Part], cited: Iterable[tuple[Citation, str]]) -> tuple[Part, ...]:
    """Parts whose texts have the citations of words in them.

    Places are counted in bytes of UTF-8. The words are looked for there, and anywhere where that fails; without words
    the place has to do. A citation without a place is of the whole reply and belongs to its last text, unless the same
    source is cited for words. Without a text, nothing can be cited.
    """
    texts = {at: part.content.encode("utf-8", "replace") for at, part in enumerate(parts) if isinstance(part, Text)}
    if not texts:
        return tuple(parts)
    found = list(dict.fromkeys(_placed(texts, citation, words) for citation, words in cited))
    sources = {_source(citation) for _, citation in found if citation.start is not None}
    kept = [(at, item) for at, item in found if item.start is not None or _source(item) not in sources]
    return tuple(_with(part, [item for at, item in kept if at == place]) for place, part in enumerate(parts))


def _source(citation: Citation) -> str | None:
    return citation.uri or citation.title


def _with(part: Part, citations: list[Citation]) -> Part:
    return replace(part, citations=(*part.citations, *citations)) if citations and isinstance(part, Text) else part


def _placed(texts: dict[int, bytes], citation: Citation, words: str) -> tuple[int, Citation]:
    """Which text a citation is of, and the citation with its place in characters."""
    sought = words.encode("utf-8", "replace")
    at, start = _found(texts, citation, sought)
    if start is None:
        return at, citation._replace(start=None, end=None)
    end = start + len(sought) if sought else min(citation.end or start, len(texts[at]))
    begin, stop = (len(texts[at][:byte].decode("utf-8", "ignore")) for byte in (start, end))
    return at, citation._replace(start=begin, end=stop)


def _found(texts: dict[int, bytes], citation: Citation, sought: bytes) -> tuple[int, int | None]:
    last = max(texts)
    if citation.start is None or citation.start < 0:
        return last, None
    for at, content in texts.items():
        if citation.start < len(content) and content.startswith(sought, citation.start):
            return at, citation.start
    found = ((at, content.find(sought)) for at, content in reversed(texts.items()) if sought)
    return next(((at, start) for at, start in found if start >= 0), (last, None))
