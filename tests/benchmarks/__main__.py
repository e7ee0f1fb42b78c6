"""Runs every benchmark and prints a table."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from tests.benchmarks import browser, exporting, indexing, recorders, serving
from tests.benchmarks.figure import table


def main() -> None:
    corpus = os.environ.get("INSPECTOR_CORPUS")
    default = Path(corpus, "llama-stack") if corpus else Path(__file__).parent.parent / "recordings"
    path = Path(sys.argv[1]) if len(sys.argv) > 1 else default
    files = list(path.rglob("*.json"))
    print(f"{len(files):,} files, {sum(file.stat().st_size for file in files) / 1e6:.0f} MB, {os.cpu_count()} cores\n")
    others = recorders.figures(Path(corpus) if corpus else None)
    figures = [*indexing.figures(path), *others, *serving.figures(path), *browser.figures(), *exporting.figures()]
    print(table(figures))


if __name__ == "__main__":
    main()
