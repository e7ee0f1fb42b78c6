"""Which of the processes of a run takes which files of tests."""

from __future__ import annotations

from collections import Counter
from functools import cached_property

from xdist.scheduler import LoadFileScheduling

BROWSER = "tests/browser/"


class FewBrowsers(LoadFileScheduling):
    """A file at a time, as `--dist loadfile` has it; but all files that need a browser stay with half of the processes.

    A browser, its driver and its servers cost as much as the tests of two or three files, and each process has its own.
    """

    def _split_scope(self, nodeid: str) -> str:
        file = super()._split_scope(nodeid)
        return self._browsers.get(file, file)

    @cached_property
    def _browsers(self) -> dict[str, str]:
        """The browser of each file that needs one: the longest files first, each to the one that has least to do."""
        files = Counter(super(FewBrowsers, self)._split_scope(nodeid) for nodeid in self.collection or ())
        load: Counter[str] = Counter({f"{BROWSER}{number}": 0 for number in range(max(1, self.numnodes // 2))})
        browsers = {}
        for file, tests in files.most_common():
            if file.startswith(BROWSER):
                browsers[file] = min(load, key=lambda one: load[one])
                load[browsers[file]] += tests
        return browsers
