"""The index: what can be asked of it, and how it is written."""

from inspector.index.connections import IndexBroken
from inspector.index.reading import Reading
from inspector.index.rows import Change, Entry, FileRow, Gone, GroupRow, Overview, Row, Totals, Where
from inspector.index.writing import Writing

__all__ = [
    "Change",
    "Entry",
    "FileRow",
    "Gone",
    "GroupRow",
    "Index",
    "IndexBroken",
    "Overview",
    "Row",
    "Totals",
    "Where",
]


class Index(Reading, Writing):
    """An index in a file, or in memory where `file` is None. Safe to use from any thread."""
