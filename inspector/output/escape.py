"""Recorded text made safe to show: nothing in it can move a cursor, colour a terminal or turn a line around."""

from __future__ import annotations

import re

# C0 and C1 controls but for newline and tab, the controls of bidirectional text, and surrogates, which no output takes.
_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def visible(text: str) -> str:
    r"""The text with its control characters written out, such as ``\x1b`` and ``<U+202E>``.

    Newlines and tabs stay; a carriage return before a newline is part of that newline.
    """
    if text.isascii() and text.isprintable():
        return text
    if _UNSEEN.search(text) is None:
        return text
    return _UNSEEN.sub(_written_out, text.replace("\r\n", "\n"))


def visible_line(text: str) -> str:
    r"""The same in one line: newlines and tabs are written out as ``\n`` and ``\t``."""
    return visible(text).replace("\n", "\\n").replace("\t", "\\t")


def _written_out(match: re.Match[str]) -> str:
    code = ord(match.group())
    return f"\\x{code:02x}" if code < 0x100 else f"<U+{code:04X}>"
