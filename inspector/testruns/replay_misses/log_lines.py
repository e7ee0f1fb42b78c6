"""A log without what log tools put around its lines: colours, times, names of services, borders of boxes.

What a program wrote as one line may stand on several here. Whether two lines belong together shows in where they end: a
line that was broken is as wide as there was room.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import cache
from itertools import accumulate
from typing import NamedTuple

ESCAPES = re.compile(
    r"\x1b\[[0-?]{0,64}[ -/]{0,4}[@-~]"
    r"|\x1b\][^\x07\x1b]{0,2000}(?:\x07|\x1b\\)"
    r"|(?:\\u001[bB]|\\x1[bB]|\\033|\^\[)\[[0-9;]{0,32}[mK]"
    r"|\[\d{1,3}(?:;\d{1,3}){0,5}m(?!\])"  # copied from a page that dropped the escape
    r"|[\x00-\x08\x0e-\x1f\ufeff\u200b]"
)
_BOX_IN_JSON = re.compile(r"\\{1,8}u(25[0-7][0-9a-fA-F])")
_NEWLINE = re.compile(r"(?<!\\)(?:\\r)?\\n")
_NEWLINE_IN_JSON = re.compile(r"(?:\\{1,8}r)?\\{1,8}n")
_MOMENT = r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?: ?(?:Z|UTC|[+-]\d\d:?\d\d))?"
AROUND = re.compile(
    rf"[^\t\n]{{1,200}}\t[^\t\n]{{1,200}}\t(?={_MOMENT})"  # gh run view: job and step
    rf"|\[?{_MOMENT}\]?(?: \d\d[OE](?:\+| |$))?"  # GitLab adds the stream, and whether the line goes on
    r"|\[\d\d/\d\d/\d\d \d\d:\d\d:\d\d\]"  # Rich
    r"|\[?\d\d:\d\d:\d\d(?:[.,]\d{1,9})?\]?(?=\s|$)"
    r"|[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d [\w.-]{1,64} [\w./-]{1,64}(?:\[\d{1,9}\])?:"  # syslog
    r"|section_(?:start|end):\d{1,12}:\S{0,200}"
    r"|##\[\w{1,20}\]|\[gw\d{1,4}\]|\[pod/[\w./-]{1,200}\]"
    r"|E(?=\s{2,}|$)|>(?=\s|$)"  # pytest; a quotation
    r'|\{\\{0,8}"\w{1,40}\\{0,8}": ?\\{0,8}"'  # JSON
    r"|[│┃║▌]"
)
"""What may lead a line, once or several times."""
SERVICE = re.compile(r"(?:[\w.-]{1,64} {0,40}\||\[[\w./: -]{1,80}\])(?= |$)")
"""What leads a line where it leads the one beside it, too."""
_LONGEST_SERVICE = 110
_BLANK = re.compile(r"\s*")
_BOX = ("│", "┃", "║")
_RULES = frozenset("╭╰┌└┏┗╔╚├─━═")
_NO_MEASURE = ("_", "=", "-")
_RICH_LEVEL = re.compile(r"\s*+(?:DEBUG|INFO|WARNING|ERROR|CRITICAL)\s")
_RICH_PLACE = re.compile(r"\s[\w.-]{1,80}\.py:\d{1,6}$")
_MOST_AROUND = 8
_MOST_LINES = 12

_NEAR = 64
"""Lines that are looked at together to see how wide a log is."""


class _Shape(NamedTuple):
    lead: int
    """Where what leads the line ends, and its own indentation begins."""
    start: int
    """Where the content begins and ends in its line."""
    end: int
    room: int
    """Where it ends at most in the box around it; 0 for no box."""

    @property
    def width(self) -> int:
        return self.end - self.lead


class _Width(NamedTuple):
    most: int
    is_usual: bool
    """Whether several lines are as wide."""
    is_between_words: bool
    """Whether lines are broken between words, as far as these fit into one."""


class Log:
    """The lines of a log, undressed: `text` has them all. Offsets are places in it."""

    def __init__(self, recorded: str) -> None:
        self._raw, self._numbers = _divided(recorded)
        self._shapes = [self._shape(line) for line in range(len(self._raw))]
        self.lines = [_content(raw, shape) for raw, shape in zip(self._raw, self._shapes, strict=True)]
        self.text = "\n".join(self.lines)
        self.starts = [0, *accumulate(len(line) + 1 for line in self.lines[:-1])]
        self._width = cache(self._widest)

    def line_at(self, offset: int) -> int:
        """Which line an offset is in."""
        return bisect_right(self.starts, offset) - 1

    def number(self, line: int) -> int:
        """The number of a line as an editor counts, from 1."""
        return self._numbers[line]

    def joined(self, start: int, end: int, blank: bool = False) -> str:
        """The text between two places with its broken lines put together. It ends where a line was not broken, or goes
        on there after a `blank`."""
        said, *rest = self.text[start:end].split("\n")
        for line, piece in enumerate(rest, self.line_at(start)):
            if self.is_broken(line):
                said += piece
            elif blank:
                said += f" {piece}"
            else:
                break
        return said

    def whole(self, line: int) -> str:
        """A line with those that it was broken into."""
        return "".join(self.lines[line : self.last_of(line) + 1])

    def last_of(self, line: int) -> int:
        """The last of the lines that a line was broken into."""
        last = line
        while last - line < _MOST_LINES and self.is_broken(last):
            last += 1
        return last

    def is_broken(self, line: int) -> bool:
        """Whether the next line goes on with the same word."""
        if line + 1 >= len(self.lines) or not self.lines[line] or not self.lines[line + 1]:
            return False
        shape, after = self._shapes[line], self._shapes[line + 1]
        width = self._width(line // _NEAR)
        is_full = shape.end >= shape.room if shape.room else shape.width == width.most
        if not is_full or (width.is_between_words and " " in self.lines[line]):
            return False
        if shape.room:
            return True
        is_indented = after.start - after.lead > shape.start - shape.lead
        return not is_indented and (width.is_usual or " " not in self.lines[line + 1])

    def _widest(self, block: int) -> _Width:
        """How wide the lines around are, and how they are broken."""
        low, high = max((block - 1) * _NEAR, 0), min((block + 2) * _NEAR, len(self.lines))
        shapes = {line: self._shapes[line] for line in range(low, high) if not self.lines[line].startswith(_NO_MEASURE)}
        most = max((shape.width for shape in shapes.values() if not shape.room), default=0)
        full, moved = set(), set()
        for line, shape in shapes.items():
            left = shape.room - shape.end if shape.room else most - shape.width
            if left <= 0:
                full.add(self.lines[line])
            elif line + 1 in shapes and self.lines[line] and len(self.lines[line + 1].partition(" ")[0]) >= left > 1:
                moved.add(self.lines[line])  # the next word would not have fitted
        return _Width(most, len(full) > 1, len(moved) > sum(" " in text for text in full))

    def _shape(self, line: int) -> _Shape:
        raw = self._raw[line]
        lead = start = self._after_service(line)
        end, room = len(raw), 0
        for _ in range(_MOST_AROUND):
            start = _BLANK.match(raw, start).end()  # type: ignore[union-attr]
            if (around := AROUND.match(raw, start)) is None:
                break
            lead = start = around.end()
        is_in_box = raw.endswith("|") and raw.startswith("|", start) and end > start + 1
        if is_in_box or (raw.endswith(_BOX) and end > start):
            start = _BLANK.match(raw, start + is_in_box).end()  # type: ignore[union-attr]
            end, room = start + len(raw[start : end - 1].rstrip()), end - 2
        if ".py:" in raw and _RICH_LEVEL.match(raw, start) and (place := _RICH_PLACE.search(raw, max(end - 90, start))):
            end = start + len(raw[start : place.start()].rstrip())
        return _Shape(lead, min(start, end), end, room)

    def _after_service(self, line: int) -> int:
        """Where a line begins after the name of the service that a line beside it is led by too."""
        raw = self._raw[line]
        if "|" not in raw[:_LONGEST_SERVICE] and not raw.startswith("["):
            return 0
        if (found := SERVICE.match(raw)) is None:
            return 0
        beside = self._raw[max(line - 1, 0) : line] + self._raw[line + 1 : line + 2]
        return found.end() if any(other.startswith(found[0]) for other in beside) else 0


def _content(raw: str, shape: _Shape) -> str:
    content = raw[shape.start : shape.end]
    return "" if content[:1] in _RULES else content


def _divided(recorded: str) -> tuple[list[str], list[int]]:
    """The lines, also those of a text that stands in a line of JSON, and the number of each."""
    lines: list[str] = []
    numbers: list[int] = []
    for number, line in enumerate(ESCAPES.sub("", recorded.replace("\r\n", "\n")).split("\n"), 1):
        if "\\" in line or "\r" in line:
            line = _BOX_IN_JSON.sub(lambda found: chr(int(found[1], 16)), line)
            newline = _NEWLINE_IN_JSON if line.lstrip().startswith(("{", '"')) else _NEWLINE
            pieces = newline.sub("\v", line).replace("\r", "\v").split("\v")
        else:
            pieces = [line]
        lines += (piece.rstrip() for piece in pieces)
        numbers += [number] * len(pieces)
    return lines, numbers
