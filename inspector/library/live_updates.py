"""Tells every open page what changed.

A page holds one stream of server-sent events. Each event carries the number of the last change that it tells of; a page
that lost its connection names that number when it comes back, and hears of everything since.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator

from inspector.index import Change, Index, IndexBroken
from inspector.model import jsonio

HEARTBEAT = 15.0
"""Seconds of silence after which a connection is shown to be alive."""

_BREATH = 0.1
"""Seconds between two events to one page: a burst of files is one event, not hundreds."""

_NAMED = 200
"""Changes from which on a page is told to look at everything again."""

_EVERYTHING = '{"all":true,"new":0}'


class Live:
    """Wakes the waiting streams. Nothing is kept here: what changed stands in the index."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._version = 0
        self._ended = False

    def notify(self) -> None:
        with self._changed:
            self._version += 1
            self._changed.notify_all()

    def end(self) -> None:
        with self._changed:
            self._ended = True
            self._changed.notify_all()

    def _wait(self, seen: int) -> int:
        with self._changed:
            self._changed.wait_for(lambda: self._version != seen or self._ended, HEARTBEAT)
            return self._version

    def stream(self, index: Callable[[], Index], last_id: str) -> Iterator[str]:
        """Server-sent events for one page, from the change that it heard of last (``<epoch>:<number>``, or empty).

        `index` gives the one that holds now: after a rebuild it is another, and counts anew.
        """
        try:
            yield from self._events(index, last_id)
        except IndexBroken:
            return  # the page asks again

    def _events(self, index: Callable[[], Index], last_id: str) -> Iterator[str]:
        version, current = self._version, index()
        number, missed = _since(current, last_id)
        yield _event(current, number, "changed" if missed else "hello", _EVERYTHING)
        while not self._ended:
            seen, version = version, self._wait(version)
            if version == seen:
                yield ": still here\n\n"
                continue
            if (now := index()) is not current:
                current, number, told = now, now.last_change(), _EVERYTHING
            else:
                changes = current.changes(number)
                number, told = changes[-1].number if changes else number, _told(changes)
            yield _event(current, number, "changed", told)
            time.sleep(_BREATH)


def _since(index: Index, last_id: str) -> tuple[int, bool]:
    """The number to go on from, and whether something was missed that can no longer be named."""
    epoch, _, number = last_id.partition(":")
    newest = index.last_change()
    if not last_id:
        return newest, False
    return newest, epoch != index.epoch or number != str(newest)


def _told(changes: list[Change]) -> str:
    if len(changes) > _NAMED:
        return jsonio.dumps({"all": True, "new": sum(change.new for change in changes)})
    return jsonio.dumps(
        {
            "uids": sorted({change.uid for change in changes}),
            "groups": sorted({change.group_id for change in changes}),
            "new": sum(change.new for change in changes),
        }
    )


def _event(index: Index, number: int, name: str, data: str) -> str:
    return f"retry: 1000\nid: {index.epoch}:{number}\nevent: {name}\ndata: {data}\n\n"
