"""What a failing test's report says of requests that found no recording: what is recorded that is most like them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing, suppress
from pathlib import PurePosixPath

from inspector.files.roots import roots_of
from inspector.index import Index
from inspector.library.library import Library
from inspector.output.escape import visible_line
from inspector.pytest_plugin.report_section import Links
from inspector.testruns.missed_request import MissedRequest
from inspector.why.likeness import Compared, compared

_LONGEST = 200
"""Characters of a line."""

_MOST_FILES = 40
"""Recordings that one request is compared with."""

_MOST_TESTS = 50
"""Failing tests of a run whose misses are compared: where more fail, the same thing is the matter with all."""


class Misses:
    """Tells of the misses of one run."""

    def __init__(self, links: Links) -> None:
        self._links = links
        self._left = _MOST_TESTS

    def told(self, missed: Sequence[MissedRequest], paths: Sequence[str]) -> str:
        """What is said of the misses of one test, whose recordings have some paths on the disk."""
        if not missed or self._left <= 0:
            return ""
        self._left -= 1
        return "\n".join(_cut(line) for one in missed for line in self._lines(one, paths))

    def _lines(self, missed: MissedRequest, paths: Sequence[str]) -> Iterator[str]:
        yield missed.words
        if missed.left_out:
            yield f"its body of {missed.left_out:,} characters is too long to be compared"
            return
        for one in self._compared(missed, paths):
            yield f"compared with {one.row.path}, entry {one.row.entry + 1}"
            yield from (f"  {line}" for line in one.told())
            yield f"  {self._links.to(f'e/{one.row.uid}')}"

    def _compared(self, missed: MissedRequest, paths: Sequence[str]) -> list[Compared]:
        """The recordings that are most like a request: the entries of its cassette, or the recordings of its test.
        Where the cassette has none, those beside it: the test may have had another name."""
        roots = roots_of(self._links.top)
        is_empty = bool(missed.cassette) and not missed.recorded
        if is_empty:
            inner = self._beside(missed.cassette)
        else:
            inner = [missed.cassette] if missed.cassette else [roots.path_of(path) for path in paths[:_MOST_FILES]]
        below = [path for path in inner if path]
        with closing(Index(None)) as index:
            if below:
                Library(roots, index).refresh(*below)
            among = None if is_empty else index.rows()
            return compared(roots, index, missed.exchange, missed=missed, among=among)

    def _beside(self, cassette: str) -> list[str | None]:
        """Other cassettes in the folder of one."""
        folder = PurePosixPath(cassette).parent
        with suppress(OSError):
            names = sorted(path.name for path in self._links.top.joinpath(folder).iterdir() if path.is_file())
            return [str(folder / name) for name in names[:_MOST_FILES]]
        return []


def _cut(line: str) -> str:
    line = visible_line(line)
    return line if len(line) <= _LONGEST else f"{line[: _LONGEST - 1]}…"
