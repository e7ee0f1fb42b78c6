"""A report for a terminal, or for the log of a CI run."""

from __future__ import annotations

import shlex
from collections.abc import Iterator

from inspector.output.escape import visible_line
from inspector.report.layout import Items, Line, Link, Page, Quote, Section, Table, Words

MOST = 10
"""Lines of a list, and rows of a table, unless another number is asked for."""

_BOLD, _TROUBLE, _PLAIN = "\x1b[1m", "\x1b[1;33m", "\x1b[0m"


def text(page: Page, most: int, *, color: bool) -> str:
    """At most `most` lines of each list."""
    lines = [" ".join(map(_words, line)) for line in page.lead]
    for section in page.sections:
        style = _TROUBLE if section.is_trouble else _BOLD
        title = visible_line(section.title)
        lines += ["", f"{style}{title}{_PLAIN}" if color else title]
        lines += [f"  {line}" for line in _section(section, most)]
    return "\n".join(lines) + "\n"


def _section(section: Section, most: int) -> Iterator[str]:
    for block in section.blocks[:most]:
        yield from _items(block, most) if isinstance(block, Items) else _table(block, most)
    if (left := len(section.blocks) - most) > 0:
        yield f"… and {left:,} more"


def _items(items: Items, most: int) -> Iterator[str]:
    yield _line(items.head)
    for line in items.lines[:most]:
        yield f"  {_line(line)}"
    if (left := len(items.lines) - most) > 0:
        yield f"  … and {left:,} more" + (f", with -q {shlex.quote(items.query)}" if items.query else "")


def _table(table: Table, most: int) -> Iterator[str]:
    """The numbers first, since names have any length."""
    name, *numbers = table.columns
    rows = [[*line[1:], line[0]] for line in table.rows[:most]]
    cells = [[*numbers, name], *([_words(word) for word in row] for row in rows)]
    widths = [max(len(row[at]) for row in cells) for at in range(len(numbers))]
    for row in cells:
        yield "  ".join(f"{cell:>{width}}" for cell, width in zip(row, widths, strict=False)) + f"  {row[-1]}".rstrip()
    if (left := len(table.rows) - most) > 0:
        yield f"… and {left:,} more"


def _line(line: Line) -> str:
    return "  ".join(_words(word) for word in line).replace("  →  ", " → ").replace("  ;  ", "; ")


def _words(word: Words) -> str:
    if isinstance(word, Link):
        return visible_line(word.url or word.text)
    return visible_line(word.text if isinstance(word, Quote) else word)
