"""The index: what can be asked of it, and how it is written."""

from inspector.index.connections import IndexBroken
from inspector.index.groups import Listing, Order, Rank
from inspector.index.known import Known
from inspector.index.rows import ALL, Change, Entry, FileRow, Fold, Gone, GroupRow, Row, Saying, Totals, Where, Window
from inspector.index.threads import Forest
from inspector.index.used import Used
from inspector.index.write import Writing

__all__ = [
    "ALL",
    "Change",
    "Entry",
    "FileRow",
    "Fold",
    "Gone",
    "GroupRow",
    "Index",
    "IndexBroken",
    "Order",
    "Rank",
    "Row",
    "Saying",
    "Totals",
    "Where",
    "Window",
]


class Index(Known, Listing, Forest, Used, Writing):
    """An index in a file, or in memory where `file` is None. Safe to use from any thread."""
