"""What commands write: lines on standard error, results on standard output, and how far a long reading is."""

from __future__ import annotations

import os
import sys
import time
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from inspector.library.progress import Progress

_PATIENCE = 1.0
"""Seconds after which somebody wants to know how far it is."""


def line(text: str) -> str:
    """A name for the terminal: whatever bytes it has, in one line."""
    from inspector.output.escape import visible_line

    return visible_line(text)


def say(text: str) -> None:
    with suppress(OSError, ValueError):  # nobody is there to read it
        sys.stderr.write(f"inspector: {line(text)}\n")
        sys.stderr.flush()


def out(text: str) -> None:
    """Write to standard output as UTF-8 wherever that leads. A reader that has seen enough ends us quietly."""
    out_bytes(text.encode("utf-8", "replace"))


def out_bytes(data: bytes) -> None:
    """The same of what is no text."""
    try:
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # or Python complains at its end
        sys.exit(0)


class Reached:
    """Shows how far a reading is: on a terminal, where it takes a while, in one line that is gone at the end."""

    def __init__(self) -> None:
        self._shows = sys.stderr is not None and sys.stderr.isatty()
        self._next = time.monotonic() + _PATIENCE
        self._shown = False

    def __call__(self, progress: Progress) -> None:
        if not progress.running:
            self._write("")
        elif self._shows and time.monotonic() >= self._next:
            self._next = time.monotonic() + 0.1
            self._write(progress.text)

    def _write(self, text: str) -> None:
        if not text and not self._shown:
            return
        self._shown = bool(text)
        with suppress(OSError, ValueError):
            sys.stderr.write(f"\r\x1b[K{text}")
            sys.stderr.flush()
