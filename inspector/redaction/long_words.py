"""The words of a text that are long enough to be looked at. Most texts have none, which is a hundred times quicker to
see than what an expression finds in them."""

from __future__ import annotations

from itertools import compress


def alphabet(signs: str) -> bytes:
    """The letters, digits and signs that words consist of, as a table for `long_words`."""
    return bytes(byte if (chr(byte).isalnum() and byte < 128) or chr(byte) in signs else 0x20 for byte in range(256))


def long_words(text: str, letters: bytes, least: int) -> list[bytes]:
    """The words of at least so many characters, in order."""
    if len(text) < least:
        return []
    words = text.encode("utf-8", "replace").translate(letters).split()
    lengths = [*map(len, words)]
    return [*compress(words, map(least.__le__, lengths))] if max(lengths, default=0) >= least else []
