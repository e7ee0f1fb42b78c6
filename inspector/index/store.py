"""The index: what can be asked of it, and how it is written."""

from inspector.index.conditions import ALL, Where
from inspector.index.connections import IndexBroken
from inspector.index.groups import Listing
from inspector.index.recorded_files import RecordedFiles
from inspector.index.rows import (
    Change,
    Collapsed,
    Entry,
    FileRow,
    Gone,
    GroupRow,
    Order,
    Rank,
    Row,
    Saying,
    Totals,
    Window,
)
from inspector.index.same_response import SameResponse
from inspector.index.write import Writing

__all__ = [
    "ALL",
    "Change",
    "Collapsed",
    "Entry",
    "FileRow",
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


class Index(RecordedFiles, Listing, SameResponse, Writing):
    """An index in a file, or in memory where `file` is None. Safe to use from any thread."""
