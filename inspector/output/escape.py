"""Recorded text made safe to show: nothing in it can move a cursor, colour a terminal or turn a line around."""

from __future__ import annotations

import re

from inspector.model import Json, jsonio

_HIDDEN = (
    "\x7f-\x9f\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f"
)
"""C1 controls, the controls of bidirectional text, what has no width, other line ends, and tags."""
_JOINERS = "\u200c\u200d"
"""Between letters of other scripts than ours, and between the parts of an emoji, they are how these are written."""

# Also C0 controls but for newline and tab, and surrogates, which no output takes.
_UNSEEN = re.compile(
    f"[\x00-\x08\x0b-\x1f{_HIDDEN}\ud800-\udfff]"
    f"|(?<![^\x00-\x7f])[{_JOINERS}]|[{_JOINERS}](?![^\x00-\x7f{_JOINERS}])|(?<=[{_JOINERS}])[{_JOINERS}]"
)
_IN_JSON = re.compile(f"[{_HIDDEN}{_JOINERS}]")


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


def json_text(text: str) -> str:
    r"""JSON text whose invisible characters are written as ``\u202e``: the same JSON, and safe on a terminal."""
    return text if text.isascii() and "\x7f" not in text else _IN_JSON.sub(_escaped, text)


def json_page(value: Json) -> str:
    """A value as indented JSON for standard output, with a line break after it."""
    return json_text(jsonio.dumps(value, indent=True)) + "\n"


def _escaped(match: re.Match[str]) -> str:
    units = match.group().encode("utf-16-be").hex()
    return "".join(f"\\u{units[at : at + 4]}" for at in range(0, len(units), 4))


def _written_out(match: re.Match[str]) -> str:
    code = ord(match.group())
    return f"\\x{code:02x}" if code < 0x100 else f"<U+{code:04X}>"
