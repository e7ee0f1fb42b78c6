"""Words and phrases of a query: what the full text is asked for, and where they stand in a text."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from inspector.index.store import Where
from inspector.pieces import UNSPACED, split
from inspector.search.grammar import All, Any, Clause, Node

_WORDS = re.compile(r"\w+")
_RUNS = re.compile(f"[{UNSPACED}]+|[^{UNSPACED}]+")
_UNSPACED = re.compile(f"[{UNSPACED}]")

_BETWEEN = r"[\W_]{0,40}"
"""What may stand between the words of a phrase."""

_BEGINS = r"(?:(?<![^\W_])|(?<=[^\W_])(?-i:(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])))"
"""Where a word begins: after what is no letter, or at a capital within camelCase."""


class Wanted(NamedTuple):
    """A word or phrase to look for, in one place or, with None, anywhere."""

    text: str
    place: str | None


def said(text: str, place: str | None) -> Where:
    """The condition on exchanges in which a word or phrase was said. The last word may go on."""
    match = expression(text)
    if not match:
        return "0", []
    narrowed, parameters = (" AND place = ?", [match, place]) if place else ("", [match])
    pieces = f"id IN (SELECT rowid FROM full_text WHERE full_text MATCH ?){narrowed}"
    messages = f"SELECT message FROM piece WHERE {pieces}"
    return f"exchange.id IN (SELECT exchange FROM said WHERE message IN ({messages}))", parameters


def expression(text: str) -> str:
    """What FTS5 is asked for; empty where a text has no words."""
    if _UNSPACED.search(text):
        phrases = [" ".join(run) if _UNSPACED.match(run) else run for run in _RUNS.findall(text)]
        return " AND ".join(phrase for run in phrases if (phrase := _phrase(run)))
    plain, inner = _phrase(text), _phrase(" ".join(split(word) for word in _WORDS.findall(text)))
    return plain if inner == plain else f"({plain}) OR ({inner})"


def _phrase(text: str) -> str:
    words = _WORDS.findall(text.replace("_", " "))
    return f'"{" ".join(words)}" *' if words else ""


def wanted(node: Node) -> Iterator[Wanted]:
    """The words that a query looks for; those that it excludes are not."""
    match node:
        case Clause(None, value, place):
            yield Wanted(value, place)
        case All(of) | Any(of):
            for part in of:
                yield from wanted(part)


class Marker(NamedTuple):
    """Finds what a query looked for in a text."""

    patterns: tuple[tuple[re.Pattern[str], str | None], ...]

    def spans(self, text: str, place: str | None = None, most: int = 1_000) -> list[tuple[int, int]]:
        """Where the words stand in a text that was said in a place: stretches that do not touch, in order."""
        folded = _folded(text)
        patterns = [pattern for pattern, narrow in self.patterns if place is None or narrow in (None, place)]
        spans: list[tuple[int, int]] = []
        for pattern in patterns:
            for number, hit in enumerate(pattern.finditer(folded)):
                if number == most:
                    break
                spans.append(hit.span())
        return _merged(spans)


def marker(wanted: Sequence[Wanted]) -> Marker | None:
    """What finds these words again; None where there are none."""
    patterns = tuple(
        (re.compile(_pattern(one.text), re.IGNORECASE), one.place) for one in wanted if expression(one.text)
    )
    return Marker(patterns) if patterns else None


def _pattern(text: str) -> str:
    pieces: list[str] = []
    for run in _RUNS.findall(_folded(text)):
        if _UNSPACED.match(run):
            pieces.append(re.escape(run))
            continue
        words = [part for word in _WORDS.findall(run.replace("_", " ")) for part in split(word).split()]
        if words:
            pieces.append(_BEGINS + _BETWEEN.join(map(re.escape, words)))
    return "|".join(pieces)


def _merged(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = merged[-1][0], max(end, merged[-1][1])
        else:
            merged.append((start, end))
    return merged


class _Folds(dict[int, str]):
    """Letters without their marks, one for one, as the full text has them."""

    def __missing__(self, code: int) -> str:
        letter = chr(code)
        plain = unicodedata.normalize("NFD", letter)[0] if code > 0x7F else letter
        self[code] = plain = plain if plain.isalpha() and not _UNSPACED.match(letter) else letter
        return plain


_FOLDS = _Folds()


def _folded(text: str) -> str:
    return text if text.isascii() else text.translate(_FOLDS)
