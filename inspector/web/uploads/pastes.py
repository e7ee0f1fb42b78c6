"""Recordings that somebody pasted: shown with the pages of all others, and kept in memory only."""

from __future__ import annotations

import secrets
import threading
import time
from collections import OrderedDict
from dataclasses import dataclass, replace

from flask import Flask, current_app

from inspector.analysis.exchange_summary import Summary
from inspector.analysis.prefix_hash import chain
from inspector.formats import Recording
from inspector.index import Row
from inspector.library import reader
from inspector.library.safe_summary import summary_of
from inspector.model import Problem

KIND = "paste"
"""What the exchanges of a paste are grouped by."""

MOST = 20
"""Pastes that are kept: the ones that came last."""

LARGEST = 16 * 1024 * 1024
_ALL = 8 * LARGEST
"""Bytes that all of them may have together."""


@dataclass(frozen=True, slots=True)
class Paste:
    """What was pasted, and the rows of its exchanges. It is read afresh for each page, as a file is."""

    id: str
    name: str
    data: bytes
    why: str | None
    """Why it could not be read to its end."""
    rows: tuple[Row, ...]

    def recording(self) -> Recording:
        return _read(self.name, self.data)


class Pastes:
    """The pastes of one server. Their ids begin with a word that is in no id of the index."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, Paste] = OrderedDict()
        self._lock = threading.Lock()

    def keep(self, name: str, data: bytes) -> Paste:
        """Read what was pasted, and keep it if there is anything in it."""
        id = f"{KIND}-{secrets.token_hex(6)}"
        recording = _read(name, data)
        known: set[int] = set()
        places: dict[int | None, int] = {}
        rows = (
            _row(id, name, number, recording.format, summary_of(exchange, known), places)
            for number, exchange in enumerate(recording.exchanges)
        )
        paste = Paste(id, name, data, recording.broken, tuple(rows))
        if paste.rows:
            with self._lock:
                self._kept[id] = paste
                while len(self._kept) > MOST or sum(len(one.data) for one in self._kept.values()) > _ALL:
                    self._kept.popitem(last=False)
        return paste

    def get(self, id: str) -> Paste | None:
        return self._kept.get(id)


def init(app: Flask) -> None:
    app.extensions["pastes"] = Pastes()


def is_pasted(uid: str) -> bool:
    """Whether an id is that of a pasted exchange, which may be gone by now."""
    return uid.startswith(f"{KIND}-")


def of(uid: str) -> Paste | None:
    """The paste that an exchange belongs to."""
    return kept().get(uid.rpartition("-")[0]) if is_pasted(uid) else None


def row(uid: str) -> Row | None:
    """The row of a pasted exchange."""
    paste = of(uid)
    return next((row for row in paste.rows if row.uid == uid), None) if paste else None


def kept() -> Pastes:
    return current_app.extensions["pastes"]  # type: ignore[no-any-return]


def _read(name: str, data: bytes) -> Recording:
    recording = reader.read_unnamed(name, data)
    if recording.broken is None or not recording.exchanges:
        return recording
    *others, last = recording.exchanges
    last = replace(last, problems=(*last.problems, Problem("file", recording.broken)))
    return recording._replace(exchanges=(*others, last))


def _row(id: str, name: str, number: int, format: str | None, summary: Summary, places: dict[int | None, int]) -> Row:
    """A row as the index would give it. `places` are the numbers of those before it by what they are known as."""
    known = summary._asdict()
    links = summary.links
    parent = places.get(links.called_from if links.continues is None else links.continues)
    places.update((name, number) for name in links.known_as if name not in places)
    own = ("prompt", "replies", "size")
    same = {field: known[field] for field in Row._fields if field in known and field not in own}
    return Row(
        **same,
        id=number,
        uid=f"{id}-{summary.entry}",
        file=0,
        group_kind=KIND,
        group_id=id,
        list_group=id,
        format=format,
        mtime=time.time_ns(),
        continues=links.continues,
        called_from=links.called_from,
        parent=parent,
        size=summary.size or 0,
        chain=chain(said.key for said in summary.prompt),
        prompt=tuple(said.key for said in summary.prompt),
        replies=tuple(said.key for said in summary.replies),
        path=name,
        state="read",
    )
