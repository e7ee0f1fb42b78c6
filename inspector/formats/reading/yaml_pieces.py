"""YAML that is none as a whole: its entries one by one, and the last one, which the end of the file may have cut."""

from __future__ import annotations

from collections.abc import Iterator

from inspector.formats.reading.yaml_text import NotYaml, documents
from inspector.model import Json
from inspector.model.expressions import expression

_ITEM = expression(r"( *)-\s")
_ASIDE = ("#", "---", "%", "\ufeff")
_HALF_ESCAPE = expression(r"((?:^|[^\\])(?:\\\\)*)\\(?:x.?|u.{0,3}|U.{0,7})?$")
_UNPRINTABLE = expression("[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]")

_LINES = 8
"""Lines at the end that may have to go before the rest is whole."""


def items(text: str, key: str) -> Iterator[str]:
    """The items of a top-level list as YAML texts of their own, found by their indent. With an empty key the list is
    the document. What ends the list is an empty text: then the last item is not what the file's end cut."""
    lines = _lines(text)
    if key:
        next((line for line in lines if line.startswith(f"{key}:")), None)
    first, piece = None, []
    for line in lines:
        item = _ITEM.match(line)
        if first is None:
            if item is None and line.strip() and not line.startswith(_ASIDE):
                return
            first = item
        elif item and item.group(1) == first.group(1):
            yield "".join(piece)
            piece = []
        elif line.strip() and not line.startswith("#") and _indent(line) <= len(first.group(1)):
            yield "".join(piece)
            yield ""
            return
        if first is not None:
            piece.append(line)
    if piece:
        yield "".join(piece)


def split(text: str) -> Iterator[str]:
    """The documents of a file as YAML texts of their own."""
    piece: list[str] = []
    for line in _lines(text):
        if line.startswith("---") and not line[3:4].strip():
            if any(map(str.strip, piece)):
                yield "".join(piece)
            piece = [line[3:]]
        else:
            piece.append(line)
    if any(map(str.strip, piece)):
        yield "".join(piece)


def mended(piece: str) -> Json:
    """What an entry holds that the end of its file cut: with its quote closed, or without its last lines; None where
    that is nothing."""
    text = piece
    for _ in range(_LINES):
        for attempt in (text, _HALF_ESCAPE.sub(r"\1", text) + '"', f"{text}'"):
            try:
                return next(iter(documents(attempt.encode())), None)
            except NotYaml:
                continue
        text = text.rstrip("\n").rpartition("\n")[0]
    return None


def _lines(text: str) -> Iterator[str]:
    """The lines, which only a line feed ends, without the characters that YAML forbids."""
    *lines, last = _UNPRINTABLE.sub("\ufffd", text).split("\n")
    for line in lines:
        yield f"{line}\n"
    if last:
        yield last


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))
