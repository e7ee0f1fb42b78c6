"""From what an export was made: the line that says so, and the only one in it that differs from run to run."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from inspector import __version__
from inspector.files import git


class Made(NamedTuple):
    """When an export was made, and from what. `revision` is that of the repository around it, where there is one."""

    moment: str
    sources: tuple[str, ...]
    revision: str
    query: str
    unmasked: bool
    version: str = __version__

    @property
    def text(self) -> str:
        parts = [f"Exported {self.moment} from {', '.join(self.sources)}"]
        parts += [f"at {self.revision}"] if self.revision else []
        parts += [f"where {self.query}"] if self.query else []
        return f"{' '.join(parts)} by inspector {self.version}" + (", nothing masked" if self.unmasked else "")


def made(paths: Sequence[Path], names: Sequence[str], query: str, unmasked: bool) -> Made:
    """What is to be said of an export of some paths. A moment that the environment names for reproducible builds
    (``SOURCE_DATE_EPOCH``) is taken instead of the clock's."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    seconds = int(epoch) if epoch.isdecimal() and len(epoch) < 12 else time.time()
    moment = datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M UTC")
    return Made(moment, tuple(names), _revisions(paths), query, unmasked)


def _revisions(paths: Sequence[Path]) -> str:
    found = dict.fromkeys(revision for path in paths if (revision := _revision(path)))
    return ", ".join(found)


def _revision(path: Path) -> str:
    """The commit that is checked out around a path, with a plus where files below the path differ from it."""
    folder = str(path if path.is_dir() else path.parent)
    try:
        commit = git.commit(folder, "HEAD").hash
        return commit[:12] + ("+" if git.has_changes(folder, commit, str(path)) else "")
    except git.GitFailed:
        return ""
