"""Reading a directory for the first time, and starting again when nothing changed."""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from unittest.mock import patch

import orjson

from inspector.files.roots import Roots, roots_of
from inspector.index import Index, index_file
from inspector.library.library import Library
from inspector.model.jsonio import RECURSION_LIMIT
from tests.benchmarks.figure import Figure, seconds


def figures(path: Path) -> Iterator[Figure]:
    sys.setrecursionlimit(RECURSION_LIMIT)
    roots = roots_of(path)
    files = list(path.rglob("*.json"))
    bare, cold, index = [], [], Index(None)
    busy, busy_bare = [], []
    for _ in range(7):  # taken in turn, so that a noisy moment falls on both
        began = cpu()
        bare.append(seconds(lambda: _parse(files), 1))
        between = cpu()
        index, taken = cold_index(roots)
        cold.append(taken)
        busy_bare.append(between - began)
        busy.append(cpu() - between)
    yield Figure("cold index", statistics.median(cold), "s", statistics.median(bare), "bare orjson pass")
    all_cores = "cold index, CPU of all its processes"
    yield Figure(all_cores, statistics.median(busy), "s", statistics.median(busy_bare), "bare orjson pass", "5 ×")
    yield from _asked(path, roots)
    library = Library(roots, index)
    unchanged, walked = seconds(library.refresh, 9), seconds(lambda: walk(path), 9)
    yield Figure("start with nothing changed", unchanged, "s", walked, "walk and stat")
    recorded = sum(file.stat().st_size for file in files)
    yield Figure("index on disk", _size(index) / 1e6, "MB", recorded / 1e6, "recordings")
    version = seconds(lambda: _run("-m", "inspector", "--version"), 9)
    yield Figure("`inspector --version`", version, "s", seconds(lambda: _run("-c", "pass"), 9), "bare interpreter")


def cpu() -> float:
    """Seconds of CPU that this process took, and those that it has waited for."""
    own, others = (resource.getrusage(whose) for whose in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return own.ru_utime + own.ru_stime + others.ru_utime + others.ru_stime


def _asked(path: Path, roots: Roots) -> Iterator[Figure]:
    """A query on the command line: where a server keeps an index, and where everything has to be read for it."""
    with tempfile.TemporaryDirectory() as cache:
        where = {**os.environ, "XDG_CACHE_HOME": cache}
        ask = ["-m", "inspector", "ls", "-q", "is:issue sort:tokens", str(path)]
        without = seconds(lambda: _run(*ask, where=where), 3)
        with patch.dict(os.environ, where):
            file = index_file(*(root.served for root in roots.all))
        file.parent.mkdir(parents=True)
        kept = Index(file, roots.served)
        Library(roots, kept).refresh()
        kept.close()
        yield Figure(
            "`ls -q` beside a current index", seconds(lambda: _run(*ask, where=where), 3), "s", without, "alone"
        )


def _parse(files: list[Path]) -> None:
    for file in files:
        orjson.loads(file.read_bytes())


def cold_index(roots: Roots) -> tuple[Index, float]:
    """A new index of a directory, and the seconds that it took."""
    folder = Path(tempfile.mkdtemp())
    began = time.perf_counter()
    index = Index(folder / "index.sqlite")
    Library(roots, index).refresh()
    taken = time.perf_counter() - began
    return index, taken


def walk(path: Path) -> int:
    """The bytes below a directory: the least that looking at every file takes."""
    return sum(os.stat(os.path.join(top, name)).st_size for top, _, names in os.walk(path) for name in names)


def _size(index: Index) -> int:
    assert index.file is not None
    return sum(file.stat().st_size for file in index.file.parent.glob(f"{index.file.name}*"))


def _run(*arguments: str, where: Mapping[str, str] | None = None) -> None:
    subprocess.run([sys.executable, *arguments], check=True, capture_output=True, env=where)
