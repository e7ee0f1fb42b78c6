"""An export of generated recordings: to a folder, again with nothing changed, and in one file that a browser opens:
``python -m tests.benchmarks.exporting [SIZE]``."""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from inspector import export
from inspector.export import Exported
from inspector.files.roots import roots_of
from inspector.model.jsonio import RECURSION_LIMIT
from tests.benchmarks.browser import chromium
from tests.benchmarks.figure import Figure, seconds, table
from tests.benchmarks.generate import generate
from tests.benchmarks.scale import parse

_RECORDINGS = 200
_ROUNDS = 7


def figures(recordings: int = _RECORDINGS) -> Iterator[Figure]:
    sys.setrecursionlimit(RECURSION_LIMIT)
    with tempfile.TemporaryDirectory() as name:
        root, site, report = Path(name, "recordings"), Path(name, "site"), Path(name, "report.html")
        recorded = generate(recordings, root)
        began = time.perf_counter()
        done = _site(root, site)
        taken = time.perf_counter() - began
        files = [path for path in site.rglob("*") if path.is_file()]
        pages = [path for path in files if path.suffix == ".html"]
        bare = seconds(lambda: _bare([*root.rglob("*.json*")], files, Path(name, "copied")), 3)
        what = f"export of {done.exchanges:,} exchanges in {len(files):,} files"
        yield Figure(what, taken, "s", bare, "bare orjson pass, and the same bytes written")
        yield Figure("written in a second", len(pages) / taken, "pages", None, "")
        held = sum(path.stat().st_size for path in pages)
        yield Figure("a page of it", held / len(pages) / 1e3, "kB", recorded / done.exchanges / 1e3, "a recording")
        again = seconds(lambda: _site(root, site), 1)
        yield Figure("exported again, nothing changed", again, "s", taken, "the first time")
        one = seconds(lambda: export.report(roots_of(root), report, "", False, lambda _: None), 1)
        yield Figure("export in one file", one, "s", taken, "to a folder")
        yield Figure("the one file", report.stat().st_size / 1e3, "kB", recorded / 1e3, "recordings")
        yield from _opened(report)


def _site(root: Path, out: Path) -> Exported:
    return export.site(roots_of(root), out, "", False, lambda _: None)


def _bare(recordings: list[Path], files: list[Path], out: Path) -> None:
    """The least that an export takes: what is recorded is parsed, and as many files are written."""
    parse(recordings)
    out.mkdir(exist_ok=True)
    for number, file in enumerate(files):
        (out / str(number)).write_bytes(file.read_bytes())


def _opened(report: Path) -> Iterator[Figure]:
    """How long a browser takes until the first exchange of the one file is there to be read."""
    empty = report.with_name("empty.html")
    empty.write_text("<!doctype html><title>Empty</title><p class=row>Nothing")
    with chromium() as browser:
        if browser is None:
            return
        page = browser.new_page()
        taken = [(_until_row(page, report), _until_row(page, empty)) for _ in range(_ROUNDS)]
    first, bare = (statistics.median(times) for times in zip(*taken, strict=True))
    yield Figure("the one file until the first reading", first, "s", bare, "an empty page", "2 s for 2,000 exchanges")


def _until_row(page: Any, file: Path) -> float:
    began = time.perf_counter()
    page.goto(file.as_uri(), wait_until="commit")
    page.wait_for_selector(".row")
    return time.perf_counter() - began


if __name__ == "__main__":
    print(table([*figures(int(sys.argv[1]) if len(sys.argv) > 1 else _RECORDINGS)]))
