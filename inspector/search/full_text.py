"""Words and phrases of a query: what the full text is asked for, and where they stand in a text."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from itertools import chain, islice
from typing import NamedTuple, TypeAlias

from inspector.analysis.search_text import MAX_SEARCHED, TEXT_PLACES
from inspector.analysis.words import (
    BARRIER,
    LETTER,
    LONGEST,
    SEAM,
    UNSPACED,
    length_around,
    plain,
    singly,
    small,
    spaced,
    split,
    voiced,
)
from inspector.index.conditions import Where, says
from inspector.search.grammar import All, Any, Clause, Node

_WORDS = re.compile(f"{LETTER}+")
_RUNS = re.compile(f"(?P<unspaced>[{UNSPACED}]+)|[^{UNSPACED}]+")

_INNER = f"{{{' '.join(f'{place}_inner' for place in TEXT_PLACES)}}}"
"""The columns of the words within words."""

_BETWEEN = f"(?:(?!{BARRIER})[\\W_])++"
"""What stands between the words of a phrase."""


class Wanted(NamedTuple):
    """A word or phrase to look for, in one place or, with None, anywhere."""

    text: str
    place: str | None


def said(text: str, place: str | None) -> Where:
    """The condition on exchanges in which a word or phrase was said. The last word may go on."""
    return says(expression(text, place))


def expression(text: str, place: str | None = None) -> str:
    """What FTS5 is asked for, in one place or in any; empty where a text has no words."""
    parts = [
        f'{_INNER} : "{singly(part)}"' if isinstance(part, str) else " OR ".join(map(_phrase, part)).join("()")
        for part in _parts(text)
    ]
    if not parts or (len(parts) == 1 and place is None):
        return "".join(parts)
    places = [place] if place else TEXT_PLACES  # what stands together stands in one place
    return " OR ".join(f"({{{one} {one}_inner}} : ({' AND '.join(parts)}))" for one in places)


def _parts(text: str) -> list[str | list[list[str]]]:
    """What has to stand in a text: runs of characters of scripts without spaces, and ways to write phrases of words, as
    they are and with their camelCase taken apart."""
    parts: list[str | list[list[str]]] = []
    for run in _RUNS.finditer(plain(voiced(text)[0])):
        if run["unspaced"]:
            parts.append(run[0])
        elif words := _WORDS.findall(run[0]):
            apart = [part for word in words for part in split(word).split()]
            parts.append([words] if apart == words else [words, apart])
    return parts


def _phrase(words: list[str]) -> str:
    """The last word may go on, unless it is one letter."""
    return f'"{small(" ".join(words))}"' + (" *" if len(words[-1]) > 1 else "")


def wanted(node: Node) -> Iterator[Wanted]:
    """The words that a query looks for; those that it excludes are not."""
    match node:
        case Clause(None, value, place):
            yield Wanted(value, place)
        case All(of) | Any(of):
            for part in of:
                yield from wanted(part)


class _Heard(NamedTuple):
    """A text as the search sees it, each of the same length."""

    plain: str
    spaced: str
    small: str


class _Run(NamedTuple):
    """Characters of a script without spaces."""

    text: re.Pattern[str]

    def spans(self, heard: _Heard) -> Iterator[tuple[int, int]]:
        for hit in self.text.finditer(heard.plain):
            yield hit.span()


class _Way(NamedTuple):
    """Words with something between them, or one after the other within a word of camelCase."""

    spaced: re.Pattern[str]
    joined: str
    camel: re.Pattern[str]

    def spans(self, heard: _Heard) -> Iterator[tuple[int, int]]:
        for hit in self.spaced.finditer(heard.small):
            yield hit.span()
        at = heard.small.find(self.joined)
        while at >= 0:
            hit_here = self.camel.match(heard.spaced, at)
            if hit_here and length_around(heard.spaced, at) <= LONGEST:
                yield hit_here.span()
            at = heard.small.find(self.joined, at + 1)


_Part: TypeAlias = tuple[_Run | _Way, ...]
"""Ways in which a part of what is wanted can stand in a text."""


class Marker(NamedTuple):
    """Finds what a query looked for in a text."""

    wanted: tuple[tuple[tuple[_Part, ...], str | None], ...]
    """For each word or phrase what has to stand in a text, all of it, and the place that it is narrowed to."""

    def spans(self, text: str, place: str | None = None, most: int = 1_000) -> list[tuple[int, int]]:
        """Where the words stand in a text that was said in a place: stretches that do not touch, in order.

        There is one if and only if the full text finds this text for one of the words.
        """
        voices, silent = voiced(text[:MAX_SEARCHED])
        letters = spaced(voices)
        heard = _Heard(plain(voices), letters, small(letters))
        spans: list[tuple[int, int]] = []
        for parts, narrow in self.wanted:
            if place is None or narrow in (None, place):
                found = [[*islice(chain.from_iterable(way.spans(heard) for way in part), most)] for part in parts]
                spans += chain.from_iterable(found) if all(found) else ()
        return [
            (start + bisect_right(silent, start), _end(text, end + bisect_left(silent, end)))
            for start, end in _merged(spans)
        ]


def marker(wanted: Sequence[Wanted]) -> Marker | None:
    """What finds these words again; None where there are none."""
    found = tuple((tuple(map(_part, parts)), one.place) for one in wanted if (parts := _parts(one.text)))
    return Marker(found) if found else None


def _part(part: str | list[list[str]]) -> _Part:
    return (_Run(re.compile(re.escape(part))),) if isinstance(part, str) else tuple(map(_way, part))


def _way(words: list[str]) -> _Way:
    first, *rest = map(small, words)
    lone = len(words[-1]) == 1
    between = "".join(_BETWEEN + word for word in rest)
    begins = f"(?<!{LETTER}{first})"  # behind the letters, so that a search for them goes ahead
    whole = [f"(?!{SEAM})".join(word) for word in words]  # what camelCase divides is several words
    camel = f"(?:(?<!{LETTER})|{SEAM})" + SEAM.join(whole) + (f"(?:(?!{LETTER})|{SEAM})" if lone else "")
    return _Way(
        re.compile(first + begins + between + (f"(?!{LETTER})" if lone else "")),
        first + "".join(rest),
        re.compile(camel, re.IGNORECASE),
    )


def _end(text: str, end: int) -> int:
    """The end of a stretch with the marks that belong to its last letter."""
    while end < len(text) and not text[end].isascii() and unicodedata.category(text[end])[0] == "M":
        end += 1
    return end


def _merged(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = merged[-1][0], max(end, merged[-1][1])
        else:
            merged.append((start, end))
    return merged
