"""The index: summaries, full text and locators of the exchanges of one directory, in SQLite.

This package is the only one that imports sqlite3.
"""

from inspector.index.cache_place import IndexFile, index_file, index_files
from inspector.index.read import MOST
from inspector.index.store import Change, Entry, FileRow, Index, IndexBroken, Row

__all__ = [
    "MOST", "Change", "Entry", "FileRow", "Index", "IndexBroken", "IndexFile", "Row", "index_file", "index_files",
]  # fmt: skip
