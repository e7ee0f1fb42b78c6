"""A library for one answer on the command line: in memory, and gone with it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from inspector.files.roots import Roots
from inspector.index import Index, index_file
from inspector.library.library import Library
from inspector.library.progress import Progress

Reached = Callable[[Progress], None]


def _nobody(progress: Progress) -> None:
    """Nobody wants to know."""


def _nothing(path: str) -> bool:
    return False


def momentary(
    roots: Roots,
    reached: Reached = _nobody,
    *,
    searched: bool = True,
    begins_with_kept: bool = True,
    without: Callable[[str], bool] = _nothing,
) -> Library:
    """A library of what lies below some roots now, `without` some files; `searched` where a query may ask for words.

    It begins with the index that a server keeps of the same roots, where there is one: then only what changed since is
    read. Who asked closes its index.
    """
    library = unread(roots, reached, searched=searched)
    kept = kept_index(roots)
    if begins_with_kept and kept is not None:
        library.index.begin_with(kept)
    library.passed_over = without
    library.refresh()
    library.settle()
    return library


def unread(roots: Roots, reached: Reached = _nobody, *, searched: bool = True) -> Library:
    """A library of which nothing is read yet."""
    index = Index(None, roots.served, searched=searched)
    library = Library(roots, index, lambda: reached(library.progress))
    return library


def kept_index(roots: Roots) -> Path | None:
    """The index that a server keeps of some roots; None where there is none."""
    kept = index_file(*(root.served for root in roots.all))
    return kept if kept.is_file() else None
