"""The aims at 1,000, 10,000 and 100,000 recordings: ``python -m tests.benchmarks.scale [SIZE…]``.

Each size has recordings of its own (`tests.benchmarks.generate`) in a folder for temporary files, and a server process
that is asked over HTTP. Prints a Markdown table with a column a size. 100,000 recordings take 2.3 GB and some minutes.
"""

from __future__ import annotations

import os
import re
import statistics
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from random import Random

import orjson

from inspector.model.jsonio import RECURSION_LIMIT
from tests.benchmarks import chats, talks
from tests.benchmarks.asked import ASKED
from tests.benchmarks.figure import Figure, percentile, seconds, side_by_side
from tests.benchmarks.generate import generate
from tests.benchmarks.indexing import walk
from tests.benchmarks.served import PARTIAL, Listener, Visitor, get, has_rows, memory, serving, started, until_read
from tests.making import library

_SIZES = (1_000, 10_000, 100_000)
_ROUNDS = 40
_TIMES = 9
"""How often a page is asked for; the figure is the median."""


def figures(size: int) -> Iterator[Figure]:
    """What is measured at a size, in the order of the table."""
    with tempfile.TemporaryDirectory() as folder:
        root, index = Path(folder, "recordings"), Path(folder, "index", "index.sqlite")
        generate(size, root)
        files = sorted(_walk(root), key=lambda file: -file.stat().st_mtime)
        recorded = sum(file.stat().st_size for file in files)
        yield Figure("size of the recordings", recorded / 1e6, "MB", None, "")
        yield from _cold(root, index, files)
        yield from _again(root, index)
        with serving(root, index) as (address, pid):
            yield from _pages(address, root, files)
            yield Figure("memory of the server, started again", memory(pid), "MB", None, "", "150 MB")
            yield from _live(address, root)
        kept = sum(file.stat().st_size for file in index.parent.iterdir())
        yield Figure("index on disk", kept / 1e6, "MB", recorded / 1e6, "recordings")


def _walk(root: Path) -> Iterator[Path]:
    return (Path(top, name) for top, _, names in os.walk(root) for name in names)


# ---------------------------------------------------------------- starting


def _cold(root: Path, index: Path, files: list[Path]) -> Iterator[Figure]:
    bare = seconds(lambda: parse(files), 1)
    began = time.perf_counter()
    with started(root, index) as (address, pid):
        listens = time.perf_counter()
        while not has_rows(get(address)):
            time.sleep(0.02)
        first = time.perf_counter() - began
        taken = until_read(address) - listens
        yield Figure("cold index", taken, "s", bare, "bare orjson pass", "2 × orjson.loads")
        yield Figure("first rows on the page meanwhile", first, "s", None, "")
        yield Figure("memory of the server that indexed", memory(pid), "MB", None, "", "150 MB")


def parse(files: list[Path]) -> None:
    """The least that reading takes: JSON is parsed, and the rest only read."""
    for file in files:
        text = file.read_bytes()
        for document in text.splitlines() if file.suffix == ".jsonl" else [text]:
            if file.suffix != ".yaml":
                _loaded(document)


def _loaded(text: bytes) -> object:
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:  # a torn one
        return None


def _again(root: Path, index: Path) -> Iterator[Figure]:
    """Starting when nothing changed: how long until a page has rows, and until all files were looked at."""
    began = time.perf_counter()
    with started(root, index) as (address, _):
        while not has_rows(get(address)):
            time.sleep(0.01)
        answered = time.perf_counter() - began
    yield Figure("started again: first rows on the page", answered, "s", None, "")
    sys.setrecursionlimit(RECURSION_LIMIT)
    known = library(root, index)
    unchanged = seconds(known.refresh, 3)
    known.index.close()
    yield Figure(
        "started again: nothing changed",
        unchanged,
        "s",
        seconds(lambda: walk(root), 3),
        "walk and stat",
        "3 × walk and stat",
    )


# ---------------------------------------------------------------- asking


def _pages(address: str, root: Path, files: list[Path]) -> Iterator[Figure]:
    visitor = Visitor(address)
    places = {"middle": _uid(address, root, files[len(files) // 2]), "oldest": _uid(address, root, files[-1])}
    for asked in ASKED:
        path = asked.path.format(**places)
        visitor.seconds(path)
        taken = [visitor.seconds(path) for _ in range(_TIMES)]
        yield Figure(asked.what, statistics.median(taken), "s", None, "", asked.aim)
    usual = [_uid(address, root, file) for file in Random(1).sample(files, 60)]
    taken = [visitor.seconds(f"e/{uid}") for uid in usual if uid]
    yield Figure("exchange page, median", statistics.median(taken), "s", None, "", "30 ms")
    yield Figure("exchange page, 95th percentile", percentile(taken, 0.95), "s", None, "")
    largest = max((file for file in files if file.suffix == ".json"), key=lambda file: file.stat().st_size)
    page = f"e/{_uid(address, root, largest)}"
    what = "exchange page of the largest recording"
    yield Figure(what, statistics.median(visitor.seconds(page) for _ in range(5)), "s", None, "", "150 ms for 1 MB")


def _uid(address: str, root: Path, file: Path) -> str:
    """The id of a file's exchange, as the address of its path leads there."""
    with urllib.request.urlopen(f"{address}p/{file.relative_to(root).as_posix()}") as answer:
        found = re.search(r"/e/([0-9a-f]{16})", answer.url)
        return found[1] if found else ""


def _live(address: str, root: Path) -> Iterator[Figure]:
    """A new file is closed until the open page's list, asked for when the news come, has it."""
    visitor, news, rng = Visitor(address), Listener(address), Random(1)
    folder = next(root.glob("*/tests/integration/*/recordings"))
    while news.wait(1.0):
        pass
    taken = [_until_listed(visitor, news, folder, rng, number) for number in range(_ROUNDS)]
    for share, name in ((0.5, "median"), (0.95, "95th percentile")):
        aim = "150 ms" if share > 0.5 else ""
        yield Figure(f"new file until the page has it, {name}", percentile(taken, share), "s", None, "", aim)


def _until_listed(visitor: Visitor, news: Listener, folder: Path, rng: Random, number: int) -> float:
    words = f"test_round_{number}_of_the_watch"
    (turn,) = talks.talk(rng, 0)
    name, text = chats.exchange(rng, f"tests/test_live.py::{words}", talks.model(rng), turn, True)
    (folder / name).write_bytes(text)
    began = time.perf_counter()
    while words.encode() not in visitor.get("", PARTIAL):
        if news.wait(30.0) is None:
            raise TimeoutError("the server does not tell of a new file")
    taken = time.perf_counter() - began
    while news.wait(0.2):
        pass
    return taken


def main() -> None:
    sizes = [int(size.replace(",", "")) for size in sys.argv[1:]] or [*_SIZES]
    runs: dict[str, list[Figure]] = {}
    for size in sizes:
        print(f"{size:,} recordings …", file=sys.stderr)
        runs[f"{size:,}"] = [*figures(size)]
    print(f"{os.cpu_count()} cores\n\n{side_by_side(runs)}")


if __name__ == "__main__":
    main()
