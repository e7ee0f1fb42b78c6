"""A report laid out, whatever shows it: sections of lines and tables, whose words say what was recorded and what is
ours, since recorded words must not be taken for anything else."""

from __future__ import annotations

from typing import NamedTuple


class Quote(NamedTuple):
    """Recorded words, or a name that somebody else gave."""

    text: str


class Link(NamedTuple):
    """A name that leads somewhere, where `url` is not empty."""

    text: str
    url: str


Words = str | Quote | Link
Line = tuple[Words, ...]


class Items(NamedTuple):
    """A head and the lines below it, of which the first are shown. `query` finds all of them."""

    head: Line
    lines: tuple[Line, ...] = ()
    query: str = ""


class Table(NamedTuple):
    """The first column names a row, the others are numbers."""

    columns: tuple[str, ...]
    rows: tuple[Line, ...]


class Section(NamedTuple):
    title: str
    blocks: tuple[Items | Table, ...]
    is_trouble: bool = False


class Page(NamedTuple):
    lead: tuple[Line, ...]
    """What has to be said first, a line each."""
    sections: tuple[Section, ...]
