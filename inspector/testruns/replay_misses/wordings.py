"""What recorders say when they have no recording for a request: one table for our own reading of logs and for that of
exported pages, where a script reads it.

Logs break lines where they please. So a wording fits with a line break between any two of its letters, and with several
characters of white space where it has a blank.
"""

from __future__ import annotations

import re
from typing import NamedTuple


class Wording(NamedTuple):
    """How a message begins, with ``{fields}``."""

    kind: str
    """``recording`` or ``tool`` (llama-stack), ``http`` (llama-stack, without a hash) or ``cassette`` (VCR)."""
    words: str


WORDINGS = (
    Wording("recording", "Recording not found for request hash: {hash}"),
    Wording("recording", "Recording not found for genai request hash: {hash}"),
    Wording("recording", "No recorded response found for request hash: {hash}"),
    Wording("http", "Recording not found for rerank request | URL: {url}"),
    Wording("http", "Recording not found for httpx stream {method} {url}"),
    Wording("http", "Recording not found for httpx {method} {url}"),
    Wording("tool", "Recording not found for {tool} | Request:"),
    Wording("tool", "No recorded tool result found for {tool} Request:"),
    Wording("cassette", "Can't overwrite existing cassette ({path})"),
    Wording("cassette", "No match for the request (<Request ({method}) {url}>) was found"),
    Wording("cassette", "Can't play back this request: {why} Cassette: {file} record_mode:"),
    Wording("cassette", "Can't play back this request:"),
)

FACTS = ("Model: {model}", "Endpoint: {url}", "Request: {method} {url}", "| {method} {url}")
"""What follows a hash, in any order."""

_METHODS = ("POST", "GET", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS")

FIELDS = {
    "hash": r"[0-9a-f](?:\n?[0-9a-f]){7,63}(?![0-9a-f])",
    "method": "|".join(r"\n?".join(f"[{letter}{letter.lower()}]" for letter in name) for name in _METHODS),
    "url": r"[^\s<>{}\"`]{1,2000}(?:\n[^\s<>{}\"`]{1,2000}){0,40}",
    "model": r"[^\s|\"]{1,300}(?:\n[^\s|\"]{1,300}){0,10}",
    "tool": r"[\w:.-]{1,100}(?:\n[\w:.-]{1,100}){0,10}",
    "path": r"(?:PosixPath\()?\\?['\"]\n?[^'\"\n]{1,1000}(?:\n[^'\"\n]{1,1000}){0,40}\n?['\"]\)?",
    "why": r"[\s\S]{1,4000}?",
    "file": r"[^\n]{1,1000}?(?:\n[^\n]{1,1000}){0,40}?",
    "number": r"\d(?:\n?\d){0,5}",
}
"""The same in Python and in JavaScript. What a line break parts is put together by whoever knows how wide lines are."""

_BEGINNING = 11
_FIELD = re.compile(r"\{(\w+)\}")


def source(words: str) -> str:
    """A regular expression for a wording; its groups are its fields, in their order."""
    pieces = _FIELD.split(words)
    return r"\n?".join(
        f"({FIELDS[piece]})" if at % 2 else r"\s{0,8}".join(_letters(word) for word in piece.split(" "))
        for at, piece in enumerate(pieces)
        if piece
    )


def _letters(word: str) -> str:
    return r"\n?".join(r"\\?['’]" if letter == "'" else re.escape(letter) for letter in word)


def fields(words: str) -> tuple[str, ...]:
    return tuple(_FIELD.findall(words))


def opening(words: str) -> str:
    """The wording up to its first field."""
    return words.partition("{")[0].strip()


BEGINNINGS = re.compile("|".join(sorted({source(one.words[:_BEGINNING]) for one in WORDINGS})))
"""Quicker to look for than each of the patterns."""

PATTERNS = tuple((one.kind, fields(one.words), re.compile(source(one.words))) for one in WORDINGS)
CLOSING = re.compile(source("To record this response"))
"""What follows the model where a body stands before it."""

FACT_PATTERNS = tuple((fields(words), re.compile(source(words))) for words in FACTS)
