"""Text set for a terminal or a log: indented, wrapped, in colour or plain, and harmless whatever was recorded."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass, field

from inspector.model import Json
from inspector.output.escape import visible, visible_line

_STYLES = {"dim": "2", "bold": "1", "call": "36", "result": "32", "error": "31", "warn": "33", "role": "1;34"}
_USUAL = 100
"""The width where none is given: that of a line that reads well."""

_DEEPEST = 30
"""Levels of JSON that are laid out over lines; what is deeper stays in one line."""


@dataclass(slots=True)
class Page:
    """Lines of text. A width of 0 wraps nothing."""

    color: bool
    width: int
    lines: list[str] = field(default_factory=list)

    def line(self, *spans: str | tuple[str, str], indent: int = 0) -> None:
        r"""One line of texts, each plain or ``(text, style)``; newlines in them are written out."""
        pairs = [(span, "") if isinstance(span, str) else span for span in spans]
        said = "".join(self._styled(visible_line(text), style) for text, style in pairs)
        self.lines.append(" " * indent + said)

    def block(self, text: str, indent: int, style: str = "", hang: str = "") -> None:
        """A text of any length, wrapped at the width; `hang` begins every line but the first."""
        head = ""
        for line in visible(text).strip("\n").split("\n"):
            for row in self._wrapped(head + line.rstrip(), indent, hang):
                self.lines.append(f"{' ' * indent}{self._styled(row, style)}".rstrip())
            head = hang

    def gap(self) -> None:
        """An empty line, unless there is one."""
        if self.lines and self.lines[-1]:
            self.lines.append("")

    def rule(self, title: str, note: str = "") -> None:
        """A heading across the page."""
        self.gap()
        head, tail = f"── {title} ", f" {note}" if note else ""
        bar = "─" * max(min(self.width or _USUAL, _USUAL) - len(head) - len(visible_line(tail)), 2)
        self.line((f"{head}{bar}{tail}", "bold"))

    def fits(self, head: str, text: str, *, indent: int) -> bool:
        """Whether a text has room in one line behind a head."""
        text = text.strip()
        return "\n" not in text and indent + len(head) + 1 + len(text) <= (self.width or _USUAL)

    def _styled(self, text: str, style: str) -> str:
        return f"\x1b[{_STYLES[style]}m{text}\x1b[0m" if self.color and style and text else text

    def _wrapped(self, line: str, indent: int, hang: str) -> list[str]:
        room = max(self.width - indent, 20)
        if self.width <= 0 or len(line) <= room:
            return [line]
        margin = line[: min(len(line) - len(line.lstrip()), room // 2)]
        return textwrap.wrap(
            line,
            room,
            subsequent_indent=margin if line.startswith(" ") else hang,
            expand_tabs=False,
            replace_whitespace=False,
            break_long_words=False,
            break_on_hyphens=False,
        )


def inline(value: Json) -> str:
    """JSON in one line."""
    try:
        return json.dumps(value, ensure_ascii=False, default=_as_text)
    except RecursionError:
        return "(nested too deeply to be shown)"


def _as_text(value: object) -> str:
    """What is no JSON: bytes of a recording that are in no encoding."""
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)


def laid_out(value: Json, width: int) -> str:
    """JSON in one line where that fits, and else over lines, each part of it in the same way."""
    return "\n".join(_rows(value, width if width > 0 else _USUAL, "", "", 0))


def _rows(value: Json, width: int, head: str, tail: str, depth: int) -> Iterator[str]:
    indent = "  " * depth
    line = f"{indent}{head}{inline(value)}{tail}"
    if len(line) <= width or not value or not isinstance(value, (dict, list)) or depth >= _DEEPEST:
        yield line
        return
    opening, closing = "{}" if isinstance(value, dict) else "[]"
    yield f"{indent}{head}{opening}"
    items = list(value.items()) if isinstance(value, dict) else [(None, item) for item in value]
    for number, (key, item) in enumerate(items, 1):
        name = "" if key is None else f"{inline(key)}: "
        yield from _rows(item, width, name, "," if number < len(items) else "", depth + 1)
    yield f"{indent}{closing}{tail}"
