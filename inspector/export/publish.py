"""Putting an export in its place: it is written beside what is there, which stays whole until the new one is."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from inspector.files.urls import MARKER

_REPORT = b'<!doctype html>\n<html lang="en" data-root="">'
"""How an export in one file begins."""


class NotOurs(Exception):
    """Something else is where the export is to be, and why it is left alone."""


@contextmanager
def beside(out: Path) -> Iterator[Path]:
    """A folder beside the place of an export, which takes that place once everything is written. Raises `NotOurs`."""
    if (out.exists() or out.is_symlink()) and not _may_be_replaced(out):
        raise NotOurs(f"{out} is no export of ours, and would be lost")
    out.parent.mkdir(parents=True, exist_ok=True)
    staging = Path(tempfile.mkdtemp(prefix=f".{out.name}-", dir=out.parent))
    try:
        new = staging / "new"
        new.mkdir()
        yield new
        if out.is_dir():
            out.rename(staging / "old")
        try:
            new.rename(out)
        except OSError:
            if (staging / "old").exists():
                (staging / "old").rename(out)
            raise
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def is_report(out: Path) -> bool:
    """Whether a file is an export in one file, or an empty one."""
    with out.open("rb") as file:
        head = file.read(len(_REPORT))
    return head in (b"", _REPORT)


@contextmanager
def in_one(out: Path, is_ours: Callable[[Path], bool] = is_report) -> Iterator[tuple[BinaryIO, Path]]:
    """A file that takes the place of an export in one file once everything is written, and a folder for what it is
    made of. `is_ours` says whether what is there may be lost. Raises `NotOurs`."""
    if (out.exists() or out.is_symlink()) and not (out.is_file() and not out.is_symlink() and is_ours(out)):
        raise NotOurs(f"{out} is no export of ours, and would be lost")
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f".{out.name}-", dir=out.parent) as scratch:
        new = Path(scratch) / "new"
        with new.open("xb") as file:
            yield file, Path(scratch)
        new.replace(out)


def _may_be_replaced(out: Path) -> bool:
    if not out.is_dir() or out.is_symlink():
        return False
    return (out / MARKER).is_file() or not any(out.iterdir())


def put(new: Path, old: Path | None, file: str, content: bytes) -> bool:
    """Write a file of an export; one that is the same as in the old export is that one. Whether it was written."""
    path = new / file
    path.parent.mkdir(parents=True, exist_ok=True)
    if old is not None and _holds(old / file, content):
        try:
            os.link(old / file, path)
        except OSError:
            shutil.copy2(old / file, path)
        return False
    path.write_bytes(content)
    return True


def _holds(path: Path, content: bytes) -> bool:
    try:
        return path.stat().st_size == len(content) and path.read_bytes() == content
    except OSError:
        return False
