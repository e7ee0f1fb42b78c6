"""Reads a log of a test run for what recorders say when they have no recording for a request."""

from inspector.testruns.replay_misses.read_log import LogFindings, Miss, decoded, find
from inspector.testruns.replay_misses.test_names import Named
from inspector.testruns.replay_misses.wordings import WORDINGS

__all__ = ["WORDINGS", "LogFindings", "Miss", "Named", "decoded", "find", "for_scripts"]


def for_scripts() -> dict[str, object]:
    """What a script needs to read logs in a browser: the sources of regular expressions that mean the same there."""
    from inspector.testruns.replay_misses import log_lines, test_names, wordings

    return {
        "wordings": [[kind, list(names), pattern.pattern] for kind, names, pattern in wordings.PATTERNS],
        "escapes": log_lines.ESCAPES.pattern,
        "around": log_lines.AROUND.pattern,
        "service": log_lines.SERVICE.pattern,
        "id": test_names.ID,
    }
