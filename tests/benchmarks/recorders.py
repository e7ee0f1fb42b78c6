"""Reading what other recorders write: cassettes, and logs of lines that grow."""

from __future__ import annotations

import shutil
import statistics
import tempfile
from collections.abc import Iterator
from pathlib import Path

import orjson
import yaml

from inspector.files.roots import roots_of
from inspector.index import Index
from inspector.library.library import Library
from tests.benchmarks.figure import Figure, seconds
from tests.benchmarks.indexing import cold_index
from tests.making import SAMPLES

_LOG_SIZE = 20_000_000


def figures(corpus: Path | None) -> Iterator[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        yield _cassettes(Path(folder), corpus)
    with tempfile.TemporaryDirectory() as folder:
        yield from _log(Path(folder))


def _cassettes(folder: Path, corpus: Path | None) -> Figure:
    """All VCR.py cassettes of the corpus; without one, copies of the sample."""
    if corpus:
        for source in sorted(corpus.glob("vcr-*")):
            shutil.copytree(source, folder / source.name)
    else:
        sample = next(SAMPLES.rglob("cassettes/**/test_watch*.yaml"), None) or next(SAMPLES.rglob("*.yaml"))
        for number in range(400):
            shutil.copy(sample, folder / f"test_{number}.yaml")
    files = list(folder.rglob("*.yaml"))
    size = sum(file.stat().st_size for file in files) / 1e6
    loaded, indexed = [], []
    for _ in range(5):
        loaded.append(seconds(lambda: _load(files), 1))
        indexed.append(cold_index(roots_of(folder))[1])
    what = f"cold index of {size:.0f} MB of cassettes"
    return Figure(what, statistics.median(indexed), "s", statistics.median(loaded), "bare YAML loader (C)")


class _Loader(yaml.CSafeLoader):
    """PyYAML's own, told only to get past the tags of other languages."""


_Loader.add_multi_constructor("!", lambda loader, suffix, node: suffix)  # type: ignore[no-untyped-call]
_Loader.add_multi_constructor("tag:yaml.org,2002:python/", lambda loader, suffix, node: suffix)  # type: ignore[no-untyped-call]


def _load(files: list[Path]) -> None:
    for file in files:
        for _ in yaml.load_all(file.read_bytes(), _Loader):
            pass


def _log(folder: Path) -> Iterator[Figure]:
    """A log of request and response pairs, and the same with one more."""
    log, line = folder / "log.jsonl", next((SAMPLES / "other" / "claude-trace").glob("*.jsonl")).read_bytes()
    line = next(one for one in line.splitlines(keepends=True) if b'"body_raw"' in one)
    log.write_bytes(line * (_LOG_SIZE // len(line)))
    library = Library(roots_of(folder), Index(folder.with_suffix(".sqlite")))
    whole = seconds(library.refresh, 1)
    bare = seconds(lambda: [orjson.loads(one) for one in log.open("rb")], 3)
    yield Figure(f"index of a log of {_LOG_SIZE / 1e6:.0f} MB in lines", whole, "s", bare, "bare orjson pass")
    with log.open("ab") as file:
        file.write(line)
    yield Figure("the same when it grew by a line", seconds(library.refresh, 1), "s", bare, "bare orjson pass")
    library.index.close()
    folder.with_suffix(".sqlite").unlink()
