"""Differences of answers that are numbers: embeddings, and the order of a ranking. The same question gives vectors that
are a little different each time; what points elsewhere is another answer."""

from __future__ import annotations

import struct
from base64 import b64decode
from binascii import Error
from collections.abc import Iterator, Sequence
from math import hypot

from inspector.compare.difference import Difference
from inspector.model import Json

OPERATIONS = frozenset({"embeddings", "rerank"})
"""Those whose answers are numbers."""

_SAME = 0.999
"""The cosine from which on two vectors say the same."""
_SHORTEST = 8
"""Numbers of the shortest list that is taken for a vector."""
_SCORES = ("relevance_score", "relevanceScore", "score")
_RANKED = ("index", "id")

Vector = Sequence[float]


def of_numbers(before: Json, after: Json) -> Iterator[Difference]:
    """How two answers differ that are vectors or rankings."""
    old, new = [*_vectors(before)], [*_vectors(after)]
    for number in range(max(len(old), len(new))):
        was, now = (each[number] if number < len(each) else () for each in (old, new))
        likeness = _cosine(was, now)
        if not likeness >= _SAME:  # as is no number
            told = (f"{len(one)} numbers" if one else "none" for one in (was, now))
            key = f"vector {number + 1} (cosine {likeness:.3f})"
            yield Difference("answer", "reply", "", key, *told)
    ranked, ranked_after = [*_ranking(before)], [*_ranking(after)]
    if ranked != ranked_after:
        yield Difference("answer", "reply", "", "order", ranked, ranked_after)


def _cosine(one: Vector, other: Vector) -> float:
    length = hypot(*one) * hypot(*other)
    if len(one) != len(other) or not length:
        return 1.0 if [*one] == [*other] else 0.0
    return sum(a * b for a, b in zip(one, other, strict=True)) / length


def _vectors(value: Json, name: str = "") -> Iterator[Vector]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _vectors(inner, key)
    elif isinstance(value, list):
        if len(value) >= _SHORTEST and all(type(one) in (int, float) for one in value):
            yield value
        else:
            for inner in value:
                yield from _vectors(inner, name)
    elif isinstance(value, str) and "embedding" in name:
        yield from _packed(value)


def _packed(text: str) -> Iterator[Vector]:
    """A vector as OpenAI's ``encoding_format: base64`` has it: numbers of four bytes."""
    try:
        data = b64decode(text, validate=True)
    except (Error, ValueError):
        return
    if len(data) % 4 == 0 and len(data) >= 4 * _SHORTEST:
        yield struct.unpack(f"<{len(data) // 4}f", data)


def _ranking(value: Json) -> Iterator[Json]:
    """What stands for the documents of a ranking, in its order."""
    if isinstance(value, list):
        for inner in value:
            yield from _ranking(inner)
    elif isinstance(value, dict):
        if any(score in value for score in _SCORES):
            yield next((value[name] for name in _RANKED if name in value), None)
        else:
            for inner in value.values():
                yield from _ranking(inner)
