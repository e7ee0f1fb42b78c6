"""Files and folders that nobody else on the machine may read: an index holds what was said."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

_FOLDER, _FILE = 0o700, 0o600
_OTHERS = 0o077


def own_folder(folder: Path) -> None:
    """Make a folder that is ours alone, or make one so that is there already. Raises `OSError`."""
    folder.mkdir(_FOLDER, parents=True, exist_ok=True)
    _close(folder, _FOLDER)


def own_file(file: Path) -> None:
    """Make a file that is ours alone before anything stands in it, in a folder that is so where it is new; one that is
    there already is closed to others. Raises `OSError`."""
    file.parent.mkdir(_FOLDER, parents=True, exist_ok=True)
    try:
        os.close(os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, _FILE))
    except FileExistsError:
        _close(file, _FILE)


def _close(path: Path, mode: int) -> None:
    with suppress(OSError):  # somebody else's, or on a file system without permissions
        if path.stat().st_mode & _OTHERS:
            path.chmod(mode)
