"""An earlier state that what is served is compared with, again whenever that changes."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

from inspector import search
from inspector.compare.states.change import Change, Since
from inspector.compare.states.changes import Memo, since
from inspector.compare.states.given import REVISION, is_below, is_path
from inspector.compare.states.revisions import NoRevision, paths_in, revision, unpacked
from inspector.compare.states.state import State, state
from inspector.compare.verdict import VERDICTS
from inspector.files.roots import Roots, Unreadable, roots_of
from inspector.index import Index, Row
from inspector.library import reader
from inspector.library.library import Library
from inspector.library.progress import Progress
from inspector.model import Exchange


class Found(NamedTuple):
    """What changed, and where to look it up."""

    since: Since
    by_uid: dict[str, Change]
    """The changes of exchanges that are there now, by their ids."""
    uids: dict[str, list[str]]
    """Those ids by verdict; of ``changed``, all that nobody can call the same."""

    @classmethod
    def of(cls, since: Since) -> Found:
        by_uid = {change.after.uid: change for change in since.changes if change.after}
        uids: dict[str, list[str]] = {verdict: [] for verdict in VERDICTS} | {"changed": [*by_uid]}
        for uid, change in by_uid.items():
            uids[change.verdict].append(uid)
        return cls(since, by_uid, uids)


class Settled(NamedTuple):
    """What changed, once and for all, and where the earlier exchanges lie: for other processes."""

    given: str
    found: Found
    roots: Roots
    rows: dict[int, Row]


class Against:
    """The earlier state, held open from when it is first asked for. With a query, changes of what that finds."""

    def __init__(self, given: str, query: str = "") -> None:
        self.given = given
        self._query = query
        self.why: str | None = None
        """Why it cannot be read."""
        self.reading = Progress()
        """How far its reading is."""
        self._lock = threading.Lock()
        self._opening = threading.Lock()
        self._held = ExitStack()
        self._before: tuple[State, str] | None = None
        self._settled: Settled | None = None
        self._memo = Memo()
        self._rows: dict[int, Row] = {}
        self._last: tuple[tuple[str, int], Found] | None = None

    @classmethod
    def of(cls, settled: Settled) -> Against:
        """What another process found out."""
        made = cls(settled.given)
        made._settled = settled
        return made

    def settled(self, library: Library) -> Settled:
        """What changed up to now, for other processes, while this is open. Raises `NoRevision`, also where nothing of
        the earlier state can be read."""
        found = self.fresh(library)
        if found is None or self._before is None:
            raise NoRevision(self.why or "it cannot be read")
        unread = [one for one in found.since.unread if one.state == "before"]
        if unread and not self._before[0].rows:
            raise NoRevision(f"nothing of it can be read: {unread[0].why}")
        return Settled(self.given, found, self._before[0].roots, self._rows)

    # ------------------------------------------------------------ what changed

    def latest(self) -> Found | None:
        """What changed when that was last looked at; None before."""
        if self._settled is not None:
            return self._settled.found
        last = self._last
        return last[1] if last else None

    def fresh(self, library: Library) -> Found | None:
        """What changed up to now; None where the earlier state cannot be read."""
        if self._settled is not None:
            return self._settled.found
        with self._lock:
            before = self._opened(library.roots)
            if before is None:
                return None
            now = _moment(library.index)
            if self._last is None or self._last[0] != now:
                self._last = (now, Found.of(self._since(before, library.roots, library.index)))
            return self._last[1]

    def refresh(self, library: Library, then: Callable[[], None]) -> None:
        """The same in the background, unless somebody does so already. `then` is called once it is known."""
        if library.progress.running or self._is_fresh(library) or not self._opening.acquire(blocking=False):
            return

        def work() -> None:
            try:
                self.fresh(library)
                then()
            finally:
                self._opening.release()

        threading.Thread(target=work, name="against", daemon=True).start()

    def _is_fresh(self, library: Library) -> bool:
        last = self._last
        return self.why is not None or (last is not None and last[0] == _moment(library.index))

    def _since(self, before: tuple[State, str], roots: Roots, index: Index) -> Since:
        own = roots.path_of(str(Path(self.given).resolve())) or "" if is_path(self.given) else ""
        rows = [row for row in index.sorted_rows() if not is_below(row.path, own)]
        files = {path: file for path, file in index.files().items() if not is_below(path, own)}
        kept = {path: file for path, file in files.items() if file.format != "archive" or file.why}
        read = {path: file for path, file in kept.items() if file.state != "unrecognised"}
        now = State(roots, index, tuple(rows), frozenset(row.id for row in rows), read)
        return since(before[0], now, before[1], memo=self._memo)

    def _reached(self, progress: Progress) -> None:
        self.reading = progress

    # ------------------------------------------------------------ the earlier state

    def exchange(self, change: Change) -> Exchange | None:
        """The exchange before a change, as it lies in its file; None where it cannot be read."""
        before, rows, roots = self._before, self._rows, None
        if self._settled is not None:
            roots, rows = self._settled.roots, self._settled.rows
        elif before is not None:
            roots = before[0].roots
        row = rows.get(change.before.id) if change.before else None
        if roots is None or row is None:
            return None
        return reader.load(roots, row.path).exchange(row.entry)

    def close(self) -> None:
        self._held.close()

    def _opened(self, roots: Roots) -> tuple[State, str] | None:
        if self._before is None and self.why is None:
            try:
                self._before = self._open(roots)
                self._rows = {row.id: row for row in self._before[0].rows}
            except (NoRevision, OSError, Unreadable, search.QueryError) as error:
                self.why = str(error)
        return self._before

    def _open(self, roots: Roots) -> tuple[State, str]:
        if is_path(self.given):
            path = Path(self.given)
            return self._held.enter_context(state(roots_of(path), self._query, self._reached)), path.name or self.given
        found = revision(str(roots.all[0].path), self.given.removeprefix(REVISION))
        archive = self._held.enter_context(unpacked(found, paths_in(roots, found.top)))
        opened = state(roots_of(archive.file), self._query, self._reached, is_tree=True, unread=archive.left)
        return self._held.enter_context(opened), found.name


def _moment(index: Index) -> tuple[str, int]:
    """What an index says holds for as long as this is the same."""
    return index.epoch, index.last_change()


def known_verdicts(found: Found | None) -> dict[str, list[str]]:
    """The ids of exchanges by verdict, and of all that changed."""
    return found.uids if found else {}
