"""Letters and words as the search sees them: without accents, in camelCase, in scripts without spaces.

What the full text is told and what marks its hits on a page both come from here, so that they agree. SQLite's own
tables of letters differ from version to version.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

from inspector.model.expressions import expression

UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
    "\uff66-\uff9d\U00020000-\U0003ffff"
    "\u20a0-\u20bf\u2190-\u23ff\u25a0-\u2bff\U0001f000-\U0001faff"
)
"""Characters that are words of their own: scripts that put no spaces between words (Thai, Lao, Burmese, Khmer,
Japanese, Chinese), signs and emoji."""

LETTER = r"[^\W_]"
"""A letter or digit, in a text that `spaced` gave."""

SEAM = "(?-i:(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z]))"
"""Between the words of camelCase."""

LONGEST = 80
"""Letters of a word that is looked into: what is longer is no name, but base64."""

BARRIER = "\ue000"
"""Stands between what no phrase may reach across. FTS5 takes it for a word."""

_APART = f" {BARRIER} "

_SEAM = expression(SEAM)
_BEHIND_SEAM = expression("[A-Z](?:(?<=[a-z0-9][A-Z])|(?<=[A-Z][A-Z])(?=[a-z]))")
"""The capital after a seam: a letter is sought much faster than a place between letters."""

_LETTER = expression(LETTER)
_LETTERS = expression(f"{LETTER}*")
_UNSPACED_RUN = expression(f"[{UNSPACED}]+")
_SILENT = expression(
    "[\u00ad\u0300-\u036f\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u064b-\u065f\u0670]"
)
"""Marks that are left away: accents on their own, soft hyphens, vowel points of Hebrew and Arabic."""


class _Plain(dict[int, str]):
    """Letters without their accents, one for one."""

    def __missing__(self, code: int) -> str:
        letter = chr(code)
        self[code] = plain = _without_accents(letter) if code > 0x7F else letter
        return plain


def _without_accents(letter: str) -> str:
    if not letter.isalnum() or _UNSPACED_RUN.match(letter):
        return letter
    base = unicodedata.normalize("NFKD", letter)
    return base[0] if base[0].isalnum() and all(unicodedata.category(mark) == "Mn" for mark in base[1:]) else letter


_PLAIN = _Plain({ord("\u0131"): "i", ord("\u03c2"): "\u03c3"})  # the letters whose capitals are those of others


class _Spaced(dict[int, str]):
    """The same, with a barrier in the place of what is a word of its own."""

    def __missing__(self, code: int) -> str:
        self[code] = letter = BARRIER if _UNSPACED_RUN.match(chr(code)) else _PLAIN[code]
        return letter


class _Told(dict[int, str]):
    """Small letters, and spaces for the rest: SQLite might take it for a letter."""

    def __missing__(self, code: int) -> str:
        letter = _SPACED[code]
        self[code] = told = _APART if letter == BARRIER else small(letter) if letter.isalnum() else " "
        return told


_SPACED = _Spaced({ord(BARRIER): " "})
_TOLD = _Told()


def plain(text: str) -> str:
    """A text of the same length without accents; large letters stay large."""
    return text if text.isascii() else text.translate(_PLAIN)


def spaced(text: str) -> str:
    """As `plain`, with a barrier in the place of each character that is a word of its own."""
    return text if text.isascii() else text.translate(_SPACED)


def small(text: str) -> str:
    """A plain text of the same length in small letters: a sigma is the same wherever it stands."""
    return text.lower().replace("\u03c2", "\u03c3")


def voiced(text: str) -> tuple[str, list[int]]:
    """A text without silent marks, and for each of them how many characters that are kept stand before it."""
    if text.isascii():
        return text, []
    silent = [mark.start() - number for number, mark in enumerate(_SILENT.finditer(text))]
    return (_SILENT.sub("", text) if silent else text), silent


def words(text: str) -> str:
    """A text as the full text is told it: words that spaces end."""
    return text if text.isascii() else _SILENT.sub("", text).translate(_TOLD)


def inner(text: str) -> str:
    """The words within the words: ``get User`` of ``getUser``, and each character of scripts without spaces."""
    if text.isascii():
        return _APART.join(_camel(text))
    text = _SILENT.sub("", text)
    return _APART.join([*_camel(spaced(text)), *map(singly, _UNSPACED_RUN.findall(text))])


def singly(run: str) -> str:
    """Each character of a script without spaces as a word; what FTS5 takes for none is spelled."""
    return " ".join([letter if letter.isalnum() else f"\ue001{ord(letter):x}" for letter in run])


def _camel(text: str) -> Iterator[str]:
    end = 0
    for seam in _BEHIND_SEAM.finditer(text):
        if seam.start() >= end:
            begin, end = around(text, seam.start())
            if end - begin <= LONGEST:
                yield small(split(text[begin:end]))


def around(text: str, at: int) -> tuple[int, int]:
    """The word that a place lies within; where it begins is not sought further back than needed to see it is long."""
    begin = at
    while begin and at - begin <= LONGEST and _LETTER.match(text[begin - 1]):
        begin -= 1
    return begin, _LETTERS.match(text, at).end()  # type: ignore[union-attr]  # it matches the empty text too


def length_around(text: str, at: int) -> int:
    """The length of that word, or some that is too long."""
    begin, end = around(text, at)
    return end - begin


def split(word: str) -> str:
    """``get User Name`` of ``getUserName``."""
    return _SEAM.sub(" ", word)
