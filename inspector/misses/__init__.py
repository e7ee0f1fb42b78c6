"""Reads a log of a test run for what recorders say when they have no recording for a request."""

from inspector.misses.naming import Named
from inspector.misses.reading import Found, Miss, decoded, find
from inspector.misses.wordings import WORDINGS

__all__ = ["WORDINGS", "Found", "Miss", "Named", "decoded", "find", "for_scripts"]


def for_scripts() -> dict[str, object]:
    """What a script needs to read logs in a browser: the sources of regular expressions that mean the same there."""
    from inspector.misses import lines, naming, wordings

    return {
        "wordings": [[kind, list(names), pattern.pattern] for kind, names, pattern in wordings.PATTERNS],
        "escapes": lines.ESCAPES.pattern,
        "around": lines.AROUND.pattern,
        "service": lines.SERVICE.pattern,
        "id": naming.ID,
    }
