"""A report for the summary of a CI job and for a comment on a pull request.

Recorded words are code and nothing else: in code nobody is mentioned, no issue is closed, no link, image or HTML comes
to life, and no line begins with them.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from urllib.parse import quote

from inspector.analysis.first_words import words
from inspector.output.escape import visible_line
from inspector.report.layout import Items, Line, Link, Page, Quote, Section, Table, Words

FITS = 60_000
"""Bytes: a comment on GitHub holds 65,536 characters, a job's summary 1 MiB."""

MARK = "<!-- inspector summary -->"
"""The first line, by which a comment can be found again."""

_STEPS = (100, 50, 20, 10, 5, 3, 2, 1)
_LONGEST = 240
"""Characters of recorded words in one place."""

_TICKS = re.compile("`+")
_OUTSIDE = re.compile(r"[\s<>()|`\\\x00-\x20\x7f-\x9f\ud800-\udfff]")


def markdown(page: Page, most: int | None = None) -> str:
    """As many lines of each list as fit, and at most `most`. What is left out is counted."""
    steps = [step for step in _STEPS if most is None or step < most]
    for step in (*([most] if most else []), *steps):
        text = _whole(page, step)
        if len(text.encode("utf-8", "replace")) <= FITS:
            break
    return text


def _whole(page: Page, most: int) -> str:
    first, *others = page.lead
    lines = [MARK, "### LLM traffic", "", f"**{_line(first)}**", ""]
    lines += [f"- {_line(line)}" for line in others]
    for section in page.sections:
        lines += ["", *_section(section, most)]
    return "\n".join(lines) + "\n"


def _section(section: Section, most: int) -> Iterator[str]:
    if section.is_trouble:
        yield f"#### {_plain(section.title)}"
    else:
        yield f"<details><summary><b>{_plain(section.title)}</b></summary>"
    for number, block in enumerate(section.blocks[:most]):
        if not number or isinstance(block, Table):
            yield ""
        yield from _items(block, most) if isinstance(block, Items) else _table(block, most)
    if (left := len(section.blocks) - most) > 0:
        yield from ("", f"… and {left:,} more")
    if not section.is_trouble:
        yield from ("", "</details>")


def _items(items: Items, most: int) -> Iterator[str]:
    yield f"- {_line(items.head)}"
    for line in items.lines[:most]:
        yield f"  - {_line(line)}"
    if (left := len(items.lines) - most) > 0:
        yield f"  - … and {left:,} more" + (f", with {_code(f'-q {shlex.quote(items.query)}')}" if items.query else "")


def _table(table: Table, most: int) -> Iterator[str]:
    yield f"| {' | '.join(table.columns)} |"
    yield f"| --- |{' ---: |' * (len(table.columns) - 1)}"
    for row in table.rows[:most]:
        yield f"| {' | '.join(_words(word).replace('|', '¦') for word in row)} |"
    if (left := len(table.rows) - most) > 0:
        yield f"| … and {left:,} more |{' |' * (len(table.columns) - 1)}"


def _line(line: Line) -> str:
    return " ".join(_words(word) for word in line).replace(" ; ", "; ")


def _words(word: Words) -> str:
    match word:
        case Quote(text):
            return _code(text)
        case Link(text, ""):
            return _code(text)
        case Link(text, url):
            return f"[{_code(text)}](<{_OUTSIDE.sub(_escaped, url)}>)"
        case "+" | "-":  # at its beginning a line would become a list
            return f"\\{word}"
        case str():
            return word


def _code(text: str) -> str:
    """Words as code, between more backticks than they have in a row."""
    said = words(visible_line(text), _LONGEST).strip() or "-"
    longest = max((len(run) for run in _TICKS.findall(said)), default=0)
    ticks, space = "`" * (longest + 1), " " if "`" in (said[0], said[-1]) else ""
    return f"{ticks}{space}{said}{space}{ticks}"


def _escaped(found: re.Match[str]) -> str:
    return quote(found[0], safe="", errors="replace")


def _plain(text: str) -> str:
    """Words of ours that hold a name: in a title, which takes no code."""
    return "".join(one if one.isalnum() or one in " .,:()/-_" else f"&#{ord(one)};" for one in visible_line(text))
