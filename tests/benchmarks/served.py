"""A server of its own process, as a user starts it."""

from __future__ import annotations

import contextlib
import re
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path


@contextlib.contextmanager
def serving(path: Path) -> Iterator[tuple[str, int]]:
    """The address and process id of a server for a path, with everything read."""
    command = [sys.executable, "-m", "inspector", "serve", str(path), "--port", "0", "--no-index"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        address = next(found[0] for line in process.stdout if (found := re.search(r"http://\S+", line)))
        while b'class="progress"' in get(address) or b'class="row"' not in get(address):
            time.sleep(0.05)
        yield address, process.pid
    finally:
        process.terminate()
        process.wait()


def get(address: str, headers: dict[str, str] | None = None) -> bytes:
    with urllib.request.urlopen(urllib.request.Request(address, headers=headers or {})) as answer:
        return bytes(answer.read())
