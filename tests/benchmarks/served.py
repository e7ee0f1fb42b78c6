"""A server of its own process, as a user starts it, and a visitor."""

from __future__ import annotations

import contextlib
import http.client
import queue
import re
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

PARTIAL = {"HX-Request": "true", "HX-Request-Type": "partial", "HX-Target": "div#list"}
"""How a page asks for its list alone."""


@contextlib.contextmanager
def started(path: Path, index: Path | None = None) -> Iterator[tuple[str, int]]:
    """The address and process id of a server for a path, as soon as it listens."""
    keeps = ["--no-index"] if index is None else ["--index", str(index)]
    command = [sys.executable, "-m", "inspector", "serve", str(path), "--port", "0", *keeps]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        yield next(found[0] for line in process.stdout if (found := re.search(r"http://\S+", line))), process.pid
    finally:
        process.terminate()
        process.wait()


@contextlib.contextmanager
def serving(path: Path, index: Path | None = None) -> Iterator[tuple[str, int]]:
    """The address and process id of a server for a path, with everything read."""
    with started(path, index) as (address, pid):
        while is_reading(page := get(address)) or not has_rows(page):
            time.sleep(0.05)
        yield address, pid


def get(address: str, headers: dict[str, str] | None = None) -> bytes:
    with urllib.request.urlopen(urllib.request.Request(address, headers=headers or {})) as answer:
        return bytes(answer.read())


def is_reading(page: bytes) -> bool:
    """Whether a list says that files are still being read."""
    return b'class="progress"' in page


def has_rows(page: bytes) -> bool:
    return b'class="row"' in page


_SILENCE = 2.0
"""Seconds without news after which it is looked whether everything is read."""


def until_read(address: str) -> float:
    """Wait for a server to have read everything; when it had, by its last news of that."""
    news, last = Listener(address), time.perf_counter()
    while (came := news.wait(_SILENCE)) or is_reading(get(address)):
        last = came or last
    return last


def memory(pid: int) -> float:
    """What a process holds, in MB; 0 where the system does not tell."""
    status = Path(f"/proc/{pid}/status")
    found = re.search(r"VmRSS:\s+(\d+)", status.read_text()) if status.exists() else None
    return int(found[1]) * 1024 / 1e6 if found else 0.0


class Visitor:
    """One connection that stays open, as a browser's does."""

    def __init__(self, address: str) -> None:
        where = urlsplit(address)
        self._connection = http.client.HTTPConnection(where.hostname or "", where.port)

    def get(self, path: str, headers: dict[str, str] | None = None) -> bytes:
        self._connection.request("GET", f"/{path}", headers=headers or {})
        with self._connection.getresponse() as answer:
            return answer.read()

    def seconds(self, path: str) -> float:
        began = time.perf_counter()
        self.get(path, {"Accept-Encoding": "gzip"})
        return time.perf_counter() - began


class Listener:
    """An open page's stream of server-sent events: when each of them came."""

    def __init__(self, address: str) -> None:
        self._answer = urllib.request.urlopen(f"{address}live")
        self._came: queue.SimpleQueue[float] = queue.SimpleQueue()
        threading.Thread(target=self._listen, daemon=True).start()

    def wait(self, patience: float) -> float | None:
        """When the next event came; None when none comes for so many seconds."""
        try:
            return self._came.get(timeout=patience)
        except queue.Empty:
            return None

    def _listen(self) -> None:
        with contextlib.suppress(OSError, ValueError):  # the server ends
            for line in self._answer:
                if line.startswith(b"event:"):
                    self._came.put(time.perf_counter())
