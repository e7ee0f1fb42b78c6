"""Pages of a running server: how long they take, how large they are, and what the server needs."""

from __future__ import annotations

import re
import socket
import statistics
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from tests.benchmarks.figure import Figure, percentile
from tests.benchmarks.served import get, memory, serving

_GZIP = {"Accept-Encoding": "gzip"}
_PAGES = 300


def figures(path: Path) -> Iterator[Figure]:
    with serving(path) as (address, pid):
        uids = _uids(address)[:_PAGES]
        small = statistics.median(_times([f"{address}static/icon.svg"] * 50))
        pages = _times([f"{address}e/{uid}" for uid in uids])
        yield Figure("exchange page, median", statistics.median(pages), "s", small, "a static file")
        yield Figure("exchange page, 95th percentile", percentile(pages, 0.95), "s", small, "a static file")
        lists = _times([f"{address}?q={query}" for query in ("", "is:odd", "the", "model:gpt", "test:stream")] * 5)
        yield Figure("list page, median", statistics.median(lists), "s", small, "a static file")
        yield Figure("first visit, compressed", _first_visit(address) / 1000, "kB", None, "aim 100 kB")
        alone = statistics.median(_times([f"{address}e/{uid}" for uid in uids[:50]]))
        with_others = _with_open_pages(address, uids[:50])
        yield Figure("exchange page beside 50 open live pages", with_others, "s", alone, "with none open")
        yield Figure("memory of the server", memory(pid), "MB", None, "resident")


def _uids(address: str) -> list[str]:
    page = get(address).decode()
    return list(dict.fromkeys(re.findall(r'data-uid="([0-9a-f]{16})"', page)))


def _times(addresses: list[str]) -> list[float]:
    taken = []
    for address in addresses:
        began = time.perf_counter()
        get(address, _GZIP)
        taken.append(time.perf_counter() - began)
    return taken


def _first_visit(address: str) -> int:
    """Bytes of the list page and everything that it loads, as they cross the wire."""
    page = get(address).decode()
    assets = re.findall(r'(?:href|src)="\./(static/[^"]+)"', page)
    return sum(len(get(address + name, _GZIP)) for name in ["", *dict.fromkeys(assets)])


def _with_open_pages(address: str, uids: list[str]) -> float:
    where = urlsplit(address)
    pages = [socket.create_connection((where.hostname, where.port)) for _ in range(50)]
    for page in pages:
        page.sendall(f"GET /live HTTP/1.1\r\nHost: {where.netloc}\r\n\r\n".encode())
        assert page.recv(100).startswith(b"HTTP/1.1 200")
    taken = statistics.median(_times([f"{address}e/{uid}" for uid in uids]))
    for page in pages:
        page.close()
    return taken
